"""The silhouette on squared distances, exact for any number of customers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def squared_silhouette(points: Floats, labels: NDArray[np.int64]) -> float:
    """Return the mean of the `silhouette_widths`; NaN with fewer than two groups."""
    widths = silhouette_widths(points, labels)
    return float(widths.mean()) if widths.size else float("nan")


def silhouette_widths(points: Floats, labels: NDArray[np.int64]) -> Floats:
    """Measure how much nearer points lie to their own group than to the next one, on squared Euclidean distance.

    Parameters
    ----------
    points : ndarray of shape (n, facts)
        Standardised facts.
    labels : ndarray of shape (n,)
        The group of each, from 0.

    Returns
    -------
    ndarray of shape (n,)
        From -1 to 1, 0 for a point alone in its group; empty with fewer than two groups.

    Notes
    -----
    Rousseeuw (1987). The sum of squared distances to a group needs only its count, its sum and its sum of squares, so
    the work grows with n times groups, not with n squared.
    """
    places, labels = np.unique(labels, return_inverse=True)
    if places.size < 2:
        return np.empty(0)
    points = points - points.mean(axis=0)  # near zero, where the sums cancel least
    squares = np.square(points).sum(axis=1)
    member = (labels[:, None] == np.arange(places.size)).astype(np.float64)
    counts, sums, totals = member.sum(axis=0), member.T @ points, member.T @ squares
    spread = np.maximum(counts * squares[:, None] - 2.0 * points @ sums.T + totals, 0.0)
    rows = np.arange(len(points))
    others = np.maximum(counts[labels] - 1.0, 1.0)
    own = spread[rows, labels] / others
    away = spread / counts
    away[rows, labels] = np.inf
    next_one = away.min(axis=1)
    larger = np.maximum(own, next_one)
    width = np.divide(next_one - own, larger, out=np.zeros_like(own), where=larger > 0)
    return np.asarray(np.where(counts[labels] > 1, width, 0.0))
