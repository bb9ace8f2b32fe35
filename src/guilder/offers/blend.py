"""The blend: what everybody takes lately and what goes with a customer's products, on one scale."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.sparse import csr_matrix

from guilder.offers.ease import EaseRecommender
from guilder.offers.ledger import Floats, Ledger, Texts
from guilder.offers.recommender import Recommender


class BlendRecommender(EaseRecommender):
    """Offer by a weighted sum of decayed popularity and EASE, each counted in its own spread over the catalogue.

    A customer without a history has no second term and gets what is popular lately. Weight and half-life are chosen
    by validation, as every setting is.

    Parameters
    ----------
    weight : float
        Of popularity, from 0 to 1; the rest is EASE's.
    half_life_days : float, optional
        Days in which one uptake counts half in the popularity; interest does not fade.
    penalty, kind_weights, segment_shrinkage
        As in :class:`~guilder.offers.ease.EaseRecommender`.
    """

    def __init__(
        self, weight: float = 0.5, penalty: float = 100.0, kind_weights: Mapping[str, float] | None = None,
        half_life_days: float | None = None, segment_shrinkage: float = 20.0,
    ) -> None:
        super().__init__(penalty, kind_weights, half_life_days, segment_shrinkage)
        self.weight = weight

    def _interest(self, book: Ledger, today: float) -> csr_matrix:
        met = Recommender._interest(self, book, today)
        met.data = np.ones(len(met.data))
        return met

    def _scores(self, profile: Floats, ids: Texts) -> Floats:
        personal, popular = profile @ self.links_, self._popular(ids)
        return (1.0 - self.weight) * _lifted(personal) + self.weight * _lifted(popular)

    def _share(self, profile: Floats) -> Floats:
        return (1.0 - self.weight) * _unit(profile @ self.links_)


def _unit(term: Floats) -> Floats:
    """One over the spread of each row; zero where all is alike."""
    spread = np.round(term.std(axis=1, keepdims=True), 12) if term.shape[1] else np.zeros((len(term), 1))
    return np.asarray(np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0))


def _lifted(term: Floats) -> Floats:
    """Each row from its lowest up, in its own spread: at or above zero, as ranking asks."""
    if not term.shape[1]:
        return term
    return np.asarray((term - term.min(axis=1, keepdims=True)) * _unit(term))
