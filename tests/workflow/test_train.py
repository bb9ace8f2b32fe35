"""Training publishes one run, made of its causes and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import guilder
from guilder.contract.bank_file import BankFile
from guilder.errors import BankFileError, ModelError, UsageError
from guilder.source.bank import Bank
from guilder.store.runs import JOURNAL, Run

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


@pytest.mark.slow
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
    assert 'id="segments"' in alone.report.read_text()
    assert 'id="risk"' not in alone.report.read_text()


def test_a_room_that_is_not_there_is_named(bank: Bank, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="rooms: risk, segments, offers"):
        guilder.train(bank, "fraud")
    loans = pd.DataFrame({"loan_id": ["1"], "defaulted": [True]})
    with guilder.Bank.from_frames(loans=loans) as flat:
        with pytest.raises(UsageError, match="offers needs interactions"):
            guilder.train(flat, "offers", out=tmp_path)
        with pytest.raises(UsageError, match="out="):
            guilder.train(flat)


def test_personal_values_are_in_no_file_of_a_run(bank: Bank, run: Run) -> None:
    people = bank.frame("customers")
    values = {str(value) for column in ("name", "email", "phone") for value in people[column].dropna()}
    assert len(values) > 1000
    content = b"".join(path.read_bytes() for path in run.path.rglob("*") if path.is_file()).decode("latin-1")
    assert [value for value in sorted(values) if value in content] == []


LOANS = {"loan_id": [f"L{n}" for n in range(600)], "amount": [1000.0 + n % 7 for n in range(600)]}


def flat(bads: int) -> Bank:
    loans = pd.DataFrame({**LOANS, "defaulted": [(7 * n) % 600 < bads for n in range(600)]})
    loans["score"] = loans["defaulted"] + np.random.default_rng(bads).normal(size=600)
    return guilder.Bank.from_frames(loans=loans, attributes={"loans": ["score"]})


@pytest.mark.slow
def test_two_banks_of_frames_are_two_runs(tmp_path: Path) -> None:
    with flat(120) as one, flat(125) as two:
        first, second = (guilder.train(each, "risk", out=tmp_path) for each in (one, two))
    assert first.id != second.id
    assert [run.metrics["risk"]["bads"] for run in (first, second)] == [120, 125]


def test_without_a_horizon_no_default_so_far_is_not_good(tmp_path: Path) -> None:
    frame = pd.DataFrame({**LOANS, "applied_on": pd.Timestamp("2024-01-01"), "defaulted_on": pd.NaT})
    frame.loc[:99, "defaulted_on"] = pd.Timestamp("2024-03-01")
    with (
        guilder.Bank.from_frames(loans=frame, as_of=date(2024, 6, 1)) as young,
        pytest.raises(ModelError, match="horizon_months = 12"),
    ):
        guilder.train(young, "risk", out=tmp_path)


def test_only_protected_columns_are_let_in_as_protected(bank: Bank, tmp_path: Path) -> None:
    risk = bank.settings.risk.model_copy(update={"use_protected": ["annual_income"]})
    asked = replace(bank, settings=bank.settings.model_copy(update={"risk": risk}))
    with pytest.raises(BankFileError, match="protected: gender, marital_status"):
        guilder.train(asked, "risk", out=tmp_path)


def test_a_protected_column_that_is_let_in_must_be_there(bank: Bank, tmp_path: Path) -> None:
    risk = bank.settings.risk.model_copy(update={"use_protected": ["gender"]})
    without = {**bank.tables, "customers": bank.tables["customers"].drop("gender")}
    asked = replace(bank, tables=without, settings=bank.settings.model_copy(update={"risk": risk}))
    with pytest.raises(BankFileError, match="use_protected names gender, which customers do not have"):
        guilder.train(asked, "risk", out=tmp_path)


def test_what_is_known_only_of_today_explains_no_earlier_loan(bank: Bank) -> None:
    from guilder.features.vocabulary import Vocabulary
    from guilder.workflow.facts import loan_tables, recipe, undated_columns

    assert undated_columns(bank) == ()
    tables = {name: part.model_copy(update={"undated_ok": None}) for name, part in bank.settings.tables.items()}
    strict = replace(bank, settings=bank.settings.model_copy(update={"tables": tables}))
    assert undated_columns(strict) == ("annual_income", "region", "occupation")
    left = loan_tables(strict, recipe(strict, Vocabulary()))["customers"].collect_schema().names()
    assert set(left).isdisjoint(undated_columns(strict))
    assert "birth_date" in left


def test_loans_whose_window_is_open_teach_nothing(bank: Bank, run: Run) -> None:
    loans = bank.frame("loans")
    end = pd.to_datetime(loans["applied_on"]) + pd.DateOffset(months=12)
    closed = (end <= pd.Timestamp(bank.as_of)) & loans["defaulted"].notna()
    split = run.metrics["risk"]["split"]
    assert split["window_open"] > 10
    assert split["train"] + split["valid"] + split["test"] + sum(split["dropped"].values()) == closed.sum()


def test_a_loan_of_the_future_is_no_usual_loan(bank: Bank) -> None:
    from guilder.workflow.offers import credit_products
    from guilder.workflow.risk import typical_loans

    credit = credit_products(bank)
    known = typical_loans(bank, credit)
    assert known["amount"].gt(0).all()
    frames = {name: bank.frame(name) for name in bank.tables}
    later = frames["loans"].head(400).assign(amount=9e7, applied_on=bank.as_of.date() + timedelta(days=1))
    later["loan_id"] = "later-" + later["loan_id"]
    frames["loans"] = pd.concat([frames["loans"], later.assign(defaulted=None, defaulted_on=None, closed_on=None)])
    settings = BankFile.model_validate({"limits": {"accept": {"G-LOAN-026": "made up, to show the cut"}}})
    with guilder.Bank.from_frames(as_of=bank.as_of, settings=settings, **frames) as tomorrow:
        pd.testing.assert_frame_equal(typical_loans(tomorrow, credit), known)


def test_facts_that_tell_the_date_are_left_out(run: Run) -> None:
    dropped = run.metrics["risk"]["dropped_facts"]
    assert dropped["history_days"].startswith("tells the date")
    assert "history_days" not in run.model("risk").feature_names_in_
    assert "days_below_zero_365d" in run.model("risk").feature_names_in_


def test_a_bank_without_dates_says_so(tmp_path: Path) -> None:
    with flat(120) as bank:
        run = guilder.train(bank, out=tmp_path)
        one = guilder.explain(bank, "L7", run=run.path)
    assert run.id.startswith("undated-")
    assert run.metrics["as_of"] is None
    assert "1970" not in run.report.read_text()
    assert 0 < one.loans[0].p_default < 1
    assert one.lines()[0] == "A loan of no known customer"
