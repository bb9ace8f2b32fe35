"""Periods, slices and shifts: what was planted is found, and noise is not."""

import numpy as np
import pandas as pd
import pytest

from guilder.evaluation.intervals import Figure
from guilder.evaluation.periods import gini_by_period, periods, trend
from guilder.evaluation.shift import shift
from guilder.evaluation.slices import cut, excesses, levelled
from guilder.evaluation.stability import population_stability
from guilder.risk.fairness import tidy_groups


def _dates(months, each):
    start = np.datetime64("2024-01-15", "us").astype("datetime64[M]")
    return np.repeat(start + np.arange(months), each).astype("datetime64[us]")


def test_periods_are_the_shortest_that_hold_enough():
    rng = np.random.default_rng(0)
    dense = rng.random(6 * 200) < 0.1
    assert periods(_dates(6, 200), dense)[::2] == ("month", [f"2024-0{month}" for month in range(1, 7)])
    sparse = np.zeros(12 * 20, dtype=bool)
    sparse[::10] = True
    length, part, names = periods(_dates(12, 20), sparse)
    assert (length, names) == ("quarter", ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"])
    assert np.bincount(part).tolist() == [60] * 4
    assert periods(_dates(12, 20), np.zeros(240)) is None
    assert periods(np.array(["2024-01-01", "NaT"], dtype="datetime64[us]"), [0, 1]) is None


def test_a_ranking_that_fades_has_a_slope_below_zero_and_a_steady_one_has_none():
    rng = np.random.default_rng(1)
    part = np.repeat(np.arange(10), 600)
    y = rng.random(6000) < 0.2
    steady = gini_by_period(y, y + rng.normal(0, 1, 6000), part)
    fading = gini_by_period(y, y * (1.6 - 0.14 * part) + rng.normal(0, 1, 6000), part)
    assert trend(steady).holds(0)
    assert trend(fading).high < 0
    assert trend(steady[:2]) is None


def test_the_slope_is_the_weighted_least_squares_line():
    known = [Figure(v, v - h, v + h) for v, h in ((0.5, 0.1), (0.45, 0.2), (0.3, 0.1), (0.35, 0.05))]
    slope = np.polyfit(range(4), [one.value for one in known], 1, w=[10, 5, 10, 20])[0]
    assert trend(known).value == pytest.approx(slope)


def test_the_slope_covers():
    rng = np.random.default_rng(2)
    part, hits = np.repeat(np.arange(6), 150), 0
    for _ in range(200):
        y = rng.random(900) < 0.25
        hits += trend(gini_by_period(y, y + rng.normal(0, 1, 900), part)).holds(0)
    assert hits / 200 > 0.9


def test_a_shift_is_the_index_and_knows_its_noise():
    rng = np.random.default_rng(3)
    then, now = rng.normal(size=800), rng.normal(0.1, 1, 500)
    assert shift(then, now).psi == pytest.approx(population_stability(then, now))
    same = [shift(rng.normal(size=300), rng.normal(size=200)) for _ in range(400)]
    over = np.mean([one.psi > one.noise for one in same])
    assert 0.02 < over < 0.1
    moved = shift(rng.normal(size=2000), rng.normal(1, 1, 2000))
    assert moved.over(0.25)
    assert moved.noise < 0.05


def test_a_category_moves_and_missing_is_one():
    then = np.array(["a", "b", None] * 100, dtype=object)
    assert shift(then, then).psi == 0
    assert shift(then, np.array(["a"] * 300, dtype=object)).over(0.25)
    assert np.isnan(shift(then, then[:0]).psi)


def _facts(rng, rows):
    return {
        "income": rng.normal(size=rows), "age": rng.normal(size=rows), "region": rng.choice(["n", "s", "w"], rows),
        "debt": np.where(rng.random(rows) < 0.2, np.nan, rng.normal(size=rows)),
    }  # fmt: skip


def test_noise_has_no_weak_spots_though_every_pd_be_too_low():
    rng = np.random.default_rng(4)
    named = 0
    for seed in range(60):
        facts, p = _facts(rng, 1500), rng.beta(2, 10, 1500)
        y = rng.random(1500) < np.minimum(p * 1.3, 1)
        slices = cut(facts, paired=3)
        found = excesses(y, p, np.column_stack([one.rows for one in slices]), repeats=200, random_state=seed)
        named += min(one.p for one in found if one) < 0.05
    assert named / 60 < 0.15


def test_a_planted_weak_spot_is_named():
    rng = np.random.default_rng(5)
    facts, p = _facts(rng, 4000), np.full(4000, 0.1)
    weak = (facts["region"] == "s") & (facts["income"] > 0.67)
    y = rng.random(4000) < np.where(weak, 0.25, 0.1)
    slices = cut(facts)
    found = excesses(y, p, np.column_stack([one.rows for one in slices]))
    best = max((place for place, one in enumerate(found) if one), key=lambda place: abs(found[place].z))
    assert slices[best].facts == ("income", "region")
    assert slices[best].values[1] == "s"
    assert found[best].p < 0.01
    assert found[best].z > 0


def test_slices_are_worded_and_small_ones_are_not_judged():
    number = np.r_[np.zeros(60), np.arange(1, 41), np.full(40, np.nan)]
    found = cut({"x": number, "k": ["a"] * 100 + ["b"] * 40}, paired=0)
    assert {one.values[0]: int(one.rows.sum()) for one in found} == {"≤ 0": 60, "not known": 40, "a": 100, "b": 40}
    pairs = [one for one in cut({"x": number, "k": ["a"] * 100 + ["b"] * 40}) if len(one.facts) == 2]
    assert [(one.values, int(one.rows.sum())) for one in pairs] == [(("≤ 0", "a"), 60), (("not known", "b"), 40)]
    y, p = np.zeros(140), np.full(140, 0.01)
    assert excesses(y, p, np.ones((140, 1), dtype=bool)) == [None]


def test_levelled_pds_add_up_to_what_was_seen():
    rng = np.random.default_rng(6)
    p = rng.random(500)
    y = rng.random(500) < 0.3
    assert levelled(y, p).sum() == pytest.approx(y.sum())
    assert (np.argsort(levelled(y, p)) == np.argsort(p)).all()


def test_numbers_are_cut_at_quarters_of_what_is_known():
    values = np.r_[np.arange(1.0, 201.0), np.full(40, np.nan)]
    found = cut({"x": values})
    assert [one.values for one in found] == [("≤ 50.75",), ("> 50.75 and ≤ 100.5",), ("> 100.5 and ≤ 150.2",),
                                             ("> 150.2",), ("not known",)]  # fmt: skip
    assert [int(one.rows.sum()) for one in found] == [50, 50, 50, 50, 40]


def test_what_pandas_calls_missing_is_missing_in_shifts_slices_and_groups() -> None:
    words = pd.Series(["a", None, "b"] * 60, dtype="string").to_numpy(dtype=object)
    assert shift(words, words).psi == 0
    assert ("not known",) in [one.values for one in cut({"fact": words})]
    assert set(tidy_groups(words)) == {"a", "b", "not known"}
