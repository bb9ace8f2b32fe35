"""Weights of evidence by hand; bins keep the order asked of them, in whatever order the rows come."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from guilder.risk.binning import bin_categories, bin_numbers, orders_kept
from guilder.risk.learners import fit_pipeline
from guilder.risk.woe import information_value, weight_of_evidence

counts = st.integers(2, 8).flatmap(
    lambda n: st.tuples(*(arrays(np.float64, n, elements=st.integers(1, 50).map(float)) for _ in range(2)))
)


def test_weights_and_values_worked_by_hand() -> None:
    bads, goods = [10, 30], [60, 40]  # shares 1/4, 3/4 and 3/5, 2/5
    np.testing.assert_allclose(weight_of_evidence(bads, goods, 0), [np.log(0.25 / 0.6), np.log(0.75 / 0.4)])
    np.testing.assert_allclose(information_value(bads, goods, 0), [0.35 * np.log(2.4), 0.35 * np.log(1.875)])
    np.testing.assert_allclose(weight_of_evidence(bads, goods), np.log([0.2625 / 0.6125, 0.7625 / 0.4125]))
    assert np.isfinite(weight_of_evidence([0, 5], [5, 0])).all()


@given(counts)
def test_information_is_never_negative_and_merging_never_raises_it(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    bads, goods = drawn
    assert (information_value(bads, goods) >= 0).all()
    merged = [np.r_[one[0] + one[1], one[2:]] for one in drawn]
    assert information_value(*merged, 0).sum() <= information_value(bads, goods, 0).sum() + 1e-12


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, -1]))
def test_a_declared_sign_is_kept_and_the_order_of_rows_is_nothing(seed: int, sign: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.where(rng.random(400) < 0.1, np.nan, rng.normal(size=400).round(int(rng.integers(0, 3))))
    y = (rng.random(400) < 0.2 + 0.2 * (x > 0)).astype(np.intp)
    bins = bin_numbers(x, y, sign=sign)
    ordered = slice(bins.ordered)
    rate = bins.bads[ordered] / (bins.bads + bins.goods)[ordered]
    assert (sign * np.diff(rate) >= 0).all()
    assert bins.bads.sum() == y.sum()
    assert bins.goods.sum() == 400 - y.sum()
    np.testing.assert_array_equal(np.bincount(bins.place(x), weights=y, minlength=len(bins.bads)), bins.bads)
    order = rng.permutation(400)
    again = bin_numbers(x[order], y[order], sign=sign)
    np.testing.assert_array_equal(again.cuts, bins.cuts)
    np.testing.assert_array_equal(again.bads, bins.bads)


def test_missing_spikes_and_unseen_categories() -> None:
    rng = np.random.default_rng(1)
    x = np.where(rng.random(2000) < 0.3, -1.0, rng.gamma(2.0, size=2000))
    x[:200] = np.nan
    y = (rng.random(2000) < np.where(np.isnan(x), 0.6, np.where(x == -1, 0.5, 0.1))).astype(np.intp)
    bins = bin_numbers(x, y)
    assert bins.specials.tolist() == [-1.0]
    missing, spike, usual = bins.transform(np.array([np.nan, -1.0, 2.0]))
    assert missing > spike > usual
    codes = rng.integers(0, 4, 2000).astype(float)
    groups = bin_categories(codes, (rng.random(2000) < 0.1 * (1 + codes)).astype(np.intp))
    weights = groups.transform(np.array([0.0, 2.0, 3.0, 9.0]))
    assert weights[0] < weights[1] < weights[2]
    assert weights[3] == 0
    assert orders_kept(groups, codes, np.zeros(2000, dtype=np.intp), np.repeat([1, 2], 1000))[1] == 2


def test_the_scorecard_keeps_signs_and_leaves_out_noise() -> None:
    rng = np.random.default_rng(2)
    X = rng.normal(size=(3000, 4))
    X[:, 3] = X[:, 0]
    y = (rng.random(3000) < 1 / (1 + np.exp(1 - X[:, 0] + 0.5 * X[:, 1]))).astype(np.intp)
    model = fit_pipeline(X, y, "scorecard", "none")
    kept = model.named_steps["weights"].source_.tolist()
    assert 1 in kept
    assert [place for place in kept if place in (0, 3)] == [0]  # one of the two copies
    assert (model[-1].coef_ >= 0).all()
    assert set(fit_pipeline(X, y, "scorecard", "smote").named_steps) == {"columns", "weights", "one_hot", "learner"}


@pytest.mark.filterwarnings("ignore:Setting an item")  # in its own tables, under pandas 3
def test_as_much_information_as_optbinning_finds() -> None:
    pytest.importorskip("optbinning")
    from optbinning import OptimalBinning

    rng = np.random.default_rng(3)
    x = rng.normal(size=3000)
    y = (rng.random(3000) < 1 / (1 + np.exp(1 - x))).astype(np.intp)
    theirs = OptimalBinning().fit(x, y).binning_table
    theirs.build()
    found = bin_numbers(x, y)
    own = information_value(found.bads[: found.ordered], found.goods[: found.ordered], 0).sum()
    assert own >= 0.98 * theirs.iv  # 0.6899 and 0.7024, optbinning 1.0.0
