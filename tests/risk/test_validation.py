"""The battery as a whole: right PDs are green, wrong ones are named, and a small test says too few."""

import json

import numpy as np
import pandas as pd
import pytest

from guilder.evaluation.calibration import log_odds
from guilder.risk.validation import Evidence, validate


def _predict(X):
    return 1 / (1 + np.exp(-(X["income"].to_numpy() + 0.5 * X["debt"].fillna(0).to_numpy() - 2)))


def _evidence(rng, rows=3000, wrong=1.0, months=12, **changed):
    X = pd.DataFrame({
        "income": rng.normal(size=rows), "debt": np.where(rng.random(rows) < 0.1, np.nan, rng.normal(size=rows)),
        "region": pd.Categorical(rng.choice(["n", "s"], rows)),
    })  # fmt: skip
    p = _predict(X)
    when = np.datetime64("2024-01", "M") + np.arange(rows) * months // rows
    made = {
        "y": (rng.random(rows) < p).astype(int), "p": 1 / (1 + np.exp(-wrong * log_odds(p))),
        "challenger_p": np.clip(p * rng.uniform(0.5, 1.5, rows), 0, 1), "X": X,
        "learned": X.sample(frac=1, random_state=0),
        "held_p": p, "facts": list(X.columns), "cut_off": 0.3, "edges": (0.05, 0.2), "when": when.astype("M8[us]"),
    }  # fmt: skip
    return Evidence(**(made | changed))


SLOPE = {"value": 1.0, "low": 0.9, "high": 1.1}


def _lights(found):
    return {row["family"]: row["light"] for row in found["summary"]}


def test_right_pds_are_green_and_plain_json():
    found = validate(_evidence(np.random.default_rng(0)), _predict_blank, SLOPE)
    assert set(_lights(found).values()) == {"green"}
    assert json.loads(json.dumps(found)) == found
    assert found["periods"]["length"] == "month"
    assert len(found["periods"]["rows"]) == 12
    assert sum(row["bads"] for row in found["bands"]) == found["bads"]
    assert found["weak_spots"]["found"] == []
    assert found["discrimination"]["challenger"]["difference"]["low"] > 0


def test_wrong_pds_are_red_and_a_moved_score_is_named():
    rng = np.random.default_rng(1)
    known = _evidence(rng, wrong=0.5)
    found = validate(known, _predict, {"value": 2.0, "low": 1.8, "high": 2.2})
    assert _lights(found)["calibration"] == "red"
    moved = validate(_evidence(rng, held_p=rng.beta(8, 2, 3000)), _predict, SLOPE)
    assert _lights(moved)["stability"] == "red"


def test_noise_costs_ranking_and_the_strongest_fact_costs_most():
    found = validate(_evidence(np.random.default_rng(2)), _predict_blank, SLOPE)["robustness"]
    lost = {row["fact"] or row["change"]: row["auc_change"] for row in found}
    assert lost["income"] < -0.1
    assert lost["income"] < lost["debt"] < 0.001
    assert lost["noise of 10% of the ranks"] < lost["noise of 2% of the ranks"] < 0.01
    assert lost["region"] == 0


def _predict_blank(X):
    return _predict(X.fillna({"income": 0.0}))


@pytest.mark.parametrize("rows", [40, 90])
def test_a_small_test_without_dates_says_too_few(rows):
    rng = np.random.default_rng(3)
    known = _evidence(rng, rows=rows, when=None)
    known.y[np.cumsum(known.y) > 8] = 0
    found = validate(known, _predict, {"value": None, "low": None, "high": None})
    assert set(_lights(found).values()) == {"grey"}
    assert "too few to say" in found["summary"][0]["why"]
    assert found["periods"]["rows"] == []
