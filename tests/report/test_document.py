"""The model document: numbers that add up and equal the run's, nothing left out in silence, nothing unescaped."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from guilder.report import words
from guilder.report.document import document, sections
from guilder.report.document_references import SOURCES
from guilder.report.document_scope import waterfall
from guilder.report.document_tables import LINE, every_figure, tables

Summary = dict[str, dict[str, Any]]
NEEDED = ("data", "test", "candidates", "validation", "fairness", "reasons", "policy", "uncertainty", "term_structure")
"""What a run may lack, as keys of its risk figures; ``data`` is that of the bank."""


@pytest.fixture
def run(summary: Summary) -> Summary:
    return copy.deepcopy(summary)


def written(run: Summary) -> str:
    """The document without its charts, which take a second."""
    return document(run["manifest"], run["metrics"], {})


def words_of(html: str) -> str:
    body = html[html.index("<main>") : html.index("</main>")]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", body, flags=re.DOTALL)))


def test_the_same_run_gives_the_same_bytes_in_another_process(run: Summary, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps(run))
    code = (
        "import json, sys\nfrom guilder.report.document import document\n"
        "run = json.load(open(sys.argv[1]))\n"
        "sys.stdout.buffer.write(document(run['manifest'], run['metrics'], run['figures']).encode())"
    )
    again = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "run.json")], capture_output=True, check=True,
        env={"PYTHONHASHSEED": "7", "PATH": ""},
    )  # fmt: skip
    assert again.stdout.decode() == document(**json.loads(json.dumps(run)))


def test_numbers_are_those_of_the_run(run: Summary) -> None:
    said = words_of(written(run))
    risk = run["metrics"]["risk"]
    for measure in ("auc", "brier", "log_loss", "calibration_slope"):
        style = "small" if measure in ("brier", "log_loss") else "score"
        figure = risk["test"][measure]
        assert f"{words.value(figure, style)} {words.interval(figure, style)}" in said, measure
    for candidate in risk["candidates"]:
        assert words.value(candidate["calibrated"]["log_loss"], "small") in said
    for measure, figure in risk["test"].items():
        to_the_digit = f"{figure['value']} ({figure['low']} to {figure['high']})"
        assert f" test.{measure} {to_the_digit} " in said, "in the annex"
    assert f" cut_off.p {risk['cut_off']['p']} " in said
    for each in run["manifest"]["inputs"]:
        assert each["sha256"] in said


def test_every_loan_is_accounted_for(run: Summary) -> None:
    metrics = run["metrics"]
    table = next(each for each in metrics["data"]["tables"] if each["name"] == "loans")
    split = metrics["risk"]["split"]
    used = split["train"] + split["valid"] + split["test"]
    metrics["risk"]["rows"] = used + sum((split.get("dropped") or {}).values())
    split |= {"unknown": 5, "immature": 40, "window_open": 7}
    table |= {"rows_in": metrics["risk"]["rows"] + 52 + 3, "accepted": metrics["risk"]["rows"] + 52, "quarantined": 3}
    steps = waterfall(metrics)
    assert steps is not None
    assert "not accounted for" not in [name for name, *_ in steps]
    left = 0
    for name, sign, many, _ in steps:
        if sign or name.startswith("in the "):
            left -= many
        elif left:
            assert left == many, name
        else:
            left = many
    assert left == 0, "the slices hold what is left, no more and no less"


def test_what_does_not_add_up_is_said(run: Summary) -> None:
    loans = next(each for each in run["metrics"]["data"]["tables"] if each["name"] == "loans")
    loans["rows_in"] += 1_000_000
    assert "do not add up" in words_of(written(run))


@pytest.mark.parametrize("gone", NEEDED)
def test_what_was_not_measured_is_said(run: Summary, gone: str) -> None:
    run["metrics"]["risk"].pop(gone, None)
    if gone == "data":
        run["metrics"].pop("data")
    assert "Not measured:" in words_of(written(run))


def test_an_empty_run_says_of_everything_that_it_was_not_measured(run: Summary) -> None:
    bare = document({"run_id": "x"}, {"risk": {"rows": 10, "bads": 2}}, {})
    said = words_of(bare)
    assert said.count("Not measured:") >= 10
    headings = [each.title.split(" ", 1)[1] for each in sections(run["manifest"], run["metrics"], {})]
    assert all(heading in said for heading in headings), "no section goes"


def test_a_run_without_a_risk_model_says_so(run: Summary) -> None:
    del run["metrics"]["risk"]
    assert "no risk model, so there is nothing to document" in words_of(written(run))


def test_names_are_escaped(run: Summary) -> None:
    hostile = "<script>alert(1)</script>\"'&"
    run["metrics"]["name"] = hostile
    run["metrics"]["risk"]["warnings"] = [hostile]
    run["metrics"]["risk"]["validation"] = {hostile: {"a": [{"b": hostile}]}}
    run["metrics"]["data"]["overrides"] = [{"table": hostile, "why": hostile}]
    run["manifest"]["inputs"][0]["file"] = hostile
    run["manifest"]["parameters"] = {"tables": {"loans": {"codes": {"defaulted": {hostile: True}}}}}
    html = written(run)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_it_stands_alone(run: Summary) -> None:
    html = written(run)
    assert not re.search(r"""(?:src|href)=["'](?!#)""", html)
    assert "@media print" in html


