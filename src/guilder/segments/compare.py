"""Two other ways of grouping the same customers, beside ours: bisecting K-Means and a mixture of normals."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import BisectingKMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import silhouette_score
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from guilder.evaluation.stability import adjusted_rand, bootstrap_agreement
from guilder.segments.clusters import distinct_rows, partition
from guilder.segments.evidence import if_several
from guilder.segments.groups import Groups, both_ways

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
Refit = Callable[[Floats, Floats, int], Labels]
"""Fit on the first points with a seed, and label the second."""

REFITS, STARTS = 10, 3
LEAST = 10
"""Different customers a segment from which other ways are tried."""
OURS, BISECTING, MIXTURE = "ours", "bisecting K-Means", "Gaussian mixture"


def compare(sample: Floats, groups: Groups, *, random_state: int = 0) -> list[dict[str, Any]]:
    """Group a sample of customers in other ways, into as many segments.

    Parameters
    ----------
    sample : ndarray of shape (n, facts)
        Standardised facts in canonical row order.
    groups : Groups
        Our segments.
    random_state : int
        The seed.

    Returns
    -------
    list of dict
        Ours first: ``method``, ``agreement`` with ours (adjusted Rand), ``stability_mean`` and ``stability_p05`` of
        refits on bootstraps with the method's own fit, ``silhouette`` and ``smallest_share``. Empty with one segment,
        or with too few customers to tell.
    """
    k = len(groups.centres)
    if k < 2 or distinct_rows(sample) < LEAST * k:
        return []
    refits: dict[str, Refit] = {OURS: _ours(groups), BISECTING: _bisecting(k), MIXTURE: _mixture(k)}
    mine, rows = groups.nearest(sample), []
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a fit that has not settled agrees less, which counts
        for method, refit in refits.items():
            labels = mine if method == OURS else refit(sample, sample, random_state)
            agreed = bootstrap_agreement(sample, labels, refit, repeats=REFITS, random_state=random_state)
            rows.append({
                "method": method, "agreement": adjusted_rand(mine, labels), "stability_mean": float(agreed.mean()),
                "stability_p05": float(np.quantile(agreed, 0.05)),
                "silhouette": if_several(silhouette_score, sample, labels),
                "smallest_share": float(np.bincount(labels, minlength=k).min() / len(sample)),
            })  # fmt: skip
    return rows


def _ours(groups: Groups) -> Refit:
    k = len(groups.centres)
    if groups.metrics is None:
        return partition(k, STARTS)
    both = both_ways(k)
    return lambda resampled, points, seed: np.asarray(both(resampled, points, seed)[1])


def _bisecting(k: int) -> Refit:
    def refit(resampled: Floats, points: Floats, seed: int) -> Labels:
        model = BisectingKMeans(k, n_init=STARTS, random_state=seed).fit(resampled)
        return np.asarray(model.predict(points), dtype=np.int64)

    return refit


def _mixture(k: int) -> Refit:
    def refit(resampled: Floats, points: Floats, seed: int) -> Labels:
        model = GaussianMixture(k, n_init=STARTS, reg_covar=1e-3, random_state=seed).fit(resampled)
        return np.asarray(model.predict(points), dtype=np.int64)

    return refit
