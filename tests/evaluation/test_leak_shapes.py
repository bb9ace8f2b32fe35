"""Shapes of a leak: codes learned on other rows, last digits, values too near a curve, both ends of a number."""

from __future__ import annotations

import numpy as np
import pytest

from guilder.evaluation.leak_pairs import pairs
from guilder.evaluation.leak_shapes import code_area, ends, last_digits, too_smooth


def test_codes_are_judged_on_other_rows() -> None:
    rng = np.random.default_rng(0)
    code, y = rng.integers(0, 50, 2000), rng.integers(0, 2, 2000)
    assert code_area(code, code % 2) == 1.0
    assert code_area(code, y) == pytest.approx(0.5, abs=0.05)
    assert code_area(np.arange(2000), y) == 0.5  # each code once: nothing to learn from


@pytest.mark.parametrize(("rows", "bads", "said"), [(200, 20, True), (200, 18, False), (98, 40, False)])
def test_few_rows_say_nothing(rows: int, bads: int, said: bool) -> None:
    y = np.repeat([1, 0], [bads, rows - bads])
    assert (code_area(y, y) != 0.5) == said


def test_last_digits_are_cents_or_tens_and_ones() -> None:
    assert last_digits(np.array([1.25, -3.07, 11.3])) is not None
    assert np.array_equal(last_digits(np.array([1.25, -3.07, 11.3])), [25, 7, 30])
    assert np.array_equal(last_digits(np.array([1999.0, 5.0, 999.0])), [99, 5, 99])
    assert last_digits(np.array([1004.0, 5.0])) is None  # spans less than a thousand
    assert last_digits(np.array([9.9, 0.5])) is None  # spans less than ten
    assert last_digits(np.array([1e13, 0.0])) is None
    assert last_digits(np.zeros(0)) is None


def test_rates_of_outcomes_are_nearer_to_a_curve_than_chance() -> None:
    rng = np.random.default_rng(0)
    group = rng.integers(0, 60, 6000)
    y = (rng.random(6000) < rng.beta(2, 5, 60)[group]).astype(np.intp)
    rate = np.bincount(group, weights=y) / np.bincount(group)
    strays, chance = too_smooth(2 * rate[group] + 3, y)
    assert strays < 0.1
    assert chance < -14
    honest, usual = too_smooth(rng.integers(0, 60, 6000).astype(float), y)
    assert 0.5 < honest < 1.6
    assert usual > -5
    assert too_smooth(np.arange(100.0), y[:100]) == (1.0, 0.0)  # under two rows a value
    assert too_smooth(np.tile(np.arange(7.0), 100), y[:700]) == (1.0, 0.0)  # seven values are always near some curve


def test_ends_count_from_the_lowest_and_from_the_highest() -> None:
    low, high = ends(np.array([3.0, 1.0, 2.0, 2.0]), np.array([1, 0, 1, 0]))
    assert [side.tolist() for side in low] == [[0, 1, 2], [1, 2, 2]]
    assert [side.tolist() for side in high] == [[1, 2, 2], [0, 1, 2]]


def made(seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=2000), rng.normal(size=2000), rng


def test_a_pair_that_tells_the_outcome_comes_first() -> None:
    a, b, rng = made()
    found = pairs({"noise": rng.normal(size=2000), "a": a, "b": b}, ((a > 0) ^ (b > 0)).astype(np.intp))
    assert len(found) == 3
    one, other, area, alone = found[0]
    assert (one, other) == ("a", "b")
    assert area > 0.95
    assert alone == pytest.approx(0.5, abs=0.06)
    assert all(area < 0.6 for _, _, area, _ in found[1:])


def test_the_difference_of_two_facts_that_are_close_is_a_pair() -> None:
    a, b, _ = made()
    y = (b > 0).astype(np.intp)
    one, other, area, alone = pairs({"a": a, "later": a + 0.01 * b}, y)[0]
    assert (one, other, area) == ("a", "later", 1.0)
    assert alone < 0.6
    assert pairs({"a": a, "apart": 0.01 * b - 3 * np.abs(a)}, y)[0][2] < 0.8


def test_being_missing_together_is_seen() -> None:
    a, b, rng = made()
    out, gone = rng.random(2000) < 0.5, rng.random(2000) < 0.5
    a[out], b[gone] = np.nan, np.nan
    assert pairs({"a": a, "b": b}, (out ^ gone).astype(np.intp))[0][2] > 0.95


@pytest.mark.parametrize(
    ("rows", "bads", "said"), [(100, 20, True), (99, 40, False), (200, 19, False), (200, 181, False)]
)
def test_few_rows_have_no_pairs(rows: int, bads: int, said: bool) -> None:
    a, b, _ = made()
    assert bool(pairs({"a": a[:rows], "b": b[:rows]}, np.repeat([1, 0], [bads, rows - bads]))) == said
