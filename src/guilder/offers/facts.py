"""Customers' facts as numbers for the propensity model: standardised, categories by their commoner levels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from guilder.offers.ledger import Floats, Texts
from guilder.offers.rows import find

_FEWEST = 50
"""Customers a level must have to be told apart."""


def encoded(facts: pd.DataFrame | None) -> tuple[Texts, Floats]:
    """Customers, sorted, and their facts as numbers with mean zero: zero stands for what is not known.

    Parameters
    ----------
    facts : DataFrame, optional
        One row a customer, indexed by customer_id; numbers as they are, all else as categories. They must have been
        known before the uptakes they explain.
    """
    if facts is None or not len(facts):
        return np.array([], dtype="<U1"), np.zeros((0, 0))
    ids = np.asarray(facts.index.astype(str), dtype=str)
    order = np.argsort(ids, kind="stable")
    columns = [part for name in sorted(map(str, facts.columns)) for part in _columns(facts[name])]
    table = np.column_stack(columns) if columns else np.zeros((len(ids), 0))
    return ids[order], table[order]


def of_customers(people: Texts, table: Floats, ids: Texts) -> Floats:
    """The facts of these customers, zeros for those without."""
    where = find(people, ids)
    found = np.zeros((len(ids), table.shape[1]))
    found[where >= 0] = table[where[where >= 0]]
    return found


def _columns(column: pd.Series) -> list[Floats]:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        value = column.to_numpy(dtype=float, na_value=np.nan)
        known = np.isfinite(value)
        spread = float(value[known].std()) if known.any() else 0.0
        if spread <= 0:
            return []
        scaled = np.where(known, np.clip((value - value[known].mean()) / spread, -3, 3), 0.0)
        return [scaled, scaled**2 - float((scaled**2).mean())]
    text = column.astype(object).where(column.notna(), "")
    count = text.value_counts()
    levels = sorted(str(level) for level in count.index[count >= _FEWEST])
    flags = [(text.astype(str) == level).to_numpy(dtype=float) for level in levels]
    return [flag - flag.mean() for flag in flags if 0 < flag.mean() < 1]
