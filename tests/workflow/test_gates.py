"""Gates of scoring stop before anything is written, and say which fact; a model that was refused scores nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import guilder
from guilder.contract.bank_file import BankFile
from guilder.contract.limits import LimitsFile
from guilder.errors import ModelError
from guilder.source.bank import Bank
from guilder.store.runs import Run

pytestmark = pytest.mark.slow


def as_frames(bank: Bank) -> dict[str, pd.DataFrame]:
    return {name: bank.frame(name) for name in bank.tables}


def settings_of(bank: Bank, **more: Any) -> BankFile:
    kept = bank.settings.model_dump(include={"risk", "segments", "offers", "currency"})
    return BankFile.model_validate({**kept, **more})


def opened_again(bank: Bank, frames: dict[str, pd.DataFrame], **more: Any) -> Bank:
    return Bank.from_frames(as_of=bank.as_of, settings=settings_of(bank, **{"name": bank.name, **more}), **frames)


def waiting(loans: pd.DataFrame) -> pd.Series:
    return loans["defaulted"].isna()


def test_another_unit_stops_before_anything_is_written(bank: Bank, run: Run, tmp_path: Path) -> None:
    frames = as_frames(bank)
    loans = frames["loans"]
    loans["annual_rate"] = loans["annual_rate"].where(~waiting(loans), loans["annual_rate"] * 100)
    with opened_again(bank, frames) as percent, pytest.raises(ModelError, match="annual_rate of loans has moved") as no:
        guilder.score(percent, run=run, out=tmp_path / "out")
    assert no.value.id == "G-SCORE-002"
    assert no.value.exit_code == 1
    assert not (tmp_path / "out").exists()
    with opened_again(bank, frames, limits={"accept": {
        "G-SCORE-002": "rates are in percent now", "G-SCORE-003": "rates are in percent now",
    }}) as accepted:
        made = guilder.score(accepted, run=run, out=tmp_path / "out")
    assert any("Accepted by the bank: rates are in percent now" in warning for warning in made.warnings)


def test_new_categories_stop_or_warn_by_their_rate(bank: Bank, run: Run) -> None:
    frames = as_frames(bank)
    rows = frames["loans"].index[waiting(frames["loans"])]
    name = "purpose"
    assert name in run.figures["reference"]["loans"]["facts"]
    for share, stops in ((0.5, True), (0.1, False)):
        changed = {**frames, "loans": frames["loans"].copy()}
        changed["loans"].loc[rows[: int(share * len(rows))], name] = "balloon flights"
        with opened_again(bank, changed) as new:
            if stops:
                with pytest.raises(ModelError, match=f"values of {name} of loans are in no category") as refused:
                    guilder.score(new, run=run)
                assert refused.value.id == "G-SCORE-001"
            else:
                assert any("G-SCORE-001" in warning for warning in guilder.score(new, run=run).warnings)


def test_another_currency_is_another_population(bank: Bank, run: Run) -> None:
    with opened_again(bank, as_frames(bank), currency="JPY") as yen, pytest.raises(ModelError, match=r"EUR.*JPY") as no:
        guilder.score(yen, run=run)
    assert no.value.id == "G-SCORE-006"


def test_bookings_that_come_late_are_told(bank: Bank, run: Run) -> None:
    frames = as_frames(bank)
    late = frames["transactions"].iloc[[5]].assign(transaction_id="late")
    frames["transactions"] = pd.concat([frames["transactions"], late])
    with opened_again(bank, frames) as later:
        told = [warning for warning in guilder.score(later, run=run).warnings if "G-SCORE-005" in warning]
    assert len(told) == 1
    assert "1 more than then" in told[0]
    frames["transactions"]["loaded_at"] = frames["transactions"]["at"]
    frames["transactions"].loc[frames["transactions"]["transaction_id"] == "late", "loaded_at"] = (
        pd.Timestamp(bank.as_of) + pd.Timedelta(days=2)
    )
    with opened_again(bank, frames) as dated:
        assert not [warning for warning in guilder.score(dated, run=run).warnings if "G-SCORE-005" in warning]


def test_columns_in_another_order_and_more_of_them_change_nothing(bank: Bank, run: Run) -> None:
    frames = as_frames(bank)
    turned = {name: frame[frame.columns[::-1]].assign(nobody_asked=1.0) for name, frame in frames.items()}
    with opened_again(bank, frames) as one, opened_again(bank, turned) as other:
        first, second = guilder.score(one, run=run), guilder.score(other, run=run)
    pd.testing.assert_frame_equal(first.loans, second.loans)
    pd.testing.assert_frame_equal(first.offers, second.offers)


def test_the_same_batch_twice_is_the_same_answer(bank: Bank, run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        made = guilder.score(bank, run=run, out=tmp_path / "out")
    again = pd.read_parquet(tmp_path / "out" / "loans.parquet")
    assert made.loans["loan_id"].is_unique
    assert again["loan_id"].tolist() == made.loans["loan_id"].tolist()
    assert made.customers["customer_id"].is_unique
    assert not made.offers.duplicated(["customer_id", "product_id"]).any()


def test_a_column_that_the_model_needs_stops(bank: Bank, run: Run) -> None:
    frames = as_frames(bank)
    frames["loans"] = frames["loans"].drop(columns="amount")
    with opened_again(bank, frames) as less, pytest.raises(ModelError, match="missing") as refused:
        guilder.score(less, run=run)
    assert refused.value.id == "G-SCORE-008"


def flat(seed: int, strength: float, rows: int = 900) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    score = rng.normal(size=rows)
    bad = rng.random(rows) < 1 / (1 + np.exp(1 - strength * score))
    loans = pd.DataFrame({"loan_id": [f"L{n}" for n in range(rows)], "score": score, "other": rng.normal(size=rows)})
    loans["defaulted"] = pd.Series(bad, dtype="boolean").where(np.arange(rows) < rows - 50)
    return loans


def flat_bank(loans: pd.DataFrame, **limits: Any) -> Bank:
    settings = BankFile.model_validate({
        "name": "Flat", "risk": {"learners": ["logistic"], "balancing": ["none"]}, "limits": LimitsFile(**limits),
    })
    return Bank.from_frames(settings=settings, attributes={"loans": ["score", "other"]}, loans=loans)


def test_a_model_that_finds_nothing_is_not_promoted(tmp_path: Path) -> None:
    with flat_bank(flat(1, 0.0)) as noise:
        first = guilder.train(noise, out=tmp_path / "first")
        assert first.metrics["risk"]["promotion"]["refused"] == ["it is no better than the base rate on the test loans"]
        made = guilder.score(noise, run=first)
        assert len(made.loans) == 0
        assert any("G-MODEL-008" in warning for warning in made.warnings)
    with flat_bank(flat(2, 2.0)) as signal:
        good = guilder.train(signal, out=tmp_path / "runs")
        assert good.metrics["risk"]["promotion"]["refused"] == []
        assert len(guilder.score(signal, run=good).loans) == 50
    current = tmp_path / "runs" / "current"
    for _ in range(2):  # the second time the run is there already
        with flat_bank(flat(1, 0.0)) as noise, pytest.raises(ModelError, match="is not promoted") as refused:
            guilder.train(noise, out=tmp_path / "runs")
        assert refused.value.id == "G-MODEL-008"
        assert current.resolve().name == good.id
        assert len(list((tmp_path / "runs").glob("*/report.html"))) == 3, "the new run is kept, and current is a link"
    with flat_bank(flat(1, 0.0), accept={"G-MODEL-008": "a rehearsal with noise"}) as wanted:
        taken = guilder.train(wanted, out=tmp_path / "runs")
        assert current.resolve().name == taken.id
        assert len(guilder.score(wanted, run=taken).loans) == 50
