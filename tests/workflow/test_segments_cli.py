"""The commands about segments: cards, the statement, the file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb

from guilder.store.runs import Run


def says(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "guilder.cli", "segments", *words], capture_output=True, text=True, check=False, cwd=cwd,
        timeout=300,
    )  # fmt: skip


def test_show_prints_every_segment_and_answers_in_json(run: Run) -> None:
    told = says("show", str(run.path))
    assert told.returncode == 0, told.stderr
    assert all(name in told.stdout for name in run.metrics["segments"]["names"])
    answer = json.loads(says("show", str(run.path), "--json").stdout)
    assert answer["verdict"] == run.metrics["segments"]["verdict"]
    assert [each["name"] for each in answer["segments"]] == run.metrics["segments"]["names"]


def test_the_statement_is_one_select_in_both_spellings(bank_folder: Path, run: Run) -> None:
    named, here = says("sql", str(bank_folder), "--table", "facts"), says("--sql", "duckdb", cwd=bank_folder)
    assert (named.returncode, here.returncode) == (0, 0), named.stderr + here.stderr
    assert named.stdout == here.stdout
    assert [each.type.name for each in duckdb.connect().extract_statements(named.stdout)] == ["SELECT"]


def test_export_counts_what_it_wrote_and_left_out(bank_folder: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "campaign.csv"
    told = says("export", str(bank_folder), "--out", str(out), "--segment", "S1", "--control", "0.2", "--json")
    assert told.returncode == 0, told.stderr
    answer = json.loads(told.stdout)
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == answer["customers"] + 1
    assert sum(",control," in line for line in lines) == answer["control"] > 0
    wrong = says("export", str(bank_folder), "--out", str(tmp_path / "x.doc"))
    assert (wrong.returncode, "formats:" in wrong.stderr) == (2, True)
