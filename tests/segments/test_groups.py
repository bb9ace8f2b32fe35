"""Segments with a metric of their own: the same distances as by hand, better borders, and only where they are sure."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.metrics import adjusted_rand_score

from guilder.segments.clusters import centres, nearest
from guilder.segments.groups import Groups, shaped, shaped_where_steady
from guilder.segments.sampling import canonical_order, stratified


def two(seed: int, n: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    """A narrow long group beside a wide round one."""
    random = np.random.default_rng(seed)
    truth = (random.random(n) < 0.35).astype(int)
    long = random.multivariate_normal([0, 0], [[1.0, 0.95], [0.95, 1.0]], n) * 0.9
    wide = random.normal([1.2, -0.8], 0.4, (n, 2))
    return np.where(truth[:, None] == 1, wide, long), truth


def test_its_own_metric_draws_the_border_where_bayes_does() -> None:
    points, truth = two(1)
    labels = nearest(points, centres(points, 2))
    groups = shaped(points, labels)
    assert groups is not None
    plain, own = adjusted_rand_score(truth, labels), adjusted_rand_score(truth, groups.nearest(points))
    likelihood = [
        0.65 * multivariate_normal([0, 0], np.array([[1.0, 0.95], [0.95, 1.0]]) * 0.81).pdf(points),
        0.35 * multivariate_normal([1.2, -0.8], np.eye(2) * 0.16).pdf(points),
    ]
    assert own > adjusted_rand_score(truth, np.argmax(likelihood, axis=0)) - 0.02
    assert own > plain + 0.05


def test_distances_and_parts_are_the_quadratic_form() -> None:
    points, _ = two(2)
    groups = shaped(points, nearest(points, centres(points, 2)))
    assert groups is not None
    assert groups.metrics is not None
    assert groups.offsets.min() == 0
    for place in range(2):
        apart = points - groups.centres[place]
        form = groups.metrics[place] @ groups.metrics[place].T
        squared = np.einsum("ni,ij,nj->n", apart, form, apart)
        assert groups.parts(points)[:, place].sum(axis=1) == pytest.approx(squared)
        assert groups.distances(points)[:, place] == pytest.approx(np.sqrt(squared + groups.offsets[place]))
    euclid = Groups.of_centres(groups.centres)
    assert np.array_equal(euclid.nearest(points), nearest(points, groups.centres))
    assert euclid.parts(points).sum(axis=2) == pytest.approx(np.square(euclid.distances(points)))


def test_too_few_members_show_no_shape() -> None:
    points, _ = two(3, n=60)
    assert shaped(points, (np.arange(60) < 15).astype(np.int64)) is None
    assert shaped(np.empty((9, 0)), np.zeros(9, dtype=np.int64)) is None


def test_where_the_groups_would_become_others_the_centres_stay() -> None:
    random = np.random.default_rng(5)
    points = random.normal(size=(1500, 3))
    found = centres(points, 4)
    assert shaped_where_steady(points, found, floor=0.03, random_state=0) is None


def test_the_order_of_rows_is_forgotten_and_equal_rows_stay_together() -> None:
    random = np.random.default_rng(6)
    rows = np.round(random.normal(size=(400, 3)), 1)
    rows[::7, 1], rows[::5, 0], rows[1::5, 0] = np.nan, 0.0, -0.0
    shuffled = rows[random.permutation(400)]
    ordered, again = rows[canonical_order(rows)] + 0.0, shuffled[canonical_order(shuffled)] + 0.0
    assert np.array_equal(ordered, again, equal_nan=True)
    changes = (~np.isclose(ordered[1:], ordered[:-1], equal_nan=True)).any(axis=1).sum()
    assert changes + 1 == len(np.unique(np.nan_to_num(ordered, nan=9.0), axis=0))


def test_a_sample_has_every_shade_in_its_share() -> None:
    random = np.random.default_rng(7)
    points = np.vstack([random.normal(0, 1, (9500, 2)), random.normal(9, 1, (500, 2))])
    points = points[canonical_order(points)]
    sample = stratified(points, 1000, random_state=0)
    assert len(sample) == 1000
    assert abs((sample[:, 0] > 5).sum() - 50) <= 1
    assert np.array_equal(sample, stratified(points, 1000, random_state=0))
    assert len(stratified(points[:50], 1000, random_state=0)) == 50
