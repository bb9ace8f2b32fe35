"""Calibration restores the level of a PD, on rows that did not teach the learner."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from guilder.evaluation.calibration import calibration_slope, row_log_loss
from guilder.risk.calibration import Calibrator, choose_calibration, platt
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


def _bent(seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose log-odds bend: steep for the safe, flat for the risky."""
    rng = np.random.default_rng(seed)
    raw = rng.normal(0, 2, n)
    return raw, (rng.random(n) < expit(np.where(raw < 0, 2.0 * raw, 0.3 * raw))).astype(np.intp)


@pytest.mark.parametrize("method", ["sigmoid", "temperature", "beta", "isotonic", "none"])
def test_every_curve_rises_and_stays_inside(method: str) -> None:
    raw, y = _bent(0, 2000)
    p = Calibrator(method).fit(raw, y).probabilities(np.linspace(-30, 30, 500))
    assert (np.diff(p) >= -1e-12).all()
    assert p.min() >= 1e-6 * 0.99
    assert p.max() <= 1 - 1e-6 * 0.99


def test_beta_bends_where_the_truth_bends_and_auto_finds_it() -> None:
    raw, y = _bent(1, 20000)
    parts = [(np.arange(10000), np.arange(10000, 20000)), (np.arange(10000, 20000), np.arange(10000))]
    losses = {}
    for method in ("sigmoid", "beta"):
        p = Calibrator(method).fit(raw[:10000], y[:10000]).probabilities(raw[10000:])
        losses[method] = row_log_loss(y[10000:], p).mean()
    assert losses["beta"] < losses["sigmoid"] * 0.998
    assert choose_calibration(raw, y, parts) in ("beta", "isotonic")
    straight = (np.random.default_rng(2).random(20000) < expit(0.7 * raw - 1)).astype(np.intp)
    assert choose_calibration(raw, straight, parts) == "sigmoid"


def test_beta_is_the_logistic_regression_of_its_two_terms() -> None:
    raw, y = _bent(3, 5000)
    terms = np.column_stack([np.log(expit(raw)), -np.log1p(-expit(raw))])
    known = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(terms, y)
    found = Calibrator("beta").fit(raw, y)
    assert [found.slope, found.low_slope] == pytest.approx(known.coef_[0].tolist(), abs=0.02)
    assert found.intercept == pytest.approx(known.intercept_[0], abs=0.02)


def test_the_line_of_fewer_rows_is_carried_to_all() -> None:
    """A learner whose log-odds need a slope of .6, .733 and 1 at a quarter, a half and all of its rows."""
    rng = np.random.default_rng(4)
    truth = rng.normal(0, 2, 40000)
    y = (rng.random(40000) < expit(truth)).astype(np.intp)
    quarter, half = (Calibrator("sigmoid").fit(truth / slope, y) for slope in (0.6, 0.7333))
    assert half.grown(half, quarter, 0.5, 0.25).slope == pytest.approx(1.0, abs=0.03)
    alike = Calibrator("sigmoid").fit(truth / 0.8, y)
    again = Calibrator("sigmoid").fit(truth / 0.8, y)
    assert alike.grown(alike, again, 0.5, 0.25).slope == pytest.approx(0.8, abs=0.03)


def test_those_who_come_back_set_the_level_of_a_calibration_that_grows_and_not_its_step() -> None:
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(3500, 8))).rename(columns=str)
    learn, score = np.arange(3500) < 2500, (X["0"] + X["1"] - 1).to_numpy()
    y = (rng.random(3500) < expit(score - 2 * ~learn)).astype(np.intp)
    deep = {"leaves": 31, "rounds": 100, "rate": 0.1, "leaf": 2, "seeds": 1}
    model = DefaultClassifier("boosting", settings=deep, random_state=0).fit(X, y, learn=learn, held=score[:, None])
    still = Calibrator("sigmoid").fit(score, y)
    assert model.calibrator_.slope > 1.1 * still.slope, "it grew"
    assert model.calibrator_.probabilities(score).mean() == pytest.approx(y.mean(), abs=0.02)
