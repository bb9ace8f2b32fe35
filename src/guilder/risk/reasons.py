"""Reasons: what each fact added to a score, exactly, and the few that raised it most."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from guilder.risk.calibration import Calibrator
from guilder.risk.trees import path_contributions, read_trees

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Contributions:
    """A score taken apart: ``base + values.sum(axis=1)`` is the score, to rounding."""

    facts: tuple[str, ...]
    values: Floats
    """Shape (n, facts); above zero raises the PD."""
    base: float
    """Score of the reference."""
    space: str
    """What the score is: "log-odds" (calibrated), "raw log-odds" or "raw probability" (before calibration)."""
    method: str
    reference: str


@dataclass(frozen=True)
class Reason:
    """One fact that raised a PD: what it is, by how much it raised the score, and its value for this loan."""

    fact: str
    contribution: float
    value: float | str | None
    meaning: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"fact": self.fact, "contribution": self.contribution, "value": self.value, "meaning": self.meaning}


def contributions(
    pipeline: Pipeline, calibrator: Calibrator, centre: Floats, X: Any, facts: list[str]
) -> Contributions:
    """Take scores apart into facts; all model columns made of one fact are added up."""
    inputs = np.asarray(pipeline[:-1].transform(X), dtype=np.float64)
    model = pipeline[-1]
    source = fact_of_column(pipeline, len(facts))
    if isinstance(model, LogisticRegression):
        weight = model.coef_[0]
        parts, base, space = (inputs - centre) * weight, float(centre @ weight + model.intercept_[0]), "log-odds"
        method, reference = "exact linear terms", "mean of the training loans"
    else:
        trees = read_trees(model)
        base, parts = path_contributions(trees, inputs)
        space, method, reference = trees.space, "exact path terms (Saabas)", "mean over the trees' training rows"
    values = parts @ (source[:, None] == np.arange(len(facts))).astype(np.float64)
    if space == "log-odds" and calibrator.method != "isotonic":
        values, base = values * calibrator.slope, base * calibrator.slope + calibrator.intercept
    else:
        space = f"raw {space}"
    return Contributions(tuple(facts), values, base, space, method, reference)


def fact_of_column(pipeline: Pipeline, facts: int) -> NDArray[np.intp]:
    """Number, for each column the learner sees, the fact it was made of."""
    source = np.arange(facts)
    for step in pipeline[:-1]:
        if hasattr(step, "source_"):
            source = source[step.source_]
    return source


def strongest(
    parts: Contributions,
    X: Any,
    top: int = 4,
    describe: Mapping[str, str] | Callable[[str], str] | None = None,
) -> list[list[Reason]]:
    """Keep of each row the facts that raised its score most; ties in the order of the facts."""
    words = describe.get if isinstance(describe, Mapping) else describe
    order = np.argsort(-parts.values, axis=1, kind="stable")[:, :top]
    table = X.to_numpy(dtype=object) if isinstance(X, pd.DataFrame) else np.asarray(X, dtype=object)
    rows: list[list[Reason]] = []
    for row, places in enumerate(order.tolist()):
        rows.append([
            Reason(
                parts.facts[place], float(parts.values[row, place]), _plain(table[row, place]),
                (words(parts.facts[place]) or "") if words else "",
            )
            for place in places if parts.values[row, place] > 0
        ])  # fmt: skip
    return rows


def _plain(value: Any) -> float | str | None:
    if pd.isna(value):
        return None
    return float(value) if isinstance(value, int | float | np.number | np.bool_) else str(value)
