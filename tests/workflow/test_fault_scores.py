"""Values are found by the words on the way to them, and what a case says otherwise of scores is told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd

from guilder.workflow.fault_scores import differences_of_scores, look_up


def scores() -> Any:
    loans = pd.DataFrame({"loan_id": ["L1", "L2"], "p_default": [0.1, 0.3]})
    offers = pd.DataFrame({"customer_id": ["C1", "C1"], "product_id": ["b", "a"], "rank": [2, 1]})
    tables = {"loans": loans, "customers": pd.DataFrame({"customer_id": ["C1", "C2"]}), "offers": offers}
    return SimpleNamespace(
        **tables, tables=lambda: tables, rows=lambda: {name: len(table) for name, table in tables.items()},
        may=SimpleNamespace(counts={"retired": 3}), warnings=("G-SCORE-002: moved",),
    )  # fmt: skip


RIGHT: dict[str, Any] = {
    "rows.loans": 2, "offered.C1": ["a", "b"], "offered.C2": [], "withheld.retired": 3, "first": "L1", "last": "L2",
    "mean": 0.2,
}  # fmt: skip


def test_what_is_as_the_case_says_is_no_difference() -> None:
    assert list(differences_of_scores(scores(), {"found": RIGHT, "warns": ["G-SCORE-002"]})) == []


def test_each_difference_is_told() -> None:
    for path in RIGHT:
        told = list(differences_of_scores(scores(), {"found": {path: "otherwise"}}))
        assert len(told) == 1
        assert told[0].startswith(f"{path} is ")
    assert list(differences_of_scores(scores(), {"warns": []})) == ["it warns of ['G-SCORE-002'] and not of []"]
    twice = scores()
    twice.loans["loan_id"] = "L1"
    assert "a row of loans stands twice" in list(differences_of_scores(twice, {}))


def test_a_way_that_leads_nowhere_gives_nothing() -> None:
    values = {"a": [{"b": 1}]}
    assert look_up(values, "a.0.b") == 1
    assert [look_up(values, path) for path in ("a.1.b", "a.b", "c", "a.0.b.c")] == [None] * 4
