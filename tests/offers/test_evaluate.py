"""The comparison of methods: nothing after the cut is learned, noise has no signal, planted tastes are found."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from guilder.evaluation.ranking import per_customer
from guilder.offers.evaluate import evaluate
from guilder.offers.ledger import ledger
from guilder.offers.methods import BASELINES, PERSONAL
from guilder.offers.popular import PopularRecommender
from guilder.offers.rank import first
from guilder.offers.recommender import Recommender
from guilder.offers.signal import blind, taste
from guilder.offers.trial import at_cut, hidden

CUT = pd.Timestamp("2025-06-01")


def same_ledger(one, two) -> bool:
    parts = ("customers", "products", "customer", "product", "kind", "day", "amount")
    return (
        all(np.array_equal(getattr(one, part), getattr(two, part), equal_nan=part == "day") for part in parts)
        and (one.owned != two.owned).nnz == 0
        and (one.met != two.met).nnz == 0
    )


@pytest.mark.slow
@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("skewed", [True, False])
def test_pure_noise_has_no_signal(noise, dated, skewed) -> None:
    for seed in range(6):  # 24 banks in all
        frame = noise(seed, skewed=skewed, customers=700)
        result = evaluate(frame if dated else frame.drop(columns="at"), random_state=seed)
        assert result.metrics["verdict"] == "no signal", seed
        chance = result.metrics["methods"]["random"]["ndcg_at_10"]["value"]
        if not skewed and dated:
            popular = result.metrics["methods"]["popular"]["ndcg_at_10"]
            assert popular["low"] - 0.06 < chance < popular["high"] + 0.06


@pytest.mark.parametrize("dated", [True, False])
def test_planted_tastes_are_found(planted, dated) -> None:
    frame = planted(3)
    result = evaluate(frame if dated else frame.drop(columns="at"))
    metrics = result.metrics
    assert metrics["verdict"] == "beats popularity"
    assert metrics["champion"] in PERSONAL
    assert metrics["beats_decayed_popularity"] == "yes"
    assert metrics["protocol"] == ("global time split" if dated else "leave one out")
    assert bool(metrics["banner"]) is not dated
    for name in ("cosine_minus_popular", "cosine_minus_decayed_popular", "conditional_minus_popular"):
        assert metrics["difference"][name]["map_at_7"]["low"] > 0
    assert set(metrics["methods"]) == {"random", *BASELINES, *PERSONAL}
    wanted = {"map_at_7", "ndcg_at_5", "ndcg_at_10", "recall_at_5", "precision_at_5", "hit_at_1", "coverage"}
    assert all(wanted <= set(found) for found in metrics["methods"].values())
    json.dumps([metrics, result.figures], allow_nan=False)
    again = evaluate(frame if dated else frame.drop(columns="at"))
    assert again.metrics == metrics
    assert again.figures == result.figures


def test_what_came_after_the_cut_changes_nothing_that_was_learned(noise) -> None:
    frame = noise(2, customers=100)
    products = sorted(frame["product_id"].unique())
    after = frame["at"] >= CUT
    scrambled = frame.copy()
    scrambled.loc[after, "product_id"] = scrambled.loc[after, "product_id"].to_numpy()[::-1]
    scrambled.loc[after, "kind"] = "close"
    one, two = at_cut(frame, products, CUT, None), at_cut(frame.loc[~after], products, CUT, None)
    assert same_ledger(one.book, two.book)
    assert same_ledger(one.book, at_cut(scrambled, products, CUT, None).book)
    assert one.today == two.today
    assert len(one.customers)
    assert not len(two.customers)


def test_relevant_is_what_was_newly_taken_after_the_cut() -> None:
    rows = [
        ("a", "x", "hold", "2025-01-01"), ("a", "x", "hold", "2025-07-01"), ("a", "y", "apply", "2025-07-01"),
        ("a", "z", "view", "2025-07-01"), ("new", "x", "hold", "2025-08-01"), ("late", "x", "hold", "2025-12-01"),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["customer_id", "product_id", "kind", "at"])
    frame["at"] = pd.to_datetime(frame["at"])
    trial = at_cut(frame, ["x", "y", "z"], CUT, pd.Timestamp("2025-10-01"))
    assert trial.customers.tolist() == ["a", "new"]
    assert trial.relevant.tolist() == [[False, True, False], [True, False, False]]
    assert trial.candidates.tolist() == [[False, True, True], [True, True, True]]
    assert trial.warm.tolist() == [True, False]


def test_a_hidden_product_never_enters_the_fit(noise) -> None:
    frame = noise(4, customers=300).drop(columns="at")
    products = sorted(frame["product_id"].unique())
    valid, test = hidden(frame, products, random_state=0)
    assert same_ledger(valid.book, test.book)
    assert not set(valid.customers) & set(test.customers)
    known = set(zip(valid.book.customers[valid.book.customer], valid.book.products[valid.book.product], strict=True))
    cells = [
        (who, test.book.products[what])
        for trial in (valid, test)
        for who, row in zip(trial.customers, trial.relevant, strict=True)
        for what in np.flatnonzero(row)
    ]
    assert all(trial.relevant.sum(axis=1).max() == 1 for trial in (valid, test))
    assert not known & set(cells)
    # Whatever else the hidden cells had held, the fit is the same.
    heavier = pd.concat([frame, pd.DataFrame(cells, columns=["customer_id", "product_id"]).assign(kind="view")])
    assert same_ledger(hidden(heavier, products, random_state=0)[0].book, valid.book)


def test_methods_are_fitted_on_the_trial_alone(planted, monkeypatch) -> None:
    seen = []
    plain = Recommender.fit_ledger

    def spy(self, book, today, **rest):
        seen.append((book, today))
        return plain(self, book, today, **rest)

    monkeypatch.setattr(Recommender, "fit_ledger", spy)
    frame = planted(6)
    result = evaluate(frame)
    cut = pd.Timestamp(result.metrics["cut_off"])
    *judged, champion, _ = seen
    day = float(cut.to_datetime64().astype("datetime64[D]").astype(int))
    assert all(np.nanmax(book.day) < day and today <= day for book, today in judged)
    assert champion[0].last_day == pytest.approx(ledger(frame).last_day)


def test_too_few_customers_claim_nothing() -> None:
    frame = pd.DataFrame({"customer_id": ["a", "a", "b"], "product_id": ["x", "y", "x"], "kind": "hold"})
    result = evaluate(frame)
    assert result.metrics["verdict"] == "cannot tell"
    assert isinstance(result.recommender, PopularRecommender)
    assert result.recommender.recommend(["b"])["product_id"].tolist() == ["y"]


def test_a_taste_blind_world_keeps_every_total() -> None:
    rng = np.random.default_rng(0)
    candidates = rng.random((300, 8)) < 0.7
    relevant = candidates & (rng.random((300, 8)) < np.linspace(0.1, 0.7, 8))
    chance = blind(relevant, candidates)
    np.testing.assert_allclose(chance.sum(axis=0), relevant.sum(axis=0), rtol=1e-3)
    mixed = ~(relevant.sum(axis=1) == candidates.sum(axis=1))
    np.testing.assert_allclose(chance.sum(axis=1)[mixed], relevant.sum(axis=1)[mixed], rtol=0.02, atol=0.02)
    # The order of popularity, the same for all, earns nothing; an oracle earns a lot.
    popular = np.tile(np.argsort(-relevant.sum(axis=0)), (300, 1))
    assert abs(taste(popular, relevant, candidates)) < 2
    assert taste(np.argsort(-relevant.astype(int), axis=1, kind="stable"), relevant, candidates) > 10


@pytest.mark.slow
@pytest.mark.parametrize("dated", [True, False])
def test_pure_noise_has_no_signal_in_thirty_of_thirty_seeds(noise, dated) -> None:
    verdicts = []
    for seed in range(100, 130):
        frame = noise(seed, skewed=seed % 2 == 1, customers=700)
        result = evaluate(frame if dated else frame.drop(columns="at"), random_state=seed)
        verdicts.append(result.metrics["verdict"])
        assert result.metrics["beats_decayed_popularity"] != "yes"
    assert verdicts == ["no signal"] * 30


@pytest.mark.parametrize("seed", [3, pytest.param(4, marks=pytest.mark.slow), pytest.param(5, marks=pytest.mark.slow)])
def test_planted_tastes_are_ranked_within_a_tenth_of_the_oracle(planted, seed) -> None:
    frame = planted(seed)
    metrics = evaluate(frame, random_state=seed).metrics
    trial = at_cut(frame, [], pd.Timestamp(metrics["cut_off"]), None)
    assert len(trial.customers) == metrics["customers"]
    # The oracle knows each customer's taste, of four, and the chances that the customer was drawn with.
    taste = np.array([int(one[1:]) % 4 for one in trial.customers])
    column = np.array([int(one[1:]) for one in trial.book.products])
    chance = np.where(column[None, :] // 3 == taste[:, None], 0.6 / 3, 0.0) + 0.4 / 12
    best = per_customer(first(chance, np.zeros(chance.shape), trial.candidates, 10)[0], trial.relevant)
    ours = metrics["methods"][metrics["champion"]]["ndcg_at_10"]["value"]
    assert ours > 0.9 * best["ndcg_at_10"].mean()
    assert metrics["methods"]["decayed_popular"]["ndcg_at_10"]["value"] < 0.9 * best["ndcg_at_10"].mean()
