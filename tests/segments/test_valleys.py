"""A valley is where customers are few; a cut through one hump has none."""

from __future__ import annotations

import numpy as np
import pytest

from guilder.segments.valleys import valleys


def test_a_cut_through_one_hump_has_no_valley() -> None:
    points = np.random.default_rng(0).normal(size=(3000, 3))
    assert valleys(points, (points[:, 0] > 0.3).astype(np.int64)).max() < 0.02


def test_the_depth_between_two_normals_is_the_densities_own() -> None:
    random = np.random.default_rng(1)
    points = np.concatenate([random.normal(0, 1, 20_000), random.normal(4, 1, 20_000)])[:, None]
    expected = 1 - 2 * np.exp(-2.0) / (1 + np.exp(-8.0))  # densities at 2 and at 0
    found = valleys(points, (points[:, 0] > 2).astype(np.int64))
    assert found == pytest.approx([expected] * 2, abs=0.03)


def test_each_segment_is_judged_by_its_most_blurred_neighbour() -> None:
    random = np.random.default_rng(2)
    points = np.vstack([random.normal(0, 1, (2000, 2)), random.normal([20, 0], 1, (1000, 2))])
    labels = np.where(points[:, 0] > 10, 2, (points[:, 1] > 0).astype(int))
    one, two, far = valleys(points, labels)
    assert max(one, two) < 0.05
    assert far > 0.95


def test_no_spread_is_no_valley() -> None:
    assert valleys(np.zeros((10, 2)), np.arange(10) % 2).tolist() == [0.0, 0.0]
