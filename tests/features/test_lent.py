"""What is still lent at a date, with the day of its end or with the term alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from random_banks import CUT

from guilder.features.lent import open_loans

TODAY = CUT.date()
YESTERDAY = TODAY - dt.timedelta(days=1)
LOANS = {
    "customer_id": ["a", "a", "a", "b", "b"],
    "applied_on": [dt.date(2023, 3, 1), dt.date(2023, 3, 31), YESTERDAY, YESTERDAY, TODAY],
    "amount": [100.25, 10.5, 1.0, 7.0, 999.0],
    "closed_on": [TODAY, YESTERDAY, None, YESTERDAY, None],
    "term_months": [12, 13, 1, 0, 12],
}


def lent(*without: str) -> set[tuple[Any, ...]] | None:
    made = open_loans(nw.from_native(pl.LazyFrame(LOANS).drop(without)), CUT)
    return made and set(made.select("customer_id", "open_loans", "lent").collect("polars").to_native().rows())


def test_open_until_the_day_it_is_closed() -> None:
    assert lent() == lent("term_months") == {("a", 2, 101.25)}


def test_without_that_day_open_for_its_term() -> None:
    # Twelve months have run of the first and of the second, one of the loans of yesterday.
    assert lent("closed_on") == {("a", 1, 10.5)}


@pytest.mark.parametrize("without", [["amount"], ["applied_on"], ["customer_id"], ["closed_on", "term_months"]])
def test_a_bank_that_cannot_tell(without: list[str]) -> None:
    assert lent(*without) is None
