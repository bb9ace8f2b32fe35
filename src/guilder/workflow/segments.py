"""Segments, wired: each customer's facts at the bank's date, grouped and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw

from guilder.errors import UsageError
from guilder.features.assignment import assign
from guilder.features.catalogue import describe
from guilder.features.facts import facts as all_facts
from guilder.workflow.facts import Recipe, customer_spine

if TYPE_CHECKING:
    import pandas as pd

    from guilder.contract.assignment import Assignment
    from guilder.segments.segment import SegmentsResult
    from guilder.source.bank import Bank
    from guilder.store.runs import Run


def declared_facts(bank: Bank) -> list[str]:
    """Name the attributes of customers that the bank declared and that are numbers."""
    if "customers" not in bank.tables or "customers" not in bank.settings.tables:
        return []
    schema = bank.tables["customers"].collect_schema()
    return [name for name in bank.settings.tables["customers"].attributes if schema[name].is_numeric()]


def facts_for_segments(bank: Bank) -> str | list[str]:
    """Say what customers are grouped by: what the bank chose, else behaviour, else its own attributes."""
    chosen = bank.settings.segments.facts
    return chosen if chosen is not None else "behaviour" if "transactions" in bank.tables else "declared"


def grouped_by(bank: Bank, facts: str) -> Bank:
    """Return the bank with another choice of what its customers are grouped by."""
    from guilder.segments.presets import PRESETS

    if facts not in PRESETS:
        raise UsageError(
            f"{facts!r} is no choice of facts", known=f"choices: {', '.join(PRESETS)}",
            todo='a list of facts is written in bank.toml: [segments] facts = ["recency_days", "balance_last"]',
        )  # fmt: skip
    segments = bank.settings.segments.model_copy(update={"facts": facts})
    return replace(bank, settings=bank.settings.model_copy(update={"segments": segments}))


def can_segment(bank: Bank) -> bool:
    """Say whether there is anything to group customers by."""
    return "transactions" in bank.tables or bool(declared_facts(bank))


def plan_of(run: Run) -> Assignment:
    """Read how a run assigns segments, as plain numbers: the run says which facts its bank has.

    Raises
    ------
    RunNotFound
        When the run has no segments.
    """
    from guilder.segments.plan import assignment

    return assignment(run.model("segments"), run.figures["data"]["meanings"])


def assigned(bank: Bank, run: Run, *, facts: bool = False) -> nw.LazyFrame[Any]:
    """Place every customer of a bank in a segment of a run, in the engine.

    Returns
    -------
    LazyFrame
        ``customer_id``, ``segment``, ``segment_name``, ``distance``, and with ``facts`` what they were worked out from.
    """
    how, plan = Recipe.from_dict(run.manifest["recipe"]), plan_of(run)
    made = all_facts(bank.tables, customer_spine(bank), how.vocabulary, how.attributes, how.available)
    table = made.select("customer_id", *plan.columns())
    placed = assign(table, plan)
    return placed.join(table, on="customer_id", how="left") if facts else placed


def train_segments(
    bank: Bank, customers: pd.DataFrame, seed: int, progress: Callable[[str], None], before: Any = None,
    earlier: pd.DataFrame | None = None,
) -> SegmentsResult:
    """Find the bank's segments.

    Parameters
    ----------
    bank : Bank
        Its settings say how many and how small segments may be.
    customers : DataFrame
        Facts of every customer at the bank's date, indexed by customer.
    before : CustomerSegmenter, optional
        The bank's segments until now.
    earlier : DataFrame, optional
        Facts of customers as they were on an earlier day: see `guilder.workflow.segments_earlier.month_ago`.
    """
    from guilder.segments.segment import segment

    chosen = facts_for_segments(bank)
    settings, frame = bank.settings.segments, customers.rename_axis("customer_id").reset_index()
    found = segment(
        frame, facts=chosen, declared=declared_facts(bank), min_shown=settings.min_shown,
        before=before, earlier=earlier, describe=lambda name: describe(name).meaning, progress=progress,
        k=settings.k, k_max=settings.k_max, min_share=settings.min_share, min_customers=settings.min_customers,
        dormant_days=settings.dormant_days, new_days=settings.new_days, names=settings.names, random_state=seed,
    )  # fmt: skip
    if chosen == "declared":
        found.metrics["dropped_facts"] |= _no_numbers(bank)
    return found


def _no_numbers(bank: Bank) -> dict[str, str]:
    """Say why declared attributes make no segments, of those that are no numbers."""
    schema = bank.tables["customers"].collect_schema()
    numbers = declared_facts(bank)
    return {
        name: f"{'text' if schema[name] == nw.String else 'no number'}: segments are drawn by numbers"
        for name in bank.settings.tables["customers"].attributes if name not in numbers
    }
