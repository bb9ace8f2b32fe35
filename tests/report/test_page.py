"""The page is whole, safe, the same every time, and leaves out what a bank does not have."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from guilder.report import page
from guilder.report.measures import OFFERS, RISK

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "report_outline.txt"
VOID = {"meta", "br", "img", "link", "hr", "input"}
Summary = dict[str, dict[str, Any]]


class Outline(HTMLParser):
    """Checks that tags close in order; collects headings, ids, links, tags and words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.headings: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "xlink:href", "action", "data"):
                self.links.append(value or "")
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("h1", "h2", "h3"):
            self.headings.append("#" * int(tag[1]) + " ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("h1", "h2", "h3"):
            self.headings[-1] += data
        if self.open and self.open[-1] not in ("style", "script"):
            self.words.append(data)


def read(html: str) -> Outline:
    outline = Outline()
    outline.feed(html)
    outline.close()
    assert outline.open == []
    return outline


def test_the_page_is_well_formed_and_small(whole_page: str) -> None:
    outline = read(whole_page)
    assert whole_page.startswith("<!DOCTYPE html>")
    assert len(outline.ids) == len(set(outline.ids)), "ids are unique"
    assert len(whole_page.encode()) < 2_000_000
    assert outline.tags.count("svg") >= 25
    assert outline.tags.count("figcaption") == outline.tags.count("figure") == outline.tags.count("svg")
    assert outline.tags.count("caption") == outline.tags.count("table")


def test_nothing_comes_from_outside(whole_page: str) -> None:
    outline = read(whole_page)
    assert "script" not in outline.tags
    assert all(link.startswith("#") for link in outline.links)
    assert {link[1:] for link in outline.links} <= set(outline.ids), "every reference has its target"
    assert {found for found in re.findall(r"url\(([^)]*)\)", whole_page) if not found.startswith("#")} == set()
    assert re.search(r"https?://", whole_page) is None
    assert "@import" not in whole_page


def test_the_outline_is_the_golden_one(whole_page: str) -> None:
    assert "\n".join(read(whole_page).headings) + "\n" == GOLDEN.read_text("utf-8")


def test_the_same_summary_gives_the_same_bytes_in_another_process(whole_page: str) -> None:
    code = (
        "import runpy, sys, hashlib; b = runpy.run_path(sys.argv[1])['build'](); from guilder.report import page;"
        "print(hashlib.sha256(page(**b).encode()).hexdigest())"
    )
    import hashlib

    told = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).with_name("conftest.py"))], capture_output=True, text=True,
        check=True, env={"PYTHONHASHSEED": "77", "PATH": "/usr/bin", "HOME": str(Path.home())},
    )
    assert told.stdout.strip() == hashlib.sha256(whole_page.encode()).hexdigest()


def test_every_measure_of_the_schema_is_named(whole_page: str) -> None:
    words = " ".join(read(whole_page).words)
    for measure in (*RISK, *OFFERS):
        assert measure.label in words


def test_every_candidate_stands_in_the_grid_raw_and_calibrated(summary: Summary) -> None:
    for place, each in enumerate(summary["metrics"]["risk"]["candidates"]):
        each["raw"]["auc"] = {"value": 0.6 + place / 1000, "low": 0.5, "high": 0.7}
        each["calibrated"]["auc"] = {"value": 0.7 + place / 1000, "low": 0.6, "high": 0.8}
    words = read(_without_charts(summary)).words
    for place in range(9):
        assert f"{0.6 + place / 1000:.3f}" in words
        assert f"{0.7 + place / 1000:.3f}" in words


def _without_charts(summary: Summary) -> str:
    return page(summary["manifest"], summary["metrics"], {})


def test_a_measure_nobody_knows_is_shown_too(summary: Summary) -> None:
    summary["metrics"]["risk"]["test"]["h_measure"] = {"value": 0.4321, "low": 0.4, "high": 0.5}
    words = read(_without_charts(summary)).words
    assert "h measure" in words
    assert "0.432" in words


def test_names_are_escaped_wherever_they_come_from(summary: Summary) -> None:
    evil = "<script>alert(1)</script>$x^2$ --> &amp;"
    text = json.dumps(summary).replace("Savers", evil).replace("Savings book", evil).replace("Demo bank", evil)
    text = text.replace("days_below_zero_90d", evil).replace('"forest"', json.dumps(evil))
    html = page(**json.loads(text))
    outline = read(html)
    assert "script" not in outline.tags
    assert "<script" not in html
    assert any("<script>alert(1)</script>$x^2$ --> &amp;" in word for word in outline.words)


