"""What is held by a date, and what only looks like it."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import polars as pl
import pytest
from random_banks import CUT, collect

from guilder.features.asof import snapshot_spine
from guilder.features.interactions import holdings, interaction_facts


def _frame(*events: tuple[str, int]) -> nw.LazyFrame:
    return nw.from_native(
        pl.LazyFrame(
            {
                "customer_id": ["c1"] * len(events),
                "product_id": ["p1"] * len(events),
                "kind": [kind for kind, _ in events],
                "at": [CUT - dt.timedelta(days=days) for _, days in events],
            }
        )
    )


@pytest.mark.parametrize(
    ("events", "held"),
    [
        ([("hold", 9)], True),
        ([("hold", 9), ("close", 5)], False),
        ([("hold", 9), ("close", 0)], True),
        ([("hold", 0)], False),
        ([("close", 9), ("hold", 5)], True),
        ([("hold", 9), ("close", 9)], True),
        ([("view", 9), ("apply", 8)], False),
    ],
)
def test_held(events: list[tuple[str, int]], held: bool) -> None:
    frame = _frame(*events)
    assert len(holdings(frame, CUT).collect()) == int(held)
    spine = snapshot_spine(nw.from_native(pl.LazyFrame({"customer_id": ["c1"]})), CUT)
    facts = collect(interaction_facts(frame, spine))
    assert facts["products_held"].sum() == int(held)


def test_undated_interactions_are_taken_as_recorded() -> None:
    assert len(holdings(_frame(("hold", 9)).drop("at"), CUT).collect()) == 1
    assert len(holdings(_frame(("hold", 9), ("close", 5)).drop("at"), CUT).collect()) == 0


def test_contacts_are_counted_over_a_year() -> None:
    spine = snapshot_spine(nw.from_native(pl.LazyFrame({"customer_id": ["c1"]})), CUT)
    facts = collect(interaction_facts(_frame(("view", 1), ("view", 365), ("view", 366), ("click", 0)), spine))
    assert facts.loc["c1", "interactions_view_365d"] == 2
    assert facts.loc["c1", "interactions_click_365d"] == 0
