"""One folder a fault: the input, the bank file, and what must come of it. Adding a case needs no code.

What ``expected.toml`` may say is told in ``guilder.workflow.fault_case``, which `guilder selftest` runs too.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from guilder.workflow.fault_case import cases, corpus, differences

CASES = cases()


def test_there_are_cases() -> None:
    assert corpus() == Path(__file__).parents[1] / "faults"
    assert len(CASES) >= 110


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_fault(folder: Path, tmp_path: Path) -> None:
    assert differences(folder, tmp_path) == []


@pytest.mark.parametrize(
    ("case", "was", "becomes", "says"),
    [
        ("01_header_only", 'id = "', 'id = "G-XXX', "id is"),
        ("01_header_only", 'error = "DataError"', 'error = "UsageError"', "error is 'DataError'"),
        ("01_header_only", "exit = 1", "exit = 2", "exit is 1"),
        ("01_header_only", '"no rows"', '"something else"', "it does not say 'something else'"),
        ("01_header_only", 'outcome = "stop"', 'outcome = "ok"', "it stopped"),
        ("18_few_orphans", 'outcome = "ok"', 'outcome = "stop"', "it went on"),
        ("18_few_orphans", r"accepted = \d+", "accepted = 7", "accepted is"),
        ("18_few_orphans", r"violations = \[.*\]", 'violations = ["G-NONE-001"]', "violations are"),
    ],
)
def test_what_goes_otherwise_is_said(case: str, was: str, becomes: str, says: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(corpus() / case, tmp_path / "changed"))
    text = (folder / "expected.toml").read_text()
    changed = re.sub(was, becomes, text)
    assert changed != text
    (folder / "expected.toml").write_text(changed)
    found = differences(folder, tmp_path)
    assert any(says in one for one in found), found
