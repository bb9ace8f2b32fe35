"""Calibration restores the level of a PD, on rows that did not teach the learner."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from guilder.evaluation.calibration import calibration_slope
from guilder.risk.calibration import Calibrator, platt
from guilder.risk.candidates import cross_calibrate
from guilder.risk.classifier import DefaultClassifier


def test_platts_line_is_the_unpenalised_logistic_of_the_smoothed_targets() -> None:
    rng = np.random.default_rng(0)
    raw = rng.normal(1, 2, 4000)
    y = (rng.random(4000) < expit(0.6 * raw - 2)).astype(np.intp)
    bads, goods = y.sum(), len(y) - y.sum()
    high, low = (bads + 1) / (bads + 2), 1 / (goods + 2)
    # A target between 0 and 1 is a row of each outcome, weighted.
    target = np.where(y == 1, high, low)
    rows, outcome = np.r_[raw, raw][:, None], np.r_[np.ones(4000), np.zeros(4000)]
    weight = np.r_[target, 1 - target]
    known = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(rows, outcome, sample_weight=weight)
    slope, intercept = platt(raw, y)
    assert slope == pytest.approx(known.coef_[0, 0], abs=1e-4)
    assert intercept == pytest.approx(known.intercept_[0], abs=1e-4)


def test_a_learner_that_knows_nothing_gives_the_base_rate() -> None:
    rng = np.random.default_rng(1)
    y = (rng.random(5000) < 0.12).astype(np.intp)
    p = Calibrator("sigmoid").fit(rng.normal(size=5000), y).probabilities(rng.normal(size=200))
    assert np.allclose(p, y.mean(), atol=0.02)


@pytest.mark.parametrize("balancing", ["none", "class_weight", "smote"])
def test_after_any_balancing_the_level_and_the_slope_are_right(balancing: str) -> None:
    rng = np.random.default_rng(2)
    X = pd.DataFrame(rng.normal(size=(8000, 4)), columns=list("abcd"))
    y = rng.random(8000) < expit(X["a"] + 0.5 * X["b"] - 2.2)
    model = DefaultClassifier("logistic", balancing, random_state=0).fit(X[:4000], y[:4000])
    p = model.predict_proba(X[4000:])[:, 1]
    assert p.mean() == pytest.approx(y[4000:].mean(), abs=0.02)
    slope, _ = calibration_slope(y[4000:], p)
    assert 0.85 <= slope <= 1.15
    if balancing != "none":
        raw = model.pipeline_.predict_proba(X[4000:])[:, 1]
        assert raw.mean() > 1.5 * y.mean(), "without calibration the level is far off"


def test_no_row_calibrates_itself() -> None:
    rng = np.random.default_rng(3)
    raw, y = rng.normal(size=400), (rng.random(400) < 0.3).astype(np.intp)
    halves = [(np.arange(200), np.arange(200, 400)), (np.arange(200, 400), np.arange(200))]
    p = cross_calibrate(raw, y, halves)
    flipped = np.r_[1 - y[:200], y[200:]]
    assert np.array_equal(cross_calibrate(raw, flipped, halves)[:200], p[:200])
    assert not np.allclose(cross_calibrate(raw, flipped, halves)[200:], p[200:])


def test_rows_that_do_not_teach_move_the_level_only() -> None:
    rng = np.random.default_rng(4)
    X = pd.DataFrame(rng.normal(size=(3000, 3)), columns=list("abc"))
    y = rng.random(3000) < expit(X["a"] - 1.5)
    learn = np.arange(3000) < 2000
    kind = {"learner": "boosting", "random_state": 0}
    both, alone = DefaultClassifier(**kind).fit(X, y, learn=learn), DefaultClassifier(**kind).fit(X[:2000], y[:2000])
    assert np.array_equal(both.pipeline_.predict_proba(X), alone.pipeline_.predict_proba(X))
    assert both.calibrator_.intercept != alone.calibrator_.intercept
    assert both.base_rate_ == pytest.approx(y.mean())
