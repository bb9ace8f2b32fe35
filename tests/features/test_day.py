"""The usual day at the edges of its hours, of its week and of its year."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import polars as pl
import pytest
from random_banks import CUT

from guilder.features.day import usual_day

PARTS = ("night", "morning", "afternoon", "evening")


def day_of(*at: dt.datetime) -> dict[str, int]:
    rows = pl.LazyFrame({"customer_id": ["c"] * len(at), "at": at})
    (row,) = usual_day(nw.from_native(rows), CUT).collect("polars").to_native().rows(named=True)
    return row


@pytest.mark.parametrize(
    ("clock", "part"),
    [
        ("00:01", "night"), ("05:59", "night"), ("06:00", "morning"), ("11:59", "morning"), ("12:00", "afternoon"),
        ("17:59", "afternoon"), ("18:00", "evening"), ("23:59", "evening"), ("00:00", None),
    ],
)  # fmt: skip
def test_the_part_of_the_day(clock: str, part: str | None) -> None:
    row = day_of(dt.datetime.combine(dt.date(2024, 2, 1), dt.time.fromisoformat(clock)))
    assert {each: row[each] for each in PARTS} == {each: int(each == part) for each in PARTS}
    assert row["timed"] == int(part is not None)


def test_weekends_are_saturday_and_sunday() -> None:
    monday = dt.datetime(2024, 2, 5, 9)
    week = [day_of(monday + dt.timedelta(days=day))["weekend"] for day in range(7)]
    assert week == [0, 0, 0, 0, 0, 1, 1]


def test_bookings_and_different_days_of_the_year_before() -> None:
    day = dt.timedelta(days=1)
    row = day_of(CUT - day, CUT - day / 2, CUT - 9 * day, CUT - 365 * day, CUT - 366 * day, CUT)
    assert (row["bookings"], row["days"], row["timed"]) == (4, 3, 1)
