"""Segments as an expression: each rule, worked-out fact, shape and distance against plain NumPy or by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from guilder.contract.assignment import Assignment, Condition, Derived, Group, Rule, Scale
from guilder.features.assignment import assign, on_ruler, ruled

NAN = math.nan
WIDE = 1e6
EMPTY = Assignment((), (), (), (), WIDE)


def lazy(**columns: Any) -> nw.LazyFrame[Any]:
    rows = len(next(iter(columns.values())))
    ids = [f"c{row:03d}" for row in range(rows)]
    return nw.from_native(pl.LazyFrame({"customer_id": ids, **columns}, strict=False))


def collected(made: nw.LazyFrame[Any], *names: str) -> list[Any]:
    table = made.collect("polars").to_native().sort("customer_id")
    return table[names[0]].to_list() if len(names) == 1 else table.select(names).rows()


def plain(fact: str, fill: float = 0.0) -> Scale:
    return Scale(fact, "plain", 1.0, fill, 0.0, 1.0)


@pytest.mark.parametrize(
    ("test", "limit", "caught"),
    [
        ("below", 1.0, [True, True, False, False, False, False]),
        ("above", 1.0, [False, False, False, True, False, False]),
        ("above", 0.0, [False, False, True, True, False, False]),
        ("missing", 0.0, [False, False, False, False, True, True]),
        ("none", 0.0, [False, True, False, False, True, True]),
    ],
)
def test_what_each_condition_catches(test: Any, limit: float, caught: list[bool]) -> None:
    how = replace(EMPTY, rules=(Rule("caught", "", (Condition("a", test, limit),)),))
    found = collected(ruled(lazy(a=[-1.0, 0.0, 1.0, 2.0, NAN, None]), how), "rule")
    assert found == ["caught" if each else "" for each in caught]


def test_any_condition_will_do_and_the_first_rule_has_the_customer() -> None:
    rules = (
        Rule("one", "", (Condition("a", "above", 5.0), Condition("b", "above", 5.0))),
        Rule("two", "", (Condition("b", "above", 3.0),)),
    )
    found = collected(ruled(lazy(a=[9, 0, 0, 0, 9], b=[0, 9, 4, 0, None]), replace(EMPTY, rules=rules)), "rule")
    assert found == ["one", "one", "two", "", "one"]


@pytest.mark.parametrize(
    ("how", "a", "b", "wanted"),
    [
        ("share of the first", [3, 0, NAN, 1, -3, 0], [1, 0, 1, None, 1, 0.5], [0.75, -9, -9, -9, -9, 0]),
        ("total", [3, 0, NAN, 1, -3], [1, 0, 1, None, 1], [4, 0, -9, -9, -2]),
        # one minus the squares of the parts and of the rest; parts above one leave no rest
        ("breadth", [0.5, 0.5, NAN, 0.0, 1.0, NAN], [0.25, None, 0.5, 0.0, 0.5, None],
         [0.625, 0.5, 0.5, 0.0, -0.25, -9]),
    ],
)  # fmt: skip
def test_facts_worked_out_from_others(how: Any, a: list[float], b: list[float], wanted: list[float]) -> None:
    plan = replace(EMPTY, derived=(Derived("made", how, ("a", "b")),), scales=(plain("made", -9.0),))
    assert collected(ruled(lazy(a=a, b=b), plan), "ruler_0") == wanted


def test_breadth_of_three() -> None:
    plan = replace(EMPTY, derived=(Derived("made", "breadth", ("a", "b", "c")),), scales=(plain("made"),))
    found = collected(ruled(lazy(a=[0.5], b=[0.25], c=[0.125]), plan), "ruler_0")
    assert found == [1 - (0.25 + 0.0625 + 2 * 0.015625)]


SHAPES = {
    "count": lambda x, unit: np.log1p(np.maximum(x, 0)),
    "money": lambda x, unit: np.log1p(np.maximum(x, 0) / unit),
    "balance": lambda x, unit: np.sign(x) * np.log1p(np.abs(x) / unit),
    "share": lambda x, unit: np.arcsin(np.sqrt(np.clip(x, 0, 1))),
    "plain": lambda x, unit: x,
}


@pytest.mark.parametrize("kind", SHAPES)
def test_shaped_centred_divided_and_clipped(kind: str) -> None:
    random = np.random.default_rng(4)
    edges = [0.0, 0.25, np.nextafter(0.25, 0), 0.24, 0.26, 1.0, -0.5, 1.5, 90.0, NAN]
    raw = np.concatenate([random.normal(size=50), random.uniform(0, 1, 80), edges])
    scale = Scale("a", kind, 2.5, 0.4, 0.3, 0.25)
    wanted = (SHAPES[kind](np.where(np.isnan(raw), 0.4, raw), 2.5) - 0.3) / 0.25
    for clip in (WIDE, 1.5):
        found = collected(ruled(lazy(a=raw), replace(EMPTY, scales=(scale,), clip=clip)), "ruler_0")
        assert np.allclose(found, np.clip(wanted, -clip, clip), rtol=0, atol=1e-14 * max(1, np.abs(wanted).max()))


def test_the_ruler_keeps_other_columns_and_may_leave_gaps() -> None:
    table = lazy(ruler_0=[1.0, NAN, None], ruler_1=[None, 0.25, 1.0], other=["x", "y", "z"])
    scales = (Scale("a", "plain", 1.0, 5.0, 0.0, 1.0), Scale("b", "share", 1.0, 0.0, 0.0, 1.0))
    made = on_ruler(table, scales, WIDE, fill=False)
    assert made.columns == ["customer_id", "other", "ruler_0", "ruler_1"]
    assert collected(made, "other", "ruler_0") == [("x", 1.0), ("y", None), ("z", None)]
    assert collected(made, "ruler_1") == [None, pytest.approx(math.pi / 6), pytest.approx(math.pi / 2)]
    filled = on_ruler(table, scales, WIDE, fill=True)
    assert collected(filled, "ruler_0") == [1.0, 5.0, 5.0]


def test_a_table_without_facts_is_as_it_was() -> None:
    table = lazy(other=["x"])
    assert on_ruler(table, (), WIDE, fill=True) is table


def test_the_nearest_segment_the_first_of_equals_and_rules_before_both() -> None:
    plan = Assignment(
        (Rule("new", "Fresh", (Condition("h", "below", 2.0),)), Rule("gone", "Left", (Condition("h", "missing"),))),
        (), (plain("a"), plain("b")),
        (Group("S1", "first", (0.0, 0.0)), Group("S2", "second", (4.0, 0.0)), Group("S3", "third", (0.0, 3.0))), WIDE,
    )  # fmt: skip
    facts = lazy(
        a=[1.0, 5.0, 2.0, 0.0, 0.0, 4.0, None], b=[0.0, 0.0, 0.0, 1.5, 5.0, 3.0, 2.75],
        h=[9, 9, 9, 9, 1, None, 2],
    )  # fmt: skip
    made = assign(facts, plan)
    assert made.columns == ["customer_id", "segment", "segment_name", "distance"]
    assert collected(made, "segment", "segment_name", "distance") == [
        ("S1", "first", 1.0), ("S2", "second", 1.0), ("S1", "first", 2.0), ("S1", "first", 1.5),
        ("new", "Fresh", None), ("gone", "Left", None), ("S3", "third", 0.25),
    ]  # fmt: skip


def test_what_agrees_to_nine_decimals_is_a_tie() -> None:
    plan = replace(EMPTY, scales=(plain("a"),), groups=(Group("S1", "", (0.0,)), Group("S2", "", (2.0,))))
    found = collected(assign(lazy(a=[1 + 1e-11, 1 + 1e-8, 1 - 1e-8]), plan), "segment")
    assert found == ["S1", "S2", "S1"]


def test_a_segment_may_measure_its_own_way() -> None:
    random = np.random.default_rng(5)
    centres, metrics, offsets = random.normal(size=(3, 2)), random.normal(size=(3, 2, 2)), [0.0, 0.5, 0.2]
    groups = tuple(
        Group(f"S{n}", f"name {n}", tuple(centres[n]), tuple(map(tuple, metrics[n])), offsets[n]) for n in range(3)
    )
    points = random.uniform(-2, 2, (60, 2))
    plan = replace(EMPTY, scales=(plain("a"), plain("b")), groups=groups)
    found = collected(assign(lazy(a=points[:, 0], b=points[:, 1]), plan), "segment", "segment_name", "distance")
    squared = np.stack([np.square((points - centres[n]) @ metrics[n]).sum(axis=1) + offsets[n] for n in range(3)])
    best = squared.argmin(axis=0)
    assert [each[:2] for each in found] == [(f"S{n}", f"name {n}") for n in best]
    assert np.allclose([each[2] for each in found], np.sqrt(squared.min(axis=0)), rtol=1e-12)
