"""The ranking metrics against cases worked by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import label_ranking_average_precision_score, ndcg_score

from guilder.evaluation import ranking


def test_one_list_by_hand() -> None:
    # Relevant are 0, 1 and 4; the list is 4, 2, 0 and then ends.
    relevant = np.array([[True, True, False, False, True]])
    hit, count = ranking.hits(np.array([[4, 2, 0, -1]]), relevant), relevant.sum(axis=1)
    assert hit.tolist() == [[True, False, True, False]]
    assert ranking.precision_at(hit, count, 4) == pytest.approx(2 / 4)
    assert ranking.recall_at(hit, count, 4) == pytest.approx(2 / 3)
    assert ranking.hit_at(hit, count, 1) == 1.0
    assert ranking.mrr_at(hit[:, 1:], count, 3) == pytest.approx(1 / 2)
    assert ranking.map_at(hit, count, 4) == pytest.approx((1 / 1 + 2 / 3) / 3)
    assert ranking.map_at(hit, count, 2) == pytest.approx(1 / 2)  # the normaliser is min(k, relevant)
    assert ranking.ndcg_at(hit, count, 4) == pytest.approx((1 + 1 / 2) / (1 + 1 / np.log2(3) + 1 / 2))


def test_a_list_shorter_than_k_is_not_rewarded() -> None:
    relevant = np.array([[True, True]])
    hit = ranking.hits(np.array([[0]]), relevant)
    assert ranking.precision_at(hit, np.array([2]), 5) == pytest.approx(1 / 5)
    assert ranking.ndcg_at(hit, np.array([2]), 5) == pytest.approx(1 / (1 + 1 / np.log2(3)))


def test_nothing_relevant_has_no_value() -> None:
    found = ranking.per_customer(np.array([[0, 1]]), np.array([[False, False]]))
    assert all(np.isnan(value).all() for name, value in found.items() if name != "precision_at_5")


@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(2, 9))
@settings(max_examples=60, deadline=None)
def test_scikit_learn_agrees(seed, k, products) -> None:
    rng = np.random.default_rng(seed)
    score = rng.permuted(np.tile(np.arange(products, dtype=float), (7, 1)), axis=1)
    relevant = rng.random((7, products)) < 0.4
    relevant[np.arange(7), rng.integers(0, products, 7)] = True
    ranked = np.argsort(-score, axis=1)
    hit, count = ranking.hits(ranked, relevant), relevant.sum(axis=1)
    for row in range(7):
        oracle = ndcg_score(relevant[[row]].astype(float), score[[row]], k=k)
        assert ranking.ndcg_at(hit, count, k)[row] == pytest.approx(oracle)
    whole = label_ranking_average_precision_score(relevant, score)
    assert ranking.map_at(hit, count, products).mean() == pytest.approx(whole)


def test_means_hold_the_truth_about_nineteen_times_in_twenty() -> None:
    rng = np.random.default_rng(0)
    inside = 0
    for seed in range(150):
        figure = ranking.means({"x": rng.random(80)}, random_state=seed)["x"]
        inside += figure.low <= 0.5 <= figure.high
    assert 132 <= inside <= 150


def test_a_paired_difference_is_narrower_than_its_parts() -> None:
    base = np.random.default_rng(1).random(200)
    found = ranking.means({"one": base + 0.01, "gap": np.full(200, 0.01)}, random_state=0)
    assert found["gap"].low == pytest.approx(0.01)
    assert found["one"].high - found["one"].low > 0.05
    again = ranking.means({"one": base + 0.01, "gap": np.full(200, 0.01)}, random_state=0)
    assert again == found


def test_coverage_is_the_share_of_the_catalogue_shown() -> None:
    ranked = np.array([[0, 1], [0, 2], [0, -1]])
    figure = ranking.coverage(ranked, 4, 2, random_state=0)
    assert figure.value == pytest.approx(3 / 4)
    assert figure.low <= figure.value <= figure.high
    assert ranking.coverage(ranked, 4, 1, random_state=0).value == pytest.approx(1 / 4)
