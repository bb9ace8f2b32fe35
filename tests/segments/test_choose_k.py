"""Planted segments are found, and a bank without any is never called natural."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from guilder.evaluation.stability import adjusted_rand
from guilder.segments import segment
from guilder.segments.choose_k import choose_k
from guilder.segments.clusters import centres, nearest
from guilder.segments.evidence import Effort
from guilder.segments.null import draw_null, one_hump
from guilder.segments.silhouette import squared_silhouette
from guilder.segments.transforms import guess_kind, learn_ruler, rank_correlation

QUICK = Effort(sample=800, bootstraps=8, nulls=3, null_bootstraps=2)


def on_the_ruler(frame: Any) -> np.ndarray:
    raw = frame.drop(columns=["customer_id", "history_days"]).to_numpy(float)
    return learn_ruler(raw, tuple(guess_kind(column) for column in raw.T)).apply(raw)


@pytest.mark.parametrize("k", [3, 4, 5, 6])
def test_planted_segments_are_found(k: int, bank: Callable[..., Any]) -> None:
    frame, types = bank(k, 100 + k)
    points = on_the_ruler(frame)
    choice = choose_k(points, ks=range(2, 8), floor=0.03, effort=QUICK, random_state=k)
    assert (choice.k, choice.verdict) == (k, "natural")
    assert adjusted_rand(types, nearest(points, centres(points, k))) >= 0.9


@pytest.mark.parametrize("seed", range(10))
def test_a_bank_without_segments_is_never_natural(seed: int, bank: Callable[..., Any]) -> None:
    choice = choose_k(
        on_the_ruler(bank(1, seed)[0]), ks=range(2, 5), floor=0.03, effort=QUICK, random_state=seed
    )
    assert choice.verdict != "natural"
    assert max(each.gap for each in choice.candidates) < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30))
def test_thirty_banks_without_segments_are_never_natural(seed: int, bank: Callable[..., Any]) -> None:
    assert segment(bank(1, 1000 + seed, n=3000)[0], random_state=seed).metrics["verdict"] != "natural"


@pytest.mark.slow
@pytest.mark.parametrize("k", [3, 4, 5, 6])
def test_the_right_number_is_found_in_most_banks(k: int, bank: Callable[..., Any]) -> None:
    right = agreement = 0.0
    for seed in range(10):
        frame, types = bank(k, 2000 + seed, n=3000)
        result = segment(frame, random_state=seed)
        right += result.metrics["k"] == k
        agreement += adjusted_rand(types, result.customers["segment"])
    assert right >= 9
    assert agreement / 10 >= 0.9


def test_the_null_has_the_same_marginals_and_rank_correlation_and_no_groups(bank: Callable[..., Any]) -> None:
    points = on_the_ruler(bank(4, 3, n=4000)[0])
    null = draw_null(points, random_state=1)
    for mine, real in zip(null.T, points.T, strict=True):
        assert np.array_equal(np.sort(mine), one_hump(real))
    assert np.abs(rank_correlation(null) - rank_correlation(points)).max() < 0.06
    assert np.array_equal(null, draw_null(points, random_state=1))


def test_a_fact_with_one_hump_or_with_piles_is_left_as_it_is() -> None:
    random = np.random.default_rng(3)
    one = random.gamma(3, size=2000)
    piles = np.where(random.random(2000) < 0.3, 0.0, random.normal(9, 1, 2000))
    ends = random.beta(0.3, 0.3, 2000)
    for values in (one, piles, ends, np.ones(50)):
        assert np.array_equal(one_hump(values), np.sort(values))
    two = np.concatenate([random.normal(-2, 0.5, 1000), random.normal(2, 0.5, 1000)])
    smooth = one_hump(two)
    assert (smooth.mean(), smooth.std()) == pytest.approx((two.mean(), two.std()))
    inside = np.abs(smooth) < 1
    assert inside.mean() > 3 * (np.abs(two) < 1).mean()


def test_two_groups_along_one_direction_are_natural() -> None:
    random = np.random.default_rng(4)
    points = random.normal(0, 1, (1200, 3)) + np.where(random.random(1200) < 0.4, 3.5, 0.0)[:, None]
    points = (points - points.mean(axis=0)) / points.std(axis=0)
    choice = choose_k(points, ks=range(2, 5), floor=0.03, effort=QUICK)
    assert (choice.k, choice.verdict) == (2, "natural")


def test_the_number_until_now_stays_while_it_earns_the_same_verdict(bank: Callable[..., Any]) -> None:
    points = on_the_ruler(bank(4, 104)[0])
    assert choose_k(points, ks=range(2, 6), floor=0.03, effort=QUICK, before=4).k == 4
    assert choose_k(points, ks=range(2, 6), floor=0.03, effort=QUICK, before=9).k == 4
    loose = on_the_ruler(bank(1, 2)[0])
    free = choose_k(loose, ks=range(2, 5), floor=0.03, effort=QUICK, random_state=2)
    kept = choose_k(loose, ks=range(2, 5), floor=0.03, effort=QUICK, random_state=2, before=4)
    assert kept.verdict == free.verdict
    assert len(kept.candidates) == 3


def test_segments_must_hold_in_time(bank: Callable[..., Any]) -> None:
    points, random = on_the_ruler(bank(3, 103, n=900)[0]), np.random.default_rng(1)
    asked = {"ks": range(2, 5), "floor": 0.03, "effort": QUICK}
    alone = choose_k(points, **asked)
    steady = choose_k(points, earlier=points[::2] + random.normal(0, 0.1, points[::2].shape), **asked)
    # What was much of one fact is much of another now.
    other = np.roll(points, 1, axis=1)
    restless = choose_k(points, earlier=other, **asked)
    assert (alone.k, alone.verdict, steady.k, steady.verdict) == (3, "natural", 3, "natural")
    plain, held, lost = (choice.candidates[1] for choice in (alone, steady, restless))
    assert plain.stability_time is None
    assert held.stability_time is not None
    assert held.stability_time > 0.95
    assert lost.stability_time is not None
    assert lost.stability_time < 0.6
    assert replace(lost, stability_time=None, eligible=True) == plain
    assert "earlier day they give the same segments by" in steady.why
    gone = choose_k(points, earlier=other, wanted=3, **asked)
    assert (gone.verdict, lost.eligible) == ("unstable: do not use", False)
    assert gone.why.endswith("what changes so fast is nothing to plan with.")


def test_an_earlier_day_on_which_all_were_alike_says_nothing(bank: Callable[..., Any]) -> None:
    points = on_the_ruler(bank(3, 103, n=900)[0])
    choice = choose_k(points, ks=range(3, 4), floor=0.03, effort=QUICK, earlier=np.zeros((50, points.shape[1])))
    assert choice.candidates[0].stability_time is None


def test_the_floor_keeps_small_segments_out() -> None:
    random = np.random.default_rng(0)
    points = np.vstack([random.normal(0, 0.2, (390, 2)), random.normal(3, 0.2, (10, 2))])
    choice = choose_k(points, ks=range(2, 3), floor=0.05, effort=QUICK)
    assert not choice.candidates[0].eligible
    assert choice.verdict == "unstable: do not use"
    assert choice.why == "The smallest segment holds 2.5% of customers; at least 5.0% are asked for."


def test_a_floor_of_more_than_half_is_said_in_customers() -> None:
    points = np.random.default_rng(0).normal(size=(30, 2))
    none = choose_k(points, ks=range(2, 1), floor=4.0, effort=QUICK)
    assert none.why == "There are too few different customers for two groups of at least 120 customers each."
    asked = choose_k(points, ks=range(2, 3), floor=4.0, wanted=2, effort=QUICK)
    assert asked.why.endswith("at least 120 customers are asked for.")


def test_a_number_the_bank_decided_on_is_kept_and_judged(bank: Callable[..., Any]) -> None:
    points = on_the_ruler(bank(1, 5)[0])
    choice = choose_k(points, ks=range(2, 5), floor=0.03, wanted=4, effort=QUICK)
    assert choice.k == 4
    assert choice.verdict != "natural"
    assert [each.k for each in choice.candidates] == [2, 3, 4]


@pytest.mark.parametrize("k", [2, 5])
def test_the_squared_silhouette_is_scikit_learns(k: int) -> None:
    random = np.random.default_rng(k)
    points, labels = random.normal(5, 2, (300, 4)), random.integers(0, k, 300)
    labels[0] = k  # a customer alone
    expected = silhouette_samples(points, labels, metric="sqeuclidean").mean()
    assert squared_silhouette(points, labels) == pytest.approx(expected, abs=1e-12)
    assert np.isnan(squared_silhouette(points, np.zeros(300, dtype=int)))
