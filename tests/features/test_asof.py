"""The cut in time, at its edges, and the two spines."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import polars as pl
import pytest
from random_banks import CUT, collect

from guilder.features.asof import known_by, loan_spine, snapshot_spine

MINUTE = dt.timedelta(minutes=1)


def _known(rows: dict, when: str = "at") -> list[str]:
    frame = known_by(nw.from_native(pl.LazyFrame(rows)), when, CUT)
    return sorted(frame.collect("pyarrow").get_column("name").to_list())


@pytest.mark.parametrize("engine_type", ["moment", "date"])
def test_strictly_before(engine_type: str) -> None:
    at = [CUT - MINUTE, CUT, CUT + MINUTE, None]
    rows = {"name": ["before", "at midnight", "after", "blank"], "at": at}
    if engine_type == "date":
        rows["at"] = [None if moment is None else moment.date() for moment in at]
    assert _known(rows) == ["before"]


def test_loaded_by_that_moment_counts_and_later_does_not() -> None:
    at = CUT - 9 * MINUTE
    rows = {"name": ["then", "later", "blank"], "at": [at] * 3, "loaded_at": [CUT, CUT + MINUTE, None]}
    assert _known(rows) == ["then"]


def test_the_date_may_be_a_column() -> None:
    rows = pl.LazyFrame({"name": ["a", "b"], "at": [CUT, CUT], "as_of": [CUT, CUT + MINUTE]})
    known = known_by(nw.from_native(rows), "at", "as_of").collect("pyarrow")
    assert known.get_column("name").to_list() == ["b"]


def test_spine_of_loans_is_midnight_of_the_application() -> None:
    loans = nw.from_native(pl.LazyFrame({"loan_id": ["l1"], "customer_id": ["c1"], "applied_on": [CUT.date()]}))
    spine = collect(loan_spine(loans))
    assert list(spine.columns) == ["customer_id", "as_of", "loan_id"]
    assert spine.loc["l1"].to_list() == ["c1", CUT, "l1"]


def test_spine_of_a_flat_table_has_neither_customer_nor_date() -> None:
    spine = loan_spine(nw.from_native(pl.LazyFrame({"loan_id": ["l1"]})))
    assert spine.collect_schema()["as_of"] == nw.Datetime("us")
    assert collect(spine)[["customer_id", "as_of"]].isna().all(axis=None)


def test_spine_of_customers_leaves_out_who_joined_later() -> None:
    joined = [CUT.date() - dt.timedelta(days=1), CUT.date(), None]
    customers = nw.from_native(pl.LazyFrame({"customer_id": ["old", "new", "blank"], "joined_on": joined}))
    assert list(collect(snapshot_spine(customers, CUT)).index) == ["blank", "old"]
    assert len(collect(snapshot_spine(customers.drop("joined_on"), CUT))) == 3
