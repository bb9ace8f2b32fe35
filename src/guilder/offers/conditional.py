"""Conditional probability: of the customers who have product i, how many took product j?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from guilder.offers.cosine import together
from guilder.offers.ledger import Floats, Ledger, interest, taken
from guilder.offers.recommender import Recommender


class ConditionalRecommender(Recommender):
    """Offer what customers with the same products took: P(j | i), the mean over the products i of the customer.

    Where one product dominates a small catalogue this beats the cosine, which rewards rarity, and popularity, which
    ignores the customer. P(j | i) = (n_ij + shrinkage · P(j)) / (n_i + shrinkage).

    Parameters
    ----------
    shrinkage : float
        Customers' worth of plain popularity mixed into each P(j | i).
    kind_weights, half_life_days, segment_shrinkage
        As in :class:`~guilder.offers.cosine.CosineRecommender`.
    """

    def __init__(
        self, shrinkage: float = 10.0, kind_weights: Mapping[str, float] | None = None,
        half_life_days: float | None = None, segment_shrinkage: float = 20.0,
    ) -> None:
        self.shrinkage = shrinkage
        self.kind_weights = kind_weights
        self.half_life_days = half_life_days
        self.segment_shrinkage = segment_shrinkage

    def _links(self, book: Ledger, today: float) -> Floats:
        found, self.base_ = links(book, self._weights(), self.shrinkage, today)
        return found

    def _evidence(self) -> Floats:
        # A product is named as a reason only when having it makes this one likelier than it is for everyone.
        return np.asarray(np.maximum(self.links_ - self.base_, 0.0))


def links(book: Ledger, weights: Mapping[str, float], shrinkage: float, today: float) -> tuple[Floats, Floats]:
    """P(j | i) for every pair, and P(j)."""
    seen, took = interest(book, weights, None, today), taken(book, None, today)
    share = np.asarray(took.sum(axis=0)).ravel() / max(len(book.customers), 1)
    shared = together(seen, took)
    total = np.bincount(seen.indices, minlength=len(book.products)).astype(float)[:, None] + shrinkage
    found = np.divide(shared + shrinkage * share, total, out=np.zeros_like(shared), where=total > 0)
    return found, share
