"""Counterfactuals: every one passes when scored again, is the nearest tried, and moves what belongs together."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from guilder.features.loans import burdens
from guilder.risk.classifier import DefaultClassifier
from guilder.risk.counterfactual import Counterfactual, counterfactuals
from guilder.risk.levers import FOLLOWS, Lever, levers


@pytest.fixture(scope="module")
def loans() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(0)
    n = 1500
    X = pd.DataFrame({
        "amount": np.exp(rng.normal(9, 0.6, n)).round(), "term_months": rng.choice([12.0, 24.0, 36.0, 48.0], n),
        "annual_rate": 0.12, "annual_income": np.exp(rng.normal(10, 0.4, n)),
        "monthly_inflow_365d": np.exp(rng.normal(7.6, 0.4, n)), "calls": rng.poisson(3, n).astype(float),
        "purpose": rng.choice(["car", "home"], n),
    })  # fmt: skip
    rate = X["annual_rate"] / 12
    X["instalment"] = X["amount"] * rate / (1 - (1 + rate) ** -X["term_months"])
    X = nw.from_native(X).with_columns(*burdens(X.columns.tolist())).to_native()
    score = -2.5 + 2.5 * X["burden_inflow"] + 0.3 * X["calls"] - 0.2 * np.log(X["annual_income"])
    y = (rng.random(n) < 1 / (1 + np.exp(-score))).to_numpy()
    X.loc[:20, "annual_income"] = np.nan
    X.loc[:20, ["burden_income", "amount_to_income"]] = np.nan
    return X, y


@pytest.fixture(scope="module")
def model(loans: Any) -> DefaultClassifier:
    return DefaultClassifier(
        "boosting", cv=2, settings={"rounds": 60, "seeds": 1}, monotone={"burden_inflow": 1, "calls": 1}, random_state=0
    ).fit(*loans)


def declined(model: DefaultClassifier, X: pd.DataFrame, line: float) -> pd.DataFrame:
    return X[model.predict_proba(X)[:, 1] >= line]


def changed(loan: pd.Series, found: Counterfactual) -> pd.DataFrame:
    """The loan with all changes made, every follower worked out again by the features room."""
    made = pd.DataFrame([loan]).astype({name: float for name in loan.index if name != "purpose"})
    for change in found.changes:
        made[change.fact] = change.new
    own = {change.fact for change in found.changes if not change.follows}
    if own & {"amount", "term_months"}:
        rate = made["annual_rate"] / 12
        made["instalment"] = made["amount"] * rate / (1 - (1 + rate) ** -made["term_months"])
    return nw.from_native(made).with_columns(*burdens(made.columns.tolist())).to_native()


def test_each_passes_when_scored_again_and_is_consistent(loans: Any, model: DefaultClassifier) -> None:
    X, _ = loans
    line = 0.35
    asked = declined(model, X, line)
    found = counterfactuals(model, asked, line)
    assert len(found) == len(asked)
    made = [(row, one) for row, one in enumerate(found) if one is not None]
    assert len(made) > 0.5 * len(asked)
    for row, one in made:
        loan = asked.iloc[row]
        own = {change.fact for change in one.changes if not change.follows}
        assert own <= {"amount", "term_months"}
        assert 1 <= len(own) <= 2
        assert one.p_default < line
        again = changed(loan, one)
        assert model.predict_proba(again)[0, 1] == pytest.approx(one.p_default, abs=1e-9)
        for change in one.changes:
            assert change.now == loan[change.fact]
            assert change.new == pytest.approx(float(again[change.fact].iloc[0]), rel=1e-9)
        for fact in own:
            assert X[fact].min() <= float(again[fact].iloc[0]) <= X[fact].max()


def test_no_smaller_amount_step_would_do(loans: Any, model: DefaultClassifier) -> None:
    X, _ = loans
    asked = declined(model, X, 0.35)[:60]
    found = counterfactuals(model, asked, 0.35, {"term_months": "never"})
    lever = Lever("amount", "decrease")
    for row, one in enumerate(found):
        now = asked["amount"].to_numpy()[row : row + 1]
        tried = lever.tries(now)[:, 0]
        p = [model.predict_proba(lever.moved(asked.iloc[[row]], np.array([new])))[0, 1] for new in tried]
        passing = [new for new, one_p in zip(tried, p, strict=True) if one_p < 0.35 and new >= X["amount"].min()]
        assert (one.changes[0].new if one else None) == (passing[0] if passing else None)


def test_declared_facts_move_only_as_declared_and_signed(loans: Any, model: DefaultClassifier) -> None:
    X, _ = loans
    fixed = {"amount": "never", "term_months": "never"}
    asked = declined(model, X, 0.35)
    assert counterfactuals(model, asked, 0.35, fixed) == [None] * len(asked)
    found = counterfactuals(model, asked, 0.35, {**fixed, "calls": "either"})
    made = [one for one in found if one]
    assert made
    assert all(change.fact == "calls" and change.new < change.now for one in made for change in one.changes)
    names, known = model.fact_names, model.background_
    assert levers(names, known, {"calls": 1}, {**fixed, "calls": "increase"}) == []
    assert levers(names, known, {}, {**fixed, "purpose": "either", "gone": "either"}) == []
    rows = asked["annual_income"].notna()
    rich = counterfactuals(model, asked[rows], 0.35, {**fixed, "annual_income": "increase"})
    for one in filter(None, rich):
        assert {change.fact for change in one.changes} <= {"annual_income", "burden_income", "amount_to_income"}


def test_followers_are_those_of_the_features() -> None:
    """Each pair of facts that are said to move together does, by the features room's own formulas."""
    base = pd.DataFrame({
        "amount": [1000.0], "instalment": [50.0], "annual_income": [20000.0], "monthly_inflow_365d": [1500.0],
    })  # fmt: skip

    def made(frame: pd.DataFrame) -> pd.DataFrame:
        return nw.from_native(frame).with_columns(*burdens(frame.columns.tolist())).to_native()

    for fact, followers in FOLLOWS.items():
        moved = base.assign(**{fact: base[fact] * 2})
        if fact == "amount":
            moved["instalment"] *= 2
        ratio = made(moved) / made(base)
        assert {name: 2.0**power for name, power in followers.items()} == {
            name: ratio[name].iloc[0] for name in ratio if name != fact and ratio[name].iloc[0] != 1
        }


