"""Shapes settled on many: turns of expectation and maximisation over blocks of customers, two at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from guilder.segments.blocks import in_blocks
from guilder.segments.groups import SMOOTH, Groups

Floats = NDArray[np.float64]

BLOCK = 16_384
"""Customers looked at together: few enough for a cache, and for two threads to share what is not much."""


def settle(groups: Groups, points: Floats, turns: int) -> Groups:
    """Go on with a mixture of normals that a part of the customers began (Dempster, Laird and Rubin 1977).

    Parameters
    ----------
    groups : Groups
        Shaped, as `guilder.segments.groups.shaped` gives them.
    points : ndarray of shape (n, facts)
        Standardised facts, in single or double precision.
    turns : int
        How often all of them are looked at.

    Returns
    -------
    Groups
        The same to the last bit on any number of threads.
    """
    for _ in range(turns):
        groups = _turn(groups, points)
    return groups


def _turn(groups: Groups, everyone: Floats) -> Groups:
    (k, width), rows = groups.centres.shape, len(everyone)
    blocks = -(-rows // BLOCK)
    counts, sums, squares = np.zeros((blocks, k)), np.zeros((blocks, k, width)), np.zeros((blocks, k, width, width))

    def look(part: slice) -> None:
        block, points = part.start // BLOCK, everyone[part].astype(np.float64, copy=False)
        share = groups.squared(points)
        share -= share.min(axis=0)
        np.exp(-0.5 * share, out=share)
        share /= share.sum(axis=0)
        counts[block], sums[block] = share.sum(axis=1), share @ points
        for own, square in zip(share, squares[block], strict=True):
            square[:] = (points.T * own) @ points

    in_blocks(rows, look, BLOCK)
    weight = counts.sum(axis=0)
    centres = sums.sum(axis=0) / weight[:, None]
    spread = squares.sum(axis=0) / weight[:, None, None] - centres[:, :, None] * centres[:, None, :]
    roots = np.linalg.cholesky(spread + SMOOTH * np.eye(width))
    metrics = np.array([solve_triangular(root, np.eye(width), lower=True).T for root in roots])
    return Groups.of_mixture(weight / rows, centres, metrics)