def test_personal_columns_never_appear(summary: Summary) -> None:
    summary["figures"]["data"]["distributions"][0]["fact"] = "email"
    summary["figures"]["data"]["distributions"][0]["meaning"] = "the mailbox of ada"
    summary["figures"] = {key: summary["figures"][key] for key in ("data", "customers")}
    html = page(**summary)
    assert "Customer C1000" in html
    for secret in ("Ada Personal", "ada@personal.example", "+31 20 555 0100", "the mailbox of ada"):
        assert secret not in html


def test_a_bank_with_only_loans_gets_a_page_that_says_what_is_missing(summary: Summary) -> None:
    for room in ("segments", "offers", "customers"):
        del summary["metrics"][room]
    summary["figures"] = {}
    summary["metrics"]["risk"]["split"] = {
        "kind": "stratified", "banner": "The loans carry no dates.", "train": 700, "valid": 150, "test": 150,
        "valid_from": None, "test_from": None, "dropped": {},
    }
    outline = read(page(**summary))
    rooms = [each for each in outline.headings if each.startswith("## ")]
    assert rooms == ["## In short", "## Data", "## Risk", "## Run"]
    said = " ".join(outline.words)
    assert "Offers need interactions" in said
    assert "Segments need transactions" in said
    assert said.count("The loans carry no dates.") == 2


@pytest.mark.parametrize("room", ["data", "risk", "segments", "offers", "customers"])
def test_any_room_may_be_absent(summary: Summary, room: str) -> None:
    summary["metrics"].pop(room)
    summary["figures"] = {}
    assert f"## {room.capitalize()}" not in read(page(**summary)).headings


def test_an_empty_summary_is_still_a_page() -> None:
    outline = read(page({}, {}, {}))
    assert outline.headings == ["# Bank", "## In short"]


def test_every_figure_may_be_unknown(summary: Summary) -> None:
    def blank(tree: Any) -> Any:
        if isinstance(tree, dict):
            if set(tree) == {"value", "low", "high"}:
                return {"value": None, "low": math.nan, "high": None}
            return {key: blank(value) for key, value in tree.items()}
        if isinstance(tree, list):
            return [blank(each) for each in tree]
        return math.nan if isinstance(tree, float) else tree

    html = page(summary["manifest"], blank(summary["metrics"]), {})
    said = " ".join(read(html).words)
    assert "nan" not in said.lower().replace("unan", "")
    assert "None" not in said
    assert "–" in said


def test_what_the_page_says_of_smote_follows_the_figures(summary: Summary) -> None:
    for each in summary["figures"]["risk"]["balancing"]:
        if each["learner"] == "forest":
            each["auc"] = 0.81 if each["balancing"] == "smote" else 0.79
            each["mean_p_raw"] = 0.31 if each["balancing"] == "smote" else 0.08
    summary["figures"] = {"risk": {"balancing": summary["figures"]["risk"]["balancing"]}}
    said = " ".join(read(page(**summary)).words)
    assert "Forest: SMOTE moved AUC by +2.0 points" in said
    assert "raw mean PD from 8.0% to 31.0%" in said


def test_importing_the_report_draws_in_no_drawing_library() -> None:
    code = "import sys, guilder.report; print(sorted({'matplotlib', 'seaborn', 'jinja2', 'pandas'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_what_only_warns_is_not_said_to_be_in_quarantine(summary: Summary) -> None:
    tables = summary["metrics"]["data"]["tables"]
    for table in tables:
        table["violations"] = []
    assert "No row broke a rule." in _without_charts(summary)
    tables[0]["violations"] = [{"id": "G-CUST-033", "severity": "warn", "column": "city", "reason": "many", "rows": 9}]
    html = _without_charts(summary)
    assert "Why rows are in quarantine" not in html
    assert "What to look at" in html
    assert "No row broke a rule." not in html


def test_the_rate_of_the_same_loans_is_not_compared(summary: Summary) -> None:
    gaps = summary["metrics"]["risk"]["challenger"]["difference"]
    gaps["observed_rate"] = {"value": 0.0, "low": 0.0, "high": 0.0}
    told = _without_charts(summary).partition("champion less challenger")[2].partition("</p>")[0]
    assert "AUC" in told
    assert "observed rate" not in told
