"""The term structure in a run: planted times of default are found, and every scored loan gets its lifetime PD."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

import guilder
from guilder.risk.term_structure import TermStructure
from guilder.source.bank import Bank
from guilder.store.runs import Run
from guilder.workflow.term import term_of, why_not, with_lifetime


def test_what_was_planted_is_found(run: Run) -> None:
    found = run.metrics["risk"]["term_structure"]
    within = np.array(found["curve"]["within"])
    # the made-up bank's defaults fall evenly on days 92 to 354 after the application
    assert within[:3].max() < 0.02
    np.testing.assert_allclose(within[3:], np.linspace(0.11, 1, 9), atol=0.08)
    assert found["level"]["low"] < 1 < found["level"]["high"]
    assert found["immature"] > 300
    test = run.metrics["risk"]["test"]
    own = test["observed_rate"]["value"] / test["mean_p"]["value"]
    assert found["test"]["ratio"]["low"] < own < found["test"]["ratio"]["high"], "its level is the champion's"


def test_every_scored_loan_has_a_lifetime(run: Run, bank: Bank) -> None:
    loans = run.table("loans").set_index("loan_id")
    term = bank.frame("loans").set_index("loan_id")["term_months"].loc[loans.index]
    assert (loans["p_default_lifetime"] >= loans["p_default"] - 1e-12).all()
    last = run.metrics["risk"]["term_structure"]["followed_months"]
    assert loans["lifetime_months"].tolist() == np.clip(term, 12, last).astype(int).tolist()


def test_scores_are_those_of_the_run(run: Run, bank: Bank) -> None:
    scored = guilder.score(bank, run=run).loans
    pd.testing.assert_frame_equal(scored, run.table("loans"), check_dtype=False)


@pytest.mark.parametrize(
    ("columns", "horizon", "said"),
    [
        (["applied_on", "defaulted_on"], 12, ""),
        (["applied_on", "defaulted"], 12, "loans have no defaulted_on: when defaults happen is not known"),
        (["defaulted"], 12, "loans have no applied_on and no defaulted_on: when defaults happen is not known"),
        (["applied_on", "defaulted_on"], None, "there is no horizon_months, so the PD is of no fixed time"),
    ],
)
def test_why_there_is_none(columns: list[str], horizon: int | None, said: str) -> None:
    assert why_not(columns, horizon) == said


def test_a_run_without_a_curve_or_a_bank_without_terms_gives_blanks() -> None:
    assert term_of({"risk": {"term_structure": {"why": "no dates"}}}) is None
    assert term_of({}) is None
    loans = pd.DataFrame({"loan_id": ["1"], "applied_on": [datetime(2024, 1, 1)], "defaulted": [None]})
    scored = pd.DataFrame({"loan_id": ["1"], "p_default": [0.2], "p_low": [0.1], "p_high": [0.3], "band": ["F"]})
    with Bank.from_frames(loans=loans.astype({"defaulted": "boolean"})) as bank:
        for structure in (None, TermStructure((1.0,))):
            found = with_lifetime(bank, scored, structure)
            assert list(found.columns)[-3:] == ["p_default_lifetime", "lifetime_months", "band"]
            assert found["p_default_lifetime"].isna().all()
            assert found["lifetime_months"].isna().all()
