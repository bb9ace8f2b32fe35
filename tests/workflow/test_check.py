"""What a check says, as words, as a page, as JSON and as files; also where it stops."""

from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from guilder.cli import app
from guilder.errors import DataError, UsageError
from guilder.source.demo import generate
from guilder.workflow.audit import listed
from guilder.workflow.check import examine

GOLDEN = Path(__file__).parents[1] / "golden" / "check.txt"
CANARY = "canary@secret.example"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bank in which a formula is an id, and a row stands shifted, so that an e-mail address is where a region is."""
    people = [f"C{n},Ada,ada{n}@example.org,North,{1000 * n}.50" for n in range(1, 41)]
    people += [f"=1+1,Zebulon,{CANARY},South,12x", f"C98,,{CANARY},{CANARY},-5"]
    (tmp_path / "customers.csv").write_text("customer_id,name,email,region,annual_income\n" + "\n".join(people))
    (tmp_path / "bank.toml").write_text(
        'name = "Small <b>bank</b>"\n[tables.customers]\npath = "customers.csv"\nmax_quarantine = 0.1\n'
    )
    return tmp_path


def test_what_is_said_is_the_golden_text(folder: Path) -> None:
    said = CliRunner().invoke(app, ["check", str(folder)]).stdout
    said = "\n".join(line.rstrip() for line in said.splitlines()) + "\n"
    if os.environ.get("GUILDER_UPDATE_GOLDEN"):
        GOLDEN.write_text(said)
    assert said == GOLDEN.read_text()


def test_json_holds_sums_and_profile(folder: Path) -> None:
    found = json.loads(CliRunner().invoke(app, ["check", str(folder), "--json"]).stdout)
    assert found["money"] == [{
        "table": "customers", "column": "annual_income", "used": "820020.00", "aside": "-5.00", "all": "820015.00",
        "unread": 1,
    }]  # fmt: skip
    assert {one["column"] for one in found["profile"]} == {"customer_id", "name", "email", "region", "annual_income"}


def test_rows_set_aside_are_files_without_formulas_and_personal_values(folder: Path) -> None:
    out = folder / "aside"
    for _ in range(2):  # the folder is replaced whole
        examine(folder, rejected=out)
    assert [path.name for path in out.iterdir()] == ["customers.csv"]
    written = (out / "customers.csv").read_text(encoding="utf-8-sig")
    assert CANARY not in written
    assert "Zebulon" not in written
    rows = list(csv.DictReader(written.splitlines()))
    assert [(row["file"], row["line"], row["column"]) for row in rows] == [
        ("customers.csv", "42", "annual_income"), ("customers.csv", "43", "annual_income"),
    ]  # fmt: skip
    assert rows[0]["customer_id"] == "'=1+1"
    assert rows[1]["reason"] == "annual_income is below zero"
    exported = listed(folder, "export")
    assert [(entry["what"], entry["path"], entry["rows"]) for entry in exported] == [
        ("rejected", "aside", {"customers": 2})
    ] * 2


def test_where_the_check_stops_the_rows_are_written_all_the_same(folder: Path) -> None:
    text = (folder / "bank.toml").read_text().replace("max_quarantine = 0.1", "max_quarantine = 0.01")
    (folder / "bank.toml").write_text(text)
    with pytest.raises(DataError, match="cannot be used"):
        examine(folder, rejected=folder / "aside", html=folder / "check.html")
    assert len(pd.read_csv(folder / "aside" / "customers.csv")) == 2
    assert not (folder / "check.html").exists()


def test_nothing_foreign_is_replaced(folder: Path) -> None:
    (folder / "aside").mkdir()
    (folder / "aside" / "mine.txt").write_text("kept")
    for path in (folder / "aside", folder / "bank.toml"):
        with pytest.raises(UsageError, match="holds something else"):
            examine(folder, rejected=path)
    assert (folder / "aside" / "mine.txt").read_text() == "kept"


def test_the_page_is_safe_and_says_the_same_twice(folder: Path) -> None:
    pages = []
    for name in ("one.html", "new/two.html"):
        examine(folder, html=folder / name)
        pages.append((folder / name).read_text())
    assert pages[0] == pages[1]
    assert "<b>bank" not in pages[0]
    assert "Small &lt;b&gt;bank" in pages[0]
    assert "default-src 'none'" in pages[0]
    assert "820015.00" in pages[0]
    assert not re.search(r"<script|https?://|ada\d|Zebulon", pages[0])
    assert CANARY not in pages[0]


def test_of_a_made_up_bank_nothing_personal_is_told(tmp_path: Path) -> None:
    generate(tmp_path, customers=60, seed=3, format="csv", dirt=0.05)
    text = (tmp_path / "bank.toml").read_text()
    (tmp_path / "bank.toml").write_text(text.replace("\npath = ", "\nmax_quarantine = 0.9\npath = "))
    said = CliRunner().invoke(
        app, ["check", str(tmp_path), "--rejected", str(tmp_path / "aside"), "--html", str(tmp_path / "check.html")]
    )
    assert said.exit_code == 0, said.output
    people = pd.read_csv(tmp_path / "customers.csv", dtype=str)
    marks = {mark for column in ("name", "email", "phone") for mark in people[column].dropna() if len(mark) > 5}
    told = [said.output, (tmp_path / "check.html").read_text()]
    told += [path.read_text() for path in sorted((tmp_path / "aside").iterdir())]
    assert len(told) > 3
    assert [mark for mark in marks for text in told if mark in text] == []
