"""The contest: the same digits for the same seed, plain JSON, honest words about noise."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from guilder.errors import ModelError
from guilder.evaluation.splits import split
from guilder.risk.bands import band
from guilder.risk.compare import compare, drop_empty
from guilder.risk.measures import NAMES
from guilder.risk.policy import Policy, decide


def _loans(signal: float, n: int = 900) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(3)
    X = pd.DataFrame({"a": rng.normal(size=n), "b": rng.normal(size=n), "same": 1.0, "empty": np.nan})
    return X, (rng.random(n) < 1 / (1 + np.exp(1 - signal * X["a"]))).to_numpy()


def test_the_whole_contest() -> None:
    X, y = _loans(2.0)
    told: list[str] = []
    parts = split(y, customers=np.arange(len(y)) // 2)
    run = [
        compare(X, y, parts, learners=["logistic", "forest"], balancings=["none", "smote"], progress=told.append)
        for _ in range(2)
    ]
    assert json.dumps(run[0].metrics, allow_nan=False) == json.dumps(run[1].metrics, allow_nan=False)
    assert json.dumps(run[0].figures, allow_nan=False) == json.dumps(run[1].figures, allow_nan=False)
    metrics = run[0].metrics
    assert len(metrics["candidates"]) == 4
    assert set(metrics["test"]) == set(NAMES)
    assert set(metrics["dropped_facts"]) == {"same", "empty"}
    assert metrics["verdict"] == "better than the base rate"
    assert sum(row["loans"] for row in metrics["bands"]) == len(parts.test)
    assert run[0].figures["importance"][0]["fact"] == "a"
    assert any("forest" in line for line in told)


def test_noise_is_called_noise_and_the_banks_cut_off_is_kept() -> None:
    X, y = _loans(0.0)
    found = compare(X, y, split(y), learners=["logistic"], balancings=["none"], policy=Policy(cut_off=0.2))
    assert found.metrics["verdict"] == "no better than the base rate"
    assert found.metrics["cut_off"] == {"p": 0.2, "rule": "set in bank.toml"}


def _with_bads(bads: int, n: int = 200) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(1)
    y = np.arange(n) < bads
    return pd.DataFrame({"a": rng.normal(size=n) + y, "b": rng.normal(size=n)}), y


@pytest.mark.parametrize("bads", [0, 3, 14])
def test_too_few_bads_stop(bads: int) -> None:
    X, y = _with_bads(bads)
    with pytest.raises(ModelError, match=f"need ≥ 15 bads and 15 goods; you have {bads} bads in 200 loans"):
        compare(X, y, split(y))
    with pytest.raises(ModelError, match="need ≥ 15 bads"):
        compare(X, ~y, split(~y))


def test_the_fewest_bads_train_with_every_balancing_and_a_warning() -> None:
    X, y = _with_bads(15)
    found = compare(X, y, split(y), learners=["logistic"])
    assert found.metrics["test"]["auc"]["low"] < found.metrics["test"]["auc"]["high"]
    assert "only 5 bads" in found.metrics["split"]["banner"]


def test_facts_that_say_nothing_or_name_every_row_are_left_out() -> None:
    n = 60
    X = pd.DataFrame({
        "number": np.arange(n, dtype=float), "name": [f"N{i}" for i in range(n)],
        "pair": [f"P{i // 2}" for i in range(n)], "town": [f"T{i // 4}" for i in range(n)],
        "same": "x", "empty": np.nan, "known_or_not": [1.0, np.nan] * (n // 2),
    })  # fmt: skip
    kept, dropped = drop_empty(X, np.arange(50))
    assert kept.columns.tolist() == ["number", "pair", "town", "known_or_not"]
    assert dropped == {
        "name": "a name for nearly every row, like an identifier", "same": "always the same in training",
        "empty": "never known in training",
    }  # fmt: skip
    with pytest.raises(ModelError, match="none of the 2 facts says anything"):
        drop_empty(X[["same", "empty"]], np.arange(50))


def test_bands_and_decisions() -> None:
    assert band([0.001, 0.005, 0.5]).tolist() == ["A", "B", "G"]
    assert decide([0.05, 0.09, 0.1], 0.1).tolist() == ["approve", "refer", "decline"]
