"""How a bank's customers moved between its segments over the last quarter, counted in the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import narwhals as nw

from guilder.features.assignment import assign
from guilder.features.facts import facts
from guilder.features.segment_measures import migration
from guilder.workflow.facts import Recipe, customer_spine
from guilder.workflow.segments_earlier import known_a_year_before

if TYPE_CHECKING:
    from guilder.segments.segmenter import CustomerSegmenter
    from guilder.source.bank import Bank

QUARTER = 91
"""Days looked back."""


def last_quarter(bank: Bank, how: Recipe, segmenter: CustomerSegmenter) -> dict[str, Any] | None:
    """Place customers as they were a quarter ago and as they are, by the same segments.

    Returns
    -------
    dict or None
        ``from`` and ``to`` (dates), ``moves`` (``before``, ``after``, ``customers``; those there on both dates),
        ``hidden`` (customers in movements of fewer than ``privacy.min_group``, which are not listed), and
        ``then`` and ``now``: the share of all customers of each date by segment id. None where the bank has no dates or
        less than a year of bookings before the earlier one.
    """
    then = bank.as_of - timedelta(days=QUARTER)
    if not known_a_year_before(bank, then):
        return None
    before, after = (_placed(replace(bank, as_of=day), how, segmenter) for day in (then, bank.as_of))
    moves = migration(before, after).collect("pandas").to_native().sort_values(["before", "after"])
    small = moves["customers"] < bank.settings.privacy.min_group
    return {
        "from": f"{then:%Y-%m-%d}", "to": f"{bank.as_of:%Y-%m-%d}", "moves": moves[~small].to_dict("records"),
        "hidden": int(moves.loc[small, "customers"].sum()),
        "then": _shares(before), "now": _shares(after),
    }  # fmt: skip


def _placed(bank: Bank, how: Recipe, segmenter: CustomerSegmenter) -> nw.LazyFrame[Any]:
    """Place the customers of one date; worked out at once, so that two dates need not be held together."""
    from guilder.segments.plan import assignment

    made = facts(bank.tables, customer_spine(bank), how.vocabulary, how.attributes, how.available)
    plan = assignment(segmenter, made.columns)
    placed = assign(made.select("customer_id", *plan.columns()), plan).select("customer_id", "segment")
    return placed.collect("pyarrow").lazy()


def _shares(placed: nw.LazyFrame[Any]) -> dict[str, float]:
    sizes = placed.group_by("segment").agg(nw.len().alias("customers")).collect("pandas").to_native()
    counts = sizes.set_index("segment")["customers"].sort_index()
    return {str(segment): float(share) for segment, share in (counts / counts.sum()).items()}
