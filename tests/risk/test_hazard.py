"""The grouped hazard: its maximum is the likelihood's, its counts are those of a row for every loan-month."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from guilder.evaluation.survival import kaplan_meier
from guilder.risk.exposure import Exposure
from guilder.risk.hazard import Counts, count, fit_hazards, intervals


def loans(n: int = 4000, seed: int = 0) -> tuple[np.ndarray, Exposure]:
    """Loans whose monthly hazard is (0, 0, .01, .02, .03, .02) times their own, some of them censored."""
    rng = np.random.default_rng(seed)
    own = np.exp(0.7 * rng.standard_normal(n))
    month = np.full(n, 99)
    for place, rate in enumerate((0, 0, 0.01, 0.02, 0.03, 0.02), start=1):
        month[(month == 99) & (rng.random(n) < -np.expm1(-rate * own))] = place
    seen = rng.integers(0, 7, n)
    return own, Exposure(np.where(month <= seen, month, seen), month <= seen)


def test_counts_are_those_of_loan_months() -> None:
    own, seen = loans(500)
    found = count(seen, own)
    rows = [(month, month == last and fell)
            for last, fell in zip(seen.months.tolist(), seen.event.tolist(), strict=True)
            for month in range(1, last + 1)]
    for month in range(1, 7):
        assert found.at_risk[:, month - 1].sum() == sum(each == month for each, _ in rows)
        assert found.events[:, month - 1].sum() == sum(fell for each, fell in rows if each == month)


def test_equal_scores_share_a_bin_and_a_bin_has_its_mean() -> None:
    found = count(Exposure(np.array([1, 2, 2]), np.array([False, True, False])), np.array([0.1, 0.2, 0.2]))
    assert np.exp(found.x).tolist() == pytest.approx([0.1, 0.2])
    assert found.at_risk.tolist() == [[1, 0], [2, 2]]
    assert found.events.tolist() == [[0, 0], [0, 1]]


def test_without_a_score_it_is_kaplan_meier() -> None:
    _, seen = loans()
    found = fit_hazards(count(seen, np.ones(len(seen.months))), 1.0)
    np.testing.assert_allclose(
        1 - np.exp(-np.cumsum(found.rate)), kaplan_meier(seen.months, seen.event).cumulative, atol=1e-12
    )


def test_the_maximum_is_that_of_a_general_optimiser() -> None:
    own, seen = loans()
    counts = count(seen, own)
    found = fit_hazards(counts)
    n, d = counts.at_risk[:, 2:], counts.events[:, 2:]

    def loss(v: np.ndarray) -> float:
        hazard = np.exp(v[:-1] + v[-1] * counts.x[:, None])
        return float(-(d * np.log(-np.expm1(-hazard)) - (n - d) * hazard).sum())

    best = minimize(loss, np.r_[np.full(4, -3.0), 1.0], method="BFGS", options={"gtol": 1e-7})
    assert found.slope == pytest.approx(best.x[-1], abs=1e-5)
    np.testing.assert_allclose(found.rate[2:], np.exp(best.x[:-1]), rtol=1e-4)
    assert found.rate[:2].tolist() == [0.0, 0.0], "months without a default have none, whatever the score"


def test_what_was_planted_is_found() -> None:
    own, seen = loans(60_000)
    found = fit_hazards(count(seen, own))
    assert abs(found.slope - 1) < 3 * found.slope_error < 0.2
    truth = np.array([0.01, 0.02, 0.03, 0.02])
    assert (np.abs(np.log(found.rate[2:] / truth)) < 4 * np.sqrt(found.rate_variance[2:])).all()


def test_pooled_months_have_one_hazard() -> None:
    own, seen = loans()
    counts = count(seen, own)
    place = np.array([0, 0, 0, 1, 1, 1])
    pooled = counts.pooled(place)
    assert pooled.events.sum() == counts.events.sum()
    found = fit_hazards(pooled, 0.0)
    share = pooled.events.sum(axis=0) / pooled.at_risk.sum(axis=0)
    np.testing.assert_allclose(-np.expm1(-found.rate), share, rtol=1e-9)


def test_months_are_pooled_where_little_is_expected() -> None:
    at_risk = np.array([[1000.0, 1000, 1000, 10, 5, 5]])
    events = np.array([[0.0, 0, 12, 0, 0, 0]])
    assert intervals(Counts(at_risk, events, np.zeros(1)), 2.0).tolist() == [0, 1, 2, 2, 2, 2]
    assert intervals(Counts(at_risk, events, np.zeros(1)), 1e9).tolist() == [0] * 6


def test_no_default_no_rate() -> None:
    found = fit_hazards(Counts(np.array([[10.0, 9.0]]), np.zeros((1, 2)), np.zeros(1)))
    assert found.rate.tolist() == [0.0, 0.0]
