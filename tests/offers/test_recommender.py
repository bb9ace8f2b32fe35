"""What every recommender must keep: ownership, masks, ties, order, reasons that add up."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from guilder.errors import DataError, UsageError
from guilder.offers.blend import BlendRecommender
from guilder.offers.conditional import ConditionalRecommender
from guilder.offers.cosine import CosineRecommender
from guilder.offers.ease import EaseRecommender
from guilder.offers.methods import TRUSTED_TYPES
from guilder.offers.neighbours import dense
from guilder.offers.popular import PopularRecommender, RandomRecommender, SegmentPopularRecommender
from guilder.offers.propensity import PropensityRecommender

ALL = [
    CosineRecommender(min_support=1), CosineRecommender(min_support=1, idf="tfidf", half_life_days=60.0),
    ConditionalRecommender(half_life_days=90.0), PopularRecommender(), PopularRecommender(half_life_days=30.0),
    RandomRecommender(random_state=3), CosineRecommender(min_support=1, idf="bm25"), EaseRecommender(penalty=1.0),
    EaseRecommender(penalty=10.0, half_life_days=60.0), PropensityRecommender(),
    PropensityRecommender(half_life_days=90.0), BlendRecommender(),
    BlendRecommender({"popular": 0.2, "next": 0.3, "ease": 0.5}, half_life_days=60.0, penalty=1.0),
    SegmentPopularRecommender(half_life_days=30.0),
]  # fmt: skip


@st.composite
def banks(draw: st.DrawFn) -> pd.DataFrame:
    """Any small table of interactions, closes and undated rows included."""
    rows = draw(st.lists(
        st.tuples(
            st.integers(0, 6), st.integers(0, 5), st.sampled_from(["view", "click", "apply", "hold", "close"]),
            st.one_of(st.none(), st.integers(0, 400)), st.floats(0.0, 9.0),
        ), min_size=1, max_size=40,
    ))  # fmt: skip
    return pd.DataFrame({
        "customer_id": [f"c{row[0]}" for row in rows], "product_id": [f"p{row[1]}" for row in rows],
        "kind": [row[2] for row in rows], "weight": [row[4] for row in rows],
        "at": pd.to_datetime([None if row[3] is None else datetime.fromordinal(738000 + row[3]) for row in rows]),
    })  # fmt: skip


def owned_by_hand(frame: pd.DataFrame) -> set[tuple[str, str]]:
    owned = set()
    for (customer, product), rows in frame.groupby(["customer_id", "product_id"]):
        holds, closes = rows.loc[rows["kind"] == "hold", "at"], rows.loc[rows["kind"] == "close", "at"]
        if not len(holds) or closes.isna().any():
            continue
        if len(closes) and not (holds.max() > closes.max()):
            continue
        owned.add((customer, product))
    return owned


@given(banks(), st.integers(1, 8), st.integers(0, 2**32 - 1), st.sampled_from(ALL))
@settings(max_examples=100, deadline=None)
def test_nothing_owned_or_disallowed_is_ever_offered(frame, n, seed, recommender) -> None:
    catalogue = pd.DataFrame({"product_id": ["p0", "p9"], "name": ["Zero", "Nine"]})
    fitted = clone(recommender).fit(frame, products=catalogue)
    ids = [*sorted(frame["customer_id"].unique()), "stranger"]
    mask = np.random.default_rng(seed).random((len(ids), len(fitted.products_))) < 0.6
    offers = fitted.recommend(ids, n, allowed=mask)
    owned = owned_by_hand(frame)
    allowed = pd.DataFrame(mask, index=ids, columns=fitted.products_)
    assert not owned & set(zip(offers["customer_id"], offers["product_id"], strict=True))
    assert all(allowed.loc[who, what] for who, what in zip(offers["customer_id"], offers["product_id"], strict=True))
    assert offers.groupby("customer_id").size().le(n).all()
    assert not offers.duplicated(["customer_id", "product_id"]).any()
    assert (offers["reason"] != "").all()
    assert np.isfinite(offers["score"]).all()
    for _, one in offers.groupby("customer_id"):
        assert one["rank"].tolist() == list(range(1, len(one) + 1))
    held = fitted.owned(ids)
    assert {(who, what) for who in ids for what in held.columns if held.loc[who, what]} == owned
    # Asking with a frame, or with the history passed in, is the same.
    pd.testing.assert_frame_equal(fitted.recommend(ids, n, allowed=allowed), offers)
    pd.testing.assert_frame_equal(fitted.recommend(ids, n, allowed=mask, interactions=frame), offers)


@given(banks(), st.integers(0, 2**32 - 1), st.sampled_from(ALL))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_columns_and_customers_changes_nothing(frame, seed, recommender) -> None:
    rng = np.random.default_rng(seed)
    shuffled = frame.iloc[rng.permutation(len(frame))][list(rng.permutation(frame.columns))]
    ids = sorted(frame["customer_id"].unique())
    one, two = clone(recommender).fit(frame), clone(recommender).fit(shuffled)
    np.testing.assert_array_equal(dense(one.links_), dense(two.links_))
    backwards = two.recommend(ids[::-1], 6)
    forwards = one.recommend(ids, 6)
    pd.testing.assert_frame_equal(
        backwards.sort_values(["customer_id", "rank"]).reset_index(drop=True),
        forwards.sort_values(["customer_id", "rank"]).reset_index(drop=True),
    )


@given(banks())
@settings(max_examples=20, deadline=None)
def test_renaming_customers_renames_the_offers(frame) -> None:
    names = {f"c{i}": f"x{9 - i}" for i in range(7)}
    renamed = frame.assign(customer_id=frame["customer_id"].map(names))
    one, two = (CosineRecommender(min_support=1).fit(each) for each in (frame, renamed))
    ids = sorted(frame["customer_id"].unique())
    left, right = one.recommend(ids), two.recommend([names[each] for each in ids])
    assert left["product_id"].tolist() == right["product_id"].tolist()
    np.testing.assert_allclose(left["score"], right["score"], rtol=1e-9)


@given(banks(), st.sampled_from([one for one in ALL if not isinstance(one, RandomRecommender)]))
@settings(max_examples=60, deadline=None)
def test_the_reasons_add_up_to_the_score(frame, recommender) -> None:
    fitted = clone(recommender).fit(frame)
    offers = fitted.recommend(sorted(frame["customer_id"].unique()), 6)
    for row in offers.itertuples():
        told = fitted.explain(row.customer_id, row.product_id)
        assert told.score == pytest.approx(row.score, rel=1e-9)
        assert sum(part.value for part in told.contributions) == pytest.approx(row.score, rel=1e-9)
        assert all(part.term for part in told.contributions if part.product_id is None)
        assert told.reason == row.reason


def test_cosine_equals_dense_brute_force(noise) -> None:
    frame = noise(5, customers=200)
    fitted = CosineRecommender(shrinkage=7.0, min_support=4).fit(frame)
    customers, products = sorted(frame["customer_id"].unique()), sorted(frame["product_id"].unique())
    weight = {"hold": 5.0, "apply": 4.0, "click": 2.0, "view": 1.0}
    dense = pd.DataFrame(0.0, index=customers, columns=products)
    for (who, what, kind), rows in frame.groupby(["customer_id", "product_id", "kind"]):
        dense.loc[who, what] += weight[kind] * np.log2(1 + len(rows))
    a, owned = dense.to_numpy(), owned_by_hand(frame)
    expected = np.zeros((12, 12))
    for i in range(12):
        for j in range(12):
            both = int(((a[:, i] > 0) & (a[:, j] > 0)).sum())
            cosine = a[:, i] @ a[:, j] / np.linalg.norm(a[:, i]) / np.linalg.norm(a[:, j])
            expected[i, j] = cosine * both / (both + 7.0) if both >= 4 else 0.0
    np.testing.assert_allclose(fitted.links_, expected, rtol=1e-10)
    score = a / a.sum(axis=1, keepdims=True) @ expected
    offers = fitted.recommend(customers, 3)
    for row, who in enumerate(customers):
        free = [(-score[row, j], products[j]) for j in range(12) if (who, products[j]) not in owned]
        want = [name for value, name in sorted(free) if value < 0][:3]
        assert offers.loc[offers["customer_id"] == who, "product_id"].tolist() == want


def test_conditional_is_the_shrunk_share() -> None:
    frame = pd.DataFrame(
        [("a", "x", "hold"), ("a", "y", "hold"), ("b", "x", "hold"), ("c", "y", "hold"), ("d", "z", "hold")],
        columns=["customer_id", "product_id", "kind"],
    )
    fitted = ConditionalRecommender(shrinkage=2.0).fit(frame)
    # Two hold x, one of them y; half of the four customers hold y.
    assert fitted.links_[0, 1] == pytest.approx((1 + 2 * 0.5) / (2 + 2))


def test_checkerboard_gives_back_the_withheld_diagonal() -> None:
    size = 20
    cells = [(i, j) for i in range(size) for j in range(size) if i % 2 == j % 2 and i != j]
    frame = pd.DataFrame({
        "customer_id": [f"c{i:02d}" for i, _ in cells], "product_id": [f"p{j:02d}" for _, j in cells], "kind": "hold",
    })  # fmt: skip
    for recommender in (CosineRecommender(), ConditionalRecommender()):
        offers = recommender.fit(frame).recommend([f"c{i:02d}" for i in range(size)], 1)
        assert offers["product_id"].tolist() == [f"p{i:02d}" for i in range(size)]


def test_ties_go_to_the_smaller_product_id_and_nothing_is_padded() -> None:
    frame = pd.DataFrame({"customer_id": ["a", "b", "c"], "product_id": ["z", "y", "x"], "kind": "hold"})
    fitted = PopularRecommender().fit(frame)
    offers = fitted.recommend(["stranger", "a"], 9)
    assert offers["product_id"].tolist() == ["x", "y", "z", "x", "y"]
    assert fitted.recommend(["a"], 3, allowed=np.zeros((1, 3), dtype=bool)).empty
    assert list(fitted.recommend([], 3).columns) == ["customer_id", "product_id", "rank", "score", "reason"]


def test_a_closed_product_is_no_positive_and_is_not_owned() -> None:
    frame = pd.DataFrame({
        "customer_id": ["a", "a", "a", "b"], "product_id": ["x", "x", "y", "x"],
        "kind": ["hold", "close", "hold", "hold"],
        "at": pd.to_datetime(["2024-01-01", "2024-06-01", "2024-02-01", "2024-02-01"]),
    })  # fmt: skip
    fitted = CosineRecommender(min_support=1).fit(frame)
    assert not fitted.owned(["a"]).loc["a", "x"]
    assert fitted.links_[0, 1] == 0.0
    before = CosineRecommender(min_support=1).fit(frame, now=datetime(2024, 5, 1))
    assert before.owned(["a"]).loc["a", "x"]


def test_half_life_fades_the_profile_and_leaves_the_similarity() -> None:
    frame = pd.DataFrame({
        "customer_id": ["a", "a", "b", "b", "c", "c", "d", "d"],
        "product_id": ["old", "new", "old", "x", "new", "y", "y", "x"],
        "kind": "hold", "at": pd.to_datetime(["2020-01-01", "2024-01-01"] + ["2024-01-01"] * 6),
    })  # fmt: skip
    still, fading = (CosineRecommender(min_support=1, half_life_days=life).fit(frame) for life in (None, 90.0))
    np.testing.assert_array_equal(still.links_, fading.links_)
    assert fading.recommend(["a"], 1)["product_id"].tolist() == ["y"]
    assert fading.recommend(["a"], 1)["reason"].tolist() == ["because you hold new"]


def test_a_customer_without_history_gets_what_their_segment_takes() -> None:
    frame = pd.DataFrame({
        "customer_id": [f"s{i}" for i in range(60)] + [f"r{i}" for i in range(40)],
        "product_id": ["card"] * 60 + ["pension"] * 40, "kind": "hold",
    })  # fmt: skip
    segments = {**{f"s{i}": "students" for i in range(61)}, **{f"r{i}": "retired" for i in range(41)}}
    for recommender in (CosineRecommender(), ConditionalRecommender(), SegmentPopularRecommender(), BlendRecommender()):
        offers = recommender.fit(frame, segments=segments).recommend(["r40", "s60", "nobody"], 1)
        assert offers["product_id"].tolist() == ["pension", "card", "card"]
        like_you = "popular among customers with a pattern like yours"
        assert offers["reason"].tolist() == [like_you, like_you, "popular among all customers"]
        # 40 of 40 hold it, drawn towards everyone's 40 % by 20 customers' worth.
        if not isinstance(recommender, BlendRecommender):
            assert offers["score"][0] == pytest.approx((40 + 20 * 0.4) / 60)
    # Plain popularity is judged as the same to all, and so it serves all the same.
    assert PopularRecommender().fit(frame, segments=segments).recommend(["r40"], 1)["product_id"].tolist() == ["card"]


def test_reasons_name_what_is_held_and_what_was_looked_at() -> None:
    rows = [(f"c{i}", product, "hold") for i in range(20) for product in ("1", "2", "3")]
    rows += [(f"o{i}", "4", "hold") for i in range(20)]
    rows += [("me", "1", "hold"), ("me", "2", "hold"), ("you", "1", "click")]
    frame = pd.DataFrame(rows, columns=["customer_id", "product_id", "kind"])
    products = pd.DataFrame({"product_id": ["1", "2", "3"], "name": ["Salary account", "Savings plan", "Gold card"]})
    fitted = CosineRecommender().fit(frame, products=products)
    assert fitted.recommend(["me"], 1)["reason"][0] == (
        "because you hold Savings plan and Salary account: customers with both hold this 2.0 times as often, 20 of them"
    )
    assert fitted.recommend(["you"], 1, allowed=np.array([[False, False, True, False]]))["reason"][0] == (
        "because you showed interest in Salary account"
    )
    assert fitted.recommend(["you"], 1, allowed=np.array([[True, False, False, False]]))["reason"][0] == (
        "because you showed interest in this product"
    )
    assert fitted.similar_items("3")["product_id"].tolist() == ["2", "1"]


def test_wrong_inputs_are_said_in_words() -> None:
    frame = pd.DataFrame({"customer_id": ["a"], "product_id": ["x"], "kind": ["hold"]})
    fitted = PopularRecommender().fit(frame)
    with pytest.raises(DataError, match="no column product_id"):
        PopularRecommender().fit(frame[["customer_id", "kind"]])
    with pytest.raises(DataError, match="unknown value"):
        PopularRecommender().fit(frame.assign(kind="buy"))
    with pytest.raises(DataError, match="below zero"):
        PopularRecommender().fit(frame.assign(weight=-1.0))
    with pytest.raises(DataError, match="without a customer_id"):
        PopularRecommender().fit(frame.assign(customer_id=pd.Series([None], dtype="str")))
    with pytest.raises(UsageError, match="repeated"):
        fitted.recommend(["a", "a"])
    with pytest.raises(UsageError, match="no product 'q'"):
        fitted.similar_items("q")
    with pytest.raises(UsageError, match="shape"):
        fitted.recommend(["a"], allowed=np.ones((2, 2), dtype=bool))


@pytest.mark.parametrize("recommender", ALL, ids=lambda one: str(one)[:40])
def test_a_stored_recommender_is_the_same_recommender(recommender, planted) -> None:
    io = pytest.importorskip("skops.io")
    frame = planted(1, customers=120)
    ids = [*sorted(frame["customer_id"].unique()), "stranger"]
    fitted = clone(recommender).fit(frame, segments=dict.fromkeys(ids[::2], "even"))
    data = io.dumps(fitted)
    assert set(io.get_untrusted_types(data=data)) <= set(TRUSTED_TYPES)
    back = io.loads(data, trusted=TRUSTED_TYPES)
    pd.testing.assert_frame_equal(back.recommend(ids, 5), fitted.recommend(ids, 5))
    assert back.get_params() == fitted.get_params()
    np.testing.assert_array_equal(dense(back.links_), dense(fitted.links_))
