"""Reject inference, tried where the answer is known: outcomes of the worst loans are hidden, inferred and looked up."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from scipy.stats import t
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from guilder.evaluation.calibration import log_loss, log_odds
from guilder.evaluation.discrimination import auc
from guilder.evaluation.intervals import Figure
from guilder.risk.calibration import platt
from guilder.risk.columns import Columns, category_names
from guilder.risk.folds import folds
from guilder.risk.inputs import NormalScores, OneHot

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

METHODS = ("nothing", "reweighting", "fuzzy", "parcelling")
"""Learn from the accepted alone; weigh them by one over their chance of acceptance; add each declined loan as a bad
and as a good, weighted by its PD; the same with the PD raised, as parcelling takes the declined to be worse."""

DECLINED = 0.3
"""Share of the loans whose outcome is hidden, the worst by an early model."""
MASKS = 20
FEWEST_MASKS = 5
MOST_ROWS = 20_000
MOST_WEIGHT = 20.0
RAISED = 1.25
FEWEST = 20
"""Goods, and bads, of each side of a mask."""
TRIFLE = 0.01
"""A change of the log loss by less than this share of it is none."""


@dataclass(frozen=True)
class _Mask:
    """Past loans with what was done about them then, and new loans that would have been declined."""

    X: pd.DataFrame
    y: Rows
    accepted: NDArray[np.bool_]
    hidden: pd.DataFrame
    outcome: Rows
    line: tuple[float, float]
    """Slope and level that undo the penalty of a model of the accepted, learned on rows it has not seen."""


def masked_experiment(
    X: pd.DataFrame, y: ArrayLike, groups: ArrayLike | None = None, *, masks: int = MASKS, random_state: int = 0
) -> dict[str, Any]:
    """Say whether reject inference would help on loans like these; no model that is used is touched.

    Each mask deals the customers anew: a quarter trains an early model, half are the past, of which the early model
    declines the worst 30 %, whose outcomes are hidden; of the last quarter, those that the early model would have
    declined are what the methods are judged on. A calibrated logistic regression stands in for the champion. The masks
    overlap, so the variance over them is corrected (Nadeau and Bengio, "Inference for the generalization error",
    2003); the differences of the three methods have intervals for three questions at once (Bonferroni).

    Parameters
    ----------
    X : DataFrame of shape (n, facts)
        Facts of loans that were granted; never those of the test slice.
    y : array of shape (n,)
        1 is a bad, 0 a good.
    groups : array of shape (n,), optional
        Customers, who are dealt whole.
    masks, random_state : int
        How many times, and the seed.

    Returns
    -------
    dict
        Plain JSON: ``verdict`` ("would help", "would not help" or "cannot tell"), ``why``, ``masks``, ``hidden`` (loans
        judged a mask), and of each method ``log_loss``, ``auc`` and ``level`` (mean PD over observed rate) on the
        hidden loans, and ``gain``, the log loss it saves against learning from the accepted alone.
    """
    truth = np.asarray(y).astype(np.intp)
    who = np.arange(len(truth)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1].ravel()
    rng = np.random.default_rng(random_state)
    seen: list[dict[str, dict[str, float]]] = []
    sizes: list[tuple[int, int]] = []
    for _ in range(masks):
        mask = _mask(X, truth, who, rng)
        if mask is not None:
            seen.append({name: _judge(mask, METHOD[name](mask)) for name in METHODS})
            sizes.append((len(mask.outcome), int(mask.accepted.sum())))
    if len(seen) < FEWEST_MASKS:
        why = "too few defaults and repaid loans for a mask to leave some of each on every side"
        return {"verdict": "cannot tell", "why": why, "masks": len(seen), "declined": DECLINED, "methods": {}}
    hidden, learned = np.mean(sizes, axis=0)
    spread = 1 / len(seen) + hidden / learned
    methods: dict[str, Any] = {}
    for name in METHODS:
        drawn = {key: np.array([one[name][key] for one in seen]) for key in ("log_loss", "auc", "level")}
        gain = np.array([one["nothing"]["log_loss"] - one[name]["log_loss"] for one in seen])
        methods[name] = {key: _figure(value, spread) for key, value in drawn.items()}
        methods[name]["gain"] = _figure(gain, spread, questions=len(METHODS) - 1)
    verdict, why = _verdict(methods)
    return {
        "verdict": verdict, "why": why, "masks": len(seen), "declined": DECLINED, "hidden": float(hidden),
        "methods": {name: {key: one.to_dict() for key, one in found.items()} for name, found in methods.items()},
    }  # fmt: skip


def _mask(X: pd.DataFrame, y: Rows, who: Rows, rng: np.random.Generator) -> _Mask | None:
    """Deal customers into early, past and new loans; None where one side lacks goods or bads."""
    part = rng.choice(3, size=int(who.max()) + 1, p=[0.25, 0.5, 0.25])[who]
    most = rng.permutation(len(y))[:MOST_ROWS]
    early, past, new = (np.sort(most[part[most] == place]) for place in range(3))
    if not _both(y[early]):
        return None
    old = _fit(X.iloc[early], y[early])
    score, later = _pd(old, X.iloc[past]), _pd(old, X.iloc[new])
    limit = np.quantile(score, 1 - DECLINED)
    accepted, hidden = score < limit, new[later >= limit]
    if not (_both(y[past][accepted]) and _both(y[hidden])) or accepted.all():
        return None
    kept = past[accepted]
    raw = np.zeros(len(kept))
    for learn, held in folds(y[kept], who[kept], 3, int(rng.integers(2**31))):
        raw[held] = log_odds(_pd(_fit(X.iloc[kept[learn]], y[kept[learn]]), X.iloc[kept[held]]))
    return _Mask(X.iloc[past], y[past], accepted, X.iloc[hidden], y[hidden], platt(raw, y[kept]))


def _both(y: Rows) -> bool:
    return min(int(y.sum()), len(y) - int(y.sum())) >= FEWEST


def _nothing(mask: _Mask) -> Pipeline:
    return _fit(mask.X[mask.accepted], mask.y[mask.accepted])


def _reweighting(mask: _Mask) -> Pipeline:
    chance = _pd(_fit(mask.X, mask.accepted.astype(np.intp)), mask.X[mask.accepted])
    return _fit(mask.X[mask.accepted], mask.y[mask.accepted], np.minimum(1 / chance, MOST_WEIGHT))


def _fuzzy(mask: _Mask) -> Pipeline:
    return _augmented(mask, _calibrated(mask, _nothing(mask), mask.X[~mask.accepted]))


def _parcelling(mask: _Mask) -> Pipeline:
    chance = _calibrated(mask, _nothing(mask), mask.X[~mask.accepted])
    return _augmented(mask, np.minimum(RAISED * chance, 1 - 1e-6))


METHOD: dict[str, Callable[[_Mask], Pipeline]] = {
    "nothing": _nothing, "reweighting": _reweighting, "fuzzy": _fuzzy, "parcelling": _parcelling,
}  # fmt: skip


def _augmented(mask: _Mask, chance: Floats) -> Pipeline:
    """Learn from the accepted, and from each declined loan as a bad and as a good, weighted by its chance of each."""
    declined = mask.X[~mask.accepted]
    X = pd.concat([mask.X[mask.accepted], declined, declined], ignore_index=True)
    count = len(declined)
    y = np.r_[mask.y[mask.accepted], np.ones(count, dtype=np.intp), np.zeros(count, dtype=np.intp)]
    return _fit(X, y, np.r_[np.ones(int(mask.accepted.sum())), chance, 1 - chance])


def _fit(X: pd.DataFrame, y: Rows, weight: Floats | None = None) -> Pipeline:
    columns = Columns(category_names(X)).fit(X)
    model = Pipeline([
        ("columns", columns), ("scores", NormalScores(columns.categorical_)), ("one_hot", OneHot(columns.categorical_)),
        ("learner", LogisticRegression(C=0.05, solver="newton-cholesky")),
    ])  # fmt: skip
    return model.fit(X, y, learner__sample_weight=weight)


def _pd(model: Pipeline, X: pd.DataFrame) -> Floats:
    return np.asarray(model.predict_proba(X)[:, 1], dtype=np.float64)


def _calibrated(mask: _Mask, model: Pipeline, X: pd.DataFrame) -> Floats:
    slope, level = mask.line
    return np.asarray(expit(slope * log_odds(_pd(model, X)) + level))


def _judge(mask: _Mask, model: Pipeline) -> dict[str, float]:
    p = _calibrated(mask, model, mask.hidden)
    return {
        "log_loss": log_loss(mask.outcome, p), "auc": auc(mask.outcome, p),
        "level": float(p.mean() / mask.outcome.mean()),
    }  # fmt: skip


def _figure(drawn: Floats, spread: float, questions: int = 1) -> Figure:
    value = float(drawn.mean())
    half = float(t.ppf(1 - 0.025 / questions, len(drawn) - 1)) * math.sqrt(spread * float(drawn.var(ddof=1)))
    return Figure(value, value - half, value + half)


def _verdict(methods: dict[str, dict[str, Figure]]) -> tuple[str, str]:
    others = {name: found["gain"] for name, found in methods.items() if name != "nothing"}
    trifle = TRIFLE * methods["nothing"]["log_loss"].value
    best = max(others, key=lambda name: others[name].value)
    saved = f"{others[best].value:+.4f} ({others[best].low:+.4f} to {others[best].high:+.4f})"
    if others[best].low > 0 and others[best].value > trifle:
        return "would help", f"{best} lowers the log loss of the hidden loans by {saved}"
    if all(gain.high < max(trifle, 0.0) for gain in others.values()):
        return "would not help", f"no method saves a hundredth of the log loss of the hidden loans: {best} {saved}"
    return "cannot tell", f"the largest change of the log loss of the hidden loans is {saved}, by {best}"