def test_references_name_sections_that_exist(run: Summary) -> None:
    made = sections(run["manifest"], run["metrics"], {})
    keys = [each.key for each in made]
    assert len(set(keys)) == len(keys)
    asked = {key for _, rows in SOURCES.values() for each in rows for key in each.sections}
    assert asked <= set(keys)
    said = words_of(written(run))
    assert "It is no legal advice" in said
    place = keys.index("fairness") + 1
    assert f"{place} Fairness" in said.split("Cross-references")[-1]


def test_overrides_and_accepted_leaks_are_listed_with_their_reasons(run: Summary) -> None:
    run["metrics"]["data"]["overrides"] = [{"table": "customers", "why": "made up once"}]
    run["manifest"]["parameters"]["risk"] = {
        "accept": {"score_external": "known at the application"}, "use_protected": ["gender"],
    }  # fmt: skip
    said = words_of(written(run))
    for each in ("Made up once", "known at the application", "Protected columns are facts, as the bank asks: gender."):
        assert each.lower() in said.lower()


def test_tables_of_anything() -> None:
    tree = {
        "auc": {"value": 0.81234, "low": 0.79, "high": 0.83}, "rows": 12, "ok": True, "gone": None,
        "by_month": [{"month": "2024-01", "gini": 0.5, "deep": {"a": {"b": 1}}}, {"month": "2024-02", "gini": None}],
        "inner": {"a": 0.25, "few": [1, 2]}, "empty": [],
    }  # fmt: skip
    made = tables(tree, "what was found")
    cells = {row[0].text: row[1].text for row in made[0].rows}
    assert cells == {"auc": "0.812", "rows": "12", "ok": "yes", "gone": "–"}
    assert [table.caption for table in made] == [
        "What was found", "What was found: by month", "What was found: inner",
    ]  # fmt: skip
    assert made[1].columns == ("month", "gini")


def test_every_figure_is_a_path_and_a_value_as_json_writes_it() -> None:
    figure = {"value": 0.1, "low": None, "high": 0.3}
    found = dict(every_figure({"a": {"b": 0.1, "c": [1, 2]}, "d": [{"e": None}, {"e": "x"}], "f": figure}))
    assert found == {"a.b": "0.1", "a.c": "[1, 2]", "d[0]": "e null", "d[1]": 'e "x"', "f": "0.1 (null to 0.3)"}
    assert dict(every_figure([figure, {"h": {"i": 2}}])) == {"[0]": "0.1 (null to 0.3)", "[1]": 'h {"i": 2}'}
    long = dict(every_figure([{"name": "x" * LINE, "g": [figure]}]))
    assert long == {"[0].name": f'"{"x" * LINE}"', "[0].g[0]": "0.1 (null to 0.3)"}


def test_facts_that_moved_stand_in_the_validation_and_the_rest_with_the_facts(run: Summary) -> None:
    run["metrics"]["risk"]["validation"] = {
        "summary": [{"family": "stability", "light": "amber", "why": "one fact moved"}],
        "stability": {"facts": [
            {"fact": "age", "psi": 0.4321, "moved": True}, {"fact": "balance_last", "psi": 0.0123, "moved": False},
        ]},
    }  # fmt: skip
    made = {each.key: each for each in sections(run["manifest"], run["metrics"], {})}
    listed = {row[0].small: [cell.text for cell in row] for row in made["facts"].parts[0].blocks[0].rows}
    assert listed["age"][-1] == "0.432"
    assert listed["balance_last"][-1] == "0.012"
    note, table = made["validation"].parts[0].blocks
    assert note.text == "Stability: amber. one fact moved"
    assert [row[0].text for row in table.rows] == ["age"]


def test_codes_are_explained_in_words(run: Summary) -> None:
    codes = {"B": True, "A": False, "C": "unknown"}
    run["manifest"]["parameters"] = {"tables": {"loans": {"codes": {"defaulted": codes}}}}
    assert "read as A not defaulted B defaulted C not known" in words_of(written(run))
