"""Training publishes one run, made of its causes and nothing else."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import guilder
from guilder.errors import UsageError
from guilder.source.bank import Bank
from guilder.store.runs import JOURNAL, Run

pytestmark = pytest.mark.xdist_group("one trained bank")

TEST_MEASURES = {
    "auc", "gini", "ks", "pr_auc", "brier", "log_loss", "calibration_error", "calibration_slope", "mean_p",
    "observed_rate", "accuracy", "precision", "recall", "f1",
}  # fmt: skip


def test_metrics_have_the_documented_keys(run: Run) -> None:
    metrics = run.metrics
    assert set(metrics["risk"]["test"]) >= TEST_MEASURES
    for measure in TEST_MEASURES:
        figure = metrics["risk"]["test"][measure]
        assert figure["low"] <= figure["value"] <= figure["high"], measure
    assert {"k", "verdict", "silhouette", "davies_bouldin", "stability_mean", "stability_p05", "sizes", "names"} <= set(
        metrics["segments"]
    )
    for method in ("random", "popular", "decayed_popular", "cosine"):
        assert {"map_at_7", "ndcg_at_5", "ndcg_at_10", "recall_at_5", "precision_at_5", "hit_at_1", "coverage"} <= set(
            metrics["offers"]["methods"][method]
        )
    assert metrics["offers"]["champion"] in metrics["offers"]["methods"]
    assert metrics["risk"]["split"]["kind"] == "out_of_time"
    assert len(metrics["risk"]["candidates"]) == 2


def test_every_documented_key_is_there(run: Run) -> None:
    documented = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text()
    for room in ("risk", "segments", "offers"):
        for key in run.metrics[room]:
            assert key in documented, f"{room}.{key} is not in docs/metrics.md"


def test_each_room_informs_the_others(run: Run) -> None:
    by_segment = run.metrics["customers"]["risk_by_segment"]
    assert sum(row["loans"] for row in by_segment) == run.metrics["risk"]["split"]["test"]
    assert run.metrics["offers"]["suppressed"]["credit_risk"] > 0
    assert all(card["segment_name"] for card in run.figures["customers"])


def test_the_same_causes_are_the_same_run(bank: Bank, run: Run) -> None:
    said: list[str] = []
    again = guilder.train(bank, progress=said.append)
    assert again == run
    assert said == ["these inputs, versions and parameters have a run already"]


def test_made_again_elsewhere_it_has_the_same_bytes(bank_folder: Path, run: Run, tmp_path: Path) -> None:
    again = guilder.train(bank_folder, out=tmp_path / "elsewhere")
    assert again.id == run.id
    names = sorted(path.relative_to(run.path) for path in run.path.rglob("*") if path.is_file())
    assert len(names) > 8
    differ = [str(name) for name in names if (run.path / name).read_bytes() != (again.path / name).read_bytes()]
    assert differ == [JOURNAL]


def test_one_room_alone(bank: Bank, tmp_path: Path) -> None:
    alone = guilder.train(bank, "segments", out=tmp_path)
    assert alone.models == ("segments",)
    assert "risk" not in alone.metrics
    assert "The run has no" in alone.report.read_text() or "risk" in alone.report.read_text().lower()


def test_a_room_that_is_not_there_is_named(bank: Bank) -> None:
    with pytest.raises(UsageError, match="rooms: risk, segments, offers"):
        guilder.train(bank, "fraud")
    loans = pd.DataFrame({"loan_id": ["1"], "defaulted": [True]})
    with guilder.Bank.from_frames(loans=loans) as flat:
        with pytest.raises(UsageError, match="offers needs interactions"):
            guilder.train(flat, "offers", out="nowhere")
        with pytest.raises(UsageError, match="out="):
            guilder.train(flat)


def test_personal_values_are_in_no_file_of_a_run(bank: Bank, run: Run) -> None:
    people = bank.frame("customers")
    values = {str(value) for column in ("name", "email", "phone") for value in people[column].dropna()}
    assert len(values) > 1000
    content = b"".join(path.read_bytes() for path in run.path.rglob("*") if path.is_file()).decode("latin-1")
    assert [value for value in sorted(values) if value in content] == []
