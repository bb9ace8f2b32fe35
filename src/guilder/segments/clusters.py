"""K-Means that answers the same for the same points: one thread, many starts on a sample, one polish on everything."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from guilder.segments.sampling import stratified

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

FIT_SAMPLE = 20_000
"""Customers on whom K-Means starts anew many times; all of them polish the best start."""
BLOCK = 8_192  # customers measured at once: what fits in a processor's cache


def centres(
    points: Floats, k: int, *, starts: int = 10, random_state: int = 0, warm: Floats | None = None
) -> Floats:
    """Find k centres: on a sample where there are many points, and then all of them settle what the sample found.

    Parameters
    ----------
    points : ndarray of shape (n, facts)
        Standardised facts, in an order that does not depend on how the rows came.
    k : int
        How many; at most the number of distinct points.
    starts : int
        How many times to start anew on the sample.
    random_state : int
        The seed.
    warm : ndarray of shape (k, facts), optional
        Centres known from before: one more start, kept where it is as tight as the best.

    Returns
    -------
    ndarray of shape (k, facts)
        The centres, the one with most points first; centres of equal size in the order of their coordinates.
    """
    if k == 1:
        return np.asarray(points.mean(axis=0, keepdims=True, dtype=np.float64))
    # One thread: sums in another order could send a point on a border the other way.
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer distinct points than k: the duplicates stay empty
        sample = np.asarray(stratified(points, FIT_SAMPLE, random_state=random_state), dtype=np.float64)
        model = KMeans(k, n_init=starts, algorithm="lloyd", random_state=random_state).fit(sample)
        if warm is not None and warm.shape == model.cluster_centers_.shape:
            again = KMeans(k, init=warm, n_init=1, algorithm="lloyd").fit(sample)
            model = again if again.inertia_ <= model.inertia_ * (1 + SAME_FIT) else model
        found = np.asarray(model.cluster_centers_, dtype=np.float64)
        if len(points) > FIT_SAMPLE:
            settled = KMeans(k, init=found.astype(points.dtype), n_init=1, algorithm="lloyd").fit(points)
            found = np.asarray(settled.cluster_centers_, dtype=np.float64)
    return canonical(found, sample)


SAME_FIT = 0.01
"""Segments known from before stay while they leave at most this much more scatter than the best found anew."""


def canonical(found: Floats, points: Floats) -> Floats:
    """Put centres in the order of size, then of their coordinates."""
    sizes = np.bincount(nearest(points, found), minlength=len(found))
    keys = (*np.round(found, 9).T[::-1], -sizes)
    return found[np.lexsort(keys)]


def squared_distances(points: Floats, found: Floats) -> Floats:
    """Squared Euclidean distance to each centre of each point; shape (k, n), so that additions run along the points."""
    squared = np.zeros((len(found), len(points)))
    for start in range(0, len(points), BLOCK):
        facts = np.ascontiguousarray(points[start : start + BLOCK].T, dtype=np.float64)
        for row, centre in zip(squared[:, start : start + BLOCK], found, strict=True):
            for values, middle in zip(facts, centre, strict=True):  # no cancellation, and the same for one and for many
                row += np.square(values - middle)
    return squared


def nearest(points: Floats, found: Floats) -> Labels:
    """The nearest centre of each point, the first of equals; shape (n,)."""
    return first_least(squared_distances(points, found))


def first_least(squared: Floats) -> Labels:
    """The first of the least squared distances, of shape (k, n), of each point; shape (n,).

    Those that agree to nine decimals are equal: another order of additions, in another engine, must not decide.
    """
    labels = np.zeros(squared.shape[1], dtype=np.int64)
    least = np.round(squared[0], 9)
    for place, row in enumerate(squared[1:], start=1):
        rounded = np.round(row, 9)
        labels[rounded < least] = place
        np.minimum(least, rounded, out=least)
    return labels


def distinct_rows(points: Floats) -> int:
    """Count the different points, to four decimals: squared distances tell no finer ones apart (`first_least`)."""
    return len(np.unique(np.round(points, 4), axis=0)) if points.shape[1] else min(len(points), 1)


def partition(k: int, starts: int) -> _Refit:
    """Return how a bootstrap refits k clusters, for `guilder.evaluation.stability.bootstrap_agreement`."""
    return _Refit(k, starts)


class _Refit:
    """Fit on the resampled points, label all of them."""

    def __init__(self, k: int, starts: int) -> None:
        self.k, self.starts = k, starts

    def __call__(self, resampled: Floats, points: Floats, seed: int) -> Labels:
        model = KMeans(self.k, n_init=self.starts, algorithm="lloyd", random_state=seed).fit(resampled)
        return nearest(points, model.cluster_centers_)
