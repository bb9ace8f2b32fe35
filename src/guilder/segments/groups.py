"""Segments as places: a centre each, and where the groups are real a metric of its own for each."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from guilder.evaluation.stability import adjusted_rand, bootstrap_partitions
from guilder.segments.clusters import BLOCK, first_least, nearest, partition, squared_distances

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

LEAST = 10
"""Members a fact that a segment needs to show its own spread and correlation."""
SAME_GROUPS = 0.5
"""Adjusted Rand index to the nearest centres under which the shaped segments are others, not the same better drawn."""
AS_STABLE = 0.03
"""How much less refits of shaped segments may agree than refits of centres do."""
_SMOOTH, _POOLED = 0.01, 0.1  # variance added to each fact; share of the common covariance in the start of each
_TURNS = 100


@dataclass(frozen=True)
class Groups:
    """Where the segments lie and how far a customer is from each.

    Attributes
    ----------
    centres : ndarray of shape (k, facts)
        On the common ruler.
    metrics : ndarray of shape (k, facts, facts), optional
        The squared distance to segment c is the squared length of ``(x - centres[c]) @ metrics[c]``, plus
        ``offsets[c]``; Euclidean when not given.
    offsets : ndarray of shape (k,)
        What a wide or a rare segment is further away by; at least 0.
    """

    centres: Floats
    metrics: Floats | None
    offsets: Floats

    @classmethod
    def of_centres(cls, centres: Floats) -> Groups:
        """The nearest centre has the customer."""
        return cls(centres, None, np.zeros(len(centres)))

    def distances(self, points: Floats) -> Floats:
        """Distance of each point to each segment; shape (n, k)."""
        return np.asarray(np.sqrt(self.squared(points)).T)

    def squared(self, points: Floats) -> Floats:
        """Squared distance to each segment of each point; shape (k, n)."""
        if self.metrics is None:
            return squared_distances(points, self.centres)
        squared = np.repeat(self.offsets[:, None], len(points), axis=1)
        for start in range(0, len(points), BLOCK):
            facts = np.ascontiguousarray(points[start : start + BLOCK].T, dtype=np.float64)
            for row, centre, metric in zip(squared[:, start : start + BLOCK], self.centres, self.metrics, strict=True):
                for along in metric.T @ (facts - centre[:, None]):
                    row += np.square(along)
        return squared

    def parts(self, points: Floats) -> Floats:
        """Each fact's part of the squared distances without offsets, below zero where it makes up for another's.

        Returns
        -------
        ndarray of shape (n, k, facts)
            For ``r = x - centre`` and ``M = metric @ metric.T`` fact i has the part ``r[i] * (M @ r)[i]``.
        """
        apart = points[:, None, :] - self.centres
        if self.metrics is None:
            return np.asarray(np.square(apart))
        own = np.einsum("nki,kij->nkj", apart, self.metrics)
        return np.asarray(apart * np.einsum("nkj,kij->nki", own, self.metrics))

    def nearest(self, points: Floats) -> Labels:
        """The segment of each point, the first of equals; shape (n,)."""
        return first_least(self.squared(points))


def shaped(sample: Floats, labels: Labels) -> Groups | None:
    """Give each segment its own spread and correlation, starting from a partition.

    Parameters
    ----------
    sample : ndarray of shape (n, facts)
        Standardised facts.
    labels : ndarray of shape (n,)
        The segment of each, from 0.

    Returns
    -------
    Groups or None
        A mixture of normals (Dempster, Laird and Rubin 1977), each point to its likeliest; None where a segment is too
        small to show its shape.
    """
    width, sizes = sample.shape[1], np.bincount(labels)
    if sizes.min() < LEAST * width or not width:
        return None
    members = [sample[labels == each] for each in range(len(sizes))]
    common = np.cov(np.vstack([mine - mine.mean(axis=0) for mine in members]).T).reshape(width, width)
    own = [np.cov(mine.T).reshape(width, width) for mine in members]
    start = [(1 - _POOLED) * each + _POOLED * common + _SMOOTH * np.eye(width) for each in own]
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the best of the turns is kept, and judged by its refits
        fitted = GaussianMixture(
            len(sizes), reg_covar=_SMOOTH, max_iter=_TURNS, random_state=0, weights_init=sizes / sizes.sum(),
            means_init=np.array([mine.mean(axis=0) for mine in members]), precisions_init=np.linalg.inv(start),
        ).fit(sample)  # fmt: skip
    metrics = np.asarray(fitted.precisions_cholesky_, dtype=np.float64)
    volume = np.log(np.diagonal(metrics, axis1=1, axis2=2)).sum(axis=1)
    offsets = -2.0 * (np.log(fitted.weights_) + volume)
    return Groups(np.asarray(fitted.means_, dtype=np.float64), metrics, offsets - offsets.min())


def shaped_where_steady(sample: Floats, found: Floats, *, floor: float, random_state: int) -> Groups | None:
    """Shape the segments of some centres where that draws the same groups, as surely.

    Parameters
    ----------
    sample : ndarray of shape (n, facts)
        Standardised facts.
    found : ndarray of shape (k, facts)
        The centres.
    floor : float
        The smallest share of customers a segment may hold.
    random_state : int
        The seed of the bootstraps.

    Returns
    -------
    Groups or None
        None where a segment falls under the floor, where the groups become others, or where refits on bootstraps agree
        less than those of the centres do.
    """
    labels = nearest(sample, found)
    groups = shaped(sample, labels)
    if groups is None:
        return None
    drawn = groups.nearest(sample)
    share = np.bincount(drawn, minlength=len(found)).min() / len(sample)
    if share < floor or adjusted_rand(labels, drawn) < SAME_GROUPS:
        return None
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a refit that has not settled agrees less, which counts
        refits = list(bootstrap_partitions(sample, both_ways(len(found)), repeats=10, random_state=random_state))
    steady = np.mean([adjusted_rand(labels, plain) for plain, _ in refits])
    agreed = np.mean([adjusted_rand(drawn, own) for _, own in refits])
    return groups if agreed >= steady - AS_STABLE else None


def both_ways(k: int) -> Callable[[Floats, Floats, int], Labels]:
    """Return how a bootstrap refits k segments by centres and, from there on, by shapes; labels of shape (2, n)."""
    plain = partition(k, 3)

    def refit(resampled: Floats, points: Floats, seed: int) -> Labels:
        labels = plain(resampled, np.vstack([points, resampled]), seed)
        again = shaped(resampled, labels[len(points) :])
        own = np.zeros(len(points), dtype=np.int64) if again is None else again.nearest(points)
        return np.vstack([labels[: len(points)], own])

    return refit
