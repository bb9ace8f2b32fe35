"""How a customer used the accounts before a date: every behaviour fact, in one pass over the bookings."""

from __future__ import annotations

from guilder.features import balances, rhythm, shares, windows
from guilder.features.asof import Lazy
from guilder.features.bookings import known_bookings
from guilder.features.quotients import parts
from guilder.features.vocabulary import Vocabulary, vocabulary

__all__ = ["Vocabulary", "behaviour", "vocabulary"]


def behaviour(transactions: Lazy, spine: Lazy, vocabulary: Vocabulary) -> Lazy:
    """Make the behaviour facts of every row of the spine that has history.

    Parameters
    ----------
    transactions
        The bookings: ``customer_id``, ``at``, ``amount``, and what else the bank has of ``transaction_id``,
        ``category``, ``channel``, ``balance_after``, ``loaded_at``.
    spine
        ``row``, ``customer_id``, ``as_of``.
    vocabulary
        The words whose shares of spending become facts.

    Returns
    -------
    LazyFrame
        ``row`` and the facts, one line per row of the spine with at least one known booking. What a fact is when its
        window is empty is in the catalogue: counts and sums are zero, means and ratios missing.

    Notes
    -----
    One join, one cut, one ordering of each row's bookings and one grouping, whatever the number of facts. Divisions
    come in a stage of their own: inside one another they make statements of megabytes.
    """
    known = known_bookings(transactions, spine)
    present = known.columns
    has_balance = "balance" in present
    grouped = known.group_by("row").agg(
        *windows.sums(),
        *rhythm.sums(),
        *shares.sums(vocabulary, present),
        *(balances.sums() if has_balance else ()),
    )
    based = grouped.with_columns(*rhythm.history(), *rhythm.active())
    divided = windows.quotients() | rhythm.quotients() | shares.quotients(vocabulary, present)
    if has_balance:
        divided |= balances.quotients()
    return based.with_columns(*parts(divided)).select(
        "row",
        *windows.facts(),
        "history_days",
        "months_active_365d",
        "months_active_all",
        *rhythm.facts(),
        *shares.facts(vocabulary, present),
        *(balances.facts() if has_balance else ()),
    )
