"""The contest: the same digits for the same seed, plain JSON, honest words about noise."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from guilder.errors import ModelError
from guilder.evaluation.splits import split
from guilder.risk.compare import compare
from guilder.risk.measures import NAMES
from guilder.risk.policy import Policy, band, decide


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


def test_too_few_bads_stop() -> None:
    X, y = _loans(1.0, 60)
    with pytest.raises(ModelError, match="need ≥ 10 bads"):
        compare(X, y & (np.arange(60) < 30), split(y))


def test_bands_and_decisions() -> None:
    assert band([0.001, 0.005, 0.5]).tolist() == ["A", "B", "G"]
    assert decide([0.05, 0.09, 0.1], 0.1).tolist() == ["approve", "refer", "decline"]
