"""EASE and propensity: closed forms by hand, answers that are never inside their own example, calibrated levels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from guilder.offers.blend import BlendRecommender
from guilder.offers.conditional import ConditionalRecommender
from guilder.offers.ease import EaseRecommender
from guilder.offers.ledger import ledger, taken_next
from guilder.offers.popular import PopularRecommender, SegmentPopularRecommender
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
        read, width = uptakes(book, 30.0, 10_000), len(book.products)
        rows = np.arange(len(read.product))
        assert not read.state[rows, read.product].any()
        if not dated:
            assert not read.state[rows, read.product + width].any()
            assert not read.state[rows, read.product + 2 * width].any()
            assert len(set(zip(read.customer, read.product, strict=True))) == len(rows)
        for row in rows[:200]:
            who = book.customers[read.customer[row]]
            mine = frame.loc[frame["customer_id"] == who]
            if dated:
                day = pd.Timestamp("1970-01-01") + pd.Timedelta(days=read.day[row])
                mine = mine.loc[mine["at"] < day]
            answer = str(book.products[read.product[row]])
            held = set(mine.loc[mine["kind"] == "hold", "product_id"])
            liked = set(mine.loc[mine["kind"] != "hold", "product_id"])
            found = read.state[row].indices
            assert set(book.products[found[found < width]]) == held - {answer}
            met = found[(found >= width) & (found < 2 * width)] - width
            assert set(book.products[met]) == liked - (set() if dated else {answer})


def test_what_was_applied_for_is_open_until_it_is_held() -> None:
    rows = [("a", "card", "view", 1), ("a", "card", "apply", 3), ("a", "card", "hold", 9), ("a", "card", "apply", 12)]
    frame = pd.DataFrame(rows, columns=["customer_id", "product_id", "kind", "at"])
    frame["at"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["at"], "D")
    read = uptakes(ledger(frame), 2.0, 10)
    assert read.day.tolist() == [19726.0, 19732.0]  # applying, then holding; not applying again
    # Looked at two days before, then applied for six days before.
    assert read.state.toarray().tolist() == [[0, 1, 1 / 2], [0, 1, 1 / 8]]
    assert uptakes(ledger(frame.drop(columns="at")), 2.0, 10).state.toarray().tolist() == [[0, 0, 0]]
    both = pd.concat([frame.iloc[:2], frame.assign(customer_id="b", product_id="loan").iloc[2:3]])
    fitted = PropensityRecommender().fit(both)
    assert fitted.chances(["a"], np.ones((1, 2), dtype=bool))[0].min() > 0.0


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


def test_who_came_after_the_fit_is_known_by_facts_on_the_ruler_of_the_fit() -> None:
    ids = [f"c{i}" for i in range(800)]
    young = np.arange(800) % 2 == 0
    frame = pd.DataFrame({"customer_id": ids, "product_id": np.where(young, "card", "pension"), "kind": "hold"})
    facts = pd.DataFrame({"age": np.where(young, 25.0, 70.0), "region": np.where(young, "north", "south")}, index=ids)
    book = ledger(frame)
    fitted = PropensityRecommender().fit_ledger(book, book.last_day, facts=facts)
    newer = pd.DataFrame({"age": [70.0, 25.0], "region": ["south", "north"]}, index=["n2", "n1"])
    told = fitted.knowing(facts=newer)
    assert told.recommend(["n1", "n2"], 1)["product_id"].tolist() == ["card", "pension"]
    # Without, both are the average customer, and so they are after it: the fit itself has not changed.
    assert fitted.affinity(["n1"]).to_numpy().tolist() == fitted.affinity(["n2"]).to_numpy().tolist()
    # The same facts say the same, whoever else is asked about.
    both = pd.concat([facts, newer])
    np.testing.assert_allclose(fitted.knowing(facts=both).affinity(ids[:9]), fitted.affinity(ids[:9]), atol=1e-12)
    np.testing.assert_allclose(fitted.knowing(facts=both).affinity(["n1"]), told.affinity(["n1"]), atol=1e-12)
    few = fitted.knowing(facts=newer[["age"]].astype(str)).recommend(["n1", "n2"], 1)
    assert few["product_id"].tolist() == ["card", "pension"]


def test_who_came_after_the_fit_is_served_by_their_segment() -> None:
    rows = [(f"c{i}", "card" if i < 30 else "pension") for i in range(70)]
    frame = pd.DataFrame(rows, columns=["customer_id", "product_id"]).assign(kind="hold")
    segments = {f"c{i}": "students" if i < 30 else "retired" for i in range(70)}
    fitted = SegmentPopularRecommender(segment_shrinkage=1.0).fit(frame, segments=segments)
    told = fitted.knowing(segments={"n1": "students", "n2": "retired", "n3": "never seen"})
    best = told.recommend(["n1", "n2", "n3", "stranger"], 1).set_index("customer_id")
    assert best["product_id"].to_dict() == {"n1": "card", "n2": "pension", "n3": "pension", "stranger": "pension"}
    assert best["reason"].iloc[0] != best["reason"].iloc[2]
    assert fitted.recommend(["n1"], 1)["product_id"].tolist() == ["pension"]


def test_a_blend_is_its_four_terms_and_popularity_for_strangers(planted) -> None:
    frame = planted(2, customers=300)
    ids = sorted(frame["customer_id"].unique())[:20]
    weights = {"popular": 0.2, "next": 0.1, "conditional": 0.3, "ease": 0.4}
    fitted = BlendRecommender(weights, half_life_days=90.0, penalty=50.0).fit(frame)
    profile = fitted.profile_[:20].toarray()
    raw = {
        "popular": np.tile(fitted.popularity_, (20, 1)), "next": np.tile(fitted.next_popularity_, (20, 1)),
        "conditional": profile @ ConditionalRecommender().fit(frame).links_,
        "ease": profile @ EaseRecommender(penalty=50.0).fit(frame).links_,
    }  # fmt: skip
    expected = sum(
        weights[name] * (one - one.min(axis=1, keepdims=True)) / one.std(axis=1, keepdims=True)
        for name, one in raw.items()
    )
    for _, offer in fitted.recommend(ids, 3).iterrows():
        where = ids.index(offer["customer_id"]), list(fitted.products_).index(offer["product_id"])
        assert offer["score"] == pytest.approx(expected[where])
        said = fitted.explain(offer["customer_id"], offer["product_id"])
        assert sum(part.value for part in said.contributions) == pytest.approx(offer["score"])
        shown = {part.term: part.value for part in said.contributions if part.product_id is None}
        low = {name: one[where[0]].min() for name, one in raw.items()}
        spread = {name: one[where[0]].std() for name, one in raw.items()}
        for name, term in (("popular", "popular lately"), ("next", "what customers take next")):
            gain = weights[name] * (raw[name][where] - low[name]) / spread[name]
            assert shown.get(term, 0.0) == pytest.approx(gain)
    strangers = fitted.recommend(["stranger"], 5)["product_id"].tolist()
    decayed = PopularRecommender(half_life_days=90.0).fit(frame).recommend(["stranger"], 5)
    assert strangers == decayed["product_id"].tolist()


def test_what_is_taken_next_leaves_out_what_comes_with_joining() -> None:
    rows = [
        ("a", "account", "hold", "2024-01-01"), ("a", "card", "hold", "2024-01-01"),
        ("a", "loan", "apply", "2024-03-01"), ("b", "account", "hold", "2024-02-01"),
        ("b", "loan", "view", "2024-02-03"), ("b", "card", "hold", "2024-04-30"), ("b", "card", "hold", "2024-05-01"),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["customer_id", "product_id", "kind", "at"])
    frame["at"] = pd.to_datetime(frame["at"])
    book = ledger(frame)
    assert taken_next(book, None, book.last_day).tolist() == [0.0, 1.0, 1.0]  # account, card, loan
    # The first time counts, by its age: the card was one day old, the loan sixty-one.
    np.testing.assert_allclose(taken_next(book, 61.0, book.last_day), [0.0, 2 ** (-1 / 61), 0.5])
    assert not taken_next(ledger(frame.drop(columns="at")), 61.0, float("nan")).any()
