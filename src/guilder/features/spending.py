"""What each customer spent their money on in the year before a date, in the bank's own words."""

from __future__ import annotations

from datetime import datetime

import narwhals as nw

from guilder.features.asof import Lazy
from guilder.features.day import past_year
from guilder.features.money import cents


def spending(transactions: Lazy, as_of: datetime) -> Lazy | None:
    """Sum up each customer's money out by category, of all categories there are.

    Parameters
    ----------
    transactions
        ``customer_id``, ``at``, ``amount``, ``category`` and perhaps ``loaded_at``.
    as_of
        The date.

    Returns
    -------
    LazyFrame or None
        ``customer_id``, ``category`` (null: none) and ``cents``, whole so that sums hang on no order; one line per
        customer and category with money out. None where the bank names no categories.
    """
    if "category" not in transactions.columns:
        return None
    known = past_year(transactions, as_of).select("customer_id", "category", cents=cents("amount"))
    out = known.filter(nw.col("cents") < 0).with_columns(cents=-nw.col("cents"))
    return out.group_by("customer_id", "category").agg(nw.col("cents").sum())
