"""The cut in time: what was known before a date, and the spines (row, customer, date) that facts are made for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias

import narwhals as nw

Lazy: TypeAlias = nw.LazyFrame[Any]
"""A table or an expression over tables, not yet worked out, on any engine."""

MOMENT = nw.Datetime("us")


def known_by(table: Lazy, when: str, as_of: datetime | str) -> Lazy:
    """Keep the rows that were known by a date; every fact goes through this one function.

    Parameters
    ----------
    table
        Rows with an event time, and perhaps ``loaded_at``: the moment the bank's system knew of them.
    when
        The column of the event time, a date or a moment. A blank one is not known.
    as_of
        A moment, or the name of a column that holds one for each row.

    Returns
    -------
    LazyFrame
        The rows whose event is strictly before ``as_of`` and, where the column exists, loaded by ``as_of``. An
        event at midnight of the day of ``as_of`` is not before that midnight.
    """
    cut = nw.col(as_of) if isinstance(as_of, str) else nw.lit(as_of).cast(MOMENT)
    known = table.filter(moment(when) < cut)
    if "loaded_at" not in table.columns:
        return known
    return known.filter(moment("loaded_at") <= cut)


def moment(column: str) -> nw.Expr:
    """Return a date or moment column as a moment: a date is its midnight."""
    return nw.col(column).cast(MOMENT)


def loan_spine(loans: Lazy) -> Lazy:
    """Return one row per loan: ``row``, ``customer_id``, ``as_of`` (midnight of the application), ``loan_id``.

    ``row`` equals ``loan_id``; the presence of ``loan_id`` is what tells `facts` that rows are loans. A loan without
    a date has a blank ``as_of`` and so no history; one without a customer likewise.
    """
    names = loans.columns
    customer = nw.col("customer_id") if "customer_id" in names else nw.lit(None).cast(nw.String)
    as_of = nw.col("applied_on") if "applied_on" in names else nw.lit(None)
    return loans.select(
        row=nw.col("loan_id"), customer_id=customer, as_of=as_of.cast(MOMENT), loan_id=nw.col("loan_id")
    )


def snapshot_spine(customers: Lazy, as_of: datetime) -> Lazy:
    """Return one row per customer known by a date: ``row`` (the customer), ``customer_id``, ``as_of``.

    A customer who joined on that date or later is left out; one whose joining date is blank is kept.
    """
    known = customers
    if "joined_on" in customers.columns:
        joined = moment("joined_on")
        known = customers.filter((joined < nw.lit(as_of).cast(MOMENT)) | joined.is_null())
    return known.select(row=nw.col("customer_id"), customer_id=nw.col("customer_id")).with_columns(
        as_of=nw.lit(as_of).cast(MOMENT)
    )
