"""Rankings of products against what customers took: precision, recall, MAP, nDCG, hit rate and MRR at k, coverage."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from guilder.evaluation.intervals import Figure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def hits(ranked: Ints, relevant: Flags) -> Flags:
    """Which places of each customer's list hold a relevant product.

    Parameters
    ----------
    ranked : array of int, shape (customers, k)
        Product columns from the best; -1 where a list is shorter.
    relevant : array of bool, shape (customers, products)
    """
    found = np.take_along_axis(relevant, np.maximum(ranked, 0), axis=1)
    return np.asarray(found & (ranked >= 0))


def precision_at(hit: Flags, count: Ints, k: int) -> Floats:
    """Relevant products among the first k, divided by k even where the list is shorter."""
    return np.asarray(hit[:, :k].sum(axis=1) / k)


def recall_at(hit: Flags, count: Ints, k: int) -> Floats:
    """Relevant products among the first k, divided by all relevant ones."""
    return np.asarray(hit[:, :k].sum(axis=1) / _some(count))


def hit_at(hit: Flags, count: Ints, k: int) -> Floats:
    """1 where any of the first k is relevant."""
    return np.where(count > 0, hit[:, :k].any(axis=1).astype(float), np.nan)


def mrr_at(hit: Flags, count: Ints, k: int) -> Floats:
    """1 / the place of the first relevant product, 0 where none is among the first k."""
    first = hit[:, :k].argmax(axis=1)
    return np.where(count > 0, np.where(hit[:, :k].any(axis=1), 1.0 / (1 + first), 0.0), np.nan)


def map_at(hit: Flags, count: Ints, k: int) -> Floats:
    """Average precision at k: precision at each hit, summed and divided by min(k, relevant products)."""
    hit = hit[:, :k]
    precision = np.cumsum(hit, axis=1) / np.arange(1, hit.shape[1] + 1)
    return np.asarray((precision * hit).sum(axis=1) / np.minimum(_some(count), k))


def ndcg_at(hit: Flags, count: Ints, k: int) -> Floats:
    """Discounted gain at k, 1 / log2(place + 1) a hit, divided by that of a perfect list of min(k, relevant)."""
    discount = 1.0 / np.log2(np.arange(2, k + 2))
    gain = (hit[:, :k] * discount[: hit[:, :k].shape[1]]).sum(axis=1)
    ideal = np.concatenate([[np.nan], np.cumsum(discount)])
    return np.asarray(gain / ideal[np.minimum(count, k)])


METRICS: Mapping[str, tuple[Callable[[Flags, Ints, int], Floats], int]] = {
    "map_at_7": (map_at, 7),
    "ndcg_at_5": (ndcg_at, 5),
    "ndcg_at_10": (ndcg_at, 10),
    "recall_at_5": (recall_at, 5),
    "precision_at_5": (precision_at, 5),
    "hit_at_1": (hit_at, 1),
    "hit_at_3": (hit_at, 3),
    "mrr_at_10": (mrr_at, 10),
}
"""The figures shown for every method: the metric and its k."""


def per_customer(ranked: Ints, relevant: Flags) -> dict[str, Floats]:
    """Every metric of :data:`METRICS` for every customer; NaN where nothing is relevant."""
    hit, count = hits(ranked, relevant), relevant.sum(axis=1)
    return {name: metric(hit, count, k) for name, (metric, k) in METRICS.items()}


def means(
    vectors: Mapping[str, Floats], *, random_state: int, repeats: int = 200, level: float = 0.95
) -> dict[str, Figure]:
    """The mean of each vector with a percentile interval from one bootstrap of customers shared by all.

    Vectors of differences between two methods over the same customers give a paired interval.
    """
    table = np.column_stack(list(vectors.values()))
    drawn = np.concatenate([weight @ table for weight in _resamples(len(table), repeats, random_state)]) / len(table)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    value = table.mean(axis=0)
    return {
        name: Figure(float(value[i]), float(low[i]), float(high[i])) for i, name in enumerate(vectors)
    }  # fmt: skip


def coverage(ranked: Ints, products: int, k: int, *, random_state: int, repeats: int = 200) -> Figure:
    """The share of the catalogue that is among the first k of at least one customer.

    A resample holds fewer distinct customers, so its coverage is never above the value: read the low end only.
    """
    offered = exposure(ranked, products, k)
    value = float((offered.any(axis=0)).mean())
    drawn = np.concatenate([
        ((weight > 0).astype(float) @ offered > 0).mean(axis=1)
        for weight in _resamples(len(ranked), repeats, random_state)
    ])  # fmt: skip
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(value, float(low), max(value, float(high)))


def exposure(ranked: Ints, products: int, k: int) -> Flags:
    """Who is shown what among the first k: array of bool, shape (customers, products)."""
    shown = np.zeros((len(ranked), products), dtype=bool)
    who, place = np.nonzero(ranked[:, :k] >= 0)
    shown[who, ranked[who, place]] = True
    return shown


def _some(count: Ints) -> Floats:
    return np.where(count > 0, count.astype(float), np.nan)


def _resamples(rows: int, repeats: int, random_state: int) -> list[Ints]:
    """How often each customer is drawn in each resample, in a few pieces."""
    rng = np.random.default_rng(random_state)
    share = np.full(rows, 1.0 / rows)
    return [rng.multinomial(rows, share, size=min(50, repeats - start)) for start in range(0, repeats, 50)]
