"""Segments, wired: each customer's facts at the bank's date, grouped and named."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from guilder.features.catalogue import describe

if TYPE_CHECKING:
    import pandas as pd

    from guilder.segments.segment import SegmentsResult
    from guilder.source.bank import Bank


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
        frame, describe=lambda name: describe(name).meaning, progress=progress,
        k=settings.k, k_max=settings.k_max, min_share=settings.min_share, min_customers=settings.min_customers,
        dormant_days=settings.dormant_days, new_days=settings.new_days, names=settings.names, random_state=seed,
    )  # fmt: skip
