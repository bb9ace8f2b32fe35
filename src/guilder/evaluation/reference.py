"""A reference: what facts and scores looked like on the day of training, as counts that hold nobody's values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

BINS = 10
LEVELS, LEAST_ROWS, LEAST_SHARE = 30, 5, 0.005
"""Categories that are kept by name: the commonest, each of so many rows; a rare one could be somebody's."""


def reference(X: pd.DataFrame) -> dict[str, Any]:
    """Count the values of each fact: numbers between their deciles, categories by name, and what is missing.

    Parameters
    ----------
    X : DataFrame of shape (n, facts)
        Facts on the day of training.

    Returns
    -------
    dict
        Plain JSON: ``rows`` and, by fact, ``edges`` with ``counts`` (the last of missing values), or ``levels`` with
        their counts, ``other`` and ``missing``.
    """
    return {"rows": len(X), "facts": {str(name): _of(X[name]) for name in X.columns}}


def numbers_reference(values: ArrayLike) -> dict[str, Any]:
    """Count numbers between their deciles, with their mean and spread."""
    found = np.asarray(values, dtype=np.float64).ravel()
    known = found[np.isfinite(found)]
    edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS)) if len(known) else np.zeros(0)
    mean, spread = (float(known.mean()), float(known.std())) if len(known) else (0.0, 0.0)
    return {"edges": edges.tolist(), "counts": binned(found, edges).tolist(), "mean": mean, "spread": spread}


def binned(values: Floats, edges: ArrayLike) -> Floats:
    """Count numbers between edges; those that are none are the last bin."""
    cuts = np.asarray(edges, dtype=np.float64)
    known = np.isfinite(values)
    counts = np.bincount(np.searchsorted(cuts, values[known], side="left"), minlength=len(cuts) + 1)
    return np.append(counts, (~known).sum()).astype(np.float64)


def levels_of(column: pd.Series[Any]) -> pd.Series[int]:
    """Count the categories of a column, missing ones left out."""
    return column.dropna().astype("str").value_counts()


def is_number(known: Mapping[str, Any]) -> bool:
    """Whether a fact was a number on the day of training."""
    return "edges" in known


def _of(column: pd.Series[Any]) -> dict[str, Any]:
    if pd.api.types.is_numeric_dtype(column):
        return numbers_reference(column.to_numpy(dtype=np.float64, na_value=np.nan))
    found = levels_of(column)
    kept = found[found >= max(LEAST_ROWS, LEAST_SHARE * len(column))].head(LEVELS)
    return {
        "levels": {str(name): int(rows) for name, rows in sorted(kept.items())},
        "other": int(found.sum() - kept.sum()), "missing": int(column.isna().sum()),
    }  # fmt: skip