def test_amounts_are_round_and_values_lie_in_the_range() -> None:
    tried = Lever("amount", "decrease", least=5000).tries(np.array([12345.0, np.nan]))
    assert tried[0, 0] == 12000.0  # 98 % is 12,098, to three digits 12,000
    assert np.nanmin(tried) >= 5000
    assert np.isnan(tried[:, 1]).all()
    lengths = Lever("term_months", "either", (12.0, 24.0, 36.0)).tries(np.array([24.0, 12.0]))
    assert lengths[:2].T.tolist() == [[12.0, 36.0], [24.0, 36.0]]
    assert np.isnan(Lever("calls", "increase", (1.0, 2.0)).tries(np.array([2.0]))).all()


def test_an_income_of_nothing_leaves_its_burdens_not_known(loans: Any) -> None:
    X, y = loans
    X = X[["annual_income", "burden_income"]].copy()
    X.loc[100:150] = 0.0, np.nan
    model = DefaultClassifier("logistic", cv=2, random_state=0).fit(X, y)
    some = X.iloc[[*range(5), *range(100, 105), *range(200, 205)]]
    found = counterfactuals(model, some, 0.0001, {"annual_income": "either"})
    assert len(found) == len(some)
    moved = Lever("annual_income", "either", (0.0, 1.0)).moved(some, np.zeros(len(some)))
    assert moved["burden_income"].isna().all()
