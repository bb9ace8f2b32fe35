"""Numbers of the windows that chance seldom draws: equal bookings, and one alone."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import polars as pl
import pytest
from random_banks import CUT, collect

from guilder.features.behaviour import behaviour
from guilder.features.vocabulary import Vocabulary


def made(*bookings: tuple[int, float]) -> pd.Series:
    """The facts of bookings so many days before the date."""
    rows = [("c", CUT - dt.timedelta(days=days), amount) for days, amount in bookings]
    booked = nw.from_native(pl.LazyFrame(rows, schema=["customer_id", "at", "amount"], orient="row"))
    spine = nw.from_native(pl.LazyFrame({"row": ["c"], "customer_id": ["c"], "as_of": [CUT]}))
    return collect(behaviour(booked, spine, Vocabulary())).loc["c"]


def test_equal_bookings_have_no_spread_and_one_alone_has_none_to_tell() -> None:
    row = made((1, 0.01), (2, -0.01), (200, 3.0))
    assert row["ticket_std_30d"] == 0.0
    assert row["ticket_std_365d"] == pytest.approx(pd.Series([0.01, 0.01, 3.0]).std(), abs=1e-4)
    assert pd.isna(made((1, 5.0))["ticket_std_30d"])


def test_the_spread_of_equal_bookings_survives_rounding() -> None:
    assert made(*[(day, 123_456_789.01) for day in range(1, 8)])["ticket_std_30d"] == pytest.approx(0.0, abs=1e3)


def test_cents_count_as_money_in_and_out() -> None:
    row = made((1, 0.01), (40, -0.01), (40, 0.0))
    assert (row["money_in_90d"], row["money_out_90d"], row["transactions_count_90d"]) == (0.01, 0.01, 3)
    assert (row["money_in_30d"], row["money_out_30d"]) == (0.01, 0.0)
    assert row["money_in_ratio_30d_365d"] == pytest.approx(40 / 30)
    assert row["money_out_to_in_365d"] == 1.0
