"""Rule segments: dormant and new customers are known without clustering, and would only blur it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

DORMANT, NEW = "dormant", "new"
RULE_NAMES = {DORMANT: "Dormant", NEW: "New"}

_COUNTS = ("transactions_count_all", "transactions_count_365d")


def apply_rules(frame: pd.DataFrame, *, dormant_days: int, new_days: int) -> NDArray[Any]:
    """Say which customers a rule decides.

    Parameters
    ----------
    frame : DataFrame
        Facts; ``recency_days``, ``history_days`` and the count of transactions are used where they are present.
    dormant_days : int
        Without a booking for more days than this, or without any, a customer is dormant.
    new_days : int
        With a first booking fewer days ago than this a customer is new, which is said before dormant.

    Returns
    -------
    ndarray of shape (n,)
        "dormant", "new" or "" (left to K-Means).
    """
    decided = np.full(len(frame), "", dtype=object)
    silent = np.zeros(len(frame), dtype=bool)
    recency = _numbers(frame, "recency_days")
    if recency is not None:
        silent |= (recency > dormant_days) | np.isnan(recency)
    counts = [found for found in (_numbers(frame, name) for name in _COUNTS) if found is not None]
    if counts:
        silent |= np.nan_to_num(counts[0]) == 0
    decided[silent] = DORMANT
    history = _numbers(frame, "history_days")
    if history is not None:
        decided[history < new_days] = NEW  # no history at all is missing, and stays dormant
    return decided


def rule_name(rule: str, names: Mapping[str, str] | None) -> str:
    """Return the name of a rule segment, the bank's own where it gave one by id or by name; "" for no rule."""
    if rule not in RULE_NAMES:
        return ""
    given = names or {}
    return given.get(rule, given.get(RULE_NAMES[rule], RULE_NAMES[rule]))


def _numbers(frame: pd.DataFrame, name: str) -> NDArray[np.float64] | None:
    if name not in frame.columns:
        return None
    return np.asarray(pd.to_numeric(frame[name]), dtype=np.float64)
