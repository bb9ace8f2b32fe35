"""Item–item cosine: products are alike when the same customers are interested in both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from scipy.sparse import csr_matrix, diags_array

from guilder.offers.ledger import Floats, Ledger, interest
from guilder.offers.neighbours import KEPT, WIDE, strongest
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
    idf : {"tfidf", "bm25"}, optional
        Count a customer with df of all n products log1p(n / df) times: wide interest says less about any one pair.
        BM25 saturates each weight and lightens wide customers besides (k1 = 1.2, b = 0.75).
    segment_shrinkage : float
        Customers' worth of everyone's popularity mixed into that of a segment.
    neighbours : int, optional
        Links kept of each product, the strongest; omitted, all, and of a catalogue of more than 4,000 products 200.

    Attributes
    ----------
    links_ : array or csr_matrix, shape (products, products)
        The shrunk cosines, sparse where only some are kept. Its diagonal only ever serves a product the customer looked
        at and does not own.
    products_, names_, customers_ : arrays of str
    owned_, profile_ : csr_matrix, shape (customers, products)
    popularity_, segment_popularity_ : arrays, shape (products,) and (segments, products)
    """

    def __init__(
        self, shrinkage: float = 10.0, min_support: int = 5, kind_weights: Mapping[str, float] | None = None,
        half_life_days: float | None = None, idf: Literal["tfidf", "bm25"] | None = None,
        segment_shrinkage: float = 20.0, neighbours: int | None = None,
    ) -> None:
        self.shrinkage = shrinkage
        self.min_support = min_support
        self.kind_weights = kind_weights
        self.half_life_days = half_life_days
        self.idf = idf
        self.segment_shrinkage = segment_shrinkage
        self.neighbours = neighbours

    def _links(self, book: Ledger, today: float) -> Floats | csr_matrix:
        seen = interest(book, self._weights(), None, today)
        matrix = seen if self.idf is None else _weighed(seen, self.idf)
        if self.neighbours is not None or len(book.products) > WIDE:
            kept = KEPT if self.neighbours is None else self.neighbours
            return strongest(matrix, seen, self.shrinkage, self.min_support, kept)
        shared = together(seen, seen)
        gram = np.asarray((matrix.T @ matrix).toarray())
        length = np.sqrt(np.diagonal(gram))
        norm = np.outer(length, length)
        cosine = np.divide(gram, norm, out=np.zeros_like(gram), where=norm > 0)
        enough = shared >= max(self.min_support, 1)
        sure = np.divide(shared, shared + self.shrinkage, out=np.zeros_like(shared), where=enough)
        return np.asarray(cosine * sure)


def _weighed(matrix: csr_matrix, how: str) -> csr_matrix:
    width = np.maximum(np.diff(matrix.indptr), 1)
    if how == "bm25":
        length = np.repeat(0.25 + 0.75 * width / width.mean(), np.diff(matrix.indptr))
        matrix = matrix.copy()
        matrix.data = matrix.data * 2.2 / (1.2 * length + matrix.data)
    return csr_matrix(diags_array(np.log1p(matrix.shape[1] / width)) @ matrix)


def together(left: csr_matrix, right: csr_matrix) -> Floats:
    """How many customers have both product i (left) and product j (right): shape (products, products)."""
    ones = [csr_matrix((np.ones(len(m.data)), m.indices, m.indptr), shape=m.shape) for m in (left, right)]
    return np.asarray((ones[0].T @ ones[1]).toarray())
