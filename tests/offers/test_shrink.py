"""Trust in a method: a clear gain is kept whole, luck is not, and what is between is drawn to decayed popularity."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from guilder.evaluation.ranking import per_customer
from guilder.offers.blend import TERMS, BlendRecommender
from guilder.offers.choose import choose, ranked
from guilder.offers.methods import OfferSettings, methods
from guilder.offers.popular import PopularRecommender
from guilder.offers.shrink import CLEAR, drawn_to_popularity, gain, trust
from guilder.offers.trial import rolling

TEST = pd.Timestamp("2025-07-01")


def test_of_one_window_the_gain_is_the_paired_t(noise) -> None:
    frame = noise(3, customers=400)
    trial = list(rolling(frame, [], TEST).values())[-1]
    rng = np.random.default_rng(0)
    one, two = (rng.permuted(np.tile(np.arange(12), (len(trial.customers), 1)), axis=1)[:, :5] for _ in range(2))
    figures = [per_customer(each, trial.relevant)["ndcg_at_5"] for each in (one, two)]
    assert gain([one], [two], [trial], "ndcg_at_5") == pytest.approx(stats.ttest_rel(*figures).statistic)
    assert gain([one, one], [two, two], [trial] * 2, "ndcg_at_5") == pytest.approx(
        np.sqrt(2) * stats.ttest_rel(*figures).statistic
    )
    assert gain([one], [one], [trial], "ndcg_at_5") is None


def test_trust_grows_with_the_evidence_from_none_to_all() -> None:
    assert [trust(each) for each in (None, -3.0, 0.5, 1.0)] == [0.0] * 4
    assert trust(np.sqrt(2.0)) == pytest.approx(0.5)
    assert trust(CLEAR) == trust(40.0) == 1.0
    between = [trust(each) for each in np.linspace(1.0, CLEAR, 20)]
    assert between == sorted(between)


def test_a_blend_without_trust_ranks_as_decayed_popularity_does(noise) -> None:
    frame = noise(1, customers=300, skewed=True)
    blend = BlendRecommender({"popular": 0.2, "next": 0.3, "conditional": 0.1, "ease": 0.4}, half_life_days=90.0)
    trial = list(rolling(frame, [], TEST).values())[-1]
    lists = [ranked(each, trial) for each in (drawn_to_popularity(blend, 0.0), PopularRecommender(90.0))]
    np.testing.assert_array_equal(*lists)
    half = drawn_to_popularity(blend, 0.5).weights
    assert half == {"popular": 0.6, "next": 0.15, "conditional": 0.05, "ease": 0.2}
    assert drawn_to_popularity(BlendRecommender(), 1.0).weights == dict.fromkeys(TERMS, 0.25)


def test_on_noise_nothing_replaces_decayed_popularity_but_by_a_rare_chance(noise) -> None:
    won = []
    for seed in range(12):
        frame = noise(seed, customers=400)
        names = ("popular", "decayed_popular", "cosine", "conditional", "ease", "blend")
        variants = {name: methods(OfferSettings(), dated=True, products=12)[name] for name in names}
        choice = choose(variants, list(rolling(frame, sorted(frame["product_id"].unique()), TEST).values()))
        assert choice.champion in ("popular", "decayed_popular", "blend")
        won.append(choice.champion == "decayed_popular" or choice.kept < 1.0)
    assert sum(won) >= 10
