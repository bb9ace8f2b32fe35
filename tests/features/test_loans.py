"""The facts of the borrower and of the burden, value by value."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import narwhals as nw
import pandas as pd
import polars as pl
import pytest
from random_banks import CUT, collect

from guilder.features.asof import loan_spine, snapshot_spine
from guilder.features.facts import facts
from guilder.features.loans import customer_facts, earlier_loans
from guilder.features.vocabulary import Vocabulary

DAY = CUT.date()


def _person(**known: Any) -> pd.Series:
    people = nw.from_native(pl.LazyFrame({"customer_id": ["c1"]} | {name: [value] for name, value in known.items()}))
    spine = nw.from_native(pl.LazyFrame({"row": ["c1"], "customer_id": ["c1"], "as_of": [CUT]}))
    return collect(customer_facts(people, spine)).loc["c1"]


@pytest.mark.parametrize(
    ("born", "years"),
    [
        (dt.date(1984, 3, 1), 40 * 365.25 / 365.25),
        (dt.date(2023, 3, 2), 365 / 365.25),  # 2024 has its 29 February in between
        (dt.date(1900, 2, 28), 45292 / 365.25),  # 1900 had none
        (DAY - dt.timedelta(days=1), 1 / 365.25),
    ],
)
def test_age_is_days_over_the_mean_year(born: dt.date, years: float) -> None:
    assert (DAY - born).days / 365.25 == pytest.approx(years, abs=1e-12)
    assert _person(birth_date=born)["age_years"] == pytest.approx(years, abs=1e-12)


@pytest.mark.parametrize("born", [DAY, DAY + dt.timedelta(days=1), None])
def test_who_is_not_born_yet_has_no_age(born: dt.date | None) -> None:
    assert pd.isna(_person(birth_date=pl.Series([born], dtype=pl.Date)[0], joined_on=DAY)["age_years"])


@pytest.mark.parametrize("days", [1, 59, 60, 366, 20_000])
def test_tenure_is_days_since_joining(days: int) -> None:
    assert _person(joined_on=DAY - dt.timedelta(days=days))["tenure_days"] == days


def test_who_joins_that_day_has_no_tenure() -> None:
    assert pd.isna(_person(joined_on=DAY)["tenure_days"])


def _loan(income: Decimal | None = Decimal("24000.00"), received: tuple[float, ...] = (), **terms: Any) -> pd.Series:
    loan = {"loan_id": "l1", "customer_id": "c1", "applied_on": DAY, "amount": Decimal("1200.00"), "term_months": 12}
    loans = nw.from_native(pl.LazyFrame([loan | terms]))
    people = nw.from_native(
        pl.LazyFrame({"customer_id": ["c1"], "annual_income": pl.Series([income], dtype=pl.Float64)})
    )
    # A history of exactly a year makes the money of the year that of twelve months.
    at = [CUT - dt.timedelta(days=365), *(CUT - dt.timedelta(days=n + 1) for n in range(len(received)))]
    booked = nw.from_native(pl.LazyFrame({"customer_id": ["c1"] * len(at), "at": at, "amount": [-1.0, *received]}))
    tables = {"loans": loans, "customers": people, "transactions": booked}
    return collect(facts(tables, loan_spine(loans), Vocabulary())).loc["l1"]


def test_burden_on_what_comes_in() -> None:
    known = _loan(received=(600.0, 1800.0))
    assert known["monthly_inflow_365d"] == pytest.approx(200.0)
    assert known["burden_inflow"] == pytest.approx(100 / 200)


def test_burden_on_declared_income_and_amount_against_it() -> None:
    known = _loan()
    assert known["burden_income"] == pytest.approx(100 / 2000)
    assert known["amount_to_income"] == pytest.approx(1200 / 24000)


def test_the_bank_s_own_instalment_comes_before_amount_over_term() -> None:
    assert _loan(instalment=Decimal("150.00"))["burden_income"] == pytest.approx(150 / 2000)


@pytest.mark.parametrize("income", [None, Decimal("0.00")])
def test_a_burden_on_nothing_is_missing(income: Decimal | None) -> None:
    known = _loan(income)
    assert known[["burden_inflow", "burden_income", "amount_to_income"]].isna().all()


def test_a_snapshot_knows_age_and_tenure_too() -> None:
    people = nw.from_native(
        pl.LazyFrame({"customer_id": ["c1"], "birth_date": [dt.date(1984, 3, 1)], "joined_on": [dt.date(2024, 2, 1)]})
    )
    known = collect(facts({"customers": people}, snapshot_spine(people, CUT), Vocabulary())).loc["c1"]
    assert known["age_years"] == pytest.approx(40.0)
    assert known["tenure_days"] == 29


@pytest.mark.parametrize(
    ("present", "defaults"),
    [
        ((), None),
        (("defaulted",), None),
        (("closed_on",), None),
        (("defaulted_on",), 1),
        (("defaulted", "closed_on"), 2),
        (("defaulted", "defaulted_on", "closed_on"), 3),
    ],
)
def test_earlier_defaults_need_something_that_dates_them(present: tuple[str, ...], defaults: int | None) -> None:
    # Before the date: one default with a date, two without one whose loans were closed; one after it.
    past, future = DAY - dt.timedelta(days=9), DAY + dt.timedelta(days=9)
    loans = pl.LazyFrame(
        {
            "loan_id": ["dated", "closed", "also closed", "later", "now"],
            "customer_id": ["c1"] * 5,
            "applied_on": [DAY - dt.timedelta(days=400)] * 4 + [DAY],
            "defaulted": [True, True, True, True, False],
            "defaulted_on": [past, None, None, future, None],
            "closed_on": [None, past, past, None, None],
        }
    )
    known = nw.from_native(loans.select("loan_id", "customer_id", "applied_on", *present))
    made = collect(earlier_loans(known, loan_spine(known)))
    assert made.loc["now", "earlier_loans_count"] == 4
    assert made.get("earlier_defaults_count", {"now": None})["now"] == defaults
