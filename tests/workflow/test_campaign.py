"""The list of a campaign keeps the policy, its limits and its control group, and is written safely."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from guilder.cli import app
from guilder.contract.bank_file import OffersFile
from guilder.errors import ModelError, UsageError
from guilder.source.bank import Bank
from guilder.store.runs import Run
from guilder.workflow.campaign import Campaign, Wish, offers_list
from guilder.workflow.control import never_offered
from guilder.workflow.open import quiet
from guilder.workflow.score import who_may_be_contacted


@pytest.fixture(scope="module")
def loans(bank: Bank, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    out = tmp_path_factory.mktemp("list") / "list.csv"
    wish = Wish("Personal loan", top=40, budget=1000.0, cost=2.0, control=0.25, campaign="spring")
    return offers_list(bank, wish, out=out, run=run)


def test_a_list_is_by_value_within_policy_budget_and_control(bank: Bank, loans: Campaign) -> None:
    rows = loans.rows
    assert loans.ranked_by == "expected value"
    assert (loans.contacts, loans.cost) == (40, 80.0)
    assert loans.control == (rows["group"] == "control").sum() > 3
    assert rows["value"].is_monotonic_decreasing
    assert (rows["value"] > 0).all()
    assert rows["customer_id"].is_unique
    assert set(rows["product_id"]) == {"personal-loan"}
    assert rows["reason"].str.len().gt(10).all()
    assert loans.expected_taken == pytest.approx(rows.loc[rows["group"] == "contact", "chance"].sum())
    people = bank.frame("customers").set_index("customer_id").loc[rows["customer_id"]]
    assert people["consent_marketing"].all()
    assert people["deceased_on"].isna().all()
    assert people["arrears_since"].isna().all()
    assert loans.withheld["credit_risk"] > 0


def test_what_is_written_is_the_list(loans: Campaign) -> None:
    written = pd.read_csv(loans.path, encoding="utf-8-sig")
    assert written["customer_id"].tolist() == loans.rows["customer_id"].tolist()
    assert "p_default" not in written
    assert loans.to_dict()["path"] == loans.path


def test_the_bank_s_own_control_group_is_contacted_by_no_campaign(bank: Bank, run: Run) -> None:
    held = OffersFile.model_validate({**bank.settings.offers.model_dump(), "control": 0.3})
    strict = replace(bank, settings=bank.settings.model_copy(update={"offers": held}))
    made = offers_list(strict, Wish("home-insurance"), run=run)
    out = never_offered(strict, made.rows["customer_id"].tolist())
    grouped = made.rows.set_index("customer_id")["group"]
    assert len(out) > 5
    assert (grouped[sorted(out)] == "control").all()
    assert (grouped.drop(sorted(out)) == "contact").all()


def test_a_volume_of_the_bank_file_holds(bank: Bank, run: Run) -> None:
    told = bank.settings.offers.model_dump()
    told["products"]["home-insurance"] |= {"volume": 7}
    few = replace(bank, settings=bank.settings.model_copy(update={"offers": OffersFile.model_validate(told)}))
    assert offers_list(few, Wish("home-insurance"), run=run).contacts == 7


@pytest.mark.parametrize("slip", [
    {"budget": float("nan")}, {"budget": -1.0}, {"cost": float("nan")}, {"cost": float("inf")}, {"top": 0},
    {"control": float("nan")}, {"control": 1.0},
])  # fmt: skip
def test_a_limit_that_is_none_is_refused(slip: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=next(iter(slip))):
        Wish("mortgage", **slip)


def test_a_campaign_offers_no_credit_by_a_model_that_was_not_promoted(
    bank: Bank, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guilder.workflow.score.may_be_used", lambda metrics, accept: False)
    may, _, _ = who_may_be_contacted(bank, run, quiet)
    assert may.counts["no_p_default"] > 0
    assert not may.allowed.loc[:, may.credit].any().any()
    assert may.allowed.any().any()


def test_a_campaign_without_the_tables_that_say_what_lends_offers_nothing(bank: Bank, run: Run) -> None:
    bare = {name: table for name, table in bank.tables.items() if name not in ("products", "loans")}
    may, _, _ = who_may_be_contacted(replace(bank, tables=bare), run, quiet)
    assert not may.allowed.any().any()
    assert may.counts["unknown_product"] == may.allowed.size


def test_a_campaign_stops_where_scoring_stops(bank: Bank, run: Run) -> None:
    dollars = replace(bank, currency="USD")
    with pytest.raises(ModelError, match="trained on amounts in EUR"):
        who_may_be_contacted(dollars, run, quiet)


def test_what_cannot_be_answered_is_refused(bank: Bank, run: Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no product 'gold card'"):
        offers_list(bank, Wish("gold card"), run=run)
    with pytest.raises(UsageError, match=r"list\.doc ends in no format"):
        offers_list(bank, Wish(), run=run, out=tmp_path / "list.doc")
    free = replace(bank, settings=bank.settings.model_copy(update={"offers": OffersFile()}))
    with pytest.raises(UsageError, match="a budget needs the cost of a contact"):
        offers_list(free, Wish("mortgage", budget=10.0), run=run)


def test_the_command_says_what_the_list_brings(bank_folder: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "list.xlsx"
    asked = ["offers", str(bank_folder), "--top", "12", "--out", str(out), "--run", str(run.path)]
    said = CliRunner().invoke(app, asked)
    assert said.exit_code == 0, said.output
    assert "12 contacts for 4.80" in said.output
    assert "are expected to take it within 90 days" in said.output
    assert out.read_bytes()[:2] == b"PK"
