"""Money out by category: what counts, by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import polars as pl
from random_banks import CUT

from guilder.features.spending import spending

DAY = dt.timedelta(days=1)


def lazy(rows: list[tuple[str, dt.datetime, float, str | None]]) -> nw.LazyFrame[Any]:
    return nw.from_native(pl.LazyFrame(rows, schema=["customer_id", "at", "amount", "category"], orient="row"))


def test_money_out_of_the_past_year_by_customer_and_category() -> None:
    made = spending(
        lazy([
            ("a", CUT - DAY, -10.0, "food"), ("a", CUT - 365 * DAY, -0.01, "food"), ("a", CUT - DAY, -0.01, "tea"),
            ("a", CUT - DAY, -2.5, None), ("b", CUT - DAY, -7.0, "food"),
            ("a", CUT - DAY, 99.0, "food"), ("a", CUT - DAY, 0.0, "nothing"),
            ("a", CUT - 366 * DAY, -99.0, "food"), ("a", CUT, -99.0, "food"),
        ]),
        CUT,
    )  # fmt: skip
    assert made is not None
    assert set(made.select("customer_id", "category", "cents").collect("polars").to_native().rows()) == {
        ("a", "food", 1001.0), ("a", "tea", 1.0), ("a", None, 250.0), ("b", "food", 700.0),
    }  # fmt: skip


def test_a_bank_without_categories_has_none() -> None:
    assert spending(lazy([("a", CUT - DAY, -1.0, "food")]).drop("category"), CUT) is None
