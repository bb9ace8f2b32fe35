"""A segment keeps its id as long as its customers stay together, and no id is used twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.segments import CustomerSegmenter
from guilder.segments.identity import Before, align

NAMES = {"S1": "Families", "S2": "Students", "S5": "Savers"}


def before(*sizes: int) -> Before:
    return Before(np.repeat(np.array(list(NAMES), dtype=object), sizes), NAMES, 7)


def test_without_a_past_the_largest_is_s1() -> None:
    found = align(None, np.array([0, 0, 1]), 2)
    assert (found.ids, found.new, found.last) == (("S1", "S2"), ("S1", "S2"), 2)


def test_segments_that_change_places_keep_their_ids() -> None:
    labels = np.repeat([2, 0, 1], [10, 40, 30])
    found = align(before(10, 40, 30), labels, 3)
    assert found.ids == ("S2", "S5", "S1")
    assert found.kept == {"S2": 1.0, "S5": 1.0, "S1": 1.0}
    assert (found.split, found.merged, found.new, found.gone, found.last) == ({}, {}, (), (), 7)


def test_a_split_is_named_and_the_larger_part_stays() -> None:
    labels = np.concatenate([np.repeat([0, 3], [60, 40]), np.full(50, 1), np.full(50, 2)])
    found = align(before(100, 50, 50), labels, 4)
    assert found.ids == ("S1", "S2", "S5", "S8")
    assert found.split == {"S1": ("S1", "S8")}
    assert (found.new, found.merged, found.last) == (("S8",), {}, 8)


def test_a_merger_is_named_and_the_larger_one_lives_on() -> None:
    found = align(before(60, 40, 50), np.repeat([0, 1], [100, 50]), 2)
    assert found.ids == ("S1", "S5")
    assert (found.merged, found.gone, found.last) == ({"S1": ("S1", "S2")}, ("S2",), 7)


def test_segments_of_other_customers_are_new_and_take_no_old_number() -> None:
    labels = np.arange(90) % 3
    found = align(before(30, 30, 30), labels, 3)
    assert set(found.ids) & set(NAMES) <= set(found.kept)
    assert all(int(each[1:]) > 7 for each in found.new)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=60))
def test_ids_are_unique_and_every_old_one_stays_or_is_gone(pairs: list[tuple[int, int]]) -> None:
    was = Before(np.array([list(NAMES)[old] for old, _ in pairs], dtype=object), NAMES, 7)
    found = align(was, np.array([new for _, new in pairs]), 4)
    assert len(set(found.ids)) == 4
    assert set(found.kept) | set(found.gone) == set(NAMES)
    assert set(found.ids) == set(found.kept) | set(found.new)
    assert found.last == 7 + len(found.new)


@pytest.fixture(scope="module")
def first(four: tuple[pd.DataFrame, np.ndarray]) -> CustomerSegmenter:
    return CustomerSegmenter(k_max=5, random_state=3, names={"S2": "Ours"}).fit(facts(four[0]))


def facts(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns=["customer_id", "history_days"])


@pytest.mark.parametrize("seed", [1, 2])
def test_a_refit_on_a_bootstrap_keeps_ids_and_names(
    seed: int, first: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray]
) -> None:
    drawn = facts(four[0]).sample(frac=1, replace=True, random_state=seed)
    again = CustomerSegmenter(k_max=5, random_state=seed).fit(drawn, before=Before.of(first, drawn))
    assert sorted(again.ids_) == sorted(first.ids_)
    assert min(again.identity_["kept"].values()) > 0.9
    automatic = dict(zip(first.ids_, first.automatic_names_, strict=True))
    assert dict(zip(again.ids_, again.names_, strict=True)) == automatic
    placed = [dict(enumerate(each.ids_)) for each in (first, again)]
    everyone = facts(four[0])
    same = np.mean([placed[0][a] == placed[1][b]
                    for a, b in zip(first.predict(everyone), again.predict(everyone), strict=True)])  # fmt: skip
    assert same >= 0.95


def test_other_facts_carry_on_the_numbers_only(first: CustomerSegmenter, four: tuple[pd.DataFrame, Any]) -> None:
    other = facts(four[0])[["ticket_mean_365d", "recency_days", "balance_mean_365d"]]
    again = CustomerSegmenter(k=2, k_max=2, random_state=0).fit(other, before=Before.of(first, other))
    assert again.ids_ == ["S5", "S6"]
    assert again.identity_["gone"] == []
