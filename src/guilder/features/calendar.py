"""Days and months as plain numbers, in arithmetic that every engine has."""

from __future__ import annotations

import narwhals as nw


def day_number(moment: nw.Expr) -> nw.Expr:
    """Return the number of the day in the proleptic Gregorian calendar (1 January of year 1 is 1)."""
    before = moment.dt.year().cast(nw.Int64) - 1
    leap_days = before // 4 - before // 100 + before // 400
    return before * 365 + leap_days + moment.dt.ordinal_day().cast(nw.Int64)


def month_number(moment: nw.Expr) -> nw.Expr:
    """Return the number of the calendar month, counted from year 0."""
    return moment.dt.year().cast(nw.Int64) * 12 + moment.dt.month().cast(nw.Int64)


def ratio(numerator: nw.Expr, denominator: nw.Expr) -> nw.Expr:
    """Return a quotient as a number, missing where the denominator is zero or missing."""
    safe = nw.when(denominator != 0).then(denominator)
    return numerator.cast(nw.Float64) / safe.cast(nw.Float64)
