"""Agreement of partitions against scikit-learn, and shifts against their definition."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.cluster import contingency_matrix

from guilder.errors import UsageError
from guilder.evaluation.stability import (
    adjusted_rand,
    best_jaccard,
    bootstrap_agreement,
    calendar_facts,
    contingency,
    population_stability,
    share_stability,
)

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60)


@given(pairs)
def test_the_adjusted_rand_index_is_scikit_learns(pair: list[tuple[int, int]]) -> None:
    first, second = zip(*pair, strict=True)
    assert adjusted_rand(first, second) == pytest.approx(adjusted_rand_score(first, second), abs=1e-12)
    assert adjusted_rand(first, second) == pytest.approx(adjusted_rand(second, first), abs=1e-12)
    assert np.array_equal(contingency(first, second), contingency_matrix(first, second))


@given(pairs)
def test_what_labels_are_called_does_not_matter(pair: list[tuple[int, int]]) -> None:
    first, second = zip(*pair, strict=True)
    renamed = [f"group {9 - label}" for label in second]
    assert adjusted_rand(first, renamed) == pytest.approx(adjusted_rand(first, second))
    assert adjusted_rand(first, first) == 1.0


def test_partitions_of_different_things_are_refused() -> None:
    with pytest.raises(UsageError, match="2 and 3 things"):
        adjusted_rand([1, 2], [1, 2, 3])


def test_a_partition_that_ignores_the_sample_always_comes_back() -> None:
    points = np.arange(20.0)[:, None]
    half = (points[:, 0] > 9).astype(int)
    agreement = bootstrap_agreement(points, half, lambda _, all_of, __: (all_of[:, 0] > 9).astype(np.int64), repeats=5)
    assert agreement.tolist() == [1.0] * 5


def test_a_partition_by_chance_does_not_come_back_and_the_seed_decides() -> None:
    points = np.arange(400.0)[:, None]

    def toss(_: np.ndarray, all_of: np.ndarray, seed: int) -> np.ndarray:
        return np.random.default_rng(seed).integers(0, 2, len(all_of))

    once = bootstrap_agreement(points, toss(points, points, 1), toss, repeats=30, random_state=4)
    assert abs(once.mean()) < 0.02
    assert np.array_equal(once, bootstrap_agreement(points, toss(points, points, 1), toss, repeats=30, random_state=4))


def test_a_distribution_that_did_not_move_has_no_shift() -> None:
    values = np.random.default_rng(0).normal(size=5000)
    assert population_stability(values, values) == 0.0
    assert population_stability(values, np.random.default_rng(1).normal(size=5000)) < 0.02
    assert population_stability(values, values + 1) > 0.25


def test_a_shift_is_the_sum_over_groups() -> None:
    expected = (0.6 - 0.5) * np.log(0.6 / 0.5) + (0.4 - 0.5) * np.log(0.4 / 0.5)
    assert share_stability([50, 50], [120, 80]) == pytest.approx(expected)
    assert population_stability([0, 0, 1, 1], [0, 0, 0, 1, 1], bins=2) == pytest.approx(expected)
    assert np.isfinite(share_stability([10, 0, 0], [0, 10, 0]))


def test_values_that_go_missing_are_a_shift() -> None:
    values = np.arange(100.0)
    gone = np.where(values % 2 == 0, np.nan, values)
    assert population_stability(values, gone) > 0.25
    assert population_stability(np.full(9, np.nan), np.full(4, np.nan)) == 0.0
    with pytest.raises(UsageError, match="3 then and 0 now"):
        population_stability([1, 2, 3], [])


def test_a_fact_that_grows_with_the_calendar_is_named() -> None:
    rng = np.random.default_rng(0)
    when = np.datetime64("2020-01-01") + rng.integers(0, 1500, 800).astype("timedelta64[D]")
    days = (when - when.min()).astype(float)
    facts = {
        "history_days": days + rng.normal(0, 50, 800),
        "balance": rng.normal(size=800),
        "constant": np.ones(800),
        "half_known": np.where(rng.random(800) < 0.5, np.nan, -days),
    }
    found = calendar_facts(facts, when)
    assert sorted(found) == ["half_known", "history_days"]
    assert found["half_known"] == pytest.approx(-1)
    spearman = pd.Series(facts["history_days"]).corr(pd.Series(days), method="spearman")
    assert found["history_days"] == pytest.approx(spearman)


def test_a_group_is_told_by_its_best_match() -> None:
    """Groups of 4 and 2: three of the four are in a group of five; the two are in it whole."""
    found = best_jaccard([0, 0, 0, 0, 1, 1], ["a", "a", "a", "b", "a", "a"])
    assert found.tolist() == pytest.approx([3 / 6, 2 / 5])
    assert best_jaccard([0, 0, 1], [5, 5, 7]).tolist() == [1.0, 1.0]
    assert best_jaccard([], []).size == 0
    assert adjusted_rand([], []) == 1.0
