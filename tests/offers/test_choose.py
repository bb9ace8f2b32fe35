"""The choice: windows end before the test, weights are those of a likelihood, and the champion is the best of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from guilder.offers.blend import TERMS, BlendRecommender
from guilder.offers.choose import choose, fitted, ranked
from guilder.offers.conditional import ConditionalRecommender
from guilder.offers.ease import EaseRecommender
from guilder.offers.methods import OfferSettings, methods
from guilder.offers.popular import PopularRecommender, SegmentPopularRecommender
from guilder.offers.trial import at_cut, rolling
from guilder.offers.weights import weighed

TEST = pd.Timestamp("2025-07-01")


def test_windows_follow_one_another_and_end_before_the_test(noise) -> None:
    frame = noise(1, customers=200)
    products = sorted(frame["product_id"].unique())
    windows = list(rolling(frame, products, TEST).values())
    assert len(windows) == 3
    cuts = [pd.Timestamp("1970-01-01") + pd.Timedelta(days=one.today) for one in windows]
    assert cuts == sorted(cuts)
    assert cuts[-1] < TEST
    for cut, end, window in zip(cuts, [*cuts[1:], TEST], windows, strict=True):
        assert window.book.last_day < window.today
        later = frame.loc[(frame["at"] >= cut) & (frame["at"] < end) & frame["kind"].isin(["hold", "apply"])]
        took = set(zip(later["customer_id"], later["product_id"], strict=True))
        who, what = np.nonzero(window.relevant)
        asked = set(zip(window.customers[who], window.book.products[what], strict=True))
        assert asked
        assert asked <= took
    # Whatever is taken in the test instead, no window changes.
    other = frame.copy()
    other.loc[other["at"] >= TEST, "product_id"] = "p00"
    for one, two in zip(windows, rolling(other, products, TEST).values(), strict=True):
        np.testing.assert_array_equal(one.relevant, two.relevant)
        np.testing.assert_array_equal(one.book.product, two.book.product)


def test_weights_are_those_of_the_highest_likelihood(planted) -> None:
    frame = planted(1, customers=400)
    windows = list(rolling(frame, sorted(frame["product_id"].unique()), TEST).values())
    blend = weighed(BlendRecommender(half_life_days=90.0), windows)
    assert blend.weights is not None
    assert sum(blend.weights.values()) == pytest.approx(1.0, abs=1e-3)
    assert blend.weights["conditional"] + blend.weights["ease"] > 0.6

    def loss(weight: np.ndarray) -> float:  # customer by customer, product by product
        total, count = 0.0, 0
        for trial in windows:
            made = fitted(BlendRecommender(half_life_days=90.0), trial)
            terms = made.terms(made.profiles(trial.customers), trial.customers)
            for row in np.flatnonzero(trial.warm):
                logit = sum(w * terms[name][row] for w, name in zip(weight, TERMS, strict=True))
                logit = logit[trial.candidates[row]]
                share = np.exp(logit - logit.max()) / np.exp(logit - logit.max()).sum()
                total -= np.log(share[trial.relevant[row][trial.candidates[row]]]).mean()
                count += 1
        return total / count

    found = minimize(loss, np.full(4, 0.25), bounds=[(0, None)] * 4, options={"maxiter": 40}).x
    np.testing.assert_allclose([blend.weights[name] for name in TERMS], found / found.sum(), atol=0.02)


def test_a_blend_inherits_what_its_terms_were_given(planted) -> None:
    frame = planted(4, customers=500)
    windows = list(rolling(frame, sorted(frame["product_id"].unique()), TEST).values())
    variants = {
        "blend": [BlendRecommender()],
        "decayed_popular": [PopularRecommender(half_life_days=33.0)], "popular": [PopularRecommender()],
        "conditional": [ConditionalRecommender(shrinkage=3.0)], "ease": [EaseRecommender(penalty=7.0)],
    }  # fmt: skip
    choice = choose(variants, windows)
    blend = choice.methods["blend"]
    assert (blend.half_life_days, blend.shrinkage, blend.penalty) == (33.0, 3.0, 7.0)
    mean = {name: np.mean(values) for name, values in choice.windows.items()}
    assert choice.champion == max(mean, key=lambda name: mean[name])
    assert all(len(values) == len(windows) for values in choice.windows.values())
    # A customer without a history is offered what decayed popularity offers.
    cold = ~windows[-1].warm
    lists = [ranked(choice.methods[name], windows[-1])[cold] for name in ("blend", "decayed_popular")]
    np.testing.assert_array_equal(*lists)


def test_without_windows_popularity_wins(noise) -> None:
    variants = methods(OfferSettings(), dated=True, products=12)
    choice = choose(variants, [])
    assert choice.champion == "popular"
    assert set(choice.methods) == set(variants)


def test_segments_known_at_the_cut_are_a_method_of_their_own() -> None:
    rng = np.random.default_rng(0)
    ids = np.array([f"c{i:04d}" for i in range(2000)])
    north = np.arange(2000) % 2 == 0
    day = rng.integers(0, 600, 2000)
    one, two = rng.choice(["a", "b", "c"], 2000, p=[0.8, 0.1, 0.1]), rng.choice(["d", "e"], 2000, p=[0.8, 0.2])
    liked = np.where(north, one, two)
    frame = pd.DataFrame({"customer_id": ids, "product_id": liked, "kind": "hold"})
    frame["at"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(day, "D")
    segments = pd.Series(np.where(north, "north", "south"), index=ids)
    trials = [
        replace(at_cut(frame, [], pd.Timestamp(cut), None), segments=segments) for cut in ("2025-01-01", "2025-04-01")
    ]
    variants = methods(OfferSettings(), dated=True, products=5, segments=True)
    tried = ("popular", "decayed_popular", "segment_popular", "conditional")
    choice = choose({name: variants[name] for name in tried}, trials)
    assert choice.champion == "segment_popular"
    assert isinstance(choice.methods["segment_popular"], SegmentPopularRecommender)
    assert np.mean(choice.windows["segment_popular"]) > np.mean(choice.windows["popular"]) + 0.2
