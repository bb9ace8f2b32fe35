"""The whole row of facts: what a bank that lacks something gets, and what never becomes a fact."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import polars as pl
import pytest
from random_banks import ATTRIBUTES, AVAILABLE, CUT, collect, random_bank

from guilder.errors import ModelError, UsageError
from guilder.features.asof import loan_spine, snapshot_spine
from guilder.features.catalogue import FACTS, describe
from guilder.features.facts import facts
from guilder.features.vocabulary import Vocabulary, vocabulary

NO_WORDS = Vocabulary()


@pytest.fixture(scope="module")
def tables() -> dict[str, nw.LazyFrame]:
    return random_bank(7, transactions=80, loans=20, interactions=30).frames()


def test_nothing_of_the_catalogue_is_left_out(tables: dict[str, nw.LazyFrame]) -> None:
    made = facts(tables, loan_spine(tables["loans"]), vocabulary(tables["transactions"], CUT), ATTRIBUTES, AVAILABLE)
    names = set(made.collect_schema().names())
    assert set(FACTS) - names == {"occupation", "product_id"}  # columns these banks do not have
    assert any(name.startswith("share_") for name in names)


def test_facts_are_numbers_and_categories_are_text(tables: dict[str, nw.LazyFrame]) -> None:
    schema = facts(tables, loan_spine(tables["loans"]), NO_WORDS, ATTRIBUTES).collect_schema()
    text = {name for name, kind in schema.items() if kind == nw.String}
    assert text == {"row", "customer_id", "region", "purpose", "grade"}
    assert all(schema[name] == nw.Float64 for name in set(schema.names()) - text - {"as_of"})


def test_every_row_of_the_spine_has_one_line(tables: dict[str, nw.LazyFrame]) -> None:
    made = collect(facts(tables, loan_spine(tables["loans"]), NO_WORDS))
    assert sorted(made.index) == sorted(tables["loans"].collect().get_column("loan_id").to_list())
    assert (made.loc[made["customer_id"] == "nobody", "transactions_count_all"] == 0).all()
    assert made.loc[made["customer_id"] == "nobody", ["ticket_mean_all", "recency_days"]].isna().all(axis=None)


def test_personal_and_protected_columns_never_become_facts(tables: dict[str, nw.LazyFrame]) -> None:
    names = facts(tables, loan_spine(tables["loans"]), NO_WORDS).collect_schema().names()
    assert not {"name", "gender", "email", "phone", "marital_status"} & set(names)
    with pytest.raises(UsageError, match="name of customers are personal"):
        facts(tables, loan_spine(tables["loans"]), NO_WORDS, {"customers": ["name"]})
    asked = facts(tables, loan_spine(tables["loans"]), NO_WORDS, {"customers": ["gender"]})
    assert "gender" in asked.collect_schema().names()


def test_an_attribute_that_is_not_there_is_named(tables: dict[str, nw.LazyFrame]) -> None:
    with pytest.raises(ModelError, match=r"G-SCORE-008.*loans are not in loans: employment.*\nloans has: loan_id"):
        facts(tables, loan_spine(tables["loans"]), NO_WORDS, {"loans": ["employment"]})


def test_a_value_known_later_is_missing() -> None:
    known = [CUT.date() - dt.timedelta(days=1), CUT.date(), None]
    customers = nw.from_native(
        pl.LazyFrame({"customer_id": ["before", "at", "blank"], "score": [1.0, 2.0, 3.0], "scored_on": known})
    )
    spine = snapshot_spine(customers, CUT)
    made = collect(facts({"customers": customers}, spine, NO_WORDS, {"customers": ["score"]}, AVAILABLE))
    assert made["score"].notna().to_dict() == {"before": True, "at": False, "blank": False}


def test_a_flat_loan_table_has_only_its_own_facts() -> None:
    loans = nw.from_native(
        pl.LazyFrame({"loan_id": ["1", "2"], "amount": [100, 200], "term_months": [10, 0], "grade": ["A", None]})
    )
    made = collect(facts({"loans": loans}, loan_spine(loans), NO_WORDS, {"loans": ["grade"]}))
    assert list(made.columns) == ["customer_id", "as_of", "amount", "term_months", "instalment", "grade"]
    assert made.loc["1", "instalment"] == 10
    assert made["instalment"].isna()["2"]


def test_undated_loans_are_not_joined_to_bookings(tables: dict[str, nw.LazyFrame]) -> None:
    flat = dict(tables) | {"loans": tables["loans"].drop("applied_on")}
    names = facts(flat, loan_spine(flat["loans"]), NO_WORDS).collect_schema().names()
    assert not [name for name in names if describe(name).source in ("transactions", "interactions")]


def test_a_loan_whose_date_is_blank_has_missing_facts_not_zeros(tables: dict[str, nw.LazyFrame]) -> None:
    undated = tables["loans"].with_columns(applied_on=nw.lit(None).cast(nw.Date))
    made = collect(facts(dict(tables) | {"loans": undated}, loan_spine(undated), NO_WORDS))
    assert made[["transactions_count_all", "earlier_loans_count", "products_held"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("column", "gone"),
    [
        ("balance_after", "balance_last"),
        ("category", "share_category_food_365d"),
        ("channel", "share_channel_card_365d"),
        ("loaded_at", ""),
        ("transaction_id", ""),
    ],
)
def test_optional_columns_take_their_facts_with_them(tables: dict[str, nw.LazyFrame], column: str, gone: str) -> None:
    words = Vocabulary(("food",), ("card",))
    spine = snapshot_spine(tables["customers"], CUT)
    whole = facts(tables, spine, words).collect_schema().names()
    less = dict(tables) | {"transactions": tables["transactions"].drop(column)}
    names = collect(facts(less, spine, words)).columns
    assert gone not in names
    lost = set(whole) - set(names) - {"row"}
    assert (gone in lost) if gone else not lost


def test_a_snapshot_has_no_terms_of_a_loan(tables: dict[str, nw.LazyFrame]) -> None:
    names = facts(tables, snapshot_spine(tables["customers"], CUT), NO_WORDS).collect_schema().names()
    assert "earlier_loans_count" in names
    assert not {"amount", "instalment", "burden_inflow", "purpose"} & set(names)


def test_meanings_of_shares_and_attributes() -> None:
    assert describe("share_category_rent_heat_365d").meaning == "share of spending on rent heat in the last year"
    assert describe("share_channel_card_365d").source == "transactions"
    assert describe("days_below_zero_90d").meaning == "days below zero in the last 90 days"
    assert describe("score_external").meaning == "score external"
    assert describe("_").meaning == "_"
