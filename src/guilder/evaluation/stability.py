"""Stability: do two partitions agree, does a partition survive a bootstrap, has a distribution moved?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from guilder.errors import UsageError

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


def contingency(first: ArrayLike, second: ArrayLike) -> NDArray[np.int64]:
    """Count the members that two partitions of the same things share.

    Parameters
    ----------
    first, second : array-like of shape (n,)
        Two labellings of the same n things; any values that can be compared.

    Returns
    -------
    ndarray of shape (labels of first, labels of second)
        How many things have each pair of labels.

    Raises
    ------
    UsageError
        When the two labellings differ in length.
    """
    one, two = np.asarray(first).ravel(), np.asarray(second).ravel()
    if one.size != two.size:
        raise UsageError(
            f"Two partitions of {one.size} and {two.size} things cannot be compared.",
            todo="Give both the labels of the same things, in the same order.",
        )
    rows, row_of = np.unique(one, return_inverse=True)
    columns, column_of = np.unique(two, return_inverse=True)
    cells = np.bincount(row_of * columns.size + column_of, minlength=rows.size * columns.size)
    return cells.reshape(rows.size, columns.size).astype(np.int64)


def adjusted_rand(first: ArrayLike, second: ArrayLike) -> float:
    """Measure how well two partitions agree, corrected for chance.

    1 is the same partition whatever the labels are called, 0 is what chance gives.

    Parameters
    ----------
    first, second : array-like of shape (n,)
        Two labellings of the same n things.

    Returns
    -------
    float
        The adjusted Rand index, at most 1.

    Notes
    -----
    Hubert and Arabie, "Comparing partitions", Journal of Classification 2 (1985).
    """
    cells = contingency(first, second).astype(np.float64)
    if not cells.size:
        return 1.0
    together = _pairs(cells).sum()
    in_first, in_second = _pairs(cells.sum(axis=1)).sum(), _pairs(cells.sum(axis=0)).sum()
    everything = _pairs(cells.sum())
    expected = in_first * in_second / everything if everything else 0.0
    largest = (in_first + in_second) / 2
    # Both are one lump, or both are all singletons: the same partition.
    return 1.0 if largest == expected else float((together - expected) / (largest - expected))


def bootstrap_agreement(
    points: Floats,
    reference: ArrayLike,
    partition: Callable[[Floats, Floats, int], Labels],
    *,
    repeats: int = 20,
    random_state: int = 0,
) -> Floats:
    """Refit a partition on resampled points and measure how far it comes back.

    Parameters
    ----------
    points : ndarray of shape (n, facts)
        The points that were partitioned.
    reference : array-like of shape (n,)
        Their labels.
    partition : callable
        ``partition(resampled, points, seed)`` fits on the resampled points and labels all of `points`.
    repeats : int
        How many bootstraps.
    random_state : int
        The seed; the same seed gives the same answer.

    Returns
    -------
    ndarray of shape (repeats,)
        The adjusted Rand index of each refit against the reference.
    """
    refits = bootstrap_partitions(points, partition, repeats=repeats, random_state=random_state)
    return np.array([adjusted_rand(reference, labels) for labels in refits])


def bootstrap_partitions(
    points: Floats, partition: Callable[[Floats, Floats, int], Labels], *, repeats: int, random_state: int
) -> Iterator[Labels]:
    """Refit a partition on resampled points and give the labels of all points, once a bootstrap; see the above."""
    random = np.random.default_rng(random_state)
    for _ in range(repeats):
        drawn = random.integers(0, len(points), len(points))
        yield partition(points[drawn], points, int(random.integers(2**31)))


def best_jaccard(reference: ArrayLike, other: ArrayLike) -> Floats:
    """Measure how well each group of a partition comes back in another one.

    Parameters
    ----------
    reference, other : array-like of shape (n,)
        Two labellings of the same n things.

    Returns
    -------
    ndarray of shape (labels of reference,)
        Members in both of those in either, for the group of the other partition that shares most; 1 is all.

    Notes
    -----
    Hennig, "Cluster-wise assessment of cluster stability", Computational Statistics & Data Analysis 52 (2007): under .6
    a group is not to be trusted, from .85 it is highly stable.
    """
    cells = contingency(reference, other).astype(np.float64)
    either = cells.sum(axis=1, keepdims=True) + cells.sum(axis=0, keepdims=True) - cells
    return np.asarray((cells / either).max(axis=1)) if cells.size else np.empty(0)


def population_stability(expected: ArrayLike, actual: ArrayLike, *, bins: int = 10) -> float:
    """Measure how far a distribution has moved (the population stability index, PSI).

    Under .1 is usually read as still, over .25 as moved.

    Parameters
    ----------
    expected, actual : array-like of shape (n,) and (m,)
        The values then and now. Missing values are a bin of their own.
    bins : int
        How many bins of equal count the expected values are cut into; fewer where values repeat.

    Returns
    -------
    float
        The sum over bins of ``(a - e) * log(a / e)``, at least 0; an empty bin counts as half a value.

    Raises
    ------
    UsageError
        When one of the two is empty.
    """
    then, now = np.asarray(expected, dtype=np.float64).ravel(), np.asarray(actual, dtype=np.float64).ravel()
    if not then.size or not now.size:
        raise UsageError(
            f"A shift needs values on both sides; there are {then.size} then and {now.size} now.",
            todo="Compare two tables that both have rows.",
        )
    present = then[~np.isnan(then)]
    edges = np.unique(np.quantile(present, np.linspace(0, 1, bins + 1)[1:-1])) if present.size else np.empty(0)
    return share_stability(_binned(then, edges), _binned(now, edges))


def share_stability(expected: ArrayLike, actual: ArrayLike) -> float:
    """Measure how far the shares of named groups have moved, from their counts (PSI over groups).

    Parameters
    ----------
    expected, actual : array-like of shape (groups,)
        How many were in each group then and now.

    Returns
    -------
    float
        The sum over groups of ``(a - e) * log(a / e)``; a group that is empty on one side counts as half a member,
        one that is empty on both is left out.
    """
    then, now = np.asarray(expected, dtype=np.float64), np.asarray(actual, dtype=np.float64)
    there = (then > 0) | (now > 0)
    before = np.maximum(then[there], 0.5) / then.sum()
    after = np.maximum(now[there], 0.5) / now.sum()
    return float(np.sum((after - before) * np.log(after / before)))


def _pairs(counts: Any) -> Any:
    return counts * (counts - 1) / 2


def _binned(values: Floats, edges: Floats) -> NDArray[np.int64]:
    """Count values per bin, with the missing ones last."""
    missing = np.isnan(values)
    counts = np.bincount(np.searchsorted(edges, values[~missing], side="left"), minlength=edges.size + 1)
    return np.append(counts, missing.sum()).astype(np.int64)


CALENDAR = 0.3
"""Rank correlation with the date from which a fact says when a decision was made rather than about whom."""


def calendar_facts(facts: Mapping[str, ArrayLike], when: ArrayLike, *, limit: float = CALENDAR) -> dict[str, float]:
    """Find facts that rank decisions by their date, like the length of a history that begins with the data.

    A model leans on them in training and is carried past everything it has seen when the calendar moves on.

    Parameters
    ----------
    facts : mapping of name to array of shape (n,)
        Numbers, NaN where not known.
    when : array of dates of shape (n,)
        When each decision was made.
    limit : float
        Absolute rank correlation (Spearman) at and above which a fact is named.

    Returns
    -------
    dict
        Rank correlation by fact, the named ones only.
    """
    moments = np.asarray(when, dtype="datetime64[us]").astype(np.int64).astype(np.float64)
    found = {}
    for name, values in facts.items():
        known = np.asarray(values, dtype=np.float64)
        rows = np.isfinite(known)
        if rows.sum() > 2 and np.ptp(known[rows]) > 0 and np.ptp(moments[rows]) > 0:
            rho = float(np.corrcoef(rankdata(known[rows]), rankdata(moments[rows]))[0, 1])
            if abs(rho) >= limit:
                found[name] = rho
    return found
