"""Each way in which a risk model is not promoted, and the run that stays published; a good one takes its place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import guilder
from guilder.contract.bank_file import BankFile
from guilder.errors import ModelError
from guilder.source.bank import Bank

pytestmark = pytest.mark.slow

RISK = {"learners": ["logistic"], "balancing": ["none"]}
N = 1500


def bad(odds: np.ndarray, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random(len(odds)) < 1 / (1 + np.exp(-odds))


def flat(facts: dict[str, np.ndarray], outcome: np.ndarray) -> Bank:
    loans = pd.DataFrame({"loan_id": [f"L{n}" for n in range(len(outcome))], "defaulted": outcome, **facts})
    settings = BankFile.model_validate({"name": "Flat", "risk": RISK})
    return Bank.from_frames(settings=settings, attributes={"loans": [*facts]}, loans=loans)


def refused(bank: Bank, out: Path) -> list[str]:
    with bank:
        return list(guilder.train(bank, "risk", out=out).metrics["risk"]["promotion"]["refused"])


def test_a_model_too_good_to_be_true_is_refused(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    one, two = rng.normal(size=(2, N))
    found = refused(flat({"one": one, "two": two}, one + two > 1.2), tmp_path)
    assert len(found) == 1
    assert "too good to be true" in found[0]


def test_a_model_worse_than_one_fact_is_refused(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    bent, noise = rng.normal(size=(2, N))
    found = refused(flat({"bent": bent, "noise": noise}, bad(3 * np.sin(4 * bent) - 1, 3)), tmp_path)
    assert "a scorecard of bent alone has a lower log loss on the test loans" in found
    straight = refused(flat({"bent": bent, "noise": noise}, bad(2 * bent - 1, 3)), tmp_path / "straight")
    assert straight == []


def dated(until: str, *, muddled: bool) -> Bank:
    """Loans of nine years; scores of 2019 to March 2021, before the test, may have been kept with the wrong sign."""
    rng = np.random.default_rng(5)
    days = np.sort(rng.integers(0, 9 * 365, N))
    score = rng.normal(size=len(days))
    outcome = bad(2.2 * score - 1.2, 6)
    score = np.where(muddled & (days > 4 * 365) & (days < 6.2 * 365), -score, score)
    at = pd.Timestamp("2015-01-01") + pd.to_timedelta(days, unit="D")
    loans = pd.DataFrame({"loan_id": [f"L{n}" for n in range(len(days))], "applied_on": at, "score": score})
    loans["defaulted_on"] = pd.Series(at + pd.Timedelta(days=40)).where(outcome)
    loans = loans[loans["applied_on"] < until]
    loans["defaulted_on"] = loans["defaulted_on"].where(loans["defaulted_on"] < until)
    settings = BankFile.model_validate({
        "name": "Dated", "risk": {**RISK, "horizon_months": 6},
        "tables": {"loans": {"attributes": ["score"], "available": {"score": "applied_on"}}},
    })
    return Bank.from_frames(settings=settings, as_of=pd.Timestamp(until).date(), loans=loans)


def test_a_model_worse_than_the_published_one_is_kept_beside_it(tmp_path: Path) -> None:
    with dated("2019-01-01", muddled=False) as early:
        first = guilder.train(early, "risk", out=tmp_path)
    with dated("2024-01-01", muddled=True) as later, pytest.raises(ModelError, match="is not promoted") as held:
        guilder.train(later, "risk", out=tmp_path)
    assert held.value.id == "G-MODEL-008"
    assert f"the published run {first.id} has a lower log loss on the same test loans" in str(held.value)
    assert (tmp_path / "current").resolve().name == first.id
    kept = [path for path in tmp_path.glob("*/journal.json") if path.parent.resolve().name not in (first.id, "current")]
    assert len(kept) == 1, "the new one is kept beside it"
    with dated("2024-01-01", muddled=False) as good:
        second = guilder.train(good, "risk", out=tmp_path)
    assert (tmp_path / "current").resolve().name == second.id
    assert second.journal["published"]["run"] == first.id
    assert second.journal["published"]["log_loss"]["low"] <= 0
    with dated("2024-01-01", muddled=False) as good:  # what is published now has learned from the loans of the test
        again = guilder.train(good, "risk", out=tmp_path, seed=9)
    assert again.journal["published"] == {"run": second.id, "why": "it may have learned from loans of this test"}
