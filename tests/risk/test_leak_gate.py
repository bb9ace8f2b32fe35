"""The leakage gate: every planted leak is named and stops, honest facts pass, and a bank may accept in writing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from guilder.errors import ModelError
from guilder.evaluation.splits import split
from guilder.risk.leak_gate import beyond_the_scorecard, findings, refuse

N = 1200


def _honest() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(5)
    X = pd.DataFrame({f"f{i}": rng.normal(size=N) for i in range(6)})
    X["often_missing"] = np.where(rng.random(N) < 0.4, np.nan, rng.gamma(2.0, size=N))
    X["town"] = pd.Categorical(rng.integers(0, 12, N).astype(str))
    y = (rng.random(N) < 1 / (1 + np.exp(1.2 - X["f0"] - 0.5 * X["f1"]))).to_numpy(dtype=np.intp)
    return X, y


def _planted(kind: str, y: np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(6)
    groups = rng.integers(0, 80, N)
    by = pd.Series(y).groupby(groups)
    return {
        "value": y + rng.normal(0, 0.2, N),
        "missing": np.where(y ^ (rng.random(N) < 0.03), np.nan, rng.normal(size=N)),
        "row number": np.argsort(np.argsort(y + rng.normal(size=N))).astype(float),
        "only bads": np.where((y == 1) & (rng.random(N) < 0.4), rng.gamma(2.0, 500, N), 0.0),
        "hardly a good": np.where(rng.random(N) < np.where(y == 1, 0.5, 0.008), "legal", "usual").astype(object),
        "code": ((rng.integers(0, 25, N) * 2 + y) * 7919 % 10_007).astype(float),
        "encoded": pd.Series(y).groupby(groups).transform("mean").to_numpy(),
        "digits": rng.integers(1000, 50_000, N) + np.where(y == 1, 0.99, rng.integers(0, 99, N) / 100),
        "smoothed": (by.transform("sum") + 10 * y.mean()) / (by.transform("count") + 10),
    }[kind]


def test_honest_facts_pass() -> None:
    X, y = _honest()
    assert findings(X, y, split(y), {}) == []


@pytest.mark.parametrize("kind", ["value", "missing", "row number", "only bads", "hardly a good", "code", "encoded"])
def test_planted_leaks_stop_by_name(kind: str) -> None:
    X, y = _honest()
    X["planted"] = pd.Series(_planted(kind, y)).astype("category" if kind == "hardly a good" else "float64")
    found = findings(X, y, split(y), {})
    assert kind in {one.id for one in found if one.severity == "stop"}
    assert {one.fact for one in found} == {"planted"}
    with pytest.raises(ModelError, match=r"1 facts know the outcome: planted: .*"):
        refuse(found)
    accepted = findings(X, y, split(y), {"planted": "known on the day, by contract"})
    refuse(accepted)
    assert all("known on the day" in one.message for one in accepted if one.severity == "accepted")


def test_weak_leaks_are_named() -> None:
    X, y = _honest()
    rng = np.random.default_rng(9)
    X["wrong_for_a_sixth"] = np.where(rng.random(N) < 1 / 6, 1 - y, y).astype(float)
    X["moved"] = 1.5 * y + rng.normal(size=N)
    found = findings(X, y, split(y), {})
    assert {(one.fact, one.severity) for one in found if one.id == "information"} == {
        ("wrong_for_a_sixth", "warn"), ("moved", "warn"),
    }  # fmt: skip
    assert {one.severity for one in found} == {"warn"}


def test_copies_of_rows_on_both_sides_stop() -> None:
    X, y = _honest()
    copies = np.random.default_rng(7).permutation(N)[: N // 5]
    X, y = pd.concat([X, X.iloc[copies]], ignore_index=True), np.r_[y, y[copies]]
    found = findings(X, y, split(y), {})
    assert [(one.id, one.severity) for one in found] == [("twins", "stop")]


def test_names_and_levels_only_warn() -> None:
    X, y = _honest()
    rng = np.random.default_rng(8)
    X["collectionsBalance"] = rng.normal(size=N)
    X["branch"] = pd.Categorical(rng.integers(0, 501, N).astype(str))
    found = findings(X, y, split(y), {})
    assert {(one.id, one.fact, one.severity) for one in found} == {
        ("name", "collectionsBalance", "warn"), ("nearly a name", "branch", "warn"),
    }  # fmt: skip
    refuse(found)


def test_boosting_far_beyond_the_scorecard_is_asked_about() -> None:
    assert beyond_the_scorecard({"boosting": 0.84, "scorecard": 0.80})[0].evidence["gap"] == pytest.approx(0.04)
    assert beyond_the_scorecard({"boosting": 0.82, "scorecard": 0.80}) == []
    assert beyond_the_scorecard({"boosting": 0.9}) == []


@pytest.mark.parametrize(("kind", "expected"), [("digits", "digits"), ("smoothed", "encoded")])
def test_leaks_in_digits_and_in_smoothed_rates_stop(kind: str, expected: str) -> None:
    X, y = _honest()
    X["planted"] = np.asarray(_planted(kind, y))
    stops = {(one.fact, one.id) for one in findings(X, y, split(y), {}) if one.severity == "stop"}
    assert stops == {("planted", expected)}


@pytest.mark.parametrize("dealers", [40, 150])
def test_a_name_that_encodes_the_outcome_stops(dealers: int) -> None:
    X, y = _honest()
    X["dealer"] = pd.Categorical([f"d{one}" for one in (np.arange(N) % dealers * 2 + y) * 7919 % 100_003])
    assert [(o.id, o.fact, o.severity) for o in findings(X, y, split(y), {})] == [("code", "dealer", "stop")]


@pytest.mark.parametrize("name", ["days_past_due_after", "last_payment", "total_pymnt", "DPD30", "bailiff_costs"])
def test_names_of_after_the_decision_are_asked_about(name: str) -> None:
    X, y = _honest()
    found = findings(X.rename(columns={"f5": name}), y, split(y), {})
    assert [(one.id, one.fact, one.severity) for one in found] == [("name", name, "warn")]


@pytest.mark.parametrize("kind", ["xor", "difference"])
def test_two_facts_that_tell_the_outcome_together_are_named(kind: str) -> None:
    X, y = _honest()
    sign = np.where(y == 1, 1, -1) * np.sign(X["f5"])
    X["second"] = sign * X["f4"].abs() if kind == "xor" else X["f5"] + 0.01 * y
    found = [one for one in findings(X, y, split(y), {}) if one.id == "pair"]
    assert [(one.fact, "second" in one.message, one.severity) for one in found] == [("f5", True, "warn")]
