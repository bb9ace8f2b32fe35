"""The balance of the accounts: its level, lowest, mean and trend, and the days it spent below zero."""

from __future__ import annotations

import narwhals as nw

from guilder.features.bookings import within
from guilder.features.money import CENTS, in_currency
from guilder.features.quotients import Quotients, quotient

WINDOWS = ("90d", "365d")
DAYS_A_MONTH = 30.0


def sums() -> list[nw.Expr]:
    """Return the sums to take over the known bookings that carry a balance."""
    balance = nw.col("balance")
    # Days count only where there is a balance, so that the slope pairs every day with its balance.
    day = nw.when(~balance.is_null()).then(nw.col("days").cast(nw.Float64))
    made: list[nw.Expr] = [nw.when(nw.col("nth") == 1).then(balance).max().alias("balance_at_last")]
    for suffix in WINDOWS:
        below = nw.when(balance < 0).then(nw.col("days"))
        made += [
            within(suffix, balance).count().alias(f"balances_{suffix}"),
            within(suffix, balance).sum().alias(f"balance_sum_{suffix}"),
            within(suffix, balance).min().alias(f"balance_low_{suffix}"),
            within(suffix, day).sum().alias(f"day_sum_{suffix}"),
            within(suffix, day * day).sum().alias(f"day_squares_{suffix}"),
            within(suffix, day * balance).sum().alias(f"day_balance_{suffix}"),
            # A missing value counts as one distinct value: it is taken off again below.
            within(suffix, below).n_unique().alias(f"below_{suffix}"),
            within(suffix, below).count().alias(f"bookings_below_{suffix}"),
        ]
    return made


def quotients() -> Quotients:
    """Return what the facts divide, from the sums."""
    return {name: pair for suffix in WINDOWS for name, pair in _divided(suffix).items()}


def _divided(suffix: str) -> Quotients:
    n = nw.col(f"balances_{suffix}").cast(nw.Float64)
    balance, day, squares, product = (
        nw.col(f"{name}_{suffix}") for name in ("balance_sum", "day_sum", "day_squares", "day_balance")
    )
    # Least squares of the balance on time; `days` runs backwards, so the sign turns.
    return {
        f"balance_mean_{suffix}": (balance, n * CENTS),
        f"balance_trend_{suffix}": (
            (day * balance - n * product) * DAYS_A_MONTH,
            (n * squares - day * day) * CENTS,
        ),
    }


def facts() -> list[nw.Expr]:
    """Return the facts of the balance, from the sums and the `quotients`."""
    return [
        in_currency(nw.col("balance_at_last")).alias("balance_last"),
        *(expression for suffix in WINDOWS for expression in _window(suffix)),
    ]


def _window(suffix: str) -> list[nw.Expr]:
    # Bookings outside the window or above zero are missing days, which engines count as one more distinct day.
    others = nw.when(nw.col(f"bookings_below_{suffix}") < nw.col("count_all")).then(1).otherwise(0)
    return [
        (nw.col(f"below_{suffix}").cast(nw.Float64) - others).alias(f"days_below_zero_{suffix}"),
        in_currency(nw.col(f"balance_low_{suffix}")).alias(f"balance_min_{suffix}"),
        quotient(f"balance_mean_{suffix}"),
        quotient(f"balance_trend_{suffix}").round(6).alias(f"balance_trend_{suffix}"),
    ]
