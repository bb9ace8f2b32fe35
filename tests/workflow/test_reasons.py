"""Reasons in words: the bank's own words, what is never said, and agreement on the declines of validation."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from guilder.contract.bank_file import RiskFile
from guilder.risk.classifier import DefaultClassifier
from guilder.risk.counterfactual import Change, Counterfactual
from guilder.risk.policy import Policy
from guilder.workflow.reasons import (
    example_decline,
    pass_line,
    plain_counterfactuals,
    plain_reasons,
    reasons_agree,
    say,
    wording,
)

SETTINGS = RiskFile(words={"amount": "Kreditbetrag"}, no_reason=["calls"], can_change={"age_years": "decrease"})


@pytest.fixture(scope="module")
def loans() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(0)
    X = pd.DataFrame({
        "amount": np.exp(rng.normal(9, 0.6, 400)), "calls": rng.normal(size=400), "age_years": rng.normal(40, 9, 400),
    })  # fmt: skip
    score = np.log(X["amount"]) - 9 + X["calls"] - (X["age_years"] - 40) / 9
    return X, (rng.random(400) < 1 / (1 + np.exp(1 - 1.5 * score))).to_numpy()


def test_only_what_may_be_said_is_said(loans: tuple[pd.DataFrame, np.ndarray]) -> None:
    X, y = loans
    model = DefaultClassifier("logistic", cv=2, random_state=0).fit(X, y)
    said = [reason for row in plain_reasons(model, X, SETTINGS) for reason in row if reason]
    assert said
    assert all(reason.startswith("Kreditbetrag: ") for reason in said)
    p, policy = pd.Series(model.predict_proba(X)[:, 1]), Policy(cut_off=0.4)
    changes = plain_counterfactuals(model, X, p, policy, SETTINGS)
    assert all((one is None) == (chance < pass_line(policy)) for one, chance in zip(changes, p, strict=True))
    assert any(one and one.startswith("would pass with Kreditbetrag") for one in changes)
    assert not any(one and " age" in one for one in changes)  # declared, and never changed all the same


def test_a_change_in_one_sentence() -> None:
    found = Counterfactual((Change("amount", 6000, 4500, False), Change("instalment", 500, 375, True)), 0.1)
    assert say(found, wording(SETTINGS)) == (
        "would pass with Kreditbetrag 4,500 instead of 6,000 (monthly payment of the loan 375 instead of 500)"
    )
    assert "no change" in say(None, wording(SETTINGS))
    assert pass_line(Policy(cut_off=0.2, refer_from=0.0)) == 0.2


@pytest.mark.parametrize("learner", ["logistic", "ensemble"])
def test_agreement_on_the_declines_of_validation(learner: str, loans: tuple[pd.DataFrame, np.ndarray]) -> None:
    X, y = loans
    parts = [("logistic", {}), ("boosting", {"rounds": 10, "seeds": 1})]
    model = DefaultClassifier(learner, cv=2, cut_off=0.4, parts=parts, random_state=0).fit(X, y)
    split = SimpleNamespace(refit=np.arange(300), valid=np.arange(200, 300), groups=None)
    found = reasons_agree(SimpleNamespace(classifier=model), X, y, split, SETTINGS, 0)  # type: ignore[arg-type]
    assert found["declines"] == int((model.predict_proba(X[200:300])[:, 1] >= 0.4).sum()) > 0
    assert 0 <= found["bootstrap"]["low"] <= found["bootstrap"]["value"] <= found["bootstrap"]["high"] <= 1


def test_the_example_is_the_decline_nearest_to_the_cut_off_that_can_be_mended() -> None:
    loans = pd.DataFrame({
        "loan_id": ["a", "b", "c", "d"], "p_default": [0.3, 0.5, 0.4, 0.1], "p_low": 0.05, "p_high": 0.6, "band": "G",
        "decision": ["decline", "decline", "decline", "approve"], "reason_1": "amount: 9", "reason_2": None,
        "reason_3": None, "reason_4": None,
        "counterfactual": ["no change is enough", "would pass with amount 8 instead of 9", "would pass with …", None],
    })  # fmt: skip
    found = example_decline(loans)
    assert found is not None
    assert (found["loan_id"], found["reasons"], found["p_high"]) == ("c", ["amount: 9"], 0.6)
    alone = example_decline(loans[:1])
    assert alone is not None
    assert alone["loan_id"] == "a"
    assert example_decline(loans[3:]) is None
