"""The blend: what everybody takes lately, what customers take next, and what goes with their products, on one scale."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.sparse import csr_matrix

from guilder.offers.conditional import links as conditional_links
from guilder.offers.ease import links as ease_links
from guilder.offers.explain import Contribution
from guilder.offers.ledger import Floats, Ledger, Texts, interest, taken_next
from guilder.offers.recommender import Recommender

TERMS = ("popular", "next", "conditional", "ease")
"""Popularity; what customers took after their first day; P(j | i); the ridge over all products."""

PERSONAL_TERMS = ("conditional", "ease")


class BlendRecommender(Recommender):
    """Offer by a weighted sum of terms, each counted row by row in its own spread over the catalogue.

    New customers do not take what customers take next, so popularity comes in two: of all, and of those who had a
    history already. A customer without a history is served by the first alone. Half-life, shrinkage and penalty are
    those of the terms as each was chosen for itself; the weights are fitted on rolling windows
    (:func:`~guilder.offers.weights.weighed`).

    Parameters
    ----------
    weights : mapping, optional
        Of each of :data:`TERMS`, a missing one weighs nothing; omitted, all weigh the same.
    half_life_days : float, optional
        Days in which one uptake counts half in both popularities; interest does not fade.
    shrinkage : float
        As in :class:`~guilder.offers.conditional.ConditionalRecommender`.
    penalty : float
        As in :class:`~guilder.offers.ease.EaseRecommender`.
    kind_weights, segment_shrinkage
        As in :class:`~guilder.offers.cosine.CosineRecommender`.
    """

    def __init__(
        self, weights: Mapping[str, float] | None = None, half_life_days: float | None = None, shrinkage: float = 10.0,
        penalty: float = 100.0, kind_weights: Mapping[str, float] | None = None, segment_shrinkage: float = 20.0,
    ) -> None:
        self.weights = weights
        self.half_life_days = half_life_days
        self.shrinkage = shrinkage
        self.penalty = penalty
        self.kind_weights = kind_weights
        self.segment_shrinkage = segment_shrinkage

    def terms(self, profile: Floats, ids: Texts) -> dict[str, Floats]:
        """Every term for a block of customers, each row from its lowest up in its own spread."""
        return {name: _lifted(raw) for name, raw in self._raw(profile, ids).items()}

    def _raw(self, profile: Floats, ids: Texts) -> dict[str, Floats]:
        known = np.asarray((profile > 0).any(axis=1))
        return {
            "popular": self._popular(ids), "next": known[:, None] * self.next_popularity_[None, :],
            "conditional": profile @ self.conditional_, "ease": profile @ self.links_,
        }  # fmt: skip

    def _interest(self, book: Ledger, today: float) -> csr_matrix:
        met = interest(book, self._weights(), None, today)
        met.data = np.ones(len(met.data))
        return met

    def _links(self, book: Ledger, today: float) -> Floats:
        self.next_popularity_ = taken_next(book, self.half_life_days, today)
        self.conditional_, self.base_ = conditional_links(book, self._weights(), self.shrinkage, today)
        return ease_links(book, self._weights(), self.penalty, today)

    def _weight(self, term: str) -> float:
        return 1.0 / len(TERMS) if self.weights is None else float(self.weights.get(term, 0.0))

    def _scores(self, profile: Floats, ids: Texts) -> Floats:
        parts = [self._weight(name) * term for name, term in self.terms(profile, ids).items() if self._weight(name)]
        # Nobody has a score of zero everywhere: without a weight that reaches them, popularity follows as ever.
        return np.asarray(sum(parts, np.zeros((len(ids), len(self.products_)))))

    def _evidence(self) -> Floats:
        speaks = (np.maximum(self.conditional_ - self.base_, 0.0), np.maximum(self.links_, 0.0))
        size = [max(float(np.abs(one).mean()), 1e-12) for one in speaks]
        return np.asarray(
            sum(self._weight(t) * one / s for t, one, s in zip(PERSONAL_TERMS, speaks, size, strict=True))
        )

    def _has(self, profile: Floats) -> Floats:
        """Nothing where no personal term tells products apart: there popularity alone decides, and is the reason."""
        links = zip(PERSONAL_TERMS, (self.conditional_, self.links_), strict=True)
        tells = np.hstack([self._weight(name) * _unit(profile @ one) for name, one in links])
        return np.asarray(profile * tells.any(axis=1, keepdims=True))

    def _parts(self, profile: Floats, ids: Texts, column: int) -> tuple[Floats, list[Contribution]]:
        raw = self._raw(profile, ids)
        scale = {name: self._weight(name) * float(_unit(term)[0, 0]) for name, term in raw.items()}
        by_product = profile[0] * (
            scale["conditional"] * self.conditional_[:, column] + scale["ease"] * self.links_[:, column]
        )
        rest = [
            Contribution(None, float(scale[name] * (term[0, column] - term[0].min())), _SAID[name])
            for name, term in raw.items() if name not in PERSONAL_TERMS
        ]  # fmt: skip
        level = -float(sum(scale[name] * raw[name][0].min() for name in PERSONAL_TERMS))
        return by_product, [*rest, Contribution(None, level, "level")]


_SAID = {"popular": "popular lately", "next": "what customers take next"}


def _unit(term: Floats) -> Floats:
    """One over the spread of each row; zero where all is alike."""
    spread = np.round(term.std(axis=1, keepdims=True), 12) if term.shape[1] else np.zeros((len(term), 1))
    return np.asarray(np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0))


def _lifted(term: Floats) -> Floats:
    """Each row from its lowest up, in its own spread: at or above zero, as ranking asks."""
    if not term.shape[1]:
        return term
    return np.asarray((term - term.min(axis=1, keepdims=True)) * _unit(term))
