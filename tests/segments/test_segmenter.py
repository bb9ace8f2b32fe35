"""The estimator keeps scikit-learn's grammar, and the laws a segmentation must keep."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks
from threadpoolctl import threadpool_limits

from guilder.errors import DataError, ModelError
from guilder.segments import TRUSTED_TYPES, CustomerSegmenter, blocks
from guilder.segments.groups import Groups

EXPECTED_FAILURES: dict[str, str] = {}
COLUMNS = ["transactions_count_365d", "ticket_mean_365d", "recency_days", "balance_mean_365d",
           "income_regularity_365d", "share_channel_card_365d"]  # fmt: skip


@parametrize_with_checks(
    [CustomerSegmenter(k_max=2, min_customers=1, random_state=0)],
    expected_failed_checks=lambda _: EXPECTED_FAILURES,
)
def test_it_is_a_scikit_learn_estimator(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.fixture(scope="module")
def fitted(four: tuple[pd.DataFrame, np.ndarray]) -> CustomerSegmenter:
    return CustomerSegmenter(k=4, k_max=2, random_state=3).fit(four[0][COLUMNS])


def test_distances_come_out_as_a_frame_with_names(
    fitted: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray]
) -> None:
    again = clone(fitted).set_output(transform="pandas").fit(four[0][COLUMNS])
    made = again.transform(four[0][COLUMNS])
    assert list(made.columns) == list(fitted.get_feature_names_out()) == [f"customersegmenter{n}" for n in range(4)]
    assert np.array_equal(made.to_numpy(), fitted.transform(four[0][COLUMNS]))


def test_many_customers_who_are_all_alike_are_one_segment() -> None:
    for alike in (np.ones((25_000, 2)), np.full((25_000, 2), np.nan)):
        model = CustomerSegmenter(random_state=0).fit(alike)
        assert (model.k_, model.verdict_, model.facts_) == (1, "unstable: do not use", [])
        assert not model.predict(alike).any()


def test_customers_whom_no_distance_tells_apart_are_no_segments() -> None:
    near = np.concatenate([[-1e6], np.zeros(50), np.full(50, 1e-4), [1e6]])[:, None]
    with pytest.raises(ModelError, match="4 segments were asked for and there are 3 distinct customers"):
        CustomerSegmenter(k=4, k_max=2, random_state=0).fit(near)
    assert sorted(np.bincount(CustomerSegmenter(k=3, k_max=2, random_state=0).fit(near).labels_)) == [1, 1, 100]


def test_the_largest_numbers_there_are_do_not_overflow() -> None:
    random = np.random.default_rng(0)
    facts = np.column_stack([random.normal(size=60), 100 * random.normal(size=60)])
    facts[0, 1] = 1e300
    model = CustomerSegmenter(k=2, k_max=2, random_state=0).fit(facts)
    assert model.kinds_ == ["plain", "balance"]
    assert np.isfinite(model.transform(facts)).all()


def test_customers_are_placed_a_block_at_a_time(
    fitted: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, told, seen = fitted.assign(four[0]), Groups.squared, []

    def squared(groups: Groups, points: np.ndarray) -> np.ndarray:
        seen.append(len(points))
        return told(groups, points)

    monkeypatch.setattr(blocks, "BLOCK", 64)
    monkeypatch.setattr(Groups, "squared", squared)
    pd.testing.assert_frame_equal(fitted.assign(four[0]), at_once)
    assert np.array_equal(fitted.predict(four[0][COLUMNS]), fitted.labels_)
    assert (max(seen), sum(seen)) == (64, 2 * len(four[0]))


def test_a_name_that_a_rule_has_is_told_apart(four: tuple[pd.DataFrame, np.ndarray]) -> None:
    model = CustomerSegmenter(k=2, k_max=2, names={"S1": "Dormant", "new": "Fresh", "S2": "Fresh"}, random_state=0)
    assert model.fit(four[0][COLUMNS]).names_ == ["Dormant (2)", "Fresh (2)"]


def test_labels_are_what_predict_says_and_the_largest_segment_is_first(
    fitted: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray]
) -> None:
    assert np.array_equal(fitted.labels_, fitted.predict(four[0][COLUMNS]))
    assert np.array_equal(fitted.labels_, fitted.transform(four[0][COLUMNS]).argmin(axis=1))
    sizes = np.bincount(fitted.labels_)
    assert list(sizes) == sorted(sizes, reverse=True)


@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_the_order_of_the_rows_changes_nothing(
    seed: int, fitted: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray]
) -> None:
    order = np.random.default_rng(seed).permutation(len(four[0]))
    again = clone(fitted).fit(four[0][COLUMNS].iloc[order])
    assert np.array_equal(again.labels_, fitted.labels_[order])
    assert np.array_equal(again.cluster_centers_, fitted.cluster_centers_)
    assert again.candidates_ == fitted.candidates_


def test_a_bank_that_counts_in_cents_gets_the_same_segments(
    fitted: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray]
) -> None:
    cents = four[0][COLUMNS].assign(
        ticket_mean_365d=lambda f: f["ticket_mean_365d"] * 100, balance_mean_365d=lambda f: f["balance_mean_365d"] * 100
    )
    again = clone(fitted).fit(cents)
    assert np.mean(again.labels_ == fitted.labels_) > 0.999
    assert np.allclose(again.cluster_centers_, fitted.cluster_centers_, atol=1e-6)


def test_one_thread_or_two_give_the_same_bytes(
    fitted: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray]
) -> None:
    with threadpool_limits(limits=1):
        alone = clone(fitted).fit(four[0][COLUMNS])
    with threadpool_limits(limits=2):
        together = clone(fitted).fit(four[0][COLUMNS])
    assert alone.cluster_centers_.tobytes() == together.cluster_centers_.tobytes()
    assert alone.verdict_why_ == together.verdict_why_


def test_a_stored_segmenter_comes_back_the_same(
    fitted: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray]
) -> None:
    stored = skops.io.dumps(fitted)
    assert set(skops.io.get_untrusted_types(data=stored)) <= set(TRUSTED_TYPES)
    back = skops.io.loads(stored, trusted=TRUSTED_TYPES)
    pd.testing.assert_frame_equal(back.assign(four[0]), fitted.assign(four[0]))
    assert back.get_params() == fitted.get_params()
    json.dumps([back.candidates_, back.names_, back.dropped_facts_])


def test_assigning_needs_names_not_places(fitted: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray]) -> None:
    frame = four[0]
    shuffled = frame[list(reversed(frame.columns))].assign(something_else=1.0)
    pd.testing.assert_frame_equal(fitted.assign(shuffled), fitted.assign(frame))
    assert fitted.assign(frame.iloc[:0]).shape == (0, 4)
    one = fitted.assign(frame.iloc[[5]])
    assert one["segment"].item() == fitted.assign(frame)["segment"].iloc[5]
    with pytest.raises(ModelError, match="recency_days"):
        fitted.assign(frame.drop(columns="recency_days"))
    with pytest.raises(DataError, match="infinite for 500 of 500"):
        fitted.assign(frame.assign(ticket_mean_365d=np.inf))


def test_dormant_and_new_customers_are_assigned_by_rule(
    fitted: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray]
) -> None:
    frame = four[0].head(6).copy()
    frame["transactions_count_365d"] = [0.0, 5.0, 5.0, 5.0, 0.0, 5.0]
    frame["recency_days"] = [400.0, 181.0, 180.0, 3.0, np.nan, 10.0]
    frame["history_days"] = [900.0, 900.0, 900.0, 89.0, np.nan, 90.0]
    given = fitted.assign(frame)
    assert given["segment"].tolist()[:2] == ["dormant", "dormant"]
    assert given["segment"].tolist()[3:5] == ["new", "unused"]
    assert given["segment"].iloc[[2, 5]].str.startswith("S").all()
    assert given["distance"].isna().tolist() == [True, True, False, True, True, False]
    assert given["segment_name"].tolist()[3:5] == ["New", "No bookings"]


def test_missing_values_count_as_the_usual_customer(
    fitted: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray]
) -> None:
    frame = four[0][COLUMNS].head(50)
    usual = frame.assign(ticket_mean_365d=four[0]["ticket_mean_365d"].median())
    assert np.allclose(fitted.transform(frame.assign(ticket_mean_365d=np.nan)), fitted.transform(usual))


def test_facts_that_say_the_same_or_nothing_are_dropped_and_said(four: tuple[pd.DataFrame, np.ndarray]) -> None:
    frame = four[0][COLUMNS].assign(
        again=lambda f: f["ticket_mean_365d"] ** 3, flat=1.0, hollow=np.where(np.arange(500) < 445, np.nan, 1.0)
    )
    model = CustomerSegmenter(k=2, k_max=2, random_state=0).fit(frame)
    assert model.facts_ == COLUMNS
    assert model.dropped_facts_["again"].startswith("orders customers as ticket_mean_365d does")
    assert model.dropped_facts_["flat"] == "the same for every customer"
    assert model.dropped_facts_["hollow"] == "missing for 89% of customers"


def test_more_segments_than_customers_is_refused() -> None:
    with pytest.raises(ModelError, match="5 segments were asked for and there are 3 distinct customers"):
        CustomerSegmenter(k=5).fit(np.repeat([[1.0, 5.0], [2.0, 1.0], [3.0, 3.0]], 10, axis=0))


@pytest.mark.parametrize(("customers", "given", "large"), [
    (4_400, None, True), (5_200, None, False), (5_200, 20, True), (4_400, 200, False),
])  # fmt: skip
def test_the_smallest_segment_is_200_customers_where_they_are_many(
    customers: int, given: int | None, large: bool
) -> None:
    points = np.random.default_rng(0).normal(9.0, size=(customers, 2))
    points[: round(0.034 * customers)] *= 20.0  # over 3 %, under 200
    model = CustomerSegmenter(k_max=2, min_customers=given, random_state=0).fit(points)
    assert [each["eligible"] for each in model.candidates_] == [large]


def test_customers_who_do_not_differ_are_one_segment_not_to_be_used() -> None:
    model = CustomerSegmenter().fit(np.ones((100, 3)))
    assert (model.k_, model.verdict_, model.facts_) == (1, "unstable: do not use", [])
    assert model.names_ == ["Average customers"]
    assert not model.predict(np.ones((4, 3))).any()


def test_too_few_customers_for_two_groups_are_one_segment() -> None:
    model = CustomerSegmenter(random_state=0).fit(np.random.default_rng(0).normal(size=(30, 3)))
    assert (model.k_, model.verdict_) == (1, "unstable: do not use")
    assert model.verdict_why_ == "There are too few different customers for two groups of at least 20 customers each."
