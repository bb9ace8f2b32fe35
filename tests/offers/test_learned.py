"""EASE and propensity: closed forms by hand, answers that are never inside their own example, calibrated levels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from guilder.offers.blend import BlendRecommender
from guilder.offers.ease import EaseRecommender
from guilder.offers.ledger import ledger
from guilder.offers.propensity import PropensityRecommender
from guilder.offers.uptakes import uptakes


def test_ease_is_ridge_regression_of_each_product_on_the_others(noise) -> None:
    from sklearn.linear_model import Ridge

    frame = noise(1, customers=80).assign(kind="hold")
    fitted = EaseRecommender(penalty=5.0).fit(frame)
    held = fitted.owned_.toarray().astype(float)
    for j in range(held.shape[1]):
        others = np.delete(np.arange(held.shape[1]), j)
        ridge = Ridge(alpha=5.0, fit_intercept=False).fit(held[:, others], held[:, j])
        np.testing.assert_allclose(fitted.links_[others, j], ridge.coef_, atol=1e-8)
        assert fitted.links_[j, j] == 0.0


def test_an_example_never_holds_its_own_answer(noise) -> None:
    frame = noise(3, customers=60)
    for dated in (True, False):
        book = ledger(frame if dated else frame.drop(columns="at"))
        read, width = uptakes(book, 10_000), len(book.products)
        rows = np.arange(len(read.product))
        assert not read.state[rows, read.product].any()
        if not dated:
            assert not read.state[rows, read.product + width].any()
        for row in rows[:200]:
            who = book.customers[read.customer[row]]
            mine = frame.loc[frame["customer_id"] == who]
            if dated:
                day = pd.Timestamp("1970-01-01") + pd.Timedelta(days=read.day[row])
                mine = mine.loc[mine["at"] < day]
            took = set(mine.loc[mine["kind"].isin(["hold", "apply"]), "product_id"])
            took -= {str(book.products[read.product[row]])}
            assert set(book.products[read.state[row].indices[read.state[row].indices < width]]) == took


def test_propensity_gives_back_planted_chances_and_sums_to_one() -> None:
    rng = np.random.default_rng(0)
    rows = []
    for i in range(4000):
        old = ["a", "b"][i % 2]
        rows += [(f"c{i}", old, "2024-01-01")]
        rows += [(f"c{i}", rng.choice(["x", "y"], p=[0.8, 0.2] if old == "a" else [0.3, 0.7]), "2024-03-01")]
    frame = pd.DataFrame(rows, columns=["customer_id", "product_id", "at"]).assign(kind="hold")
    frame["at"] = pd.to_datetime(frame["at"])
    later = pd.DataFrame({"customer_id": ["n1", "n2"], "product_id": ["a", "b"], "kind": "hold"})
    later["at"] = pd.Timestamp("2024-04-01")
    fitted = PropensityRecommender().fit(frame)
    offers = fitted.recommend(["n1", "n2"], 4, interactions=later)
    assert offers.groupby("customer_id")["score"].sum().to_numpy() == pytest.approx(1.0)
    chance = offers.set_index(["customer_id", "product_id"])["score"]
    assert chance["n1", "x"] == pytest.approx(0.8, abs=0.04)
    assert chance["n2", "y"] == pytest.approx(0.7, abs=0.04)
    assert offers["reason"].iloc[0].startswith("because you hold")


def test_facts_of_customers_speak_where_holdings_are_silent() -> None:
    ids = [f"c{i}" for i in range(800)]
    young = np.arange(800) % 2 == 0
    frame = pd.DataFrame({"customer_id": ids, "product_id": np.where(young, "card", "pension"), "kind": "hold"})
    facts = pd.DataFrame({"age": np.where(young, 25.0, 70.0), "region": np.where(young, "north", "south")}, index=ids)
    extra = pd.DataFrame({"age": [25.0, 70.0, np.nan], "region": ["north", "south", None]}, index=["n1", "n2", "n3"])
    book = ledger(frame)
    fitted = PropensityRecommender().fit_ledger(book, book.last_day, facts=pd.concat([facts, extra]))
    assert fitted.recommend(["n1", "n2"], 1)["product_id"].tolist() == ["card", "pension"]
    score = fitted.recommend(["n3"], 2)["score"]
    assert score.max() < 0.7


def test_a_blend_is_its_two_terms_and_popularity_for_strangers(planted) -> None:
    frame = planted(2, customers=300)
    ids = sorted(frame["customer_id"].unique())[:20]
    fitted = BlendRecommender(0.4, 50.0, half_life_days=90.0).fit(frame)
    personal = fitted.profile_[:20].toarray() @ fitted.links_
    popular = np.tile(fitted.popularity_, (20, 1))
    terms = [(one - one.min(axis=1, keepdims=True)) / one.std(axis=1, keepdims=True) for one in (personal, popular)]
    expected = 0.6 * terms[0] + 0.4 * terms[1]
    for _, offer in fitted.recommend(ids, 3).iterrows():
        where = ids.index(offer["customer_id"]), list(fitted.products_).index(offer["product_id"])
        assert offer["score"] == pytest.approx(expected[where])
        said = fitted.explain(offer["customer_id"], offer["product_id"])
        assert sum(part.value for part in said.contributions) == pytest.approx(offer["score"])
    first = fitted.recommend(["stranger"], 1)["product_id"][0]
    assert first == fitted.products_[fitted.popularity_.argmax()]
    told = PropensityRecommender().fit(frame).explain(ids[0], str(fitted.products_[0]))
    assert sum(part.value for part in told.contributions) == pytest.approx(told.score)
