"""The classifier: scikit-learn's grammar, every learner with every balancing, names, storage and reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import skops.io
from sklearn.ensemble import RandomForestClassifier, StackingClassifier
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from guilder.errors import ModelError, UsageError
from guilder.risk import learners, settings
from guilder.risk.balancing import BALANCINGS
from guilder.risk.classifier import TRUSTED_TYPES, DefaultClassifier
from guilder.risk.learners import LEARNERS


@pytest.fixture(autouse=True)
def _few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of models are fitted here: fewer trees make the same calls."""
    few = {"trees": 15, "rounds": 30, "seeds": 1}

    def settings_of(learner: str, rows: int, given: Any) -> dict[str, float]:
        known = settings.settings_of(learner, rows, given)
        return {name: few.get(name, value) for name, value in known.items()}

    monkeypatch.setattr(learners, "settings_of", settings_of)


REORDERS = (
    "columns are matched by name: others are put in order or left out, and arrays without names are refused, "
    "not warned about"
)


@parametrize_with_checks(
    [DefaultClassifier("logistic", cv=2), DefaultClassifier("boosting", cv=2), DefaultClassifier("forest", cv=2)],
    expected_failed_checks={"check_dataframe_column_names_consistency": REORDERS},
)
def test_scikit_learns_own_checks(estimator: Any, check: Any) -> None:
    check(estimator)


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
    X.loc[rng.random(n) < 0.1, "purpose"] = None
    return X, y


@pytest.mark.parametrize("learner", LEARNERS)
@pytest.mark.parametrize("balancing", BALANCINGS)
def test_every_pair_learns_is_additive_and_survives_storage(learner: str, balancing: str, loans: Any) -> None:
    X, y = loans
    model = DefaultClassifier(learner, balancing, cv=2, random_state=0).fit(X, y)
    p = model.predict_proba(X)[:, 1]
    assert p[y].mean() > p[~y].mean() + 0.1
    assert abs(p.mean() - y.mean()) < 0.1
    parts = model.contributions(X)
    total = parts.base + parts.values.sum(axis=1)
    assert np.abs(total - model.decision_function(X)).max() <= 1e-6
    for row in model.reasons(X, top=4, describe=str.upper):
        assert len(row) <= 4
        assert all(reason.contribution > 0 and reason.meaning == reason.fact.upper() for reason in row)
    again = skops.io.loads(skops.io.dumps(model), trusted=list(TRUSTED_TYPES))
    assert (again.predict_proba(X)[:, 1] == p).all()
    assert again.reasons(X[:5]) == model.reasons(X[:5])


def test_columns_go_by_name(loans: Any) -> None:
    X, y = loans
    model = DefaultClassifier("logistic", cv=2).fit(X, y)
    assert (model.predict_proba(X[X.columns[::-1]]) == model.predict_proba(X)).all()
    with pytest.raises(ModelError, match="1 missing: burden"):
        model.predict(X.drop(columns="burden"))
    assert (model.predict_proba(X.assign(extra=1)) == model.predict_proba(X)).all()
    with pytest.raises(ModelError, match="without names"):
        model.predict(X.to_numpy())
    with pytest.raises(ModelError, match="infinity: noise"):
        model.predict(X.assign(noise=np.inf))
    assert np.isfinite(model.predict_proba(X.assign(purpose="never seen"))).all()
    assert model.predict_proba(X[:0]).shape == (0, 2)


def test_too_little_is_refused(loans: Any) -> None:
    X, y = loans
    with pytest.raises(ModelError, match="400 goods and 0 bads"):
        DefaultClassifier("logistic").fit(X, np.zeros(len(X), dtype=bool))
    with pytest.raises(UsageError, match="known: logistic, scorecard, forest, boosting"):
        DefaultClassifier("magic").fit(X, y)


def test_boosting_obeys_the_banks_signs() -> None:
    rng = np.random.default_rng(1)
    X = pd.DataFrame({"burden": rng.normal(size=600), "age": rng.normal(size=600)})
    # A wave: what the data say of the burden goes up and down.
    y = rng.random(600) < 1 / (1 + np.exp(-2 * np.sin(3 * X["burden"]) - X["age"]))
    line = pd.DataFrame({"burden": np.linspace(-2, 2, 200), "age": 0.0})
    free = DefaultClassifier("boosting", cv=2, random_state=0).fit(X, y).decision_function(line)
    bound = DefaultClassifier("boosting", cv=2, monotone={"burden": "increasing"}, random_state=0).fit(X, y)
    falling = DefaultClassifier("boosting", cv=2, monotone={"burden": -1}, random_state=0).fit(X, y)
    assert np.diff(free).min() < -0.01
    assert np.diff(bound.decision_function(line)).min() >= 0
    assert np.diff(falling.decision_function(line)).max() <= 0
    with pytest.raises(UsageError, match='known: "increasing", "decreasing"'):
        DefaultClassifier(monotone={"burden": "up"}).fit(X, y)


