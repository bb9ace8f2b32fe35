"""A bank without segments: the same facts, as skewed and as correlated as the real ones, but with no groups in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from guilder.segments.transforms import rank_correlation

Floats = NDArray[np.float64]

ATOM = 0.05
"""The share of customers with one and the same value from which a fact is left as it is: zeros are no group."""
_GRID, _WIDEST, _HALVINGS = 128, 1.5, 14
_CORRECTIONS, _CLOSEST = 4, 0.99


def draw_null(points: Floats, *, random_state: int) -> Floats:
    """Draw points with the same marginals and rank correlation, joined by a Gaussian copula.

    A partition that is as stable and as tight here as on the real points has found their shape, not groups. A fact with
    several humps shows groups by itself, so the null has it smoothed to a single hump.

    Parameters
    ----------
    points : ndarray of shape (n, facts)
        The real points.
    random_state : int
        The seed.

    Returns
    -------
    ndarray of shape (n, facts)
        Each column holds exactly the values of `one_hump`, in a new order.

    Notes
    -----
    The correlation of the normals is ``2 sin(pi r / 6)`` of Spearman's r (Kruskal 1958), made positive definite, then
    corrected by what the draw falls short of: where many share a value the formula gives too little.
    """
    if not points.shape[1]:
        return points
    wanted = rank_correlation(points)
    marginals = np.column_stack([one_hump(column) for column in points.T])
    normals = np.random.default_rng(random_state).standard_normal(points.shape)
    correlation = 2.0 * np.sin(np.pi * wanted / 6.0)
    drawn = _joined(marginals, normals, correlation)
    for _ in range(_CORRECTIONS):
        correlation = np.clip(correlation + wanted - rank_correlation(drawn), -_CLOSEST, _CLOSEST)
        np.fill_diagonal(correlation, 1.0)
        drawn = _joined(marginals, normals, correlation)
    return drawn


def _joined(marginals: Floats, normals: Floats, correlation: Floats) -> Floats:
    """Put sorted columns in the order of correlated normals."""
    values, vectors = np.linalg.eigh(correlation)
    correlated = normals @ (vectors * np.sqrt(np.maximum(values, 1e-9))).T
    order = np.argsort(np.argsort(correlated, axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray(np.take_along_axis(marginals, order, axis=0))


def one_hump(values: Floats) -> Floats:
    """Smooth the values of one fact until they have one hump, keeping their mean and spread.

    Parameters
    ----------
    values : ndarray of shape (n,)
        One fact. Peaks at its two ends are no humps: a share is often none or all.

    Returns
    -------
    ndarray of shape (n,)
        Sorted: the values themselves where they have one hump already, or where many share one value.

    Notes
    -----
    Silverman, "Using kernel density estimates to investigate multimodality", JRSS B 43 (1981): the smallest bandwidth
    with one mode, against 1.5 times his rule of thumb, under which a second mode is noise.
    """
    known = np.sort(values)
    spread = float(known.std())
    inside = known[(known > known[0]) & (known < known[-1])]
    if spread == 0 or not inside.size:
        return known
    if np.unique(inside, return_counts=True)[1].max() >= ATOM * len(known):
        return known
    usual = 0.9 * spread * len(known) ** -0.2
    grid = np.linspace(known[0], known[-1], _GRID)
    low, high = _WIDEST * usual, float(np.ptp(known))
    if _humps(known, grid, low) <= 1:
        return known
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if _humps(known, grid, middle) <= 1 else (middle, high)
    cumulated = np.cumsum(_density(known, grid, high))
    wanted = (np.arange(len(known)) + 0.5) / len(known)
    smooth = np.interp(wanted, cumulated / cumulated[-1], grid)
    return np.asarray((smooth - smooth.mean()) / smooth.std() * spread + known.mean())


def _humps(known: Floats, grid: Floats, width: float) -> int:
    density = _density(known, grid, width)
    return int(((density[1:-1] > density[:-2]) & (density[1:-1] >= density[2:])).sum())


def _density(known: Floats, grid: Floats, width: float) -> Floats:
    """Kernel density, mirrored at both ends so that a pile there stays at the end."""
    counts = np.histogram(known, bins=_bins(grid))[0].astype(np.float64)
    near = [np.exp(-0.5 * np.square((grid[:, None] - at) / width))
            for at in (grid, 2 * grid[0] - grid, 2 * grid[-1] - grid)]  # fmt: skip
    return np.asarray(sum(each @ counts for each in near))


def _bins(grid: Floats) -> Floats:
    half = (grid[1] - grid[0]) / 2
    return np.append(grid - half, grid[-1] + half)
