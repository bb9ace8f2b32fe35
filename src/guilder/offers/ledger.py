"""The positive interactions a bank knows of, closed products taken out, and the two matrices made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from guilder.contract.tables import KINDS_OF_INTERACTION
from guilder.errors import DataError
from guilder.offers.echo import UNLEARNED

KIND_WEIGHTS: Mapping[str, float] = MappingProxyType({"hold": 5.0, "apply": 4.0, "click": 2.0, "view": 1.0})
"""How much one interaction of each kind says about interest."""

TAKEN = ("hold", "apply")
"""The kinds that mean a customer took the product, or tried to."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.str_]

_UNDATED = -1e18
"""The day of an undated row: before every dated one, so that any close of the product closes it."""


@dataclass(frozen=True)
class Ledger:
    """Positive interactions in a canonical order, so that the order of the bank's rows changes no sum.

    ``customers`` and ``products`` are sorted; ``customer``, ``product`` and ``kind`` are codes into them and into
    :data:`~guilder.contract.tables.KINDS_OF_INTERACTION`; ``day`` counts days since 1970 (NaN where undated);
    ``owned`` is customers × products, true where a holding was not closed later; ``met`` is true where there was any
    row at all, a close included.
    """

    customers: Texts
    products: Texts
    customer: Ints
    product: Ints
    kind: Ints
    day: Floats
    amount: Floats
    owned: csr_matrix
    met: csr_matrix
    last_day: float


def days(moment: object) -> float:
    """Days since 1970 of one moment, as the ledger counts them."""
    return float(pd.Timestamp(moment).to_datetime64().astype("datetime64[us]").astype(np.int64)) / 86_400e6  # type: ignore[arg-type]


def checked(interactions: pd.DataFrame) -> pd.DataFrame:
    """Refuse a table of interactions that lacks a column, an identifier or a known kind."""
    lacking = [name for name in ("customer_id", "product_id", "kind") if name not in interactions]
    if lacking:
        raise DataError(
            f"interactions has no column {', '.join(lacking)}",
            known=f"its columns are {', '.join(map(str, interactions.columns)) or 'none'}",
            todo="name the bank's columns under [tables.interactions] columns = { … }",
        )
    empty = int(interactions[["customer_id", "product_id", "kind"]].isna().any(axis=1).sum())
    if empty:
        raise DataError(
            f"interactions has {empty:,} of {len(interactions):,} rows without a customer_id, product_id or kind",
            todo="quarantine these rows before offers are learned",
        )
    unknown = sorted(set(interactions["kind"].unique()) - set(KINDS_OF_INTERACTION))
    if unknown:
        raise DataError(
            f"interactions.kind has {len(unknown)} unknown value(s): {', '.join(map(str, unknown[:5]))}",
            known=f"the kinds are {', '.join(KINDS_OF_INTERACTION)}",
            todo="map the bank's codes under [tables.interactions.codes] kind = { … }",
        )
    return interactions


def ledger(interactions: pd.DataFrame, *, products: Sequence[str] = (), now: object | None = None) -> Ledger:
    """Read interactions into a :class:`Ledger`.

    Parameters
    ----------
    interactions : DataFrame
        customer_id, product_id, kind, and perhaps ``at``, ``weight`` (a missing weight counts 1) and
        :data:`~guilder.offers.echo.UNLEARNED`.
    products : sequence of str
        Products of the catalogue, added to those that occur.
    now : datetime, optional
        Rows at or after it are not known yet and are dropped.

    Raises
    ------
    DataError
        When a column is missing, an identifier is empty, a kind is unknown or a weight is below zero.
    """
    frame = checked(interactions)
    day = _days_of(frame)
    if now is not None:
        known = ~(day >= days(now))
        frame, day = frame.loc[known], day[known]
    amount = _amounts(frame)
    customers, customer = _coded(frame["customer_id"])
    names, product = _coded(frame["product_id"])
    catalogue = np.union1d(names, np.asarray(list(products), dtype=str))
    product = np.searchsorted(catalogue, names)[product]
    kind = pd.Categorical(frame["kind"], categories=list(KINDS_OF_INTERACTION)).codes.astype(np.int64)
    order = np.lexsort((amount, np.nan_to_num(day, nan=_UNDATED), kind, product, customer))
    customer, product, kind = customer[order], product[order], kind[order]
    day, amount = day[order], amount[order]
    owned, met, positive = _closings(customer, product, kind, day, (len(customers), len(catalogue)))
    positive &= ~_unlearned(frame, now)[order]
    return Ledger(
        customers, catalogue, customer[positive], product[positive], kind[positive], day[positive], amount[positive],
        owned, met, float(np.nanmax(day)) if np.isfinite(day).any() else float("nan"),
    )  # fmt: skip


def interest(book: Ledger, kind_weights: Mapping[str, float], half_life_days: float | None, today: float) -> csr_matrix:
    """How interested each customer is in each product: Σ over kinds of weight × log2(1 + decayed repeats).

    One holding of today counts exactly its kind's weight. Undated rows do not decay.
    """
    weight = np.array([float(kind_weights.get(kind, 0.0)) for kind in KINDS_OF_INTERACTION])
    shape = (len(book.customers), len(book.products))
    faded = book.amount * _decay(book.day, half_life_days, today)
    pair = book.customer * shape[1] + book.product
    if not len(pair):
        return csr_matrix(shape)
    # The ledger is in order, so that equals stand together and nothing need be sorted.
    cells = _starts(pair * len(KINDS_OF_INTERACTION) + book.kind)
    value = weight[book.kind[cells]] * np.log2(1.0 + np.add.reduceat(faded, cells))
    pairs = _starts(pair[cells])
    data, at = np.add.reduceat(value, pairs), cells[pairs]
    start = np.zeros(shape[0] + 1, dtype=np.int64)
    np.cumsum(np.bincount(book.customer[at], minlength=shape[0]), out=start[1:])
    matrix = csr_matrix((data, book.product[at], start), shape=shape)
    matrix.eliminate_zeros()
    return matrix


