"""Last month's customers are made as today's are, from what was known then, where the bank knows a year more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import narwhals as nw
import pandas as pd
import pytest

from guilder.source.bank import Bank
from guilder.store.runs import Run
from guilder.workflow import segments_earlier
from guilder.workflow.facts import Recipe
from guilder.workflow.score import customer_facts
from guilder.workflow.segments_earlier import month_ago


def test_the_facts_are_those_of_the_bank_a_month_ago(bank: Bank, run: Run) -> None:
    how = Recipe.from_dict(run.manifest["recipe"])
    today = customer_facts(bank, how).facts
    found = month_ago(bank, how, today)
    assert found is not None
    said: list[str] = []
    assert month_ago(replace(bank, dated=False), how, today, said.append) is None
    assert said == []  # nothing is made, so nothing is said
    then = bank.as_of - timedelta(days=30)
    expected = customer_facts(replace(bank, as_of=then), how).facts
    pd.testing.assert_frame_equal(found.set_index("customer_id"), expected, check_names=False)
    later = bank.tables["transactions"].filter(nw.col("at") < then)
    cut = replace(bank, tables={**bank.tables, "transactions": later})
    again = month_ago(cut, how, today)
    assert again is not None
    pd.testing.assert_frame_equal(found, again)
    assert run.metrics["segments"]["stability_time"] > 0


def test_of_many_customers_every_nth_is_made(bank: Bank, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    how = Recipe.from_dict(run.manifest["recipe"])
    today = customer_facts(bank, how).facts
    monkeypatch.setattr(segments_earlier, "SAMPLE", 500)
    found = month_ago(bank, how, today)
    assert found is not None
    assert set(found["customer_id"]) <= set(today.index[::3])
    assert 300 < len(found) <= 400


def test_without_a_year_before_nothing_is_compared(bank: Bank, run: Run) -> None:
    how = Recipe.from_dict(run.manifest["recipe"])
    today = customer_facts(bank, how).facts
    recent = bank.tables["transactions"].filter(nw.col("at") >= bank.as_of - timedelta(days=394))
    assert month_ago(replace(bank, tables={**bank.tables, "transactions": recent}), how, today) is None
    assert month_ago(replace(bank, dated=False), how, today) is None
    assert month_ago(replace(bank, tables={"customers": bank.tables["customers"]}), how, today) is None
