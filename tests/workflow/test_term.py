"""The term structure in a run: planted times of default are found, and every scored loan gets its lifetime PD."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import guilder
from guilder.contract.bank_file import BankFile
from guilder.evaluation.splits import Split
from guilder.risk.calibration import Calibrator
from guilder.risk.classifier import DefaultClassifier
from guilder.risk.term import term as term_of_loans
from guilder.risk.term_structure import TermStructure
from guilder.source.bank import Bank
from guilder.store.runs import Run
from guilder.workflow.facts import collect
from guilder.workflow.loan_book import outcomes
from guilder.workflow.term import dated_loans, honest_pd, term_of, why_not, with_lifetime


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


def test_no_loan_is_scored_by_a_model_that_has_seen_it() -> None:
    every = pd.DataFrame({"row": list("abcdef")})
    known = every.iloc[[1, 2, 4, 5]]
    rows = [np.array(each, dtype=np.intp) for each in ([0], [1], [3], [1, 0], [2])]
    split = Split("out_of_time", *rows[:3], "", rows[3], returning=rows[4])
    model = SimpleNamespace(
        predict_proba=lambda X: np.column_stack([np.full(len(X), 0.1), np.full(len(X), 0.9)]),
        calibrator_=Calibrator("none"), held_raw_=np.array([0.0, 1.0, -1.0]),
    )  # fmt: skip
    found = honest_pd(model, pd.DataFrame(index=every["row"]), every, known, split)
    held = 1 / (1 + np.exp(-np.array([0.0, 1.0, -1.0])))
    assert found.tolist() == pytest.approx([0.9, held[1], held[0], 0.9, held[2], 0.9])


def test_held_out_scores_are_those_of_the_rows_in_their_order() -> None:
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.standard_normal(400)})
    y = rng.random(400) < 1 / (1 + np.exp(-X["a"]))
    model = DefaultClassifier("logistic", random_state=0).fit(X, y, learn=np.arange(400) < 300)
    held, own = model.held_raw_, model.pipeline_
    assert held.shape == (400,)
    # what took no part in the learning is scored by the model itself, the rest by models of other rows
    direct = own.decision_function(X)
    np.testing.assert_allclose(held[300:], direct[300:])
    assert (np.abs(held[:300] - direct[:300]) > 1e-9).mean() > 0.9
    assert np.corrcoef(held[:300], direct[:300])[0, 1] > 0.99


def test_blank_terms_and_blank_outcomes_take_part_as_far_as_they_are_known() -> None:
    rng = np.random.default_rng(1)
    n = 3000
    applied = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1500, n), unit="D")
    bad = rng.random(n) < 0.15
    fell = (applied + pd.to_timedelta(rng.integers(100, 350, n), unit="D")).where(bad)
    fell = fell.where(fell < pd.Timestamp("2024-06-30"))
    young = applied + pd.DateOffset(months=12) > pd.Timestamp("2024-06-30")
    term = pd.Series(rng.choice([12, 24], n), dtype="Int64")
    term[:100] = pd.NA
    defaulted = pd.Series(fell.notna(), dtype="boolean").mask(pd.Series(young & fell.isna()))
    defaulted[:7] = pd.NA
    loans = pd.DataFrame({
        "loan_id": [f"{place:05d}" for place in range(n)], "applied_on": applied, "defaulted_on": fell,
        "defaulted": defaulted, "term_months": term,
    })  # fmt: skip
    settings = BankFile.model_validate({"as_of": date(2024, 6, 30), "risk": {"horizon_months": 12}})
    with Bank.from_frames(settings=settings, as_of=date(2024, 6, 30), loans=loans) as bank:
        every = collect(outcomes(bank), "row")
        made, left_out = dated_loans(bank, every, pd.Series(0.15, index=every.index))
    assert left_out == {"outcome not known": int((fell.isna() & ~young)[:7].sum())}
    assert len(made.p) == n - left_out["outcome not known"]
    assert made.term is not None
    assert np.isnan(made.term).sum() == 100 - left_out["outcome not known"]
    found = term_of_loans(made, np.datetime64("2024-06-30", "us"), 12, None, lambda p: np.full(len(p), "all"))
    assert found.metrics["level"]["low"] < 1 < found.metrics["level"]["high"]
    assert found.metrics["immature"] == young.sum()
