"""Contributions: what each fact added to a PD, exactly, for every learner and in calibrated log-odds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from guilder.evaluation.calibration import log_odds
from guilder.risk.background import Background
from guilder.risk.boosters import Booster
from guilder.risk.calibration import Calibrator
from guilder.risk.ensemble import Ensemble
from guilder.risk.learners import matrices, prepared, raw_log_odds
from guilder.risk.row_blocks import blocks, in_threads, rows_of
from guilder.risk.shapley import tree_contributions
from guilder.risk.trees import has_trees, read_trees

Floats = NDArray[np.float64]

LINEAR, TREES = "exact linear terms", "exact path-dependent Shapley values of the trees"
SAMPLED = "Shapley values of sampled orders"


@dataclass(frozen=True)
class Contributions:
    """Scores taken apart: ``base + values.sum(axis=1)`` are the calibrated log-odds of the PD, to rounding."""

    facts: tuple[str, ...]
    values: Floats
    """Shape (n, facts); above zero raises the PD."""
    base: float
    """Calibrated log-odds of the reference."""


def contributions(
    model: Pipeline | Ensemble, calibrator: Calibrator, known: Background, X: Any, facts: Sequence[str]
) -> Contributions:
    """Take scores apart into facts; all model columns made of one fact are added up.

    Linear learners (logistic regression and scorecard) give coefficient × (input - mean input of the training rows).
    Trees give path-dependent Shapley values, against the mean over the rows that grew them. Any other classifier gives
    Shapley values of sampled orders, against sampled training rows: exactly additive, approximate one by one. An
    ensemble gives the weighted sum of its parts.

    A forest's sum is a probability, and a calibration may be a curve. Both are brought to log-odds by the secant: with
    score s, reference b and the curve L, each contribution is multiplied by (L(s) - L(b)) / (s - b). The new ones add
    up to L(s) - L(b) exactly, and keep their signs, for L rises, and their shares.
    """
    parts = blocks(len(X))
    if len(parts) > 1:
        return _in_blocks(partial(contributions, model, calibrator, known, facts=facts), X, parts)
    base, values = _raw(model, known, X)
    # A staircase may jump between a score and the same score added up in another order.
    score = raw_log_odds(model, X) if calibrator.method == "isotonic" else None
    base, values = along(calibrator.log_odds, base, values, score)
    return Contributions(tuple(facts), values, base)


def _in_blocks(take: Callable[[Any], Contributions], X: Any, parts: list[slice]) -> Contributions:
    first = take(rows_of(X, parts[0]))
    values = np.empty((len(X), len(first.facts)))
    values[parts[0]] = first.values

    def work(rows: slice) -> None:
        values[rows] = take(rows_of(X, rows)).values

    in_threads(work, parts[1:])
    return Contributions(first.facts, values, first.base)


def method(model: Pipeline | Ensemble) -> str:
    """Say how a model's scores are taken apart."""
    parts = model.parts if isinstance(model, Ensemble) else [model]
    ways = [_way(part[-1]) for part in parts]
    said = "; ".join(dict.fromkeys(ways))
    return said if len(parts) == 1 else f"weighted sum over the ensemble of: {said}"


def _way(learner: Any) -> str:
    if isinstance(learner, LogisticRegression):
        return LINEAR
    return TREES if has_trees(learner) or isinstance(learner, Booster) else SAMPLED


def along(
    curve: Callable[[Floats], Floats], base: float, values: Floats, score: Floats | None = None
) -> tuple[float, Floats]:
    """Bring a split of scores through a rising curve by its secants; where score and base agree, by its slope.

    Parameters
    ----------
    curve : callable
        From scores to new ones.
    base : float
    values : array of shape (n, facts)
        ``base + values.sum(axis=1)`` are the scores.
    score : array of shape (n,), optional
        The scores to the last digit, for a curve with jumps.
    """
    total = values.sum(axis=1)
    start = float(curve(np.array([base]))[0])
    near = np.abs(total) < 1e-9
    low, high = np.where(near, base - 1e-6, base), np.where(near, base + 1e-6, base + total if score is None else score)
    rise, run = curve(high) - curve(low), np.where(near, 2e-6, total)
    return start, values * (rise / run)[:, None]


