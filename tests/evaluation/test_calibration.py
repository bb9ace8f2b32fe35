"""Own calibration metrics against scikit-learn and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta
from sklearn import metrics
from sklearn.linear_model import LogisticRegression

from guilder.evaluation import calibration as own


def test_agrees_with_the_oracles() -> None:
    rng = np.random.default_rng(0)
    p = rng.beta(1, 6, 3000)
    y = (rng.random(3000) < p).astype(int)
    assert own.brier(y, p) == pytest.approx(metrics.brier_score_loss(y, p))
    assert own.log_loss(y, p) == pytest.approx(metrics.log_loss(y, np.clip(p, 1e-6, 1 - 1e-6)))
    line = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(own.log_odds(p)[:, None], y)
    slope, intercept = own.calibration_slope(y, p)
    assert slope == pytest.approx(line.coef_[0, 0], abs=1e-4)
    assert intercept == pytest.approx(line.intercept_[0], abs=1e-4)


@pytest.mark.parametrize("p", [np.full(20, 0.3), np.r_[np.full(10, 0.2), np.full(10, 0.8)]])
def test_a_line_that_does_not_exist_is_nan(p: np.ndarray) -> None:
    assert np.isnan(own.calibration_slope(np.r_[np.zeros(10), np.ones(10)], p)).all()


def test_jeffreys_is_closed_at_both_ends() -> None:
    low, high = own.jeffreys([0, 3, 10], 10)
    assert (low[0], high[2]) == (0.0, 1.0)
    assert low[1] == pytest.approx(beta.ppf(0.025, 3.5, 7.5))


def test_reliability_counts_every_row() -> None:
    table = own.reliability([0, 1, 0, 1, 1], [0.1, 0.2, 0.2, 0.8, 0.9], bins=2)
    assert sum(table["count"]) == 5
    assert own.calibration_error([0, 1], [0.0, 1.0]) == 0.0


@pytest.mark.parametrize(
    ("mean", "inside"), [(0.2, True), (0.132, True), (0.130, False), (0.285, True), (0.288, False)]
)
def test_a_mean_pd_inside_the_interval_of_the_rate_is_calibrated(mean: float, inside: bool) -> None:
    """Of 20 bads in 100 the interval is .1308 to .2863."""
    assert own.is_calibrated(np.arange(100) < 20, np.full(100, mean)) == inside
    assert not own.is_calibrated(np.arange(100) < 20, np.full(100, np.nan))


def test_one_step_from_the_line_of_all_rows_is_close_to_the_line_of_each_resample() -> None:
    rng = np.random.default_rng(1)
    p = rng.beta(1, 4, 4000)
    y = (rng.random(4000) < p**1.2).astype(int)
    counts = rng.multinomial(4000, np.full(4000, 1 / 4000), size=200).astype(float)
    start = own.calibration_slope(y, p)
    quick, exact = own.calibration_lines(y, p, counts, start), own.calibration_lines(y, p, counts)
    for one, other in zip(quick, exact, strict=True):
        assert np.sqrt(np.mean((one - other) ** 2)) < 0.15 * other.std()
        assert np.quantile(one, [0.025, 0.975]) == pytest.approx(np.quantile(other, [0.025, 0.975]), abs=0.01)
    few = y & (np.cumsum(y) <= 100)
    assert own.calibration_lines(few, p, counts, start)[0] == pytest.approx(own.calibration_lines(few, p, counts)[0])
