"""Segments, wired: each customer's facts at the bank's date, grouped and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from guilder.errors import UsageError
from guilder.features.catalogue import describe

if TYPE_CHECKING:
    import pandas as pd

    from guilder.segments.segment import SegmentsResult
    from guilder.source.bank import Bank


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


def train_segments(
    bank: Bank, customers: pd.DataFrame, seed: int, progress: Callable[[str], None]
) -> SegmentsResult:
    """Find the bank's segments.

    Parameters
    ----------
    bank : Bank
        Its settings say how many and how small segments may be.
    customers : DataFrame
        Facts of every customer at the bank's date, indexed by customer.
    """
    from guilder.segments.segment import segment

    settings, frame = bank.settings.segments, customers.rename_axis("customer_id").reset_index()
    return segment(
        frame, facts=facts_for_segments(bank), declared=declared_facts(bank), min_shown=settings.min_shown,
        describe=lambda name: describe(name).meaning, progress=progress,
        k=settings.k, k_max=settings.k_max, min_share=settings.min_share, min_customers=settings.min_customers,
        dormant_days=settings.dormant_days, new_days=settings.new_days, names=settings.names, random_state=seed,
    )  # fmt: skip
