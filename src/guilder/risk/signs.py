"""Signs: whether the directions a bank declared are obeyed by the champion, borne out by the data, and of any use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import spearmanr

from guilder.risk.classifier import DefaultClassifier

ROWS, STEPS = 200, 11
CERTAIN = 0.01
"""p-value under which the data are said to go the other way."""


@dataclass(frozen=True)
class SignCheck:
    """What became of one declared direction."""

    fact: str
    declared: int
    """+1: the PD may only rise with the fact; -1: only fall."""
    broken: float
    """Share of steps along the fact, everything else of a loan held, at which the PD moves the other way."""
    rank_correlation: float
    """Of the fact with the outcome in training; NaN where either is constant."""
    finding: str
    """Empty where there is nothing to say."""


def check_signs(
    model: DefaultClassifier, X: pd.DataFrame, y: NDArray[np.intp], signs: Mapping[str, int], random_state: int
) -> list[dict[str, Any]]:
    """Walk some loans along each declared fact, from its lowest decile to its highest, and watch the PD.

    Parameters
    ----------
    model : DefaultClassifier
        The champion.
    X, y : training rows and outcomes
    signs : mapping of fact to +1 or -1
    random_state : int
        Seed of which loans are walked.

    Returns
    -------
    list of dict
        One `SignCheck` a fact, as plain JSON.
    """
    rows = np.sort(np.random.default_rng(random_state).permutation(len(X))[:ROWS])
    return [asdict(_check(model, X, y, X.iloc[rows], fact, sign)) for fact, sign in signs.items() if sign]


def _check(
    model: DefaultClassifier, X: pd.DataFrame, y: NDArray[np.intp], some: pd.DataFrame, fact: str, sign: int
) -> SignCheck:
    values = X[fact].to_numpy(dtype=np.float64, na_value=np.nan)
    known = ~np.isnan(values)
    steps = np.unique(np.quantile(values[known], np.linspace(0, 1, STEPS))) if known.any() else np.zeros(0)
    if len(steps) < 2:
        return SignCheck(fact, sign, 0.0, float("nan"), "says nothing: it is constant, or never known")
    walked = pd.concat([some.assign(**{fact: value}) for value in steps], ignore_index=True)
    path = model.decision_function(walked).reshape(len(steps), len(some))
    moved = np.diff(path, axis=0)
    wrong = float(np.mean(sign * moved < -1e-9))
    rho, p = spearmanr(values[known], y[known]) if len(np.unique(y[known])) > 1 else (np.nan, 1.0)
    return SignCheck(fact, sign, wrong, float(rho), _finding(sign, wrong, float(rho), float(p), moved))


def _finding(sign: int, wrong: float, rho: float, p: float, moved: NDArray[np.float64]) -> str:
    if sign * rho < 0 and p < CERTAIN:
        return "the data go the other way"
    if not np.abs(moved).max() > 1e-9:
        return "of no use: the champion does not look at it"
    return "broken by the champion, which is not bound by it" if wrong > 0 else ""
