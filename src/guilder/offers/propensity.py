"""Propensity: the chance that each open product is the next one a customer takes, learned from every uptake so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from guilder.offers import softmax
from guilder.offers.facts import code_of, encoded, of_customers
from guilder.offers.inputs import Ids
from guilder.offers.ledger import Floats, Ledger, Texts
from guilder.offers.recommender import Recommender
from guilder.offers.uptakes import state, uptakes


class PropensityRecommender(Recommender):
    """Offer what customers with such products, such interest and such facts took next.

    A multinomial logistic regression, one answer a product: each uptake is an example, answered from what its
    customer had before it. Its scores are probabilities over the products open to the customer, and sum to one.
    Made for a bank's catalogue: the cost grows with the square of the number of products.

    Parameters
    ----------
    penalty : float
        Ridge, in examples.
    half_life_days : float, optional
        Days in which one uptake counts half; omitted, all count the same.
    interest_days : float
        Days in which a fresh interest, which is counted beside the lasting one, fades by half.
    most_examples : int
        Uptakes learned from at most.
    segment_shrinkage : float
        As in :class:`~guilder.offers.cosine.CosineRecommender`.
    """

    def __init__(
        self, penalty: float = 1.0, half_life_days: float | None = None, interest_days: float = 30.0,
        most_examples: int = 100_000, segment_shrinkage: float = 20.0,
    ) -> None:
        self.penalty = penalty
        self.half_life_days = half_life_days
        self.interest_days = interest_days
        self.most_examples = most_examples
        self.segment_shrinkage = segment_shrinkage

    def fit_ledger(
        self, book: Ledger, today: float, *, names: Mapping[str, str] | None = None,
        segments: Mapping[str, str] | pd.Series | None = None, facts: pd.DataFrame | None = None,
    ) -> Self:
        """Fit on a ledger; ``facts`` (index customer_id) must have been known before ``today``."""
        self.code_ = code_of(facts)
        self.fact_customers_, self.facts_ = encoded(facts, self.code_)
        return super().fit_ledger(book, today, names=names or {}, segments=segments, facts=facts)

    def knowing(
        self, *, segments: Mapping[str, str] | pd.Series | None = None, facts: pd.DataFrame | None = None
    ) -> Self:
        """Return the same model that knows these segments and facts of customers; nothing is refitted."""
        told = super().knowing(segments=segments)
        if facts is not None:
            told.fact_customers_, told.facts_ = encoded(facts, self.code_)
        return told

    def forget(self, customer_ids: Ids) -> Self:
        """Take what is kept of customers, their facts too, out of the fitted model."""
        super().forget(customer_ids)
        kept = ~np.isin(self.fact_customers_, np.asarray(list(customer_ids), dtype=str))
        self.fact_customers_, self.facts_ = self.fact_customers_[kept], self.facts_[kept]
        return self

    def _profile(self, book: Ledger, today: float) -> csr_matrix:
        return state(book, self.interest_days, today)

    def _has(self, profile: Floats) -> Floats:
        width = len(self.products_)
        return np.asarray(np.maximum(profile[:, :width], profile[:, width : 2 * width]))

    def _links(self, book: Ledger, today: float) -> Floats:
        width = len(book.products)
        read = uptakes(book, self.interest_days, self.most_examples)
        self.constant_ = np.zeros(width)
        self.fact_links_ = np.zeros((self.facts_.shape[1], width))
        self.state_links_ = np.zeros((3 * width, width))
        if not len(read.product):
            return np.zeros((width, width))
        age = np.zeros(len(read.day))
        if self.half_life_days is not None and np.isfinite(today):
            age = np.maximum(today - np.nan_to_num(read.day, nan=today), 0.0) / self.half_life_days
        # Every customer counts once where the answer is any one of their products, often where it is the next.
        count = np.bincount(read.customer)[read.customer]
        weight = np.where(np.isnan(read.day), 1.0 / count, np.exp2(-age))
        known = of_customers(self.fact_customers_, self.facts_, book.customers[read.customer])
        closed = read.state[:, :width].toarray() > 0
        closed[np.arange(len(closed)), read.product] = False
        known = np.column_stack([known, np.ones(len(known))])
        found = softmax.fit(read.state, known, closed, read.product, weight, self.penalty)
        self.state_links_, self.fact_links_, self.constant_ = found[: 3 * width], found[3 * width : -1], found[-1]
        seen = np.bincount(read.product, minlength=width) > 0
        self.constant_[~seen] = -np.inf
        return np.asarray(np.maximum(found[:width], 0.0))

    def _scores(self, profile: Floats, ids: Texts) -> Floats:
        logit = profile @ self.state_links_ + of_customers(self.fact_customers_, self.facts_, ids) @ self.fact_links_
        return softmax.shares(logit + self.constant_, profile[:, : len(self.products_)] > 0)

    def _likely(self, profile: Floats, ids: Texts) -> Floats | None:
        return self._scores(profile, ids)
