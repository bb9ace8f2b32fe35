"""EASE: every product from all the others at once, in closed form (Steck, 2019)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.sparse import csr_matrix

from guilder.offers.ledger import Floats, Ledger, interest
from guilder.offers.recommender import Recommender


class EaseRecommender(Recommender):
    """Offer what a ridge regression of each product on all other products expects of this customer.

    The diagonal is zero by construction, so no product speaks for itself and a hidden one cannot betray itself.
    A link may be negative: two products that replace each other. A score at or below zero is no evidence, and such
    products follow by popularity.

    Parameters
    ----------
    penalty : float
        Lambda of the ridge, chosen by validation.
    kind_weights, half_life_days, segment_shrinkage
        As in :class:`~guilder.offers.cosine.CosineRecommender`; interest is counted as present or absent here, and
        with a half-life it fades in the profile.
    """

    def __init__(
        self, penalty: float = 100.0, kind_weights: Mapping[str, float] | None = None,
        half_life_days: float | None = None, segment_shrinkage: float = 20.0,
    ) -> None:
        self.penalty = penalty
        self.kind_weights = kind_weights
        self.half_life_days = half_life_days
        self.segment_shrinkage = segment_shrinkage

    def _interest(self, book: Ledger, today: float) -> csr_matrix:
        met = super()._interest(book, today)
        if self.half_life_days is None:
            met.data = np.ones(len(met.data))
        return met

    def _links(self, book: Ledger, today: float) -> Floats:
        return links(book, self._weights(), self.penalty, today)

    def _evidence(self) -> Floats:
        return np.asarray(np.maximum(self.links_, 0.0))


def links(book: Ledger, weights: Mapping[str, float], penalty: float, today: float) -> Floats:
    """Coefficients of the ridge of each product (column) on all others (rows)."""
    met = interest(book, weights, None, today)
    met.data = np.ones(len(met.data))
    gram = np.asarray((met.T @ met).toarray())
    gram[np.diag_indices_from(gram)] += max(penalty, 1e-6)
    inverse = np.linalg.inv(gram)
    found = -inverse / np.diagonal(inverse)
    np.fill_diagonal(found, 0.0)
    return np.asarray(found)
