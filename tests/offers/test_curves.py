"""Curves of chances rise, follow what is there, fit as scikit-learn's do, and are chosen by what they foretell."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from guilder.offers.curves import SHAPES, curve, line, places, shape_of, sigmoid


def _drawn(chance, seed: int, customers: int = 20_000):
    rng = np.random.default_rng(seed)
    place = places(rng.permutation(customers).astype(float))
    return place, rng.random(customers) < chance(place)


def steps(place: np.ndarray, took: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Ten steps, as chances once came."""
    tenth = np.minimum((place * 10).astype(int), 9)
    rate = np.array([took[tenth == each].mean() for each in range(10)])
    return IsotonicRegression().fit_transform(np.arange(10), rate)[np.minimum((at * 10).astype(int), 9)]


def test_equals_stand_at_one_place() -> None:
    assert places(np.array([2.0, 1.0, 2.0, 5.0])).tolist() == [0.5, 0.125, 0.5, 0.875]


@pytest.mark.parametrize("shape", list(SHAPES))
def test_a_curve_rises_and_is_nearer_the_truth_than_ten_steps(shape) -> None:
    def truth(place):
        return expit(-4.0 + 0.9 * logit(np.clip(place, 1e-4, 1 - 1e-4)))

    gaps = []
    for seed in range(5):
        place, took = _drawn(truth, seed)
        knots, rates = curve(place, took, shape)
        assert (np.diff(knots) > 0).all()
        assert (np.diff(rates) >= 0).all()
        assert len(knots) > 30
        at = np.linspace(0.001, 0.999, 999)
        said, stepped = np.interp(at, knots, rates), steps(place, took, at)
        assert len(np.unique(np.round(said, 9))) > 100
        gaps.append([np.abs(one - truth(at)).mean() for one in (said, stepped)])
        assert said.mean() == pytest.approx(took.mean(), rel=0.1)
    assert np.mean(gaps, axis=0)[0] < np.mean(gaps, axis=0)[1]


def test_a_sigmoid_is_scikit_learns_logistic_regression() -> None:
    place, took = _drawn(lambda place: 0.02 + 0.2 * place, 3, customers=4000)
    knots, rates = sigmoid(place, took)
    way = LogisticRegression(C=1.0).fit(logit(np.clip(place, 1e-4, 1 - 1e-4))[:, None], took)
    np.testing.assert_allclose(rates, way.predict_proba(logit(knots)[:, None])[:, 1], rtol=0.02)


def test_a_ranking_turned_round_gives_everybody_the_same() -> None:
    place, took = _drawn(lambda place: 0.1 * (1 - place), 4)
    for shape in (line, sigmoid):
        knots, rates = shape(place, took)
        assert rates.max() < 1.1 * rates.min()
        assert np.interp(0.5, knots, rates) == pytest.approx(took.mean(), rel=0.05)


def test_the_shape_that_foretells_better_is_taken() -> None:
    half = np.arange(20_000) % 2 == 0
    cliff = _drawn(lambda place: np.where(place > 0.7, 0.3, 0.01), 5)
    bent = _drawn(lambda place: expit(-5.0 + logit(np.clip(place, 1e-4, 1 - 1e-4))), 6)
    assert shape_of([cliff[0]], [cliff[1]], [half]) == "line"
    assert shape_of([bent[0]], [bent[1]], [half]) == "sigmoid"
    few = curve(np.array([0.2, 0.8]), np.array([False, True]), "line")
    assert few[1].tolist() == [0.5]
