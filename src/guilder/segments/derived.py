"""Facts for segments that are worked out from others: shares, totals and breadth, by columns named alike."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from guilder.contract.assignment import Derived

CHANNEL, CATEGORY, SUFFIX = "share_channel_", "share_category_", "_365d"
BREADTH = "category_breadth_365d"


def derivation(name: str, present: Iterable[str]) -> Derived | None:
    """Say how a fact is worked out from the columns there are; None when it cannot be."""
    columns = set(present)
    stem, _, window = name.rpartition("_")
    parts = (f"money_in_{window}", f"money_out_{window}")
    if stem in ("money_in_share", "money_turnover") and columns.issuperset(parts):
        return Derived(name, "total" if stem == "money_turnover" else "share of the first", parts)
    categories = tuple(sorted(each for each in columns if each.startswith(CATEGORY) and each.endswith(SUFFIX)))
    if name == BREADTH and len(categories) > 1:
        return Derived(name, "breadth", categories)
    return None


def work_out(frame: pd.DataFrame, made: Derived) -> pd.Series[float]:
    """Work out a fact from the columns it is made of.

    Parameters
    ----------
    frame : DataFrame
        Raw facts, one row a customer.
    made : Derived
        What to work out.

    Returns
    -------
    Series
        Float64 with the index of the frame. A share of nothing is missing; a total of missing parts is missing; the
        breadth is one minus Herfindahl's index, 0 when all is spent on one thing, missing where no share is known;
        what belongs to no category is one thing more.
    """
    parts = [frame[part].astype("float64") for part in made.parts]
    if made.how == "breadth":
        shares = np.column_stack(parts)
        known = np.nan_to_num(shares)
        rest = np.maximum(1.0 - known.sum(axis=1), 0.0)
        breadth = 1.0 - np.square(known).sum(axis=1) - np.square(rest)
        return pd.Series(np.where(np.isnan(shares).all(axis=1), np.nan, breadth), index=frame.index)
    total = parts[0] + parts[1]
    return (parts[0] / total.where(total > 0)) if made.how == "share of the first" else total
