"""Customers' facts as numbers for the propensity model: standardised, categories by their commoner levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.offers.ledger import Floats, Texts
from guilder.offers.rows import find

_FEWEST = 50
"""Customers a level must have to be told apart."""

_LONGEST = 3.0
"""Standard deviations from the mean beyond which all are alike."""

Code = Mapping[str, NDArray[Any]]
"""One entry a number made of a fact: ``name``, ``kind``, ``level`` (of a category), ``mean`` and ``spread`` of it,
and ``centre``, what is taken off last so that the number has mean zero."""

_PARTS = {"name": str, "kind": str, "level": str, "mean": np.float64, "spread": np.float64, "centre": np.float64}
_NUMBER, _SQUARE, _LEVEL = "number", "square", "level"


def code_of(facts: pd.DataFrame | None) -> Code:
    """Learn how facts become numbers with mean zero.

    Parameters
    ----------
    facts : DataFrame, optional
        One row a customer, indexed by customer_id; numbers as they are, all else as categories. They must have been
        known before the uptakes they explain.
    """
    names = [] if facts is None or not len(facts) else sorted(map(str, facts.columns))
    found = [row for name in names for row in _learned(name, facts[name])]  # type: ignore[index]
    columns = list(zip(*found, strict=True)) or [()] * len(_PARTS)
    return {part: np.array(one, dtype=dtype) for (part, dtype), one in zip(_PARTS.items(), columns, strict=True)}


def encoded(facts: pd.DataFrame | None, code: Code) -> tuple[Texts, Floats]:
    """Customers, sorted, and their facts as numbers: zero stands for what is not known, the mean of who is.

    Parameters
    ----------
    facts : DataFrame, optional
        As in :func:`code_of`, of any customers; a fact that is not there is not known.
    code : mapping
        As :func:`code_of` gives it.
    """
    if facts is None or not len(facts):
        return np.array([], dtype="<U1"), np.zeros((0, len(code["name"])))
    ids = np.asarray(facts.index.astype(str), dtype=str)
    order = np.argsort(ids, kind="stable")
    table = np.zeros((len(ids), len(code["name"])))
    for place, name in enumerate(code["name"].tolist()):
        if name in facts:
            table[:, place] = _encoded(facts[name], {key: values[place] for key, values in code.items()})
    return ids[order], table[order]


def of_customers(people: Texts, table: Floats, ids: Texts) -> Floats:
    """The facts of these customers, zeros for those without."""
    where = find(people, ids)
    found = np.zeros((len(ids), table.shape[1]))
    found[where >= 0] = table[where[where >= 0]]
    return found


def _learned(name: str, column: pd.Series) -> list[tuple[str, str, str, float, float, float]]:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        value = column.to_numpy(dtype=float, na_value=np.nan)
        known = value[np.isfinite(value)]
        spread = float(known.std()) if len(known) else 0.0
        if spread <= 0:
            return []
        mean = float(known.mean())
        square = float((_scaled(value, mean, spread) ** 2).mean())
        return [(name, _NUMBER, "", mean, spread, 0.0), (name, _SQUARE, "", mean, spread, square)]
    count = _words(column).value_counts()
    share = {str(level): float(number) / len(column) for level, number in count.items() if number >= _FEWEST}
    return [(name, _LEVEL, level, 0.0, 1.0, share[level]) for level in sorted(share) if share[level] < 1]


def _encoded(column: pd.Series, how: Mapping[str, Any]) -> Floats:
    if how["kind"] == _LEVEL:
        return np.asarray((_words(column) == how["level"]).to_numpy(dtype=float) - how["centre"])
    value = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    scaled = _scaled(value, how["mean"], how["spread"])
    return np.asarray((scaled if how["kind"] == _NUMBER else scaled**2) - how["centre"])


def _scaled(value: Floats, mean: float, spread: float) -> Floats:
    known = np.isfinite(value)
    return np.where(known, np.clip((value - mean) / spread, -_LONGEST, _LONGEST), 0.0)


def _words(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna(), "").astype(str)
