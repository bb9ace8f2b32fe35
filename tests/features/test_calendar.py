"""Days and months as numbers, where the calendar leaps."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import polars as pl

from guilder.features.calendar import day_number, month_number


def test_days_are_numbered_as_in_the_standard_library() -> None:
    years = [1, 4, 5, 100, 101, 400, 401, 1900, 1901, 1970, 2000, 2001, 2023, 2024, 2025, 2100, 2101, 9999]
    days = [dt.datetime(year, month, 28) for year in years for month in (1, 2, 3, 12)]
    made = nw.from_native(pl.DataFrame({"at": days}, schema={"at": pl.Datetime("us")})).select(
        day=day_number(nw.col("at")), month=month_number(nw.col("at"))
    )
    assert made["day"].to_list() == [day.toordinal() for day in days]
    assert made["month"].to_list() == [12 * day.year + day.month for day in days]