def test_isotonic_calibration_keeps_the_order_and_the_level(loans: Any) -> None:
    X, y = loans
    model = DefaultClassifier("logistic", calibration="isotonic", cv=5, random_state=0).fit(X, y)
    p = model.predict_proba(X)[:, 1]
    raw = DefaultClassifier("logistic", calibration="none", random_state=0).fit(X, y).predict_proba(X)[:, 1]
    order = np.argsort(raw, kind="stable")
    assert (np.diff(p[order]) >= 0).all()
    assert abs(p.mean() - y.mean()) < 0.03
    parts = model.contributions(X)
    assert np.abs(parts.base + parts.values.sum(axis=1) - model.decision_function(X)).max() < 1e-6


def test_smote_with_very_few_bads() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 3))
    y = np.arange(40) < 4
    p = DefaultClassifier("logistic", "smote", cv=2, random_state=0).fit(X + 2 * y[:, None], y).predict_proba(X)
    assert np.isfinite(p).all()  # two bads a fold have one neighbour each
    with pytest.raises(ModelError, match="SMOTE needs at least 2 rows of the rarer class"):
        DefaultClassifier("logistic", "smote", cv=2, random_state=0).fit(X, np.arange(40) < 3)


def test_what_does_not_fit_together_is_refused(loans: Any) -> None:
    X, y = loans
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        DefaultClassifier("logistic").fit(X, y[:-10])
    with pytest.raises(UsageError, match="monotone names what is no fact: incom"):
        DefaultClassifier("boosting", monotone={"incom": -1}).fit(X, y)
    with pytest.raises(UsageError, match="Ridge gives no probabilities"):
        DefaultClassifier(Ridge()).fit(X, y)


@pytest.mark.parametrize("learner", [*LEARNERS, "ensemble"])
def test_a_fact_that_no_training_row_knows_moves_no_score(loans: Any, learner: str) -> None:
    X, y = loans
    model = DefaultClassifier(learner, cv=2, random_state=0).fit(X.assign(later=np.nan), y)
    p = model.predict_proba(X.assign(later=np.nan))
    assert model.predict_proba(X.assign(later=np.linspace(-5, 5, len(X)))) == pytest.approx(p, abs=1e-6)


def test_one_seed_decides_the_steps_of_an_own_pipeline_too(loans: Any) -> None:
    X, y = loans
    own = make_pipeline(StandardScaler(), RandomForestClassifier(5))
    first, second = (DefaultClassifier(own, cv=2, random_state=0).fit(X, y).predict_proba(X) for _ in range(2))
    assert np.array_equal(first, second)


def test_a_code_is_the_same_category_as_text_as_a_whole_number_and_beside_a_missing_one(loans: Any) -> None:
    X, y = loans
    X = X.assign(purpose=X["purpose"].map({"car": "1", "home": "2", "other": "3"}))
    p = DefaultClassifier("logistic", cv=2, random_state=0).fit(X, y).predict_proba(X)
    model = DefaultClassifier("logistic", cv=2, random_state=0).fit(X, y)
    assert X["purpose"].isna().any()
    for kind in ("float64", "Int64", "Float64"):
        assert np.array_equal(p, model.predict_proba(X.assign(purpose=pd.to_numeric(X["purpose"]).astype(kind))))


@pytest.mark.parametrize("learner", LEARNERS)
def test_a_number_beyond_single_precision_is_scored_alone_as_it_is_in_a_batch(loans: Any, learner: str) -> None:
    X, y = loans
    huge = X["burden"].mask(np.arange(len(X)) % 50 == 0, 1e300)
    X = X.assign(burden=huge, noise=X["noise"].mask(huge == 1e300, -1.7e308))
    model = DefaultClassifier(learner, cv=2, random_state=0).fit(X, y)
    assert model.predict_proba(X)[50] == pytest.approx(model.predict_proba(X.iloc[[50]])[0], abs=1e-12)


def test_customers_who_are_not_known_are_held_out_one_by_one(loans: Any) -> None:
    X, y = loans
    who = pd.Series(np.arange(len(X)) // 2, dtype="Int64").mask(np.arange(len(X)) % 3 == 0)
    one, other = (
        DefaultClassifier("logistic", cv=2, random_state=0).fit(X, y, groups=groups)
        for groups in (who, who.astype("string"))
    )
    assert len(np.unique(one.held_raw_)) == len(X)
    assert one.calibrator_.slope > 0
    assert other.calibrator_.slope > 0


def test_frames_of_polars_and_arrow_are_scored_as_those_of_pandas(loans: Any) -> None:
    X, y = loans
    p = DefaultClassifier("logistic", cv=2, random_state=0).fit(X, y).predict_proba(X)
    for frame in (pl.from_pandas(X), pl.from_pandas(X).to_arrow()):
        model = DefaultClassifier("logistic", cv=2, random_state=0).fit(frame, y)
        assert np.array_equal(model.predict_proba(frame), p)
        assert model.reasons(frame) == model.reasons(X)


@pytest.mark.parametrize("balancing", ["smote", "oversample"])
def test_own_classifiers_with_folds_inside_take_no_made_up_rows(loans: Any, balancing: str) -> None:
    stacked = make_pipeline(StackingClassifier([("forest", RandomForestClassifier(5))], LogisticRegression(), cv=2))
    for own in (stacked, LogisticRegressionCV(cv=2)):
        with pytest.raises(UsageError, match=f"is not balanced by {balancing}"):
            DefaultClassifier(own, balancing).fit(*loans)
