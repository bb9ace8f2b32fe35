"""Contributions: base + sum = calibrated log-odds, for every learner, calibration and structure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

from guilder.risk import contributions as room
from guilder.risk import row_blocks
from guilder.risk.background import Background
from guilder.risk.boosters import installed
from guilder.risk.classifier import DefaultClassifier
from guilder.risk.contributions import LINEAR, SAMPLED, TREES, along, method

SMALL: dict[str, dict[str, float]] = {"forest": {"trees": 12}, "boosting": {"rounds": 15, "seeds": 2}}


@pytest.fixture(scope="module")
def loans() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(0)
    n = 400
    X = pd.DataFrame({
        "income": np.exp(rng.normal(size=n)), "burden": rng.random(n), "noise": rng.normal(size=n),
        "purpose": rng.choice(["car", "home", "other"], n),
    })  # fmt: skip
    y = (rng.random(n) < 1 / (1 + np.exp(1 + np.log(X["income"]) - 3 * X["burden"]))).to_numpy()
    X.loc[rng.random(n) < 0.1, "income"] = np.nan
    return X, y


def off(model: DefaultClassifier, X: pd.DataFrame) -> float:
    parts = model.contributions(X)
    return float(np.abs(parts.base + parts.values.sum(axis=1) - model.decision_function(X)).max())


@pytest.mark.parametrize("calibration", ["sigmoid", "temperature", "beta", "isotonic", "none"])
@pytest.mark.parametrize("learner", ["logistic", "forest", "boosting"])
def test_exactly_additive(learner: str, calibration: str, loans: Any) -> None:
    X, y = loans
    model = DefaultClassifier(learner, calibration=calibration, cv=2, settings=SMALL.get(learner), random_state=0)
    assert off(model.fit(X, y), X) <= 1e-6
    assert method(model.pipeline_) == (LINEAR if learner == "logistic" else TREES)


def test_an_ensemble_is_the_weighted_sum_of_its_parts(loans: Any) -> None:
    X, y = loans
    parts = [("logistic", {}), ("forest", SMALL["forest"]), ("boosting", SMALL["boosting"])]
    model = DefaultClassifier("ensemble", parts=parts, cv=2, random_state=0).fit(X, y)
    assert off(model, X) <= 1e-6
    assert method(model.pipeline_) == f"weighted sum over the ensemble of: {LINEAR}; {TREES}"
    model.pipeline_.weights = np.array([0.0, 1.0, 0.0])
    alone = room.contributions(
        model.pipeline_.parts[1], model.calibrator_, one_part(model.background_, 1), X, model.fact_names
    )
    model.pipeline_.intercept = 0.0
    np.testing.assert_allclose(model.contributions(X).values, alone.values)
    model.pipeline_.weights = np.zeros(3)
    assert not model.contributions(X).values.any()
    assert off(model, X) <= 1e-6


def one_part(known: Background, part: int) -> Background:
    return Background([known.centres[part]], known.sample, known.quantiles, known.group, known.seed)


@pytest.mark.parametrize("own", [GaussianNB(), LogisticRegression()])
def test_a_classifier_of_ones_own(own: Any, loans: Any) -> None:
    X, y = loans
    model = DefaultClassifier(own, cv=2, random_state=0).fit(X, y)
    assert off(model, X) <= 1e-6
    assert method(model.pipeline_) == (SAMPLED if isinstance(own, GaussianNB) else LINEAR)
    assert (model.contributions(X[:9]).values == model.contributions(X).values[:9]).all()


@pytest.mark.parametrize("learner", ["logistic", "scorecard", "boosting", "ensemble"])
def test_blocks_of_rows_change_nothing(loans: Any, learner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = loans
    parts = [("logistic", {}), ("boosting", {"rounds": 10, "seeds": 1})]
    model = DefaultClassifier(learner, cv=2, parts=parts, random_state=0).fit(X, y)
    whole, p, most = model.contributions(X), model.predict_proba(X), model.strongest(X)
    monkeypatch.setattr(row_blocks, "BLOCK", 64)
    again = model.contributions(X)
    assert again.base == whole.base
    np.testing.assert_allclose(again.values, whole.values, rtol=0, atol=1e-13)
    np.testing.assert_allclose(model.predict_proba(X), p, rtol=0, atol=1e-15)
    assert np.array_equal(model.strongest(X).fact, most.fact)
    threads = model.predict_proba(X)
    monkeypatch.setattr(row_blocks, "THREADS", 1)
    assert np.array_equal(model.predict_proba(X), threads), "to the last digit, whatever the number of threads"
    assert np.array_equal(model.contributions(X).values, again.values)
    assert model.strongest(X[:0]).fact.shape == (0, 4)
    listed = [[reason.fact for reason in row] for row in model.reasons(X)]
    assert listed == [[model.fact_names[fact] for fact in row if fact >= 0] for row in most.fact.tolist()]


def test_sampled_orders_of_a_sum_are_exact(loans: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without interactions every order gives the same: the linear terms, against the sampled rows' mean."""
    X, y = loans
    model = DefaultClassifier("logistic", calibration="none", cv=2, random_state=0).fit(X, y)
    base, values = room.sampled(model.pipeline_, model.background_, model.pipeline_[0].transform(X))
    exact = model.contributions(X)
    shift = (exact.values - values)[0]
    np.testing.assert_allclose(exact.values - values, np.tile(shift, (len(X), 1)), atol=1e-9)
    assert exact.base - base == pytest.approx(-shift.sum())


@pytest.mark.parametrize("learner", ["lightgbm", "catboost"])
def test_boosters_of_other_packages(learner: str, loans: Any) -> None:
    if learner not in installed():
        pytest.skip(f"{learner} is not installed")
    X, y = loans
    model = DefaultClassifier(learner, cv=2, settings={"rounds": 20}, random_state=0).fit(X, y)
    assert off(model, X) <= 1e-6
    assert method(model.pipeline_) == TREES


def test_the_secant_keeps_sums_signs_and_shares() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(50, 3))
    values[0] = [1, -1, 0]  # the score is the reference

    def curve(s: np.ndarray) -> np.ndarray:
        return np.sinh(s) + 2

    base, made = along(curve, 0.5, values)
    np.testing.assert_allclose(base + made.sum(axis=1), curve(0.5 + values.sum(axis=1)), atol=1e-9)
    assert (np.sign(made) == np.sign(values)).all()
    np.testing.assert_allclose(made / made[:, :1], values / values[:, :1], rtol=1e-6)
    np.testing.assert_allclose(made[0], values[0] * np.cosh(0.5), rtol=1e-6)
