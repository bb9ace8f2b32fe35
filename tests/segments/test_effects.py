"""Cliff's delta against its definition and Mann and Whitney's U."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from guilder.segments.effects import cliffs_delta, size_of


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_delta_is_the_share_of_pairs_that_are_more_less_those_that_are_less(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = random.integers(0, 9, 80).astype(float)
    values[::7] = np.nan
    mine = random.random(80) < 0.3
    a, b = values[mine & ~np.isnan(values)], values[~mine & ~np.isnan(values)]
    assert cliffs_delta(values, mine) == pytest.approx(np.sign(a[:, None] - b[None, :]).mean(), abs=1e-12)
    u = mannwhitneyu(a, b).statistic
    assert cliffs_delta(values, mine) == pytest.approx(2 * u / (len(a) * len(b)) - 1, abs=1e-12)


def test_ends_and_nothing_to_compare() -> None:
    values, mine = np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, False, True, True])
    assert (cliffs_delta(values, mine), cliffs_delta(-values, mine)) == (1.0, -1.0)
    assert np.isnan(cliffs_delta(values, np.zeros(4, dtype=bool)))
    assert [size_of(each) for each in (0.1, -0.2, 0.4, -0.9)] == ["negligible", "small", "medium", "large"]
