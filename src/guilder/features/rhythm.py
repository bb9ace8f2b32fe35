"""How often, how lately and how regularly: recency, active months, the beat of income, and the last few bookings."""

from __future__ import annotations

import narwhals as nw

from guilder.features.bookings import within
from guilder.features.money import CENTS
from guilder.features.quotients import Quotients, quotient

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
    months = nw.min_horizontal(days, nw.lit(YEAR_DAYS)) * (MONTHS / YEAR_DAYS)
    return [
        days.alias("history_days"),
        nw.max_horizontal(months, nw.lit(1.0)).alias("months_of_year"),
        nw.min_horizontal(nw.col("history_months").cast(nw.Float64), nw.lit(float(MONTHS))).alias("full_months"),
        nw.sum_horizontal(*_incomes()).alias("income_total"),
    ]


def active() -> list[nw.Expr]:
    """Return the months with a booking; the distinct value that stands for "outside the window" is taken off."""
    outside = nw.when(nw.col("count_365d") < nw.col("count_all")).then(1).otherwise(0)
    return [
        nw.col("active_all").cast(nw.Float64).alias("months_active_all"),
        (nw.col("active_365d").cast(nw.Float64) - outside).alias("months_active_365d"),
    ]


def quotients() -> Quotients:
    """Return what the facts divide, from the sums, `history` and `active`."""
    months = nw.col("months_of_year") * CENTS
    n, total = nw.col("full_months"), nw.col("income_total")
    earned = nw.sum_horizontal(*(nw.when(month > 0).then(1).otherwise(0) for month in _incomes()))
    # The spread over the mean, in whole cents without a mean: equal months have a variation of exactly zero.
    squares = nw.sum_horizontal(
        *(
            nw.when(n >= k).then((n * month - total) * (n * month - total)).otherwise(0.0)
            for k, month in enumerate(_incomes(), start=1)
        )
    )
    made: dict[str, tuple[nw.Expr, nw.Expr]] = {
        f"transactions_per_active_month_{suffix}": (nw.col(f"count_{suffix}"), nw.col(f"months_active_{suffix}"))
        for suffix in ("365d", "all")
    }
    return made | {
        "monthly_inflow_365d": (nw.col("in_365d"), months),
        "monthly_outflow_365d": (nw.col("out_365d"), months),
        f"ticket_mean_last{LAST}": (nw.col("size_last"), nw.col("count_last") * CENTS),
        "income_regularity_365d": (earned, n),
        "income_variation_365d": (squares, (n - 1) * total * total),
    }


def facts() -> list[nw.Expr]:
    """Return the facts, from the sums and the `quotients`."""
    return [
        nw.col("recency").cast(nw.Float64).alias("recency_days"),
        quotient("monthly_inflow_365d"),
        quotient("monthly_outflow_365d"),
        quotient(f"ticket_mean_last{LAST}"),
        (nw.col("days_last") - nw.col("recency")).cast(nw.Float64).alias(f"days_spanned_last{LAST}"),
        quotient("income_regularity_365d"),
        quotient("income_variation_365d").sqrt().alias("income_variation_365d"),
        quotient("transactions_per_active_month_365d"),
        quotient("transactions_per_active_month_all"),
    ]


def _incomes() -> list[nw.Expr]:
    return [nw.col(f"income_{k}") for k in range(1, MONTHS + 1)]
