"""Why a customer is in a segment: exact terms of the distances, and the rule where a rule decides."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.errors import DataError
from guilder.segments import CustomerSegmenter, segment, why
from guilder.segments.transforms import KINDS, shape
from guilder.segments.why import Why, unshape


@pytest.fixture(scope="module")
def frame(four: tuple[pd.DataFrame, np.ndarray]) -> pd.DataFrame:
    made = four[0].copy()
    made.loc[made.index[0], "history_days"] = 20.0
    made.loc[made.index[1], "recency_days"] = 300.0
    made.loc[made.index[2], "recency_days"] = np.nan
    made.loc[made.index[3], "ticket_mean_365d"] = np.nan
    return made


@pytest.fixture(scope="module", params=["centres", "shapes"])
def segmenter(request: pytest.FixtureRequest, frame: pd.DataFrame) -> CustomerSegmenter:
    made = segment(frame, k=4, k_max=2).segmenter
    if request.param == "shapes":
        random = np.random.default_rng(0)
        width = len(made.facts_)
        made.metrics_ = np.triu(np.eye(width) + 0.3 * random.normal(size=(4, width, width)))
        made.offsets_ = np.array([0.0, 1.0, 0.5, 2.0])
    return made


def test_facts_of_nobody_are_refused(segmenter: CustomerSegmenter, frame: pd.DataFrame) -> None:
    for ask in (segmenter.assign, lambda facts: why(segmenter, facts)):
        with pytest.raises(DataError, match="G-SEG-002: The facts carry no customer_id") as refused:
            ask(frame.drop(columns="customer_id"))
        assert "reset_index" in refused.value.todo


@pytest.fixture(scope="module")
def found(segmenter: CustomerSegmenter, frame: pd.DataFrame) -> list[Why]:
    return why(segmenter, frame)


def test_the_parts_add_up_to_the_difference_of_the_squared_distances(
    found: list[Why], segmenter: CustomerSegmenter
) -> None:
    for each in found[3:]:
        total = each.head_start + sum(reason.says for reason in each.reasons)
        assert total == pytest.approx(each.second_distance**2 - each.distance**2, abs=1e-9)
        assert total >= -1e-9
        says = [reason.says for reason in each.reasons]
        assert says == sorted(says, reverse=True)


def test_segment_and_distance_are_those_of_the_assignment(
    found: list[Why], segmenter: CustomerSegmenter, frame: pd.DataFrame
) -> None:
    given_ = segmenter.assign(frame)
    assert [each.segment for each in found] == given_["segment_name"].tolist()
    assert [each.customer_id for each in found] == frame["customer_id"].tolist()
    assert np.allclose([each.distance for each in found], given_["distance"], equal_nan=True)


def test_a_rule_is_said_with_its_figure(found: list[Why]) -> None:
    assert [each.lines(str, str) for each in found[:3]] == [
        ["by rule: 20 days since the first booking, fewer than 90"],
        ["by rule: 300 days since the last booking, more than 180"],
        ["by rule: no bookings"],
    ]


def test_whatever_stands_for_missing_the_reasons_are_the_same(
    segmenter: CustomerSegmenter, frame: pd.DataFrame, found: list[Why]
) -> None:
    asked = why(segmenter, frame.head(9).convert_dtypes())
    assert list(map(repr, asked)) == list(map(repr, found[:9]))


def test_the_lines_name_both_segments_and_at_most_three_facts(found: list[Why]) -> None:
    lines = found[3].lines(str.upper, lambda value: f"{value:.1f}")
    assert lines[0].startswith(f"nearest: {found[3].segment} (distance")
    assert f"next: {found[3].second}" in lines[0]
    assert 2 <= len(lines) <= 4
    unknown = next(each for each in found[3].reasons if each.fact == "ticket_mean_365d")
    assert unknown.value is None


@given(value=st.floats(0, 1), kind=st.sampled_from(KINDS), unit=st.floats(0.01, 100))
def test_a_shape_can_be_undone(value: float, kind: str, unit: float) -> None:
    scaled = np.array([value if kind == "share" else value * 1000])
    assert unshape(shape(scaled, kind, unit), kind, unit) == pytest.approx(scaled, rel=1e-9, abs=1e-7)
