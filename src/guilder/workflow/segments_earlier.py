"""Customers as they were a month ago: whether the segments hold in time is measured against them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from guilder.features.asof import moment
from guilder.workflow.facts import Recipe
from guilder.workflow.open import quiet
from guilder.workflow.score import customer_facts

if TYPE_CHECKING:
    import pandas as pd

    from guilder.source.bank import Bank

MONTH = 30
"""Days looked back."""
HISTORY = 365
"""Days of bookings that must lie before an earlier date: without them everyone would look new."""
SAMPLE = 20_000
"""Customers whose earlier facts are made where the bank has more: a sample of them is all that is looked at."""


def month_ago(
    bank: Bank, how: Recipe, customers: pd.DataFrame, progress: Callable[[str], None] = quiet
) -> pd.DataFrame | None:
    """Make the facts of customers as they were a month before the bank's date.

    Parameters
    ----------
    bank : Bank
        Its date is moved back; nothing dated at or after the earlier date can be seen from there.
    how : Recipe
        How today's facts are made.
    customers : DataFrame
        Facts of every customer today, indexed by customer.
    progress : callable
        Told when they are made.

    Returns
    -------
    DataFrame or None
        ``customer_id`` and the same facts, of every customer or of each n-th in the order of their ids. None where the
        bank has no dates or less than a year of bookings before the earlier one.
    """
    then = bank.as_of - timedelta(days=MONTH)
    if not known_a_year_before(bank, then):
        return None
    progress("making customers' facts of a month ago")
    step = -(-len(customers) // SAMPLE)
    some = None if step <= 1 else sorted(map(str, customers.index))[::step]
    return customer_facts(replace(bank, as_of=then), how, some).facts.rename_axis("customer_id").reset_index()


def known_a_year_before(bank: Bank, day: datetime) -> bool:
    """Say whether the bank has dates, and bookings from a year before a day."""
    if not bank.dated or "transactions" not in bank.tables:
        return False
    first = bank.tables["transactions"].select(first=moment("at").min()).collect("pandas").to_native()["first"].iloc[0]
    return bool(first <= day - timedelta(days=HISTORY))
