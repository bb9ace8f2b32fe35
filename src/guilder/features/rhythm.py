"""How often, how lately and how regularly: recency, active months, the beat of income, and the last few bookings."""

from __future__ import annotations

import narwhals as nw

from guilder.features.bookings import CENTS, within
from guilder.features.calendar import ratio

LAST = 5
"""How many of the last bookings make the last-k facts."""
MONTHS = 12
"""Income is judged over the last so many full calendar months before the month of ``as_of``."""
YEAR_DAYS = 365.0


def sums() -> list[nw.Expr]:
    """Return the sums to take over the known bookings."""
    latest = nw.col("nth") <= LAST
    income = nw.when(nw.col("cents") > 0).then(nw.col("cents"))
    return [
        nw.col("days").min().alias("recency"),
        nw.col("days").max().alias("history"),
        nw.col("months").max().alias("history_months"),
        nw.col("month").n_unique().alias("active_all"),
        within("365d", nw.col("month")).n_unique().alias("active_365d"),
        nw.when(latest).then(nw.col("size")).sum().alias("size_last"),
        nw.when(latest).then(nw.col("one")).sum().alias("count_last"),
        nw.when(latest).then(nw.col("days")).max().alias("days_last"),
        *(nw.when(nw.col("months") == k).then(income).sum().alias(f"income_{k}") for k in range(1, MONTHS + 1)),
    ]


def history() -> list[nw.Expr]:
    """Return the length of the history and what the other facts need of it, from the sums."""
    days = nw.col("history").cast(nw.Float64)
    months = nw.min_horizontal(days.cast(nw.Float64), nw.lit(YEAR_DAYS)) * (MONTHS / YEAR_DAYS)
    return [
        days.alias("history_days"),
        nw.max_horizontal(months, nw.lit(1.0)).alias("months_of_year"),
        nw.min_horizontal(nw.col("history_months").cast(nw.Float64), nw.lit(float(MONTHS))).alias("full_months"),
    ]


def facts() -> list[nw.Expr]:
    """Return the facts, from the sums and `history`."""
    per_month = nw.col("months_of_year")
    made: list[nw.Expr] = [
        nw.col("recency").cast(nw.Float64).alias("recency_days"),
        (nw.col("in_365d") / CENTS / per_month).alias("monthly_inflow_365d"),
        (nw.col("out_365d") / CENTS / per_month).alias("monthly_outflow_365d"),
        ratio(nw.col("size_last") / CENTS, nw.col("count_last")).alias(f"ticket_mean_last{LAST}"),
        (nw.col("days_last") - nw.col("recency")).cast(nw.Float64).alias(f"days_spanned_last{LAST}"),
        *_income(),
    ]
    for suffix in ("365d", "all"):
        active = nw.col(f"months_active_{suffix}")
        made.append(ratio(nw.col(f"count_{suffix}"), active).alias(f"transactions_per_active_month_{suffix}"))
    return made


def active() -> list[nw.Expr]:
    """Return the months with a booking; the distinct value that stands for "outside the window" is taken off."""
    outside = nw.when(nw.col("count_365d") < nw.col("count_all")).then(1).otherwise(0)
    return [
        nw.col("active_all").cast(nw.Float64).alias("months_active_all"),
        (nw.col("active_365d").cast(nw.Float64) - outside).alias("months_active_365d"),
    ]


def _income() -> list[nw.Expr]:
    n = nw.col("full_months").cast(nw.Float64)
    months = [nw.col(f"income_{k}") for k in range(1, MONTHS + 1)]
    mean = ratio(nw.sum_horizontal(*months), n)
    with_income = nw.sum_horizontal(*(nw.when(month > 0).then(1).otherwise(0) for month in months))
    squares = nw.sum_horizontal(
        *(
            nw.when(n >= k).then((month - mean) * (month - mean)).otherwise(0.0)
            for k, month in enumerate(months, start=1)
        )
    )
    spread = ratio(squares, nw.when(n > 1).then(n - 1)).sqrt()
    return [
        ratio(with_income, n).alias("income_regularity_365d"),
        ratio(spread, mean).alias("income_variation_365d"),
    ]
