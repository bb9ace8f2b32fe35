"""The leakage gate: findings that stop a run before anything is learned, and those a bank accepts in writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.errors import ModelError
from guilder.evaluation.leak_pairs import pairs
from guilder.evaluation.leak_signs import Finding, fact_signs, twins
from guilder.evaluation.splits import Split
from guilder.risk.columns import Columns, category_names
from guilder.risk.weights import WeightOfEvidence

BEYOND = 0.03
"""AUC by which boosting may beat the scorecard before it is asked what it has found."""


TOGETHER, APART = 0.85, 0.15
"""AUC of two facts together, and by how much it is above that of either, before they are asked about."""


def findings(X: pd.DataFrame, y: NDArray[np.intp], split: Split, accept: Mapping[str, str]) -> list[Finding]:
    """List all signs of a leak in the facts, those that stop first; what a bank accepts is marked so.

    Parameters
    ----------
    X : DataFrame of shape (n, facts)
    y : array of shape (n,)
        1 is a bad, 0 a good.
    split : Split
        Facts are judged on the rows before the test; rows of the test are looked for among them.
    accept : mapping of fact to reason
        What a bank accepts in writing; "rows" for rows on both sides of the split.
    """
    columns = Columns(category_names(X)).fit(X.iloc[split.refit])
    weights = WeightOfEvidence(columns.categorical_).fit(columns.transform(X.iloc[split.refit]), y[split.refit])
    bins = dict(zip(columns.names_, weights.bins_, strict=True))
    found = [*fact_signs(X, y, split.refit, bins), *twins(X, split.refit, split.test), *_pairs(X, y, split)]
    marked = [
        replace(one, severity="accepted", message=f"{one.message}. Accepted by the bank: {accept[one.fact]}")
        if one.fact in accept and one.severity == "stop" else one
        for one in found
    ]  # fmt: skip
    return sorted(marked, key=lambda one: ("stop", "accepted", "warn").index(one.severity))


def _pairs(X: pd.DataFrame, y: NDArray[np.intp], split: Split) -> list[Finding]:
    """Warn of the pair of numbers that tells the outcome far better than either alone."""
    numbers = [name for name in X if pd.api.types.is_numeric_dtype(X[name])]
    values = {str(n): X[n].iloc[split.refit].to_numpy(dtype=np.float64, na_value=np.nan) for n in numbers}
    found = []
    for one, other, area, alone in pairs(values, y[split.refit])[:1]:
        if area > TOGETHER and area - alone > APART:
            said = f"{one}: with {other} it ranks outcomes with AUC {area:.3f}, alone {alone:.3f}"
            said += "; check that both are known before the decision"
            found.append(Finding("pair", one, "warn", said, {"auc": area, "alone": alone}))
    return found


def refuse(found: Sequence[Finding]) -> None:
    """Stop where a finding stops.

    Raises
    ------
    ModelError
        Naming every finding that stops, with its evidence.
    """
    stops = [one for one in found if one.severity == "stop"]
    if stops:
        facts = list(dict.fromkeys(one.fact for one in stops))
        raise ModelError(
            f"{len(facts)} facts know the outcome: " + "; ".join(one.message for one in stops),
            known="a model that learns from what comes after the decision fails at the first new loan",
            todo=f'leave them out, or accept them in writing under [risk.accept]: {facts[0]} = "why it is known"',
            id="G-MODEL-005",
        )


def beyond_the_scorecard(areas: Mapping[str, float]) -> list[Finding]:
    """Warn where boosting beats the scorecard by more than three AUC points: a pair of facts may tell the outcome.

    Parameters
    ----------
    areas : mapping of learner to AUC
        On the same rows, held out.
    """
    gap = areas.get("boosting", np.nan) - areas.get("scorecard", np.nan)
    if not gap > BEYOND:
        return []
    said = f"boosting ranks {gap * 100:.1f} AUC points better than the scorecard: see that no two facts know why"
    return [Finding("beyond the scorecard", "boosting", "warn", said, {"gap": float(gap)})]
