"""The recommenders that know nothing of the customer: popularity, faded or not, and chance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from guilder.offers.ledger import Floats, Ints, Ledger, Texts
from guilder.offers.recommender import Recommender


class PopularRecommender(Recommender):
    """Offer what most customers took, or took lately: the same to all, whatever their segment.

    Parameters
    ----------
    half_life_days : float, optional
        Days in which one uptake counts half; omitted, all count the same.
    """

    def __init__(self, half_life_days: float | None = None) -> None:
        self.half_life_days = half_life_days

    def _popularity(
        self, book: Ledger, today: float, segments: Mapping[str, str] | pd.Series | None
    ) -> tuple[Floats, Texts, Ints, Floats, Texts]:
        return super()._popularity(book, today, None)

    def _likely(self, profile: Floats, ids: Texts) -> Floats | None:
        return self._popular(ids)


class SegmentPopularRecommender(Recommender):
    """Offer what most customers of the same segment took, or took lately, drawn towards what all took.

    Parameters
    ----------
    half_life_days : float, optional
        Days in which one uptake counts half; omitted, all count the same.
    segment_shrinkage : float
        Customers' worth of everyone's popularity mixed into that of a segment.
    """

    def __init__(self, half_life_days: float | None = None, segment_shrinkage: float = 20.0) -> None:
        self.half_life_days = half_life_days
        self.segment_shrinkage = segment_shrinkage

    def _likely(self, profile: Floats, ids: Texts) -> Floats | None:
        return self._popular(ids)


class RandomRecommender(Recommender):
    """Offer by chance: the floor under every figure. The draw depends on the seed and the two ids alone.

    Parameters
    ----------
    random_state : int
    """

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state

    def _scores(self, profile: Floats, ids: Texts) -> Floats:
        return np.zeros((len(ids), len(self.products_)))

    def _popular(self, ids: Texts) -> Floats:
        return draws(ids, self.products_, self.random_state)


def draws(ids: Texts, products: Texts, seed: int) -> Floats:
    """One number in (0, 1) for each customer and product, whatever their order: a hash, not a stream."""
    who = pd.util.hash_array(ids.astype(object))
    what = pd.util.hash_array(products.astype(object))
    step = np.uint64(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0])
    with np.errstate(over="ignore"):
        mixed = (who[:, None] + step) ^ (what[None, :] * np.uint64(0x9E3779B97F4A7C15))
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):  # the splitmix64 finaliser
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / 2.0**53 + 2.0**-54)
