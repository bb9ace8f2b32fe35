"""A bank without segments: the same facts, as skewed and as correlated as the real ones, but with no groups in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from guilder.segments.transforms import rank_correlation

Floats = NDArray[np.float64]


def draw_null(points: Floats, *, random_state: int) -> Floats:
    """Draw points with the same marginals and rank correlation, joined by a Gaussian copula.

    A partition that is as stable and as tight here as on the real points has found their shape, not groups.

    Parameters
    ----------
    points : ndarray of shape (n, facts)
        The real points.
    random_state : int
        The seed.

    Returns
    -------
    ndarray of shape (n, facts)
        Each column holds exactly the real values, in a new order.

    Notes
    -----
    The correlation of the normals is ``2 sin(pi r / 6)`` of Spearman's r (Kruskal 1958), made positive definite.
    """
    correlation = 2.0 * np.sin(np.pi * rank_correlation(points) / 6.0)
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 1e-9))
    normals = np.random.default_rng(random_state).standard_normal(points.shape) @ root.T
    order = np.argsort(np.argsort(normals, axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray(np.take_along_axis(np.sort(points, axis=0), order, axis=0))
