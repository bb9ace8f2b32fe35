"""Numbers are written in the digits they deserve."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.report import words


@pytest.mark.parametrize("nothing", [None, math.nan, math.inf, "text", {"value": None}, {}])
def test_nothing_is_a_dash(nothing: object) -> None:
    assert {words.number(nothing), words.percent(nothing), words.figure(nothing), words.amount(nothing)} == {"–"}


def test_a_figure_carries_its_interval() -> None:
    assert words.figure({"value": 0.8123, "low": 0.791, "high": 0.8312}) == "0.812 (0.79–0.83)"
    assert words.figure({"value": 0.011, "low": -0.0121, "high": 0.031}) == "0.011 (−0.01 to 0.03)"
    assert words.figure({"value": 0.223, "low": 0.21, "high": 0.24}, "percent") == "22.3% (21.0–24.0%)"
    assert words.figure({"value": 0.5, "low": None, "high": None}) == "0.500"
    assert words.figure(0.5) == "0.500"


def test_a_narrow_interval_gets_one_more_digit() -> None:
    assert words.interval({"value": 0.8, "low": 0.7965, "high": 0.8034}) == "0.796–0.803"


def test_percentages_have_few_digits() -> None:
    assert [words.percent(share) for share in (0, 1, 0.2213, 0.0045)] == ["0%", "100%", "22.1%", "0.45%"]
    assert [words.edge(share) for share in (0.12, 0.125)] == ["12%", "12.5%"]


def test_money_days_and_names_read_as_words() -> None:
    assert words.money(1240.4, "EUR") == "EUR 1,240"
    assert words.money(2_345_678, "EUR") == "EUR 2.3 million"
    assert words.day("2025-06-30T00:00:00") == "30 June 2025"
    assert words.day("soon") == "soon"
    assert words.plain("money_in_90d") == "money in, 90 days"
    assert words.plain("share_channel_card_365d") == "share by card, 365 days"
    assert words.as_of(None) == "undated"
    assert [words.correlation(each) for each in (1.0, 0.998, -0.996, 0.96)] == ["1.00", "0.99", "−0.99", "0.96"]
    assert [words.amount(each) for each in (23110.4, 0.00042, -0.05, 1e-9)] == ["23,110", "0.00042", "−0.05", "0"]
    assert words.joined(["a", "b", "c"]) == "a, b and c"
    assert words.plural(1, "loan") == "1 loan"
    assert words.plural(1200, "loan") == "1,200 loans"


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_number_is_written_as_nan_or_minus_nothing(value: float) -> None:
    for said in (words.number(value), words.percent(value), words.amount(value)):
        assert "nan" not in said
        assert "inf" not in said
        assert "-" not in said
        assert said not in ("−0.000", "−0%")


@given(st.floats(-1e6, 1e6), st.floats(0, 1e3), st.floats(0, 1e3))
def test_an_interval_always_shows_both_ends(middle: float, below: float, above: float) -> None:
    said = words.interval({"value": middle, "low": middle - below, "high": middle + above})
    assert len(said.split(" to " if middle - below < 0 else "–")) == 2
