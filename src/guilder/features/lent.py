"""What is lent to each customer and still open at a date."""

from __future__ import annotations

from datetime import datetime

import narwhals as nw

from guilder.features.asof import MOMENT, Lazy, known_by, moment
from guilder.features.calendar import month_number
from guilder.features.money import cents, in_currency


def open_loans(loans: Lazy, as_of: datetime) -> Lazy | None:
    """Sum up the loans of each customer that were applied for before a date and had not ended by then.

    Parameters
    ----------
    loans
        ``customer_id``, ``applied_on``, ``amount``, and ``closed_on`` or else ``term_months``.
    as_of
        The date.

    Returns
    -------
    LazyFrame or None
        ``customer_id``, ``open_loans`` and ``lent`` (their amounts when granted, in currency); None where the bank has
        not the columns to tell.
    """
    present = set(loans.columns)
    if not {"customer_id", "applied_on", "amount"} <= present or not {"closed_on", "term_months"} & present:
        return None
    known = known_by(loans, "applied_on", as_of)
    today = nw.lit(as_of).cast(MOMENT)
    if "closed_on" in present:
        still = known.filter(nw.col("closed_on").is_null() | (moment("closed_on") >= today))
    else:
        run = month_number(today) - month_number(moment("applied_on"))
        still = known.with_columns(run=run).filter(nw.col("run") < nw.col("term_months"))
    summed = still.select("customer_id", size=cents("amount")).group_by("customer_id")
    return summed.agg(nw.len().alias("open_loans"), in_currency(nw.col("size").sum()).alias("lent"))
