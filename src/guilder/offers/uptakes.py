"""Every product taken, beside what its customer had just before: the examples that uptake is learned from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from guilder.contract.tables import KINDS_OF_INTERACTION
from guilder.offers.ledger import TAKEN, Flags, Floats, Ints, Ledger


@dataclass(frozen=True)
class Uptakes:
    """One row a product taken: whose, which, when, and the ``state`` just before (taken, then looked at)."""

    customer: Ints
    product: Ints
    day: Floats
    state: csr_matrix


def state(book: Ledger) -> csr_matrix:
    """What each customer has by now: products taken, then products only looked at; customers × twice the products."""
    width = len(book.products)
    column = book.product + np.where(_taken(book), 0, width)
    shape = (len(book.customers), 2 * width)
    cells = np.unique(book.customer * shape[1] + column)
    return csr_matrix((np.ones(len(cells)), (cells // max(shape[1], 1), cells % max(shape[1], 1))), shape=shape)


def uptakes(book: Ledger, most: int) -> Uptakes:
    """Read the uptakes of a ledger, each with the state before it.

    Dated, the state is what was known strictly before the day. Undated, it is all else of the customer: the product
    itself is left out, looked at or taken, so that no example holds its own answer.

    Parameters
    ----------
    book : Ledger
    most : int
        Examples at most; of more, every so many-th customer is read.
    """
    width = len(book.products)
    chosen = _taken(book)
    step = max(1, -(-int(chosen.sum()) // max(most, 1)))
    kept = book.customer % step == 0
    owner, product, taken, day = (part[kept] for part in (book.customer, book.product, chosen, book.day))
    column = product + np.where(taken, 0, width)
    # The first day of each cell: an undated row is as if from ever, and answered by leaving its product out.
    cells, where = np.unique(owner * 2 * width + column, return_inverse=True)
    first = np.full(len(cells), np.inf)
    np.minimum.at(first, where, np.nan_to_num(day, nan=-np.inf))
    who, what = cells // max(2 * width, 1), cells % max(2 * width, 1)
    asked = np.flatnonzero(what < width)
    start, stop = np.searchsorted(who, who[asked], "left"), np.searchsorted(who, who[asked], "right")
    size = stop - start
    row = np.repeat(np.arange(len(asked)), size)
    cell = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size) + np.repeat(start, size)
    event = first[asked][row]
    undated = ~np.isfinite(event)
    before = np.where(undated, what[cell] % max(width, 1) != what[asked][row], first[cell] < event)
    before &= what[cell] != what[asked][row]
    matrix = csr_matrix(
        (np.ones(int(before.sum())), (row[before], what[cell][before])), shape=(len(asked), 2 * width)
    )
    when = np.where(np.isfinite(first[asked]), first[asked], np.nan)
    return Uptakes(who[asked], what[asked], when, matrix)


def _taken(book: Ledger) -> Flags:
    chosen = np.isin(book.kind, [KINDS_OF_INTERACTION.index(kind) for kind in TAKEN])
    return chosen if chosen.any() else np.ones(len(book.kind), dtype=bool)
