"""Points are an exact line of the calibrated log-odds, and the engine's statement gives what Python gives."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.contract.points import PointScale, Scorecard
from guilder.errors import UsageError
from guilder.risk.classifier import DefaultClassifier
from guilder.risk.scorecard import evidence, points_of, total
from guilder.source.scorecard_sql import scorecard_sql
from guilder.store.runs import to_json

NASTY = 'a "fact"; DROP TABLE x --'
TOWN = "it's"
N = 3000


def loans(seed: int = 0, n: int = N) -> tuple[pd.DataFrame, np.ndarray]:
    """Numbers with gaps and a code of their own, a flag, nasty names, and towns of which some are rare."""
    rng = np.random.default_rng(seed)
    towns = np.array(["O'Brien", 'says "no"', "Łódź; --", "", "B", "nan", "rare 1", "rare 2"])
    share = [0.3, 0.2, 0.2, 0.1, 0.1, 0.097, 0.0015, 0.0015]
    X = pd.DataFrame(
        {
            NASTY: np.where(rng.random(n) < 0.15, np.nan, rng.normal(size=n)),
            "debt": np.where(rng.random(n) < 0.25, -1.0, rng.gamma(2.0, 1000.0, n)),
            "flag": rng.random(n) < 0.4,
            TOWN: pd.Series(rng.choice(towns, n, p=share)).astype("category"),
            "empty": np.full(n, np.nan),
        }
    )
    X.loc[rng.random(n) < 0.05, TOWN] = None
    z = X[NASTY].fillna(1.0) + (X["debt"] < 0) + X["flag"] + 0.8 * X[TOWN].isin(["B", "Łódź; --"]).astype(float) - 2
    return X, (rng.random(n) < 1 / (1 + np.exp(-z))).to_numpy(dtype=np.intp)


@pytest.fixture(scope="module")
def fitted() -> DefaultClassifier:
    return DefaultClassifier("scorecard", cv=3, random_state=0).fit(*loans())


def new_loans() -> pd.DataFrame:
    """Loans of other days: towns never seen, every cut and code met exactly, all missing."""
    X, _ = loans(1)
    X[TOWN] = X[TOWN].astype("object")
    X.loc[:20, TOWN] = "never seen' OR 1=1"
    X.loc[21:25, [NASTY, "debt"]] = np.nan
    X.loc[26:30, "debt"] = -1.0
    X.loc[31:40, "debt"] = 1e12
    return X


def in_the_engine(card: Scorecard, X: pd.DataFrame) -> pd.DataFrame:
    con = duckdb.connect()
    con.register("frame", X.assign(loan_id=[f"L{row:05d}" for row in range(len(X))]))
    con.execute('CREATE SCHEMA "my bank"; CREATE TABLE "my bank"."facts" AS SELECT * FROM frame')
    return con.execute(scorecard_sql(card, "my bank.facts")).df().sort_values("loan_id", ignore_index=True)


def test_points_are_a_line_of_the_log_odds(fitted: DefaultClassifier) -> None:
    X, scale = new_loans(), PointScale(40, 500, 20)
    card = points_of(fitted, scale)
    points = total(fitted, card, X)
    np.testing.assert_allclose(points, scale.of(fitted.decision_function(X)), rtol=0, atol=1e-9)
    assert points.min() >= card.base - 1e-9
    assert points.max() <= card.highest + 1e-9
    for fact in card.facts:
        assert min(one.points for one in fact.bins) == 0
        assert fact.neutral >= 0


@given(st.floats(1, 200), st.floats(0, 1000), st.floats(0.1, 1000), st.floats(-13, 13))
def test_so_many_points_double_the_odds(to_double: float, points: float, odds: float, log_odds: float) -> None:
    scale = PointScale(to_double, points, odds)
    assert scale.of(-np.log(odds)) == pytest.approx(points)
    assert scale.of(log_odds - np.log(2)) - scale.of(log_odds) == pytest.approx(to_double, abs=1e-6)
    assert scale.log_odds(scale.of(log_odds)) == pytest.approx(log_odds, abs=1e-6)


def test_the_statement_gives_what_python_gives(fitted: DefaultClassifier) -> None:
    X = new_loans()
    card = points_of(fitted)
    cuts = [one.high for fact in card.facts if fact.fact == NASTY for one in fact.bins if one.high is not None]
    assert cuts
    X.loc[100 : 99 + len(cuts), NASTY] = cuts
    X.loc[200 : 199 + len(cuts), NASTY] = np.nextafter(cuts, -np.inf)
    found = in_the_engine(card, X)
    np.testing.assert_allclose(found["p_default"], fitted.predict_proba(X)[:, 1], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found["points"], total(fitted, card, X), rtol=1e-12)
    assert {fact.fact for fact in card.facts} >= {NASTY, TOWN, "debt", "flag"}
    assert any(one.values == (-1.0,) for fact in card.facts for one in fact.bins)


def test_the_edges_of_the_pd_are_those_of_python() -> None:
    X, _ = loans(2)
    y = (X["debt"] < 0).to_numpy(dtype=np.intp)
    sure = DefaultClassifier("scorecard", cv=3, settings={"C": 1e6}, random_state=0).fit(X, y)
    found = in_the_engine(points_of(sure), X)["p_default"]
    np.testing.assert_allclose(found, sure.predict_proba(X)[:, 1], rtol=0, atol=1e-12)


def test_the_evidence_survives_metrics_json_to_the_bit(fitted: DefaultClassifier) -> None:
    X, y = loans()
    found = evidence(fitted, X, y, period=np.arange(N) // 1000)
    kept = json.loads(to_json(found))
    assert Scorecard.from_dict(kept).facts != ()
    X = new_loans()
    np.testing.assert_array_equal(
        in_the_engine(Scorecard.from_dict(kept), X)["points"], in_the_engine(Scorecard.from_dict(found), X)["points"]
    )
    np.testing.assert_allclose(
        in_the_engine(Scorecard.from_dict(kept), X)["p_default"], fitted.predict_proba(X)[:, 1], atol=1e-12
    )


def test_counts_labels_and_orders(fitted: DefaultClassifier) -> None:
    X, y = loans()
    found = evidence(fitted, X, y, period=np.arange(N) // 1000)
    by_name = {row["fact"]: row for row in found["iv"]}
    assert set(by_name) == set(X.columns)
    assert [row["iv"] for row in found["iv"]] == sorted((row["iv"] for row in found["iv"]), reverse=True)
    assert not by_name["empty"]["used"]
    assert by_name["debt"]["periods"] == 3
    for fact in found["points"]:
        bins = fact["bins"]
        assert sum(one["rows"] for one in bins) == N
        assert sum(one["bads"] for one in bins) == y.sum()
        assert sum(one["iv"] for one in bins) == pytest.approx(by_name[fact["fact"]]["iv"])
        assert len({one["label"] for one in bins}) == len(bins)
        for one in bins:
            if one["rows"]:
                assert one["rate"]["low"] <= one["rate"]["value"] == one["bads"] / one["rows"] <= one["rate"]["high"]
        safest = max(bins, key=lambda one: one["points"])
        assert safest["woe"] == min(one["woe"] for one in bins)
    labels = {one["label"] for fact in found["points"] if fact["fact"] == "debt" for one in fact["bins"]}
    assert {"exactly -1", "missing"} <= labels


def test_whole_points_cost_little_and_coarse_points_more(fitted: DefaultClassifier) -> None:
    X, y = loans()
    fine, coarse = (evidence(fitted, X, y, scale=PointScale(double, 600, 50))["rounding"] for double in (20, 1))
    assert 0 < fine["pd_mean"] <= fine["pd_most"] < 0.03
    assert fine["pd_mean"] < coarse["pd_mean"]
    assert fine["auc"] == pytest.approx(coarse["auc"])
    assert abs(fine["auc"] - fine["auc_whole"]) < 0.002
    assert coarse["points"] <= (len(points_of(fitted).facts) + 1) / 2


@pytest.mark.parametrize("made", [{"learner": "logistic"}, {"learner": "scorecard", "calibration": "isotonic"}])
def test_what_has_no_points_says_so(made: dict[str, Any]) -> None:
    X, y = loans()
    model = DefaultClassifier(**made, cv=2, random_state=0).fit(X[["debt", NASTY]], y)
    with pytest.raises(UsageError, match="points"):
        points_of(model)
