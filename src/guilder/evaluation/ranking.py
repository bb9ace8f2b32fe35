"""Rankings of products: how well they meet what customers took, and how they treat the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

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

    Vectors of differences between two methods over the same customers give a paired interval. A customer for whom a
    figure does not exist (NaN) is left out of it.
    """
    table = np.column_stack(list(vectors.values()))
    known = np.isfinite(table).astype(np.float64)
    table = np.where(known > 0, table, 0.0)
    weights = _resamples(len(table), repeats, random_state)
    drawn = np.concatenate([(weight @ table) / np.maximum(weight @ known, 1) for weight in weights])
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    value = np.where(known.any(axis=0), table.sum(axis=0) / np.maximum(known.sum(axis=0), 1), np.nan)
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


def gini_of_exposure(ranked: Ints, products: int, k: int, *, random_state: int, repeats: int = 200) -> Figure:
    """How unevenly the first k places are shared out among the catalogue: 0 evenly, near 1 all to one product."""
    offered = exposure(ranked, products, k).astype(float)
    drawn = np.concatenate([_gini(weight @ offered) for weight in _resamples(len(ranked), repeats, random_state)])
    value = float(_gini(offered.sum(axis=0)[None, :])[0])
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(value, min(value, float(low)), max(value, float(high)))


def _gini(shown: Floats) -> Floats:
    """Gini coefficient of each row."""
    size, total = shown.shape[1], shown.sum(axis=1)
    rank = np.arange(1, size + 1)
    rising = (np.sort(shown, axis=1) * (2 * rank - size - 1)).sum(axis=1)
    return np.asarray(np.divide(rising, size * total, out=np.zeros_like(total), where=total > 0))


def novelty(ranked: Ints, takers: Floats, customers: int, k: int) -> Floats:
    """Mean surprise of each customer's first k in bits, -log2 of the share of customers who took the product.

    A product that nobody took counts as one that half a customer did; NaN where nothing is offered.

    Parameters
    ----------
    ranked : array of int, shape (customers, k)
    takers : array, shape (products,)
        Customers who took each product, of so many ``customers``.
    """
    share = np.maximum(takers, 0.5) / max(customers, 1)
    return _mean_of(-np.log2(np.minimum(share, 1.0))[np.maximum(ranked[:, :k], 0)], ranked[:, :k] >= 0)


def diversity(ranked: Ints, similarity: Floats | csr_matrix, k: int) -> Floats:
    """One minus the mean similarity of the pairs among each customer's first k; NaN where fewer than two are offered.

    Parameters
    ----------
    ranked : array of int, shape (customers, k)
    similarity : array or csr_matrix, shape (products, products)
    """
    lists = ranked[:, :k]
    one, two = np.triu_indices(lists.shape[1], 1)
    first, second = (np.maximum(lists[:, each], 0) for each in (one, two))
    alike = similarity[first.ravel(), second.ravel()]  # flat: sparse ones know one axis, and stay sparse when empty
    alike = np.asarray(alike.toarray() if isinstance(alike, csr_matrix) else alike).reshape(first.shape)
    return 1.0 - _mean_of(alike, (lists[:, one] >= 0) & (lists[:, two] >= 0))


def log_loss(chance: Floats, relevant: Flags) -> Floats:
    """Mean -log of the chance given to what each customer took; rows of ``chance`` sum to one. NaN where nothing was.

    A chance of zero counts as one in a million.
    """
    return _mean_of(-np.log(np.maximum(chance, 1e-6)), relevant)


def perfect(relevant: Flags, k: int) -> Ints:
    """The best list there could have been: what each customer took, then nothing."""
    order = np.argsort(~relevant, axis=1, kind="stable")[:, :k]
    return np.where(np.take_along_axis(relevant, order, axis=1), order, -1)


def _mean_of(value: Floats, where: Flags) -> Floats:
    count = where.sum(axis=1)
    total = np.where(where, value, 0.0).sum(axis=1)
    return np.asarray(np.divide(total, count, out=np.full(len(value), np.nan), where=count > 0))


def exposure(ranked: Ints, products: int, k: int) -> Flags:
    """Who is shown what among the first k: array of bool, shape (customers, products)."""
    shown = np.zeros((len(ranked), products), dtype=bool)
    who, place = np.nonzero(ranked[:, :k] >= 0)
    shown[who, ranked[who, place]] = True
    return shown


def _some(count: Ints) -> Floats:
    return np.where(count > 0, count.astype(float), np.nan)


@lru_cache(maxsize=3)
def _resamples(rows: int, repeats: int, random_state: int) -> list[Floats]:
    """How often each customer is drawn in each resample, in a few pieces; as floats, which multiply far faster."""
    rng = np.random.default_rng(random_state)
    share = np.full(rows, 1.0 / rows)
    pieces = (min(50, repeats - start) for start in range(0, repeats, 50))
    return [rng.multinomial(rows, share, size=size).astype(np.float64) for size in pieces]
