"""Shapes settled on many against scikit-learn's mixture, on one thread and on two."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from guilder.segments import blocks
from guilder.segments.groups import SMOOTH, Groups
from guilder.segments.mixture import settle

ROWS = 2 * blocks.BLOCK + 17


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    rng = np.random.default_rng(3)
    which = rng.integers(0, 3, ROWS)
    own = np.array([[[1.0, 0.4], [0.0, 0.5]], [[0.5, 0.0], [-0.3, 0.8]], [[0.7, 0.0], [0.0, 0.7]]])
    drawn = np.einsum("ni,nij->nj", rng.normal(size=(ROWS, 2)), own[which])
    return np.clip(drawn + np.array([[0, 0], [2.5, 1], [-1, 2]])[which], -3, 3)


START = {
    "weights_init": np.array([0.3, 0.3, 0.4]), "means_init": np.array([[0.2, 0.1], [2.2, 1.0], [-0.8, 1.7]]),
    "precisions_init": np.array([np.eye(2), 2 * np.eye(2), 1.5 * np.eye(2)]),
}  # fmt: skip


def start() -> Groups:
    factors = np.array([np.linalg.cholesky(each) for each in START["precisions_init"]])
    return Groups.of_mixture(START["weights_init"], START["means_init"], factors)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_turns_are_those_of_scikit_learn(points: np.ndarray) -> None:
    told = GaussianMixture(3, reg_covar=SMOOTH, max_iter=4, tol=0.0, **START).fit(points)
    expected = Groups.of_mixture(told.weights_, told.means_, told.precisions_cholesky_)
    found = settle(start(), points, 4)
    for mine, theirs in ((found.centres, expected.centres), (found.offsets, expected.offsets)):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.squared(points[:500]), expected.squared(points[:500]), rtol=1e-8, atol=1e-8)


def test_the_number_of_threads_changes_no_bit(points: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for threads in (1, 2, 3):
        monkeypatch.setattr(blocks, "THREADS", threads)
        found.append(settle(start(), points, 2))
    for other in found[1:]:
        assert np.array_equal(other.centres, found[0].centres)
        assert np.array_equal(other.metrics, found[0].metrics)
        assert np.array_equal(other.offsets, found[0].offsets)


def test_no_turn_changes_nothing(points: np.ndarray) -> None:
    groups = start()
    assert settle(groups, points, 0) is groups
