"""Reject inference is said to help where the accepted mislead about the declined, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from guilder.risk import reject_inference
from guilder.risk.reject_inference import METHODS, masked_experiment

Frame = pd.DataFrame


def _loans(n: int, log_odds: Callable[[Frame], Any]) -> tuple[Frame, Any]:
    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.normal(size=(n, 4)), columns=list("abcd"))
    X["kind"] = pd.Series(rng.choice(["x", "y", "z"], n), dtype="category")
    return X, (rng.random(n) < expit(log_odds(X))).astype(int)


def test_where_the_accepted_mislead_about_the_declined_it_would_help() -> None:
    found = masked_experiment(*_loans(5000, lambda X: 2 * np.tanh(2 * X["a"] + 1) - 1.5), masks=8)
    assert found["verdict"] == "would help"
    assert found["methods"]["nothing"]["level"]["low"] > 1.2, "the curve flattens where nobody was accepted"
    assert found["methods"]["reweighting"]["gain"]["low"] > 0
    json.dumps(found, allow_nan=False)


@pytest.mark.slow
def test_where_nothing_can_be_learned_it_would_not_help() -> None:
    found = masked_experiment(*_loans(20_000, lambda X: 0 * X["a"] - 0.8), masks=8)
    assert found["verdict"] == "would not help"
    assert tuple(found["methods"]) == METHODS
    assert found["methods"]["nothing"]["gain"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert found["methods"]["nothing"]["auc"]["value"] == pytest.approx(0.5, abs=0.03)


def test_with_few_defaults_it_cannot_be_told() -> None:
    found = masked_experiment(*_loans(300, lambda X: X["a"] - 3), masks=5)
    assert found["verdict"] == "cannot tell"
    assert found["methods"] == {}


def test_the_same_seed_gives_the_same_digits() -> None:
    X, y = _loans(1500, lambda X: 1.2 * X["a"] - 1)
    one = masked_experiment(X, y, masks=5, random_state=3)
    assert one["methods"]
    assert masked_experiment(X, y, masks=5, random_state=3) == one
    assert masked_experiment(X, y, masks=5, random_state=4) != one


def test_customers_are_dealt_whole_and_the_worst_are_hidden() -> None:
    X, y = _loans(3000, lambda X: 1.2 * X["a"] - 1)
    who = np.arange(3000) // 3
    mask = reject_inference._mask(X, y, who, np.random.default_rng(0))
    assert mask is not None
    past, hidden = mask.X.index.to_numpy(), mask.hidden.index.to_numpy()
    assert set(who[past]).isdisjoint(who[hidden])
    assert mask.accepted.mean() == pytest.approx(0.7, abs=0.01)
    assert mask.X["a"][~mask.accepted].mean() > mask.X["a"][mask.accepted].mean() + 1
    assert mask.hidden["a"].mean() > 0.5
    assert np.array_equal(mask.outcome, y[hidden])
