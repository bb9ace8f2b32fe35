"""The proof of time: delete, scramble or add every record at or after a date, and nothing that is computed changes."""

from __future__ import annotations

import copy
import datetime as dt
import random
from collections.abc import Callable, Mapping
from typing import Any

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_banks import (
    ATTRIBUTES,
    AVAILABLE,
    BANKS,
    CUT,
    RandomBank,
    Row,
    collect,
    customer,
    interaction,
    loan,
    random_bank,
    transaction,
)

from guilder.features import bookings
from guilder.features.asof import known_by, loan_spine, snapshot_spine
from guilder.features.facts import facts
from guilder.features.interactions import holdings
from guilder.features.label import label
from guilder.features.vocabulary import vocabulary

Make = Callable[[Mapping[str, nw.LazyFrame[Any]]], pd.DataFrame]
DAY = CUT.date()
FEW = settings(max_examples=8, deadline=None)


def _future_date(rng: random.Random) -> dt.date | None:
    return rng.choice((None, DAY, DAY + dt.timedelta(days=rng.randint(1, 900))))


def _future_transaction(rng: random.Random, number: int) -> Row:
    """Return a booking that is not known: it happens at the cut or later, or was loaded after it."""
    row = transaction(rng, number)
    if rng.random() < 0.5:
        at = CUT + dt.timedelta(minutes=rng.choice((0, 1, 5000)))
        return row | {"at": at, "loaded_at": at}
    return row | {"at": min(row["at"], CUT), "loaded_at": CUT + dt.timedelta(minutes=rng.choice((1, 1440)))}


def _outcome(rng: random.Random, row: Row) -> Row:
    """Scramble what was not known of a loan: a default or an end at the cut or later, and the flag without a date."""
    fallen = row["defaulted_on"] is not None and row["defaulted_on"] < DAY
    ended = row["closed_on"] is not None and row["closed_on"] < DAY
    changed = dict(row)
    if not ended:
        changed["closed_on"] = _future_date(rng)
    if not fallen and row["defaulted_on"] is not None:
        changed["defaulted_on"] = _future_date(rng)
        changed["defaulted"] = False if changed["defaulted_on"] is None else rng.choice((True, False, None))
    return changed


def scrambled(bank: RandomBank, rng: random.Random) -> RandomBank:
    """Return the same past with another future."""
    was = copy.deepcopy(bank.tables)
    late = [row for row in was["transactions"] if row["at"] >= CUT or row["loaded_at"] > CUT]
    past = [row for row in was["transactions"] if row not in late]
    kept = rng.sample(late, rng.randint(0, len(late)))
    changed = [_future_transaction(rng, int(row["transaction_id"])) for row in kept]
    added = [_future_transaction(rng, 900 + number) for number in range(rng.randint(0, 8))]
    loans = [_outcome(rng, row) for row in was["loans"] if row["applied_on"] < DAY]
    later = [loan(rng, 900 + number) | {"applied_on": _future_date(rng) or DAY} for number in range(rng.randint(0, 3))]
    contacts = [row for row in was["interactions"] if row["at"] < CUT]
    coming = [interaction(rng, n) | {"at": CUT + dt.timedelta(minutes=n)} for n in range(rng.randint(0, 8))]
    people = []
    for row in was["customers"]:
        scored = row["scored_on"] is not None and row["scored_on"] < DAY
        another = customer(rng, row["customer_id"])
        changes = {} if scored else {"score": another["score"], "scored_on": _future_date(rng)}
        people.append(row | changes)
    return RandomBank(
        {
            "customers": people,
            "transactions": past + changed + added,
            "loans": loans + later,
            "interactions": contacts + coming,
        }
    )


def assert_future_changes_nothing(make: Make, bank: RandomBank, seed: int) -> None:
    """Compare what is computed from a bank with what is computed from its other futures."""
    before = make(bank.frames())
    after = make(scrambled(bank, random.Random(seed)).frames())
    pd.testing.assert_frame_equal(before, after, check_exact=True)


