"""Months are counted as a calendar counts them, and Kaplan–Meier is what the books and another library say."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.evaluation.survival import NEVER, kaplan_meier, whole_months

# Freireich et al. (1963), remission in weeks under 6-mercaptopurine; the estimate is in every textbook of survival
# analysis, such as Kalbfleisch and Prentice, table 1.2.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSE = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PUBLISHED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def test_published_values() -> None:
    found = kaplan_meier(WEEKS, RELAPSE)
    assert {week: round(1 - found.cumulative[week - 1], 3) for week in PUBLISHED} == PUBLISHED
    assert found.at_risk[[5, 9, 22]].tolist() == [21, 15, 6]


def test_values_of_scikit_survival() -> None:
    # scikit-survival 0.28.0, kaplan_meier_estimator(..., conf_type="log-log"), week 23
    found = kaplan_meier(WEEKS, RELAPSE)
    assert found.cumulative[22] == pytest.approx(0.5518207282913165, abs=1e-12)
    assert (found.low[22], found.high[22]) == pytest.approx((0.31985737150475846, 0.8119479940407676), abs=1e-12)


def test_against_scikit_survival() -> None:
    sksurv = pytest.importorskip("sksurv.nonparametric")
    rng = np.random.default_rng(0)
    months, event = rng.integers(1, 40, 500), rng.random(500) < 0.3
    time, survival, ends = sksurv.kaplan_meier_estimator(event, months, conf_type="log-log")
    found = kaplan_meier(months, event)
    np.testing.assert_allclose(found.cumulative[time - 1], 1 - survival, atol=1e-12)
    drawn = np.isfinite(found.low[time - 1])
    np.testing.assert_allclose(found.low[time - 1][drawn], 1 - ends[1][drawn], atol=1e-12)
    np.testing.assert_allclose(found.high[time - 1][drawn], 1 - ends[0][drawn], atol=1e-12)


def test_without_censoring_it_is_the_share() -> None:
    found = kaplan_meier([1, 1, 2, 3, 3, 3, 3, 3], [1, 0, 1, 1, 0, 0, 0, 0])
    assert found.cumulative.tolist() == pytest.approx([1 / 8, 1 - 7 / 8 * 5 / 6, 1 - 7 / 8 * 5 / 6 * 4 / 5])


def test_nobody_and_everybody() -> None:
    assert kaplan_meier([], []).cumulative.tolist() == []
    assert kaplan_meier([0, 0], [False, False]).at_risk.tolist() == []
    every = kaplan_meier([1, 2], [True, True])
    assert every.cumulative.tolist() == [0.5, 1.0]
    assert np.isnan(every.low[1]), "nobody is left to say how sure that is"


@given(st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1)), st.integers(0, 400), st.integers(-3, 3))
def test_months_end_as_a_calendar_says(start: dt.date, months: int, days: int) -> None:
    first = pd.Timestamp(start)
    end = first + pd.DateOffset(months=months) + pd.Timedelta(days=days)
    found = int(whole_months(first.to_datetime64(), end.to_datetime64())[0])
    if end < first:
        assert found == NEVER
        return
    assert first + pd.DateOffset(months=found) <= end
    assert first + pd.DateOffset(months=found + 1) > end


def test_the_time_of_day_counts() -> None:
    start = np.datetime64("2024-01-31T15:00")
    assert whole_months(start, np.datetime64("2024-02-29T14:59")).tolist() == [0]
    assert whole_months(start, np.datetime64("2024-02-29T15:00")).tolist() == [1]


def test_a_blank_date_is_never() -> None:
    assert whole_months(["NaT", "2024-01-01"], ["2024-01-01", "NaT"]).tolist() == [NEVER, NEVER]
