"""How many bookings and how much money, by window, and how one window compares with another."""

from __future__ import annotations

import narwhals as nw

from guilder.features.bookings import WINDOWS, within
from guilder.features.money import CENTS, in_currency
from guilder.features.quotients import Quotients, quotient

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


def quotients() -> Quotients:
    """Return what the facts divide, from the sums and ``history_days``."""
    made: dict[str, tuple[nw.Expr, nw.Expr]] = {}
    for suffix in WINDOWS:
        made |= _divided(suffix)
    for short, long in RATIOS:
        for name, total in _RATES.items():
            made[f"{name}_ratio_{short}_{long}"] = _against(short, long, total)
    return made | {"money_out_to_in_365d": (nw.col("out_365d"), nw.col("in_365d"))}


_RATES = {"count": "count", "money_in": "in", "money_out": "out"}


def _divided(suffix: str) -> Quotients:
    total = nw.col(f"in_{suffix}") + nw.col(f"out_{suffix}")
    n = nw.col(f"count_{suffix}").cast(nw.Float64)
    # Whole cents keep the difference exact below 2^53, so equal tickets have a spread of exactly zero.
    spread = nw.max_horizontal(n * nw.col(f"squares_{suffix}") - total * total, nw.lit(0.0))
    return {
        f"ticket_mean_{suffix}": (total, n * CENTS),
        f"ticket_std_{suffix}": (spread, n * (n - 1) * (CENTS * CENTS)),
    }


def _against(short: str, long: str, total: str) -> tuple[nw.Expr, nw.Expr]:
    """Compare two windows by their rates a day, over no more days than there is history."""
    return nw.col(f"{total}_{short}") * _days(long), nw.col(f"{total}_{long}") * _days(short)


def _days(suffix: str) -> nw.Expr:
    return nw.min_horizontal(nw.col("history_days"), nw.lit(float(WINDOWS[suffix] or 0)))


def facts() -> list[nw.Expr]:
    """Return the facts of each window and their ratios, from the sums and the `quotients`."""
    made: list[nw.Expr] = [expression for suffix in WINDOWS for expression in _window(suffix)]
    made += [quotient(f"{name}_ratio_{short}_{long}") for short, long in RATIOS for name in _RATES]
    return [*made, quotient("money_out_to_in_365d")]


def _window(suffix: str) -> list[nw.Expr]:
    return [
        nw.col(f"count_{suffix}").cast(nw.Float64).alias(f"transactions_count_{suffix}"),
        in_currency(nw.col(f"in_{suffix}")).alias(f"money_in_{suffix}"),
        in_currency(nw.col(f"out_{suffix}")).alias(f"money_out_{suffix}"),
        quotient(f"ticket_mean_{suffix}"),
        quotient(f"ticket_std_{suffix}").sqrt().round(4).alias(f"ticket_std_{suffix}"),
        in_currency(nw.col(f"largest_{suffix}")).alias(f"ticket_max_{suffix}"),
    ]
