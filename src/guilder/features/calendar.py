"""Days and months as plain numbers, in arithmetic that every engine has."""

from __future__ import annotations

import narwhals as nw


def day_number(moment: nw.Expr) -> nw.Expr:
    """Return the number of the day in the proleptic Gregorian calendar (1 January of year 1 is 1)."""
    before = moment.dt.year().cast(nw.Float64) - 1
    leap_days = _whole(before, 4) - _whole(before, 100) + _whole(before, 400)
    return (before * 365 + leap_days).cast(nw.Int64) + moment.dt.ordinal_day().cast(nw.Int64)


def month_number(moment: nw.Expr) -> nw.Expr:
    """Return the number of the calendar month, counted from year 0."""
    return moment.dt.year().cast(nw.Int64) * 12 + moment.dt.month().cast(nw.Int64)


def _whole(years: nw.Expr, length: int) -> nw.Expr:
    """Return how many whole periods there are in the years; the half keeps the product off the edge."""
    return ((years + 0.5) * (1 / length)).floor()
