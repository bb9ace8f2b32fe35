"""The catalogue: every fact has a meaning, and asking for one never fails."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_banks import ATTRIBUTES, AVAILABLE, CUT, random_bank

from guilder.contract.tables import TABLES
from guilder.features.asof import loan_spine, snapshot_spine
from guilder.features.catalogue import FACTS, describe
from guilder.features.facts import facts
from guilder.features.vocabulary import vocabulary


@pytest.mark.parametrize("spine", ["loans", "customers"])
def test_every_fact_made_is_in_the_catalogue(spine: str) -> None:
    tables = random_bank(7, transactions=80, loans=20, interactions=30).frames()
    rows = loan_spine(tables["loans"]) if spine == "loans" else snapshot_spine(tables["customers"], CUT)
    declared = ATTRIBUTES if spine == "loans" else {"customers": ["score"]}
    made = facts(tables, rows, vocabulary(tables["transactions"], CUT), declared, AVAILABLE).collect_schema().names()
    known = [name for name in made if name not in ("row", "customer_id", "as_of", "score", "grade")]
    assert len(known) > 70
    for name in known:
        fact = describe(name)
        assert fact.name == name
        assert fact.source != "attributes", f"{name} is made by Guilder but unknown to the catalogue"
        assert fact.meaning


def test_entries_are_whole() -> None:
    for name, fact in FACTS.items():
        assert name == fact.name
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        assert fact.meaning.strip() == fact.meaning != ""
        assert fact.source in TABLES
        assert fact.empty in ("zero", "missing")


def test_no_two_facts_mean_the_same() -> None:
    meanings = [fact.meaning for fact in FACTS.values()]
    assert len(set(meanings)) == len(meanings)


@given(st.text())
def test_describe_never_fails(name: str) -> None:
    fact = describe(name)
    assert fact.name == name
    assert fact.meaning or not name


def test_facts_that_segments_work_out_have_their_words_in_every_window() -> None:
    assert describe("money_turnover_90d").meaning == "money received and spent in the last 90 days"
    assert describe("money_in_share_all").unit == "share"
    assert describe("category_breadth_365d").source == "transactions"
    assert describe("money_turnover").source == describe("other_365d").source == "attributes"
