"""Is there a valley between neighbouring segments: fewer customers where one ends and the next begins?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_GRID = 64


def valleys(points: Floats, labels: NDArray[np.int64]) -> Floats:
    """Measure for each segment how deep the valley to its most blurred neighbour is.

    Parameters
    ----------
    points : ndarray of shape (n, facts)
        Standardised facts.
    labels : ndarray of shape (n,)
        The segment of each, from 0.

    Returns
    -------
    ndarray of shape (segments,)
        From 0, where a cut divides one hump, to 1, where nobody is between. The members of two segments are laid on the
        line through their centres; the depth is one minus the least density between the centres over that of the lower
        hump beside it.
    """
    groups = [points[labels == each] for each in np.unique(labels)]
    depth = np.ones((len(groups), len(groups)))
    for one in range(len(groups)):
        for two in range(one):
            depth[one, two] = depth[two, one] = _depth(groups[one], groups[two])
    return np.asarray(depth.min(axis=1))


def _depth(one: Floats, two: Floats) -> float:
    line = two.mean(axis=0) - one.mean(axis=0)
    along = np.concatenate([one, two]) @ line
    spread = float(along.std())
    if spread == 0:
        return 0.0
    grid = np.linspace(along.min(), along.max(), _GRID)
    step = grid[1] - grid[0]
    counts = np.histogram(along, bins=np.append(grid - step / 2, grid[-1] + step / 2))[0]
    width = max(0.9 * spread * len(along) ** -0.2, step)  # Silverman's rule of thumb
    density = np.exp(-0.5 * np.square((grid[:, None] - grid) / width)) @ counts
    # The lower of the highest humps on both sides of each place.
    lower = np.minimum(np.maximum.accumulate(density), np.maximum.accumulate(density[::-1])[::-1])
    between = (grid > one.mean(axis=0) @ line) & (grid < two.mean(axis=0) @ line)
    return float(np.max(1 - density[between] / lower[between], initial=0.0))
