"""The term structure on the page: what was seen beside what was said, and a reason where there is no curve."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from guilder.report.blocks import Charts, Note, Part, Table, Text
from guilder.report.section_term import term

Summary = dict[str, dict[str, Any]]


@pytest.fixture
def known(summary: Summary) -> dict[str, Any]:
    return copy.deepcopy(summary["metrics"]["risk"])


@pytest.fixture
def drawn(summary: Summary) -> dict[str, Any]:
    return summary["figures"]["risk"]


def texts(part: Part) -> str:
    return " ".join(block.text for block in part.blocks if isinstance(block, Text | Note))


def test_the_test_and_the_curves(known: dict[str, Any], drawn: dict[str, Any]) -> None:
    part = term(known, drawn)
    said = texts(part)
    assert "18 defaults against 17.0 expected" in said
    assert "1,400 of them are too young" in said
    assert "Left out: 3, a default without a date." in said
    tables = [block for block in part.blocks if isinstance(block, Table)]
    assert [row[0].text for row in tables[1].rows] == ["2024 Q3", "2024 Q4"]
    small, whole = (block.charts for block in part.blocks if isinstance(block, Charts))
    assert [chart.title for chart in small] == ["Band A", "Band B"]
    assert "by month 12, 2.4% (1.9–2.9%) seen, 2.5% said" in small[0].says
    assert all(chart.svg.startswith("<svg") for chart in (*small, *whole))


def test_why_there_is_none(known: dict[str, Any], drawn: dict[str, Any]) -> None:
    known["term_structure"] = {"why": "loans have no applied_on"}
    assert texts(term(known, drawn)) == "No curve by month: loans have no applied_on."


def test_why_it_was_not_tested(known: dict[str, Any], drawn: dict[str, Any]) -> None:
    known["term_structure"]["test"] = None
    assert "not tested on newer loans: the split is not out of time" in texts(term(known, drawn))
    known["term_structure"]["test"] = {"why": "before the test: 3 defaults"}
    assert "not tested on newer loans: before the test: 3 defaults" in texts(term(known, drawn))


def test_too_few_defaults_after_the_horizon(known: dict[str, Any], drawn: dict[str, Any]) -> None:
    known["term_structure"] |= {"slope_after": None, "events_after": 1}
    assert "After it the defaults seen are 1, too few" in texts(term(known, drawn))


def test_an_older_run_has_none(known: dict[str, Any], drawn: dict[str, Any]) -> None:
    del known["term_structure"]
    assert term(known, drawn).blocks == ()