def loan_facts_at_cut(tables: Mapping[str, nw.LazyFrame[Any]]) -> pd.DataFrame:
    """Every fact of the loans decided by the cut."""
    words = vocabulary(tables["transactions"], CUT)
    known = facts(tables, loan_spine(tables["loans"]), words, ATTRIBUTES, AVAILABLE)
    return collect(known.filter(nw.col("as_of") <= CUT - dt.timedelta(days=1)))


def customer_facts_at_cut(tables: Mapping[str, nw.LazyFrame[Any]]) -> pd.DataFrame:
    """Every fact of the customers on the cut."""
    words = vocabulary(tables["transactions"], CUT)
    spine = snapshot_spine(tables["customers"], CUT)
    return collect(facts(tables, spine, words, {"customers": ["score"]}, AVAILABLE))


@FEW
@given(bank=BANKS, seed=st.integers(0, 2**32 - 1))
def test_facts_of_loans_do_not_know_the_future(bank: RandomBank, seed: int) -> None:
    assert_future_changes_nothing(loan_facts_at_cut, bank, seed)


@FEW
@given(bank=BANKS, seed=st.integers(0, 2**32 - 1))
def test_facts_of_customers_do_not_know_the_future(bank: RandomBank, seed: int) -> None:
    assert_future_changes_nothing(customer_facts_at_cut, bank, seed)


@settings(max_examples=60, deadline=None)
@given(bank=BANKS, seed=st.integers(0, 2**32 - 1), horizon=st.sampled_from((None, 1, 6, 12)))
def test_labels_do_not_know_the_future(bank: RandomBank, seed: int, horizon: int | None) -> None:
    def make(tables: Mapping[str, nw.LazyFrame[Any]]) -> pd.DataFrame:
        decided = tables["loans"].filter(nw.col("applied_on") < DAY)
        return collect(label(decided, horizon, CUT), "loan_id")

    assert_future_changes_nothing(make, bank, seed)


@settings(max_examples=40, deadline=None)
@given(bank=BANKS, seed=st.integers(0, 2**32 - 1))
def test_holdings_do_not_know_the_future(bank: RandomBank, seed: int) -> None:
    def make(tables: Mapping[str, nw.LazyFrame[Any]]) -> pd.DataFrame:
        held = holdings(tables["interactions"], CUT)
        return collect(held.with_columns(row=nw.concat_str("customer_id", "product_id")))

    assert_future_changes_nothing(make, bank, seed)


def _caught(make: Make) -> bool:
    """Tell whether the same harness finds a leak in at least one of twenty banks."""
    for seed in range(20):
        try:
            assert_future_changes_nothing(make, random_bank(seed), seed)
        except AssertionError:
            return True
    return False


def test_a_fact_without_the_cut_is_caught() -> None:
    def leaky(tables: Mapping[str, nw.LazyFrame[Any]]) -> pd.DataFrame:
        total = tables["transactions"].group_by("customer_id").agg(total=nw.col("amount").cast(nw.Float64).sum())
        return collect(snapshot_spine(tables["customers"], CUT).join(total, on="customer_id", how="left"))

    assert _caught(leaky)


@pytest.mark.parametrize("leak", ["the day itself", "loaded later"])
def test_a_cut_that_lets_a_little_through_is_caught(leak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def loose(table: nw.LazyFrame[Any], when: str, as_of: str) -> nw.LazyFrame[Any]:
        if leak == "loaded later":
            return known_by(table.drop("loaded_at"), when, as_of)
        return table.filter(nw.col(when) <= nw.col(as_of), nw.col("loaded_at") <= nw.col(as_of))

    monkeypatch.setattr(bookings, "known_by", loose)
    assert _caught(customer_facts_at_cut)


def test_a_default_after_the_date_that_counts_as_known_is_caught() -> None:
    def leaky(tables: Mapping[str, nw.LazyFrame[Any]]) -> pd.DataFrame:
        fallen = nw.when(~nw.col("defaulted_on").is_null()).then(1).otherwise(0)
        decided = tables["loans"].filter(nw.col("applied_on") < DAY)
        return collect(decided.select(row="loan_id", fallen=fallen))

    assert _caught(leaky)
