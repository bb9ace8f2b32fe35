"""The scorecard and the findings of the leakage gate, as the page says them."""

from __future__ import annotations

from typing import Any

from guilder.report import section_scorecard
from guilder.report.blocks import Table

Summary = dict[str, dict[str, Any]]
MEANINGS = {"balance_last": "last known balance"}


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_every_fact_and_every_bin_stands_in_a_table(summary: Summary) -> None:
    known = summary["metrics"]["risk"]
    says, told, points, _, whole = section_scorecard.scorecard(known, MEANINGS).blocks
    assert isinstance(told, Table)
    assert isinstance(points, Table)
    assert "600 points for 50 goods to a bad" in says.text
    assert "AUC goes from 0.7921 to 0.7919" in whole.text
    assert len(told.rows) == len(known["scorecard"]["iv"])
    assert rows(told)[0][1:] == ["0.500", "3", "rising", "yes", "3 of 4"]
    assert [row[0] for row in rows(told) if row[0].startswith("last")] == ["last known balance"]
    assert points.caption == "Points: days below zero, 90 days"
    assert rows(points)[:2] == [
        ["under −1,200", "1,000", "25.0%", "180", "18.0%", "17.0–19.0%", "0.50", "0.0"],
        ["−1,200 or more", "2,990", "74.8%", "210", "7.0%", "6.0–8.0%", "0.10", "12.4"],
    ]


def test_bins_without_a_loan_and_periods_without_enough_say_nothing(summary: Summary) -> None:
    known = summary["metrics"]["risk"]["scorecard"]
    known["iv"][0]["periods"] = 0
    known["points"][0]["bins"][1].update(rows=0, rate={"value": None, "low": None, "high": None})
    _, told, points, *_ = section_scorecard.scorecard({"scorecard": known}, {}).blocks
    assert isinstance(told, Table)
    assert isinstance(points, Table)
    assert rows(told)[0][-1] == "–"
    assert [row[0] for row in rows(points)] == ["under −1,200", "missing"]


def test_categories_are_written_as_the_bank_writes_them(summary: Summary) -> None:
    known = summary["metrics"]["risk"]["scorecard"]
    known["points"][0]["bins"][0].update(label="-1 to 5 people, A", values=["-1 to 5 people", "A"])
    points = section_scorecard.scorecard({"scorecard": known}, {}).blocks[2]
    assert isinstance(points, Table)
    assert rows(points)[0][0] == "-1 to 5 people, A"


def test_findings_stand_with_their_evidence(summary: Summary) -> None:
    said, table = section_scorecard.leakage(summary["metrics"]["risk"], MEANINGS).blocks
    assert isinstance(table, Table)
    assert rows(table)[0][:4] == ["last known balance", "value", "accepted", "auc 0.99"]
    assert "Accepted by the bank: read daily." in rows(table)[0][4]
    assert "one by one" in said.text


def test_a_run_without_them_has_no_such_parts() -> None:
    assert section_scorecard.scorecard({}, {}).blocks == ()
    assert section_scorecard.leakage({"leakage": []}, {}).blocks == ()