def _raw(model: Pipeline | Ensemble, known: Background, X: Any) -> tuple[float, Floats]:
    """Split the log-odds before calibration."""
    if not isinstance(model, Ensemble):
        return _part(model, known.centres[0], known, model[0].transform(X))
    base, values = model.intercept, None
    every = zip(model.parts, model.weights.tolist(), known.centres, matrices(model.parts, X), strict=True)
    for part, weight, centre, matrix in every:
        if weight == 0:
            continue
        own, split = _part(part, centre, known, matrix)
        base += weight * own
        values = weight * split if values is None else values + weight * split
    return base, np.zeros((len(X), len(known.group))) if values is None else values


def _part(pipeline: Pipeline, centre: Floats, known: Background, matrix: Floats) -> tuple[float, Floats]:
    learner, facts = pipeline[-1], len(known.group)
    way = _way(learner)
    if way == SAMPLED:
        return sampled(pipeline, known, matrix)
    inputs = prepared(pipeline, matrix)
    probability = False
    if way == LINEAR:
        weight = learner.coef_[0]
        base, parts = float(centre @ weight + learner.intercept_[0]), (inputs - centre) * weight
    elif isinstance(learner, Booster):
        base, parts = learner.contributions(inputs)
    else:
        trees, ways = read_trees(learner)
        base, parts = tree_contributions(trees, ways, inputs)
        probability = trees.probability
    values = _by_fact(parts, _fact_of_column(pipeline, facts), facts)
    return along(log_odds, base, values) if probability else (base, values)


def _by_fact(parts: Floats, source: NDArray[np.intp], facts: int) -> Floats:
    if len(source) == facts and (source == np.arange(facts)).all():
        return parts
    values = np.zeros((len(parts), facts))
    for column, fact in enumerate(source.tolist()):
        values[:, fact] += parts[:, column]
    return values


def _fact_of_column(pipeline: Pipeline, facts: int) -> NDArray[np.intp]:
    """Number, for each column the learner sees, the fact it was made of."""
    source = np.arange(facts)
    for _, step in pipeline.steps[:-1]:
        if hasattr(step, "source_"):
            source = source[step.source_]
    return source


def sampled(pipeline: Pipeline, known: Background, rows: Floats) -> tuple[float, Floats]:
    """Shapley values by sampled orders: from each row of the background to the loan, one fact after the other.

    Every background row goes along one order of the facts and along its reverse (Štrumbelj and Kononenko, 2014, with
    the antithetic pairs of Mitchell et al., 2022). Each walk ends at the loan's own score, so the sum is exact.
    """
    rest = Pipeline(pipeline.steps[1:])
    facts = rows.shape[1]
    rng = np.random.default_rng(known.seed)
    orders = [order for _ in known.sample for one in [rng.permutation(facts)] for order in (one, one[::-1])]
    starts = np.repeat(known.sample, 2, axis=0)
    from_ = _score(rest, starts)
    values = np.zeros(rows.shape)
    for start, order, before in zip(starts, orders, from_, strict=True):
        walk = np.repeat(start[None], len(rows), axis=0)
        last = np.full(len(rows), before)
        for fact in order.tolist():
            walk[:, fact] = rows[:, fact]
            now = _score(rest, walk)
            values[:, fact] += now - last
            last = now
    return float(from_.mean()), values / len(starts)


def _score(pipeline: Pipeline, matrix: Floats) -> Floats:
    if hasattr(pipeline[-1], "decision_function"):
        return np.asarray(pipeline.decision_function(matrix), dtype=np.float64)
    return log_odds(pipeline.predict_proba(matrix)[:, 1])
