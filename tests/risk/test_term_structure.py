"""Curves never fall, pass through each loan's own PD at the horizon, and find what was planted."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.errors import ModelError
from guilder.risk.exposure import Exposure
from guilder.risk.term_check import curves, expected, expected_events, poisson_ratio
from guilder.risk.term_structure import TermStructure, cumulative_hazard, fit_term_structure

WITHIN = np.cumsum([0, 0, 0, 1, 2, 3, 3, 2, 2, 1, 1, 1]) / 16


def made(n: int, slope: float, seed: int = 0) -> tuple[np.ndarray, Exposure]:
    """Loans with known PDs, a known spread over 12 months, and a rate of .02 a month over the 12 after them."""
    rng = np.random.default_rng(seed)
    p = 1 / (1 + np.exp(2.2 - rng.standard_normal(n)))
    hazard = cumulative_hazard(p)
    month = np.full(n, 99)
    steps = [*(hazard * each for each in np.diff(WITHIN, prepend=0)), *[0.02 * hazard**slope] * 12]
    for place, step in enumerate(steps, start=1):
        month[(month == 99) & (rng.random(n) < -np.expm1(-step))] = place
    seen = rng.integers(0, 25, n)
    return p, Exposure(np.where(month <= seen, month, seen), month <= seen)


@pytest.mark.parametrize("slope", [0.0, 0.6, 1.0])
def test_what_was_planted_is_found(slope: float) -> None:
    p, seen = made(40_000, slope)
    found = fit_term_structure(p, seen, 12)
    assert found.level.holds(1)
    assert found.slope.holds(1)
    assert found.slope_after is not None
    assert found.slope_after.holds(slope)
    np.testing.assert_allclose(found.structure.within, WITHIN, atol=0.02)
    truth = 1 - (1 - 0.1) * np.exp(-0.02 * 12 * cumulative_hazard(0.1) ** slope)
    assert found.structure.cumulative(0.1, 24) == pytest.approx(truth, abs=0.02)


def test_a_level_that_is_wrong_is_seen_and_not_taken_over() -> None:
    p, seen = made(40_000, 1.0)
    found = fit_term_structure(-np.expm1(-cumulative_hazard(p) / 2), seen, 12)
    assert found.level.low > 1.8
    assert found.structure.cumulative(0.2, 12) == pytest.approx(0.2)


shapes = st.builds(
    lambda within, after, slope: TermStructure(
        (*(np.cumsum(within) / sum(within)).tolist()[:-1], 1.0), tuple(np.cumsum(after).tolist()), slope
    ),
    st.lists(st.floats(0, 5), min_size=1, max_size=12).filter(lambda each: sum(each) > 1e-6),
    st.lists(st.floats(0, 0.2), max_size=24), st.floats(0, 2),
)  # fmt: skip


@given(shapes, st.floats(1e-6, 1 - 1e-6))
def test_never_falls_and_is_the_pd_at_the_horizon(structure: TermStructure, p: float) -> None:
    curve = structure.cumulative(np.full(structure.last + 3, p), np.arange(structure.last + 3))
    assert (np.diff(curve) >= -1e-15).all()
    assert curve[0] == 0
    assert curve[structure.horizon] == pytest.approx(p, rel=1e-9)
    assert curve[-1] == curve[structure.last] <= 1


@given(shapes, st.floats(1e-6, 1 - 1e-6), st.floats(1e-6, 1 - 1e-6))
def test_a_higher_pd_is_never_the_lower_curve(structure: TermStructure, one: float, other: float) -> None:
    low, high = sorted((one, other))
    months = np.arange(structure.last + 1)
    assert (structure.cumulative(np.full(len(months), low), months)
            <= structure.cumulative(np.full(len(months), high), months) + 1e-12).all()


def test_lifetime_is_to_the_term_as_far_as_anything_was_seen() -> None:
    structure = TermStructure((0.5, 1.0), (0.1, 0.2), 1.0)
    chance, months = structure.lifetime(np.full(5, 0.3), [1.0, 2.0, 3.0, 240.0, np.nan])
    assert months[:4].tolist() == [2, 2, 3, 4]
    np.testing.assert_allclose(chance[:4], [0.3, 0.3, 1 - 0.7**1.1, 1 - 0.7**1.2])
    assert np.isnan([chance[4], months[4]]).all()


def test_the_score_never_turns_after_the_horizon() -> None:
    p, seen = made(40_000, -1.0)
    found = fit_term_structure(p, seen, 12)
    assert found.slope_after is not None
    assert found.slope_after.high < 0
    assert found.structure.slope == 0


def test_few_defaults_after_the_horizon_leave_the_slope_at_one() -> None:
    p, seen = made(40_000, 1.0)
    short = Exposure(np.minimum(seen.months, 12), seen.event & (seen.months <= 12))
    found = fit_term_structure(p, short, 12)
    assert (found.slope_after, found.events_after, found.structure.last) == (None, 0, 12)


def test_too_little_is_said() -> None:
    p, seen = made(100, 1.0)
    with pytest.raises(ModelError, match="defaults within 12 months"):
        fit_term_structure(p, Exposure(seen.months, np.zeros(100, dtype=bool)), 12)
    with pytest.raises(ModelError, match="5 months with 30 loans"):
        fit_term_structure(np.full(100, 0.2), Exposure(np.full(100, 5), np.arange(100) < 20), 12)


def test_the_order_of_loans_does_not_matter_and_json_keeps_all() -> None:
    p, seen = made(3000, 1.0)
    order = np.random.default_rng(1).permutation(3000)
    one, other = (fit_term_structure(p[rows], Exposure(seen.months[rows], seen.event[rows]), 12)
                  for rows in (np.arange(3000), order))
    assert one.structure.within == pytest.approx(other.structure.within, rel=1e-12)
    again = TermStructure.from_dict(json.loads(json.dumps(one.structure.to_dict())))
    assert again == one.structure


def test_expected_defaults_are_sums_of_monthly_hazards() -> None:
    structure = TermStructure((0.25, 1.0), (0.1,), 1.0)
    p = np.array([0.2, 0.2, 0.5])
    found = expected_events(structure, p, [0, 2, 3])
    by_month = [structure.cumulative(0.5, month) for month in range(4)]
    by_hand = sum((b - a) / (1 - a) for a, b in pairwise(by_month))
    assert found[0] == 0
    assert found[2] == pytest.approx(float(by_hand))


def test_expected_meets_observed_where_the_curve_is_true() -> None:
    p, seen = made(40_000, 1.0)
    found = fit_term_structure(p, seen, 12)
    rows = expected(found.structure, p, seen, np.where(p < 0.1, "low", "high"))
    assert [row["group"] for row in rows] == ["high", "low"]
    assert all(row["ratio"]["low"] < 1 < row["ratio"]["high"] for row in rows)
    assert sum(row["observed"] for row in rows) == seen.event.sum()


def test_curves_lie_on_kaplan_meier_where_the_curve_is_true() -> None:
    p, seen = made(40_000, 1.0)
    found = fit_term_structure(p, seen, 12)
    for drawn in curves(found.structure, p, seen, np.where(p < 0.1, "low", "high")):
        last = 11
        assert drawn["low"][last] < drawn["predicted"][last] < drawn["high"][last]
        assert len(drawn["months"]) == len(drawn["observed"]) == len(drawn["predicted"]) == 24


def test_the_interval_of_a_count() -> None:
    # Brown, Cai and DasGupta, "Interval estimation in exponential families", 2003: Jeffreys for a Poisson mean,
    # here scipy.stats.gamma.ppf([.025, .975], 10.5)
    found = poisson_ratio(10, 1.0)
    assert (found.low, found.high) == pytest.approx((5.1406, 17.7394), abs=1e-3)
    assert poisson_ratio(0, 1.0).low == 0
    assert np.isnan(poisson_ratio(0, 0.0).value)
