"""Rows of customers × products matrices found by customer, and what each segment takes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from guilder.offers.ledger import Floats, Ints, Ledger, Texts

_CELLS = 1_000_000
"""Cells of a block of customers × products: 8 MB a matrix."""


def by_segment(
    book: Ledger, took: csr_matrix, everyone: Floats, segments: Mapping[str, str] | pd.Series | None, shrinkage: float
) -> tuple[Texts, Ints, Floats, Texts]:
    """What share of each segment took each product, drawn towards everyone's where the segment is small.

    Returns
    -------
    people : array of str
        Every customer whose segment is known, sorted.
    code : array of int
        Their segment.
    share : array, shape (segments, products)
    labels : array of str
        The segments, sorted: what ``code`` counts along.
    """
    if segments is None or not len(segments):
        nothing = np.array([], dtype="<U1")
        return nothing, np.array([], dtype=np.int64), np.zeros((0, len(everyone))), nothing
    labels = np.unique(np.asarray(pd.Series(segments).dropna(), dtype=str))
    people, code = placed(segments, labels)
    mine = find(people, book.customers)
    belongs = csr_matrix(
        (np.ones(int((mine >= 0).sum())), (code[mine[mine >= 0]], np.flatnonzero(mine >= 0))),
        shape=(len(labels), len(book.customers)),
    )
    size = np.asarray(belongs.sum(axis=1)).reshape(-1, 1)
    return people, code, ((belongs @ took).toarray() + shrinkage * everyone) / (size + shrinkage), labels


def placed(segments: Mapping[str, str] | pd.Series, labels: Texts) -> tuple[Texts, Ints]:
    """Customers, sorted, and which of the sorted labels is their segment; whose is none of them are left out."""
    given = pd.Series(segments).dropna()
    people, code = np.asarray(given.index, dtype=str), find(labels, np.asarray(given, dtype=str))
    people, code = people[code >= 0], code[code >= 0]
    order = np.argsort(people, kind="stable")
    return people[order], code[order].astype(np.int64)


def normalised(matrix: csr_matrix) -> csr_matrix:
    """Rows that sum to one, so that scores are weighted means and comparable between customers."""
    total = np.asarray(matrix.sum(axis=1)).ravel()
    result = matrix.copy()
    result.data = result.data / np.repeat(np.where(total > 0, total, 1.0), np.diff(result.indptr))
    return result


def find(names: Texts, wanted: Texts) -> Ints:
    """Where each wanted name is among the sorted names; -1 for none."""
    if not len(names):
        return np.full(len(wanted), -1, dtype=np.int64)
    if len(names) == len(wanted) and np.array_equal(names, wanted):
        return np.arange(len(names))
    where = np.minimum(np.searchsorted(names, wanted), len(names) - 1)
    return np.where(names[where] == wanted, where, -1)


def rows(matrix: csr_matrix, names: Texts, wanted: Texts) -> csr_matrix:
    """The rows of these customers, in their order; an empty row for a customer the matrix does not know."""
    where = find(names, wanted)
    if len(where) == matrix.shape[0] and np.array_equal(where, np.arange(len(where))):
        return matrix
    hit = np.flatnonzero(where >= 0)
    chooser = csr_matrix(
        (np.ones(len(hit), dtype=matrix.dtype), (hit, where[hit])), shape=(len(wanted), matrix.shape[0])
    )
    return csr_matrix(chooser @ matrix)


def blocks(rows: int, columns: int) -> list[slice]:
    """Cut so many rows into pieces that stay small in memory."""
    step = max(1, _CELLS // max(columns, 1))
    return [slice(start, min(start + step, rows)) for start in range(0, rows, step)]

