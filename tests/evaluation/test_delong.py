"""DeLong's variance against the covariance of U-statistics written out, and its test under no difference."""

import numpy as np
import pytest
from scipy.stats import kstest

from guilder.evaluation.delong import auc_covariance, auc_interval, auc_test
from guilder.evaluation.discrimination import auc


def _brute(y, scores):
    """Placement values pair by pair, and their covariances, as the paper writes them."""
    bad, good = scores[:, y == 1], scores[:, y == 0]
    psi = (bad[:, :, None] > good[:, None, :]) + 0.5 * (bad[:, :, None] == good[:, None, :])
    first, second = psi.mean(axis=2), psi.mean(axis=1)
    return psi.mean(axis=(1, 2)), np.cov(first) / first.shape[1] + np.cov(second) / second.shape[1]


@pytest.fixture
def tied():
    rng = np.random.default_rng(3)
    y = (rng.random(80) < 0.3).astype(int)
    return y, np.vstack([np.round(y + rng.normal(0, 1.2, 80), 1), np.round(y + rng.normal(0, 1.5, 80), 1)])


def test_the_covariance_is_that_of_the_u_statistics(tied):
    area, covariance = auc_covariance(*tied)
    wanted_area, wanted = _brute(*tied)
    np.testing.assert_allclose(area, wanted_area, atol=1e-12)
    np.testing.assert_allclose(covariance, wanted, atol=1e-12)
    assert area[0] == pytest.approx(auc(tied[0], tied[1][0]), abs=1e-12)


def test_one_row_a_customer_is_no_cluster(tied):
    y, scores = tied
    _, plain = auc_covariance(y, scores)
    _, clustered = auc_covariance(y, scores, np.arange(len(y)))
    np.testing.assert_allclose(plain, clustered, rtol=1e-12)


def test_repeating_every_row_adds_nothing_where_the_copies_are_one_customer(tied):
    y, scores = tied
    _, plain = auc_covariance(y, scores)
    _, doubled = auc_covariance(np.tile(y, 2), np.tile(scores, 2), np.tile(np.arange(len(y)), 2))
    _, believed = auc_covariance(np.tile(y, 2), np.tile(scores, 2))
    np.testing.assert_allclose(doubled, plain, rtol=0.12)  # only the factors m / (m - 1) differ
    assert believed[0, 0] < 0.6 * doubled[0, 0]


def test_the_test_is_uniform_where_two_scores_rank_equally_well():
    rng = np.random.default_rng(0)
    found = []
    for _ in range(400):
        y = (rng.random(300) < 0.3).astype(int)
        shared = y + rng.normal(0, 1, 300)
        found.append(auc_test(y, shared + rng.normal(0, 0.7, 300), shared + rng.normal(0, 0.7, 300)).p)
    assert kstest(found, "uniform").pvalue > 0.01


def test_a_better_score_is_told_from_a_worse_one_and_from_itself(tied):
    y = np.random.default_rng(1).random(2000) < 0.2
    noise = np.random.default_rng(2).normal(0, 1, (2, 2000))
    better, worse = y * 1.5 + noise[0], y * 0.8 + noise[1]
    found = auc_test(y, better, worse)
    assert found.p < 1e-6
    assert found.difference.low > 0
    same = auc_test(y, better, 3 * better + 1)
    assert (same.p, same.z) == (1.0, 0.0)


def test_the_interval_covers():
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(400):
        y = (rng.random(200) < 0.25).astype(int)
        hits += auc_interval(y, y * np.sqrt(2) + rng.normal(0, 1, 200)).holds(0.841344746)  # Φ(√2 / √2)
    assert 0.925 <= hits / 400 <= 0.98


@pytest.mark.parametrize("y", [[0, 0, 0], [1, 0, 0], [1, 1, 0]])
def test_too_few_have_no_variance(y):
    found = auc_interval(y, [0.3, 0.2, 0.1])
    assert np.isnan(found.low)
    assert np.isnan(found.high)
    assert np.isnan(auc_test(y, [0.3, 0.2, 0.1], [0.1, 0.2, 0.3]).p)
