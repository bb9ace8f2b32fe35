"""Every product taken, beside what its customer had just before: the examples that uptake is learned from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from guilder.contract.tables import KINDS_OF_INTERACTION
from guilder.offers.ledger import TAKEN, Flags, Floats, Ints, Ledger

_HOLD, _APPLY = (KINDS_OF_INTERACTION.index(kind) for kind in ("hold", "apply"))


@dataclass(frozen=True)
class Uptakes:
    """One row a product taken: whose, which, when, and the :func:`state` just before."""

    customer: Ints
    product: Ints
    day: Floats
    state: csr_matrix


def state(book: Ledger, interest_days: float, today: float) -> csr_matrix:
    """What each customer has by now: products held; applied for or looked at, ever; and the same again, lately.

    Shape (customers, three times the products). Ever counts one; lately fades from one, by half in so many days: old
    interest says what a customer likes, fresh interest what they are about to take. What was applied for and is not
    held may still be taken.
    """
    age = np.nan_to_num(today - book.day, nan=0.0)
    return _state(book.customer, book.product, book.kind == _HOLD, age, interest_days, book.owned.shape)


def uptakes(book: Ledger, interest_days: float, most: int) -> Uptakes:
    """Read the uptakes of a ledger, each with the state before it: the first holding and, before that, first applying.

    Dated, the state is what was known strictly before the day. Undated, it is all else of the customer: the product
    itself is left out, held or looked at, so that no example holds its own answer.

    Parameters
    ----------
    book : Ledger
    interest_days : float
        As in :func:`state`.
    most : int
        Examples at most; of more, every so many-th customer is read.
    """
    width = max(len(book.products), 1)
    step = max(1, -(-int(_taken(book).sum()) // max(most, 1)))
    kept = book.customer % step == 0
    owner, product, kind = book.customer[kept], book.product[kept], book.kind[kept]
    # An undated row is as if from ever, and answered by leaving its product out.
    day = np.nan_to_num(book.day[kept], nan=-np.inf)
    customer, answer, when = _events(owner, product, kind, day, width)
    start, stop = np.searchsorted(owner, customer, "left"), np.searchsorted(owner, customer, "right")
    size = stop - start
    row = np.repeat(np.arange(len(answer)), size)
    line = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size) + np.repeat(start, size)
    event, what, hold = when[row], product[line], kind[line] == _HOLD
    same = what == answer[row]
    before = np.where(np.isfinite(event), (day[line] < event) & ~(same & hold), ~same)
    row, line, what, event, hold = row[before], line[before], what[before], event[before], hold[before]
    timed = np.isfinite(event) & np.isfinite(day[line])
    age = np.where(timed, event, 0.0) - np.where(timed, day[line], 0.0)
    matrix = _state(row, what, hold, age, interest_days, (len(answer), len(book.products)))
    return Uptakes(customer, answer, np.where(np.isfinite(when), when, np.nan), matrix)


def _state(
    row: Ints, product: Ints, hold: Flags, age: Floats, interest_days: float, shape: tuple[int, int]
) -> csr_matrix:
    """Rows × (held, interest ever, interest lately), each cell by its latest time."""
    width = shape[1]
    lately = np.exp2(-np.maximum(age, 0.0) / interest_days)
    rows = np.concatenate([row, row[~hold]])
    column = np.concatenate([product + np.where(hold, 0, width), product[~hold] + 2 * width])
    value = np.concatenate([np.ones(len(row)), lately[~hold]])
    cells, where = np.unique(rows * 3 * max(width, 1) + column, return_inverse=True)
    most = np.zeros(len(cells))
    np.maximum.at(most, where, value)
    place = (cells // (3 * max(width, 1)), cells % (3 * max(width, 1)))
    return csr_matrix((most, place), shape=(shape[0], 3 * width))


def _events(owner: Ints, product: Ints, kind: Ints, day: Floats, width: int) -> tuple[Ints, Ints, Floats]:
    """The first holding of each customer and product, and the first applying where it came before."""
    pair = owner * width + product
    strong = np.isin(kind, (_HOLD, _APPLY))
    held, applied = (kind == _HOLD, kind == _APPLY) if strong.any() else (np.ones(len(kind), dtype=bool), strong)
    (holds, held_on), (applies, applied_on) = (_first(pair[which], day[which]) for which in (held, applied))
    place = np.minimum(np.searchsorted(holds, applies), max(len(holds) - 1, 0))
    until = np.full(len(applies), np.inf)
    if len(holds):
        until = np.where(holds[place] == applies, held_on[place], np.inf)
    earlier = applied_on < until
    # Undated, a product is one answer, however often it was taken.
    earlier &= np.isfinite(applied_on) | ~np.isfinite(until) & (until > 0)
    pairs = np.concatenate([holds, applies[earlier]])
    when = np.concatenate([held_on, applied_on[earlier]])
    order = np.lexsort((when, pairs))
    return pairs[order] // width, pairs[order] % width, when[order]


def _first(cell: Ints, day: Floats) -> tuple[Ints, Floats]:
    """The distinct cells, sorted, and the first day of each."""
    cells, where = np.unique(cell, return_inverse=True)
    first = np.full(len(cells), np.inf)
    np.minimum.at(first, where, day)
    return cells, first


def _taken(book: Ledger) -> Flags:
    chosen = np.isin(book.kind, [KINDS_OF_INTERACTION.index(kind) for kind in TAKEN])
    return chosen if chosen.any() else np.ones(len(book.kind), dtype=bool)