def _starts(ordered: Ints) -> Ints:
    """Where each run of equals begins."""
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))


def taken(book: Ledger, half_life_days: float | None, today: float) -> csr_matrix:
    """Who took what: 1 for each product held or applied for, faded by the age of the latest time.

    A bank whose interactions are clicks and views only is counted by those.
    """
    shape = (len(book.customers), len(book.products))
    chosen = np.isin(book.kind, [KINDS_OF_INTERACTION.index(kind) for kind in TAKEN])
    if not chosen.any():
        chosen = np.ones(len(book.kind), dtype=bool)
    cells, where = np.unique(book.customer[chosen] * shape[1] + book.product[chosen], return_inverse=True)
    latest = np.zeros(len(cells))
    np.maximum.at(latest, where, _decay(book.day[chosen], half_life_days, today))
    return csr_matrix((latest, (cells // max(shape[1], 1), cells % max(shape[1], 1))), shape=shape)


def taken_next(book: Ledger, half_life_days: float | None, today: float) -> Floats:
    """How much of each product was taken by customers after their first day, each uptake once, faded by its age.

    What comes with joining is left out: newcomers and customers with a history do not take the same.
    """
    width = max(len(book.products), 1)
    chosen = np.isin(book.kind, [KINDS_OF_INTERACTION.index(kind) for kind in TAKEN])
    if not chosen.any():
        chosen = np.ones(len(book.kind), dtype=bool)
    day = np.nan_to_num(book.day, nan=-np.inf)
    joined = np.full(len(book.customers), np.inf)
    np.minimum.at(joined, book.customer, day)
    cells, where = np.unique(book.customer[chosen] * width + book.product[chosen], return_inverse=True)
    first = np.full(len(cells), np.inf)
    np.minimum.at(first, where, day[chosen])
    later = np.floor(first) > np.floor(joined[cells // width])
    faded = _decay(first[later], half_life_days, today)
    return np.asarray(np.bincount(cells[later] % width, weights=faded, minlength=len(book.products)), dtype=np.float64)


def _decay(day: Floats, half_life_days: float | None, today: float) -> Floats:
    if half_life_days is None or not np.isfinite(today):
        return np.ones(len(day))
    return np.asarray(np.exp2(-np.maximum(today - np.nan_to_num(day, nan=today), 0.0) / half_life_days))


def _unlearned(frame: pd.DataFrame, now: object | None) -> Flags:
    """Rows that count as held and met, but as no sign of interest, as far as that is known by now."""
    if UNLEARNED not in frame:
        return np.zeros(len(frame), dtype=bool)
    since = frame[UNLEARNED]
    known = since.notna() if now is None else since < pd.Timestamp(now)  # type: ignore[arg-type]
    return np.asarray(known, dtype=bool)


def _coded(column: pd.Series) -> tuple[Texts, Ints]:
    """The sorted distinct values, and where each row's value is among them (a hash finds them: far fewer to sort)."""
    code, values = pd.factorize(column)
    names = np.asarray(values, dtype=str) if len(values) else np.array([], dtype="<U1")
    order = np.argsort(names, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return names[order], place[code]


def _days_of(frame: pd.DataFrame) -> Floats:
    if "at" not in frame:
        return np.full(len(frame), np.nan)
    moments = pd.to_datetime(frame["at"]).to_numpy(dtype="datetime64[us]")
    return np.where(np.isnat(moments), np.nan, moments.astype(np.int64) / 86_400e6)


def _amounts(frame: pd.DataFrame) -> Floats:
    if "weight" not in frame:
        return np.ones(len(frame))
    amount: Floats = np.nan_to_num(frame["weight"].to_numpy(dtype=float, na_value=np.nan), nan=1.0)
    below = int((amount < 0).sum())
    if below or not np.isfinite(amount).all():
        raise DataError(
            f"interactions.weight has {below:,} value(s) below zero and {int((~np.isfinite(amount)).sum()):,} infinite",
            todo="a weight says how much one interaction counts: zero or more",
        )
    return amount


def _closings(
    customer: Ints, product: Ints, kind: Ints, day: Floats, shape: tuple[int, int]
) -> tuple[csr_matrix, csr_matrix, Flags]:
    """What is owned now, what was ever met, and which rows are positive: not closed later."""
    cells, where = np.unique(customer * shape[1] + product, return_inverse=True)
    hold, close = KINDS_OF_INTERACTION.index("hold"), KINDS_OF_INTERACTION.index("close")
    happened = np.nan_to_num(day, nan=_UNDATED)
    closed = np.full(len(cells), -np.inf)
    closes = kind == close
    # An undated close may have come last: the product counts as closed.
    np.maximum.at(closed, where[closes], np.nan_to_num(day[closes], nan=np.inf))
    held = np.full(len(cells), -np.inf)
    np.maximum.at(held, where[kind == hold], happened[kind == hold])
    # Held and closed on one day: it counts as held, so that nothing is offered that may be owned.
    owned = (held >= closed) & np.isfinite(held)
    return _cells(cells[owned], shape), _cells(cells, shape), ~closes & (happened >= closed[where])


def _cells(cells: Ints, shape: tuple[int, int]) -> csr_matrix:
    width = max(shape[1], 1)
    return csr_matrix((np.ones(len(cells), dtype=bool), (cells // width, cells % width)), shape=shape)
