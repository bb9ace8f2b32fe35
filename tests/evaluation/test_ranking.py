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


def test_gini_of_exposure_is_zero_where_all_are_shown_alike_and_high_where_one_is() -> None:
    even = ranking.gini_of_exposure(np.array([[0, 1], [2, 3]]), 4, 2, random_state=0)
    assert even.value == pytest.approx(0.0)
    one = ranking.gini_of_exposure(np.zeros((5, 1), dtype=int), 4, 1, random_state=0)
    assert one.value == pytest.approx(3 / 4)
    # Shown 1, 1, 2 and 4 times: mean absolute difference over twice the mean, by hand.
    shown = np.array([1.0, 1.0, 2.0, 4.0])
    lists = np.repeat(np.arange(4), shown.astype(int))[:, None]
    gap = np.abs(shown[:, None] - shown[None, :]).sum() / (2 * 4 * shown.sum())
    figure = ranking.gini_of_exposure(lists, 4, 1, random_state=0)
    assert figure.value == pytest.approx(gap)
    assert figure.low <= figure.value <= figure.high


def test_novelty_and_diversity_by_hand() -> None:
    ranked = np.array([[0, 1, -1], [2, -1, -1], [-1, -1, -1]])
    takers = np.array([50.0, 25.0, 0.0])
    bits = ranking.novelty(ranked, takers, 100, 3)
    assert bits[:2] == pytest.approx([1.5, np.log2(200)])  # (1 + 2) / 2; half a customer of a hundred
    assert np.isnan(bits[2])
    alike = np.array([[1.0, 0.25, 0.5], [0.25, 1.0, 0.0], [0.5, 0.0, 1.0]])
    found = ranking.diversity(np.array([[0, 1, 2], [0, 1, -1], [2, -1, -1]]), alike, 3)
    assert found[:2] == pytest.approx([1 - 0.25, 1 - 0.25])
    assert np.isnan(found[2])


def test_log_loss_is_scikit_learns() -> None:
    from sklearn.metrics import log_loss

    rng = np.random.default_rng(3)
    chance = rng.dirichlet(np.ones(5), size=40)
    answer = rng.integers(0, 5, 40)
    found = ranking.log_loss(chance, answer[:, None] == np.arange(5)[None, :])
    assert found.mean() == pytest.approx(log_loss(answer, chance, labels=range(5)))
    assert np.isnan(ranking.log_loss(chance[:1], np.zeros((1, 5), dtype=bool)))[0]


def test_a_perfect_list_is_the_ceiling() -> None:
    rng = np.random.default_rng(4)
    relevant = rng.random((30, 12)) < 0.3
    relevant[:, 0] = True
    best = ranking.per_customer(ranking.perfect(relevant, 10), relevant)
    assert best["map_at_7"] == pytest.approx(1.0)
    assert best["ndcg_at_10"] == pytest.approx(1.0)
    np.testing.assert_allclose(best["precision_at_5"], np.minimum(relevant.sum(axis=1), 5) / 5)
    for lists in (rng.permuted(np.tile(np.arange(12), (30, 1)), axis=1)[:, :10] for _ in range(20)):
        found = ranking.per_customer(lists, relevant)
        assert all((found[name] <= best[name] + 1e-12).all() for name in found)


def test_a_figure_that_does_not_exist_for_a_customer_is_left_out_of_its_mean() -> None:
    some = np.tile([1.0, np.nan, 3.0], 10)
    found = ranking.means({"some": some, "none": np.full(30, np.nan)}, random_state=0)
    assert found["some"].value == pytest.approx(2.0)
    assert 1.0 < found["some"].low < 2.0 < found["some"].high < 3.0
    assert np.isnan(found["none"].value)


def test_every_figure_is_of_the_places_in_its_name() -> None:
    """One product is relevant and stands at one place: each figure falls to zero behind its k."""
    places = np.arange(12)
    lists = np.array([np.roll(np.arange(12), place) for place in places])  # product 0 at each place in turn
    relevant = np.zeros((12, 12), dtype=bool)
    relevant[:, 0] = True
    found = ranking.per_customer(lists, relevant)
    for name, value in found.items():
        k = int(name.rpartition("_")[2])
        assert ((value > 0) == (places < k)).all(), name
    assert found["mrr_at_10"][:10] == pytest.approx(1 / np.arange(1, 11))
    assert found["map_at_7"][6] == pytest.approx(1 / 7)


def test_a_mean_is_of_those_who_have_the_figure() -> None:
    found = ranking.means({"a": np.array([1.0, np.nan, np.nan]), "b": np.array([1.0, 2.0, 6.0])}, random_state=0)
    assert (found["a"].value, found["b"].value) == (1.0, 3.0)
    wide, narrow = (
        ranking.means({"b": np.random.default_rng(0).random(50)}, random_state=0, level=level)["b"]
        for level in (0.95, 0.5)
    )
    assert wide.low < narrow.low < narrow.high < wide.high


def test_a_chance_of_nothing_costs_as_much_as_one_in_a_million() -> None:
    relevant = np.array([[True, False], [False, True]])
    assert ranking.log_loss(np.array([[0.0, 1.0], [0.5, 0.5]]), relevant) == pytest.approx([-np.log(1e-6), np.log(2)])
