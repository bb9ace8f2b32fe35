"""Columns made without a loop say what a loop would."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.source.demo_files import as_text, money, money_of, numbered


@given(st.integers(0, 10**12 - 30_000), st.integers(0, 25_000))
def test_numbered_counts(first, count):
    column = numbered("T", first, count)
    column.validate(full=True)
    ends = [] if not count else [0, count - 1]
    assert len(column) == count
    assert [column[place].as_py() for place in ends] == [f"T{first + place:012d}" for place in ends]


@pytest.mark.parametrize("first", [0, 9_998, 123_456_789])
def test_numbered_crosses_blocks(first):
    assert numbered("T", first, 12_345).to_pylist() == [f"T{n:012d}" for n in range(first, first + 12_345)]


@given(st.lists(st.integers(-(10**17), 10**17)))
def test_money_is_exact(cents):
    assert money(np.array(cents, dtype=np.int64)).to_pylist() == [Decimal(one) / 100 for one in cents]


def test_money_of_nothing_is_blank():
    assert money_of(np.array([1.005, np.nan, -2.5])).to_pylist() == [Decimal("1.00"), None, Decimal("-2.50")]


def test_text_is_iso():
    table = pa.table({
        "at": pa.array(np.array(["2024-02-29T23:59:58"], "datetime64[us]")),
        "on": pa.array(np.array(["2024-02-29"], "datetime64[D]")),
        "amount": money(np.array([-5], dtype=np.int64)),
        "flag": pa.array([None], pa.bool_()),
    })
    said = {"at": "2024-02-29 23:59:58", "on": "2024-02-29", "amount": "-0.05", "flag": None}
    assert as_text(table).to_pylist() == [said]
