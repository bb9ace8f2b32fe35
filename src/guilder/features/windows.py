"""How many bookings and how much money, by window, and how one window compares with another."""

from __future__ import annotations

import narwhals as nw

from guilder.features.bookings import CENTS, WINDOWS, within
from guilder.features.calendar import ratio

RATIOS = (("30d", "365d"), ("90d", "365d"))
"""Pairs of windows whose rates a day are compared."""


def sums() -> list[nw.Expr]:
    """Return the sums to take over the known bookings of a row, all in one pass."""
    cents, size = nw.col("cents"), nw.col("size")
    money_in = nw.when(cents > 0).then(cents)
    money_out = nw.when(cents < 0).then(size)
    return [
        expression
        for suffix in WINDOWS
        for expression in (
            within(suffix, nw.col("one")).sum().alias(f"count_{suffix}"),
            within(suffix, money_in).sum().alias(f"in_{suffix}"),
            within(suffix, money_out).sum().alias(f"out_{suffix}"),
            within(suffix, size * size).sum().alias(f"squares_{suffix}"),
            within(suffix, size).max().alias(f"largest_{suffix}"),
        )
    ]


def facts() -> list[nw.Expr]:
    """Return the facts of each window, from the sums and ``history_days``."""
    made: list[nw.Expr] = [expression for suffix in WINDOWS for expression in _window(suffix)]
    made += [_against(short, long, sums_of, name) for short, long in RATIOS for name, sums_of in _RATES.items()]
    return [*made, ratio(nw.col("out_365d"), nw.col("in_365d")).alias("money_out_to_in_365d")]


_RATES = {"count": "count", "money_in": "in", "money_out": "out"}


def _window(suffix: str) -> list[nw.Expr]:
    count, money_in, money_out = (nw.col(f"{name}_{suffix}") for name in ("count", "in", "out"))
    total, n = money_in + money_out, count.cast(nw.Float64)
    # Whole cents keep the difference exact below 2^53, so equal tickets have a spread of exactly zero.
    spread = n * nw.col(f"squares_{suffix}") - total * total
    variance = ratio(nw.when(spread > 0).then(spread).otherwise(0.0), nw.when(n > 1).then(n * (n - 1)))
    return [
        count.cast(nw.Float64).alias(f"transactions_count_{suffix}"),
        (money_in / CENTS).alias(f"money_in_{suffix}"),
        (money_out / CENTS).alias(f"money_out_{suffix}"),
        ratio(total / CENTS, n).alias(f"ticket_mean_{suffix}"),
        (variance.sqrt() / CENTS).round(4).alias(f"ticket_std_{suffix}"),
        (nw.col(f"largest_{suffix}") / CENTS).alias(f"ticket_max_{suffix}"),
    ]


def _against(short: str, long: str, sums_of: str, name: str) -> nw.Expr:
    """Compare two windows by their rates a day, over no more days than there is history."""
    rates = [ratio(nw.col(f"{sums_of}_{suffix}"), _days(suffix)) for suffix in (short, long)]
    return ratio(rates[0], rates[1]).alias(f"{name}_ratio_{short}_{long}")


def _days(suffix: str) -> nw.Expr:
    return nw.min_horizontal(nw.col("history_days"), nw.lit(float(WINDOWS[suffix] or 0)))
