"""Other ways of grouping stand beside ours, each with its own stability, the same every time."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import BisectingKMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

from guilder.segments.clusters import centres, nearest
from guilder.segments.compare import compare
from guilder.segments.groups import Groups, shaped


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    random = np.random.default_rng(3)
    return np.vstack([random.normal(0, 0.6, (300, 3)), random.normal(2.5, 0.6, (200, 3)),
                      random.normal([-2.5, 2.5, 0], 0.6, (100, 3))])  # fmt: skip


@pytest.mark.parametrize("own", [False, True])
def test_where_groups_are_clear_all_ways_find_them(points: np.ndarray, own: bool) -> None:
    found = centres(points, 3)
    groups = shaped(points, nearest(points, found)) if own else Groups.of_centres(found)
    assert groups is not None
    rows = compare(points, groups)
    assert [each["method"] for each in rows] == ["ours", "bisecting K-Means", "Gaussian mixture"]
    assert rows[0]["agreement"] == 1.0
    for each in rows:
        assert each["agreement"] > 0.9
        assert 0.9 < each["stability_p05"] <= each["stability_mean"] <= 1
        assert each["smallest_share"] == pytest.approx(1 / 6, abs=0.02)
    assert rows == compare(points, groups)
    bisected = BisectingKMeans(3, n_init=3, random_state=0).fit(points).predict(points)
    assert rows[1]["agreement"] == pytest.approx(adjusted_rand_score(groups.nearest(points), bisected))
    assert rows[1]["silhouette"] == pytest.approx(silhouette_score(points, bisected))


def test_where_there_are_none_they_disagree() -> None:
    blob = np.random.default_rng(5).normal(size=(600, 4))
    rows = compare(blob, Groups.of_centres(centres(blob, 4)))
    assert max(each["agreement"] for each in rows[1:]) < 0.7
    assert max(each["stability_mean"] for each in rows) < 0.8


def test_one_segment_or_a_handful_of_customers_is_not_compared(points: np.ndarray) -> None:
    assert compare(points, Groups.of_centres(points[:1])) == []
    assert compare(np.repeat(points[:25], 40, axis=0), Groups.of_centres(points[:3])) == []
