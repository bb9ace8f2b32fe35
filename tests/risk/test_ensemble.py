"""The ensemble: weights that held-out rows set, none below zero, and what an ensemble refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

from guilder.errors import ModelError, UsageError
from guilder.evaluation.calibration import row_log_loss
from guilder.risk.classifier import DefaultClassifier
from guilder.risk.ensemble import fit_weights
from guilder.risk.learners import raw_log_odds


def _scores(seed: int, n: int = 5000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.normal(-1, 1.5, n)
    y = (rng.random(n) < expit(truth)).astype(np.intp)
    return np.column_stack([truth + rng.normal(size=n), truth + rng.normal(size=n), rng.normal(size=n)]), y


def test_weights_are_the_logistic_regression_where_none_is_negative() -> None:
    raw, y = _scores(0)
    weights, level = fit_weights(raw[:, :2], y)
    known = LogisticRegression(C=np.inf, tol=1e-10).fit(raw[:, :2], y)
    assert weights == pytest.approx(known.coef_[0], abs=5e-3), "the pull to equal weights is ten rows in 5,000"
    assert level == pytest.approx(known.intercept_[0], abs=5e-3)


def test_a_part_that_misleads_counts_nothing() -> None:
    raw, y = _scores(1)
    weights, _ = fit_weights(np.column_stack([raw[:, 0], -raw[:, 1]]), y)
    assert weights[0] > 0.3
    assert 0 <= weights[1] < 0.01


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_on_its_own_rows_the_ensemble_is_no_worse_than_any_calibrated_part(seed: int) -> None:
    raw, y = _scores(seed, 800)
    weights, level = fit_weights(raw, y)
    own = row_log_loss(y, expit(raw @ weights + level)).mean()
    for part in range(raw.shape[1]):
        alone, at = fit_weights(raw[:, [part]], y)
        assert own <= row_log_loss(y, expit(raw[:, part] * alone[0] + at)).mean() + 10 / len(y)


@pytest.fixture(scope="module")
def loans() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(5)
    X = pd.DataFrame(rng.normal(size=(600, 3)), columns=list("abc"))
    return X, rng.random(600) < expit(X["a"] * 2 - 1)


def test_an_ensemble_is_the_weighted_sum_of_its_parts(loans: tuple[pd.DataFrame, np.ndarray]) -> None:
    X, y = loans
    parts = [("logistic", {}), ("forest", {"trees": 20}), (GaussianNB(), {})]
    model = DefaultClassifier("ensemble", parts=parts, cv=3, random_state=0).fit(X, y)
    made = model.pipeline_
    total = made.intercept + sum(w * raw_log_odds(part, X) for w, part in zip(made.weights, made.parts, strict=True))
    assert np.allclose(raw_log_odds(made, X), total)
    assert (made.weights >= 0).all()
    again = DefaultClassifier("ensemble", parts=parts, cv=3, random_state=0).fit(X, y)
    assert (again.predict_proba(X) == model.predict_proba(X)).all(), "fits at the same time change nothing"


def test_what_is_refused_says_why(loans: tuple[pd.DataFrame, np.ndarray]) -> None:
    X, y = loans
    with pytest.raises(UsageError, match="an ensemble is not made of learners balanced by smote"):
        DefaultClassifier("ensemble", "smote").fit(X, y)
    with pytest.raises(ModelError, match="prior correction does not hold for SMOTE with boosting"):
        DefaultClassifier("boosting", "smote", calibration="prior").fit(X, y)
    with pytest.raises(UsageError, match="logistic has no setting leaves"):
        DefaultClassifier("logistic", settings={"leaves": 3}).fit(X, y)
    with pytest.raises(UsageError, match="GaussianNB has no class_weight"):
        DefaultClassifier(GaussianNB(), "class_weight").fit(X, y)
