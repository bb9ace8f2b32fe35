"""What customers are grouped by: presets, lists, and declared attributes of a bank without bookings."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import guilder
from guilder.errors import ModelError, UsageError
from guilder.segments import segment
from guilder.segments.presets import preset_facts
from guilder.workflow.segments import grouped_by

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "credit_cards" / "bank.toml"


def test_the_classic_three_are_total_average_and_frequency(four: tuple[pd.DataFrame, np.ndarray]) -> None:
    frame = four[0].assign(money_in_365d=lambda f: f["ticket_mean_365d"] * 3, money_out_365d=5.0)
    assert preset_facts("classic", frame) == ["money_turnover_365d", "ticket_mean_365d", "transactions_count_365d"]
    with pytest.raises(ModelError, match="money_turnover_365d is not there"):
        preset_facts("classic", four[0])


def test_declared_facts_are_the_numbers_among_the_attributes() -> None:
    frame = pd.DataFrame({"customer_id": ["a"], "income": [1.0], "job": ["cook"], "score": [3.0]})
    assert preset_facts("declared", frame, ["score", "job", "income"]) == ["score", "income"]
    with pytest.raises(ModelError, match="Declared: job"):
        preset_facts("declared", frame, ["job"])


def test_a_list_of_facts_is_taken_as_it_is_and_a_wrong_name_is_told(four: tuple[pd.DataFrame, np.ndarray]) -> None:
    frame = four[0]
    made = segment(frame, facts=["recency_days", "balance_mean_365d"], k=2, k_max=2)
    assert made.metrics["facts"] == ["recency_days", "balance_mean_365d"]
    with pytest.raises(ModelError, match="recency_day, customer_id cannot group"):
        preset_facts(["recency_day", "recency_days", "customer_id"], frame)


def test_a_bank_of_attributes_alone_is_segmented(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    kind = random.choice(3, 600)
    people = pd.DataFrame(
        {
            "customer_id": [str(row) for row in range(600)],
            "spent": np.exp(4 + 2 * kind + 0.3 * random.normal(size=600)),
            "visits": np.round(np.exp(1 + kind + 0.2 * random.normal(size=600))),
            "town": random.choice(["A", "B"], 600),
        }
    )
    people.loc[:20, "spent"] = np.nan
    with guilder.Bank.from_frames(customers=people, attributes={"customers": ["spent", "visits", "town"]}) as bank:
        run = guilder.train(bank, out=tmp_path / "runs")
        assert run.models == ("segments",)
        assert set(run.metrics["segments"]["facts"]) <= {"spent", "visits"}
        assert sum(run.metrics["segments"]["sizes"].values()) == 600
        with pytest.raises(UsageError, match="no choice of facts"):
            grouped_by(bank, "colour")


def test_the_credit_cards_of_the_example(real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (real_data / "cc-general").is_dir():
        pytest.skip("the credit card customers are not among the real data sets")
    monkeypatch.setenv("GUILDER_DATA", str(real_data))
    shutil.copy(EXAMPLE, tmp_path)
    run = guilder.train(tmp_path)
    metrics = run.metrics["segments"]
    assert run.metrics["data"]["tables"][0]["accepted"] == 8950
    assert len(metrics["facts"]) + len(metrics["dropped_facts"]) == 17
    assert metrics["stability_mean"] > 0.8
    assert min(metrics["sizes"].values()) >= 0.03 * 8950
