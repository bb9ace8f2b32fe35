"""Reasons on the page: method, agreement, and the decline that is shown with everything said of it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from guilder.report.blocks import Note, Part, Table, Text
from guilder.report.section_reasons import reasons

Summary = dict[str, dict[str, Any]]


@pytest.fixture
def known(summary: Summary) -> dict[str, Any]:
    return copy.deepcopy(summary["metrics"]["risk"])


@pytest.fixture
def drawn(summary: Summary) -> dict[str, Any]:
    return copy.deepcopy(summary["figures"]["risk"])


def _said(part: Part) -> str:
    return " ".join(block.text for block in part.blocks if isinstance(block, Text | Note))


def _tables(part: Part) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in block.rows] for block in part.blocks if isinstance(block, Table)]


def test_method_agreement_and_an_example(known: dict[str, Any], drawn: dict[str, Any]) -> None:
    part = reasons(known, drawn)
    said = _said(part)
    assert "exact path-dependent Shapley values of the trees" in said
    assert "seed 17" in said
    assert "2 times each way" in said
    assert "57 declined validation loans" in said
    assert "loan L00000605: PD 21.3% (17.0% to 29.0%), band G, declined" in said
    assert said.endswith("Would pass with term of the loan in months 48 instead of 36.")
    agreement, raised = _tables(part)
    assert agreement == [
        ["the same loans, another seed", "87.0%", "80.0–94.0%"],
        ["loans drawn anew from the same", "66.0%", "57.0–75.0%"],
    ]
    assert raised[0] == ["1", "days below zero in the last 90 days: 19"]


def test_without_declines_or_a_measurement(known: dict[str, Any], drawn: dict[str, Any]) -> None:
    known["reasons"] |= {"declines": 0, "other_seed": None, "bootstrap": None}
    part = reasons(known, {**drawn, "example": None})
    assert "was not measured" in _said(part)
    assert not _tables(part)
    drawn["example"]["counterfactual"] = None
    assert "Would pass" not in _said(reasons(known, drawn))
    assert reasons({}, {}).blocks == ()
