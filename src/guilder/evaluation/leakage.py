"""Leakage, first form: a single fact, or the mere absence of it, that ranks the outcome too well to be honest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guilder.evaluation.discrimination import auc

TOO_GOOD_FACT = 0.95
"""A single fact that ranks outcomes this well (AUC, either direction) is suspected."""
TOO_GOOD_GAP = 0.75
"""So is a fact whose being missing, by itself, ranks outcomes this well."""
TOO_GOOD_MODEL = 0.98
"""A whole model above this is treated as a leak until explained."""


@dataclass(frozen=True)
class Suspicion:
    """One fact that knows too much: how, and its AUC (0.5 to 1, direction ignored)."""

    fact: str
    kind: Literal["value", "missing"]
    auc: float

    def __str__(self) -> str:
        how = "alone ranks" if self.kind == "value" else "being missing alone ranks"
        return f"{self.fact} {how} outcomes with AUC {self.auc:.3f}; check that it is known before the decision"


def suspicions(facts: Mapping[str, ArrayLike], y: ArrayLike) -> tuple[Suspicion, ...]:
    """Find the facts that know too much, the worst first.

    Parameters
    ----------
    facts : mapping of name to array of shape (n,)
        Numbers with NaN for missing, or categories, which are ranked by their own rate of bads when there are
        at most a twentieth as many as rows (more would rank any outcome).
    y : array of shape (n,)
        1 is a bad, 0 a good.
    """
    truth = np.asarray(y, dtype=np.float64)
    found: list[Suspicion] = []
    for name, column in facts.items():
        value = _ranked(np.asarray(column), truth)
        missing = np.isnan(value)
        ranks: list[tuple[Literal["value", "missing"], NDArray[np.float64], NDArray[np.float64], float]] = [
            ("value", value[~missing], truth[~missing], TOO_GOOD_FACT),
            ("missing", missing.astype(np.float64), truth, TOO_GOOD_GAP),
        ]
        for kind, score, outcome, limit in ranks:
            if 0 < outcome.sum() < len(outcome):
                area = auc(outcome, score)
                area = max(area, 1 - area)
                if area > limit:
                    found.append(Suspicion(name, kind, area))
    return tuple(sorted(found, key=lambda one: (-one.auc, one.fact, one.kind)))


def _ranked(column: NDArray[np.generic], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    if column.dtype.kind in "biuf":
        return column.astype(np.float64)
    missing = np.array([value is None or value != value for value in column.tolist()])  # NaN differs from itself
    codes = np.unique(np.where(missing, "", column.astype(str)), return_inverse=True)[1].ravel()
    rows = np.bincount(codes)
    if len(rows) * 20 > len(column):
        return np.where(missing, np.nan, 0.0)
    rate = np.bincount(codes, weights=truth) / rows
    return np.where(missing, np.nan, rate[codes])
