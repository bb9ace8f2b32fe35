"""A bank that is one row a customer: no dates, no loans, segments by its own numbers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import guilder
from guilder.store.runs import Run


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flat")
    random = np.random.default_rng(0)
    limit = np.where(np.arange(300) % 2, 1000, 9000) + random.normal(0, 100, 300)
    rows = [f"{row},{limit[row]:.2f},{random.normal():.3f},{'gold' if row % 3 else 'blue'}" for row in range(300)]
    (folder / "customers.csv").write_text("\n".join(["customer_id,limit,mood,card", *rows]) + "\n")
    (folder / "bank.toml").write_text(
        'name = "Flat"\n[tables.customers]\npath = "customers.csv"\nattributes = ["limit", "mood", "card"]\n'
        '[segments]\nk = 2\nk_max = 2\nnames = { S1 = "Ours", S7 = "Nobody" }\n'
    )
    return folder


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def run(flat: Path, told: list[str]) -> Run:
    return guilder.train(flat, progress=told.append)


def test_declared_text_is_among_the_facts_left_out(run: Run) -> None:
    assert run.metrics["segments"]["dropped_facts"] == {"card": "text: segments are drawn by numbers"}
    page = run.report.read_text()
    assert "segments are drawn by numbers" in page[page.index("Facts left out"):]


def test_a_name_of_no_segment_is_warned_of_on_the_report(run: Run) -> None:
    (warning,) = run.metrics["segments"]["warnings"]
    assert warning.startswith("G-SEG-001: [segments] names: no segment is 'S7'")
    assert "G-SEG-001" in run.report.read_text()


def test_nothing_is_said_of_months_or_of_1970(run: Run, told: list[str]) -> None:
    assert run.metrics["as_of"] is None
    assert any("customer" in said for said in told)
    assert not any("month" in said for said in told)
    assert "1970" not in run.report.read_text()


def test_scoring_it_says_that_there_are_no_loans(flat: Path, run: Run, tmp_path: Path) -> None:
    words = ["score", str(flat), "--run", str(run.path), "--out", str(tmp_path)]
    told = subprocess.run(
        [sys.executable, "-m", "guilder.cli", *words], capture_output=True, text=True, check=False, timeout=300
    )
    assert told.returncode == 0, told.stderr
    assert "this bank has no loans: none was scored" in told.stdout
