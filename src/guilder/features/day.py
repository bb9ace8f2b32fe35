"""A customer's usual day: how many bookings on a day with any, how many at weekends, and when."""

from __future__ import annotations

from datetime import datetime

import narwhals as nw

from guilder.features.asof import MOMENT, Lazy, known_by, moment
from guilder.features.calendar import day_number

WINDOW_DAYS = 365
PARTS = {"night": (0, 6), "morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24)}
"""Hours of the parts of a day, the end not included."""


def usual_day(transactions: Lazy, as_of: datetime) -> Lazy:
    """Sum up when each customer booked in the year before a date.

    Parameters
    ----------
    transactions
        ``customer_id``, ``at`` and perhaps ``loaded_at``.
    as_of
        The date.

    Returns
    -------
    LazyFrame
        ``customer_id``, ``bookings``, ``days`` (different days with a booking), ``weekend`` (bookings on Saturday or
        Sunday), ``timed`` (bookings with a time of day: midnight is taken for none), and how many of those fell into
        each of `PARTS`. One line per customer with a booking.
    """
    dated = past_year(transactions, as_of)
    hour = nw.col("at").dt.hour()
    # Above zero but at midnight; the minutes of a day would overflow the small numbers of Polars.
    clock = hour + nw.col("at").dt.minute()
    marked = dated.select(
        "customer_id", "day",
        weekend=_one(nw.col("day") % 7 >= 6) + _one(nw.col("day") % 7 == 0),  # day 1 of year 1 was a Monday
        timed=_one(clock > 0),
        **{part: _one((clock > 0) & (hour >= start) & (hour < end)) for part, (start, end) in PARTS.items()},
    )  # fmt: skip
    return marked.group_by("customer_id").agg(
        nw.len().alias("bookings"),
        nw.col("day").n_unique().alias("days"),
        *(nw.col(name).sum() for name in ("weekend", "timed", *PARTS)),
    )


def past_year(transactions: Lazy, as_of: datetime) -> Lazy:
    """Keep the bookings known by a date and at most a year old, ``at`` as a moment and its ``day`` as a number."""
    known = known_by(transactions, "at", as_of).with_columns(at=moment("at"))
    today = day_number(nw.lit(as_of).cast(MOMENT))
    dated = known.with_columns(day=day_number(nw.col("at")), today=today)
    return dated.filter(nw.col("today") - nw.col("day") <= WINDOW_DAYS)


def _one(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))
