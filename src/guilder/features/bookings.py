"""The bookings a row of the spine may know, one line each, with what every behaviour fact needs worked out once."""

from __future__ import annotations

import narwhals as nw

from guilder.features.asof import Lazy, known_by, moment
from guilder.features.calendar import day_number, month_number
from guilder.features.money import cents

WINDOWS: dict[str, int | None] = {"30d": 30, "90d": 90, "365d": 365, "all": None}
"""Windows by suffix: the last so many calendar days before ``as_of``, or all time."""


def known_bookings(transactions: Lazy, spine: Lazy) -> Lazy:
    """Join the spine to the bookings known by its dates.

    Returns
    -------
    LazyFrame
        ``row``, ``cents`` (signed), ``size`` (without sign), ``days`` (calendar days before ``as_of``), ``months``
        (calendar months before), ``month``, ``in_30d``, ``in_90d``, ``in_365d`` (window flags), ``nth`` (1 is the
        last booking), and where the bank has them ``balance`` (cents), ``category``, ``channel``.
    """
    names = transactions.columns
    kept = [name for name in ("category", "channel", "transaction_id", "loaded_at") if name in names]
    columns = {
        "at": moment("at"),
        "cents": cents("amount"),
        "day": day_number(nw.col("at")),
        "month": month_number(nw.col("at")),
    }
    if "balance_after" in names:
        columns["balance"] = cents("balance_after")
    if "transaction_id" in names:
        columns["id_length"] = nw.col("transaction_id").str.len_chars()
    booked = transactions.select("customer_id", *kept, **columns)
    dated = spine.filter(~nw.col("as_of").is_null()).select(
        "row", "customer_id", "as_of", as_of_day=day_number(nw.col("as_of")), as_of_month=month_number(nw.col("as_of"))
    )
    joined = known_by(booked.join(dated, on="customer_id", how="inner"), "at", "as_of").with_columns(
        size=nw.col("cents").abs(),
        days=nw.col("as_of_day") - nw.col("day"),
        months=nw.col("as_of_month") - nw.col("month"),
        one=nw.lit(1),
    )
    flags = {f"in_{suffix}": nw.col("days") <= days for suffix, days in WINDOWS.items() if days is not None}
    return joined.with_columns(**flags, nth=nw.col("one").cum_sum(reverse=True).over("row", order_by=_order(joined)))


def _order(joined: Lazy) -> list[str]:
    """Return what orders bookings: time, then the bank's number, or without one the booking itself.

    A shorter number comes first, so that numbers held as text keep the order of numbers.
    """
    names = joined.columns
    ties = ["id_length", "transaction_id"] if "transaction_id" in names else ["cents", "balance"]
    return [name for name in ("at", *ties) if name in names]


def within(suffix: str, value: nw.Expr) -> nw.Expr:
    """Return a value inside a window, missing outside it."""
    return value if WINDOWS[suffix] is None else nw.when(nw.col(f"in_{suffix}")).then(value)
