"""Backtests against SciPy, values worked by hand, and the uniform p-values that right PDs must give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest, kstest

from guilder.evaluation.backtests import (
    backtest,
    binomial_test,
    deciles,
    holm,
    hosmer_lemeshow,
    jeffreys_test,
    spiegelhalter,
)
from guilder.evaluation.brier import brier_parts


@pytest.mark.parametrize(("bads", "rows", "p"), [(0, 20, 0.1), (7, 100, 0.03), (3, 100, 0.03), (50, 50, 0.9)])
def test_the_binomial_test_is_scipys(bads, rows, p):
    assert binomial_test(bads, rows, p) == pytest.approx(binomtest(bads, rows, p, alternative="greater").pvalue)


def test_jeffreys_test_is_the_posterior_chance_of_a_rate_that_low():
    assert jeffreys_test(7, 100, 0.03) == pytest.approx(beta(7.5, 93.5).cdf(0.03))
    draws = np.random.default_rng(0).beta(7.5, 93.5, 400_000)
    assert jeffreys_test(7, 100, 0.03) == pytest.approx((draws <= 0.03).mean(), abs=0.001)
    # ties: the exact binomial of "so many or more" is the more careful of the two
    assert jeffreys_test(7, 100, 0.03) < binomial_test(7, 100, 0.03)


def test_hosmer_lemeshow_by_hand():
    # two bins: 4 loans at 25 % with 2 bads, 4 at 50 % with 1: (2-1)²/(1·3/4) + (1-2)²/(2·1/2) = 4/3 + 1
    y = [1, 1, 0, 0, 1, 0, 0, 0]
    p = [0.25] * 4 + [0.5] * 4
    found = hosmer_lemeshow(y, p)
    assert found["df"] == 2
    assert found["statistic"] == pytest.approx(7 / 3)
    assert found["p"] == pytest.approx(np.exp(-7 / 6))  # the chi-square tail with two degrees of freedom


def test_right_pds_give_uniform_p_values():
    rng = np.random.default_rng(1)
    p = rng.beta(1, 6, 2000)
    lemeshow, spiegel, low = [], [], []
    for _ in range(500):
        y = rng.random(2000) < p
        lemeshow.append(hosmer_lemeshow(y, p)["p"])
        spiegel.append(spiegelhalter(y, p)["p"])
        flat = rng.random(2000) < 0.14
        low.append(float(jeffreys_test(flat.sum(), 2000, 0.14)))
    for found in (lemeshow, spiegel, low):
        assert kstest(found, "uniform").pvalue > 0.01


def test_wrong_pds_are_found_by_each_in_its_way():
    rng = np.random.default_rng(2)
    p = rng.beta(2, 8, 4000)
    y = rng.random(4000) < p
    assert hosmer_lemeshow(y, np.minimum(p * 1.4, 0.99))["p"] < 1e-4
    extreme = 1 / (1 + np.exp(-2 * np.log(p / (1 - p)) - 1.3))
    assert spiegelhalter(y, extreme)["z"] > 3
    assert np.isnan(spiegelhalter(y, np.full(4000, 0.5))["p"])


def test_the_table_adds_up_and_lights_up():
    rng = np.random.default_rng(4)
    p = np.repeat([0.02, 0.1, 0.3], 1000)
    y = rng.random(3000) < np.repeat([0.02, 0.17, 0.2], 1000)
    table = backtest(y, p, np.repeat([0, 1, 3], 1000), ["a", "b", "empty", "c"])
    assert [(row["name"], row["light"]) for row in table] == [("a", "green"), ("b", "red"), ("c", "amber")]
    assert sum(row["bads"] for row in table) == y.sum()
    assert table[1]["observed"]["low"] > 0.1
    part, names = deciles(p)
    assert len(names) == 3
    assert part.tolist() == np.repeat([0, 1, 2], 1000).tolist()


def test_holm_by_hand():
    np.testing.assert_allclose(holm([0.01, np.nan, 0.04, 0.03]), [0.03, np.nan, 0.06, 0.06])
    assert holm([]).size == 0


@given(st.integers(0, 2**31), st.integers(2, 300), st.integers(1, 20))
def test_the_brier_score_adds_up(seed, rows, bins):
    rng = np.random.default_rng(seed)
    p = np.round(rng.random(rows), 2)
    parts = brier_parts(rng.random(rows) < p, p, bins)
    total = (parts["reliability"] - parts["resolution"] + parts["uncertainty"]
             + parts["within_variance"] - parts["within_covariance"])  # fmt: skip
    assert parts["brier"] == pytest.approx(total, abs=1e-12)


def test_murphys_parts_where_pds_are_the_bins():
    # 4 at 0.2 with 1 bad, 4 at 0.6 with 2: REL = .5(.05² + .1²), RES = 2·.5·.125², UNC = 3/8·5/8
    parts = brier_parts([1, 0, 0, 0, 1, 1, 0, 0], [0.2] * 4 + [0.6] * 4)
    assert parts["reliability"] == pytest.approx(0.00625)
    assert parts["resolution"] == pytest.approx(0.015625)
    assert parts["uncertainty"] == pytest.approx(0.234375)
    assert parts["within_variance"] == parts["within_covariance"] == 0
    assert parts["skill"] == pytest.approx(1 - 0.225 / 0.234375)
