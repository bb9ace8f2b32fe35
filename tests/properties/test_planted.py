"""What was planted is found, and in pure noise nothing is: the whole product on banks of 20,000 customers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score, roc_auc_score

import guilder
from guilder.source.bank import Bank
from guilder.store.runs import Run

pytestmark = pytest.mark.slow
CUSTOMERS = 20_000
SEEDS = (1, 2, 3)


def trained(folder: Path, seed: int, signal: float) -> tuple[Bank, Run]:
    bank = guilder.connect(guilder.generate(folder, customers=CUSTOMERS, seed=seed, signal=signal))
    return bank, guilder.train(bank, seed=seed)


def true_auc(bank: Bank, run: Run, folder: Path) -> float:
    """The AUC of the true odds on the test loans: no model can be expected to do better."""
    odds = pd.read_parquet(folder / "truth" / "odds.parquet").set_index("loan_id")["p_default"]
    loans = bank.frame("loans").dropna(subset=["defaulted"])
    applied, fell = pd.to_datetime(loans["applied_on"]), pd.to_datetime(loans["defaulted_on"])
    end = applied + pd.DateOffset(months=12)
    test = (applied >= pd.Timestamp(run.metrics["risk"]["split"]["test_from"])) & (end <= pd.Timestamp(bank.as_of))
    assert test.sum() == run.metrics["risk"]["split"]["test"]
    return float(roc_auc_score((fell < end)[test], odds.loc[loans["loan_id"][test]]))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_planted_is_found(seed: int, tmp_path: Path) -> None:
    bank, run = trained(tmp_path, seed, signal=1.0)
    with bank:
        best = true_auc(bank, run, tmp_path)
    test = {name: figure["value"] for name, figure in run.metrics["risk"]["test"].items()}
    assert abs(test["auc"] - best) <= 0.02
    assert 0.9 <= test["calibration_slope"] <= 1.1
    assert abs(test["mean_p"] / test["observed_rate"] - 1) <= 0.05
    types = pd.read_parquet(tmp_path / "truth" / "types.parquet").set_index("customer_id")["type"]
    placed = run.table("customers").set_index("customer_id")["segment"]
    assert adjusted_rand_score(types.loc[placed.index], placed) >= 0.8
    assert run.metrics["segments"]["verdict"] == "natural"
    assert run.metrics["offers"]["difference"]["cosine_minus_popular"]["map_at_7"]["low"] > 0
    assert run.metrics["offers"]["verdict"] == "beats popularity"


@pytest.mark.parametrize("seed", SEEDS)
def test_in_pure_noise_nothing_is_found(seed: int, tmp_path: Path) -> None:
    bank, run = trained(tmp_path, seed, signal=0.0)
    bank.close()
    auc = run.metrics["risk"]["test"]["auc"]
    assert auc["low"] <= 0.5 <= auc["high"]
    assert run.metrics["risk"]["verdict"] == "no better than the base rate"
    assert run.metrics["segments"]["verdict"] != "natural"
    assert run.metrics["offers"]["verdict"] == "no signal"
