"""Item–item cosine: products are alike when the same customers are interested in both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from scipy.sparse import csr_matrix, diags_array

from guilder.offers.ledger import KIND_WEIGHTS, Floats, Ledger, interest
from guilder.offers.recommender import Recommender


class CosineRecommender(Recommender):
    """Offer the products most alike to those a customer holds or looked at.

    The score of product j is the mean of cos(i, j) over the products i of the customer, weighted by interest. The
    customer's interest fades with time; the similarity does not, since fading it forgets what goes together.

    Parameters
    ----------
    shrinkage : float
        A pair shared by n customers keeps n / (n + shrinkage) of its cosine.
    min_support : int
        Pairs shared by fewer customers say nothing.
    kind_weights : mapping, optional
        Weight of each kind of interaction; omitted, hold 5, apply 4, click 2, view 1.
    half_life_days : float, optional
        Days in which a customer's interest halves; omitted, it does not fade.
    idf : {"tfidf"}, optional
        Count a customer with df of all n products log1p(n / df) times: wide interest says less about any one pair.
    segment_shrinkage : float
        Customers' worth of everyone's popularity mixed into that of a segment.

    Attributes
    ----------
    links_ : array, shape (products, products)
        The shrunk cosines. Its diagonal only ever serves a product the customer looked at and does not own.
    products_, names_, customers_ : arrays of str
    owned_, profile_ : csr_matrix, shape (customers, products)
    popularity_, segment_popularity_ : arrays, shape (products,) and (segments, products)
    """

    def __init__(
        self, shrinkage: float = 10.0, min_support: int = 5, kind_weights: Mapping[str, float] | None = None,
        half_life_days: float | None = None, idf: Literal["tfidf"] | None = None, segment_shrinkage: float = 20.0,
    ) -> None:
        self.shrinkage = shrinkage
        self.min_support = min_support
        self.kind_weights = kind_weights
        self.half_life_days = half_life_days
        self.idf = idf
        self.segment_shrinkage = segment_shrinkage

    def _links(self, book: Ledger, today: float) -> Floats:
        weights = KIND_WEIGHTS if self.kind_weights is None else self.kind_weights
        matrix = interest(book, weights, None, today)
        shared = together(matrix, matrix)
        if self.idf == "tfidf":
            width = np.maximum(np.diff(matrix.indptr), 1)
            matrix = csr_matrix(diags_array(np.log1p(matrix.shape[1] / width)) @ matrix)
        gram = np.asarray((matrix.T @ matrix).toarray())
        length = np.sqrt(np.diagonal(gram))
        norm = np.outer(length, length)
        cosine = np.divide(gram, norm, out=np.zeros_like(gram), where=norm > 0)
        enough = shared >= max(self.min_support, 1)
        kept = np.divide(shared, shared + self.shrinkage, out=np.zeros_like(shared), where=enough)
        return np.asarray(cosine * kept)


def together(left: csr_matrix, right: csr_matrix) -> Floats:
    """How many customers have both product i (left) and product j (right): shape (products, products)."""
    ones = [csr_matrix((np.ones(len(m.data)), m.indices, m.indptr), shape=m.shape) for m in (left, right)]
    return np.asarray((ones[0].T @ ones[1]).toarray())
