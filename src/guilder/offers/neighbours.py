"""The cosine of a catalogue of thousands: block by block of products, and of each only its strongest links are kept."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix, vstack

from guilder.errors import UsageError
from guilder.offers.ledger import Floats

WIDE = 4_000
"""Products beyond which the square of links is not held in memory."""
KEPT = 200
"""Links kept of each product of such a catalogue, itself besides."""
_CELLS = 4_000_000


def dense(found: Floats | csr_matrix) -> Floats:
    """The same numbers as a plain array."""
    return np.asarray(found.toarray() if isinstance(found, csr_matrix) else found)


def strongest(matrix: csr_matrix, seen: csr_matrix, shrinkage: float, min_support: int, kept: int) -> csr_matrix:
    """The shrunk cosines of :class:`~guilder.offers.cosine.CosineRecommender`, the strongest of each product.

    Parameters
    ----------
    matrix : csr_matrix, shape (customers, products)
        Weighed interest.
    seen : csr_matrix of the same shape
        Interest before it was weighed: who counts as sharing a pair.
    shrinkage, min_support
        As there.
    kept : int
        Links of each product; of equals those with the smaller product_id. The link to itself comes besides.
    """
    if kept < 1:
        raise UsageError(f"neighbours is {kept}", todo="keep one link of each product or more, or omit it")
    width = matrix.shape[1]
    ones = csr_matrix((np.ones(len(seen.data)), seen.indices, seen.indptr), shape=seen.shape)
    columns, met = csc_matrix(matrix), csc_matrix(ones)
    length = np.sqrt(np.bincount(matrix.indices, matrix.data**2, minlength=width))
    parts = []
    step = max(1, _CELLS // max(width, 1))
    for start in range(0, width, step):
        block = slice(start, min(start + step, width))
        gram = np.asarray((columns[:, block].T @ matrix).toarray())
        shared = np.asarray((met[:, block].T @ ones).toarray())
        norm = np.outer(length[block], length)
        cosine = np.divide(gram, norm, out=np.zeros_like(gram), where=norm > 0)
        enough = shared >= max(min_support, 1)
        cosine *= np.divide(shared, shared + shrinkage, out=np.zeros_like(shared), where=enough)
        parts.append(_first(cosine, start, kept))
    return csr_matrix(vstack(parts, format="csr")) if parts else csr_matrix((width, width))


def _first(cosine: Floats, start: int, kept: int) -> csr_matrix:
    """The largest of each row and its own place on the diagonal; the rest becomes zero."""
    rows = np.arange(len(cosine))
    own = cosine[rows, start + rows].copy()
    cosine[rows, start + rows] = 0.0
    crowded = np.flatnonzero((cosine > 0).sum(axis=1) > kept)
    order = np.argsort(-np.round(cosine[crowded], 12), axis=1, kind="stable")
    cosine[crowded[:, None], order[:, kept:]] = 0.0
    cosine[rows, start + rows] = own
    return csr_matrix(cosine)
