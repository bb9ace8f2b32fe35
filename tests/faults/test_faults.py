"""One folder a fault: the input, the bank file, and what must come of it. Adding a case needs no code.

``expected.toml`` says ``case`` (its number in the catalogue of faults), ``outcome`` ("stop" or "ok"), and:

- for a stop ``error`` (the class), ``id``, ``exit``, and ``says`` (pieces of the message; ``never_says`` too);
- for an "ok" the counts of each table, the ``violations`` that must be there (``[]``: none), ``lines`` that were set
  aside, ``values`` of columns, and ``examples`` (pieces of what the violations name);
- ``now``, what the clock says; ``run`` ("check" when not given; "train"); ``[[make]]``, inputs that a folder cannot
  hold (see ``made``).
"""

from __future__ import annotations

import datetime
import importlib.util
import shutil
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import guilder
from guilder.errors import GuilderError
from guilder.source.connect import connect

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/expected.toml"))


def _made() -> Any:
    spec = importlib.util.spec_from_file_location("made", HERE / "made.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_cases() -> None:
    assert len(CASES) >= 110


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_fault(folder: Path, tmp_path: Path) -> None:
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    now = expected.get("now")
    if now is not None:
        now = now.replace(tzinfo=now.tzinfo or datetime.UTC)
    if "make" in expected or "run" in expected:
        folder = Path(shutil.copytree(folder, tmp_path / "case", symlinks=True))
        _made().make(folder, expected.get("make", ()), now)
    if expected["outcome"] == "stop":
        start = guilder.train if expected.get("run") == "train" else partial(connect, now=now)
        with pytest.raises(GuilderError) as caught:
            start(folder)
        check_stopped(caught.value, expected)
        assert not list(folder.glob("runs/current"))
    else:
        check_taken_in(folder, expected, now)


def check_stopped(error: GuilderError, expected: dict[str, Any]) -> None:
    message = str(error)
    assert type(error).__name__ == expected["error"], message
    assert error.id == expected["id"], message
    assert message.startswith(expected["id"])
    assert error.exit_code == expected["exit"]
    assert [piece for piece in expected["says"] if piece not in message] == [], message
    assert [piece for piece in expected.get("never_says", []) if piece in message] == [], message
    assert error.wrong
    assert error.todo


def check_taken_in(folder: Path, expected: dict[str, Any], now: datetime.datetime | None) -> None:
    with connect(folder, now=now) as bank:
        for name, counts in expected.get("tables", {}).items():
            taken = bank.intake.table(name)
            found = {key: getattr(taken, key) for key in counts}
            assert found == {key: tuple(value) if isinstance(value, list) else value for key, value in counts.items()}
            assert taken.rows_in == taken.accepted + taken.quarantined
            assert len(bank.frame(name)) == taken.accepted
        ids = {violation.id for violation in bank.intake.violations}
        assert set(expected.get("violations", [])) <= ids
        if expected.get("violations") == []:
            assert not ids
        named = " ".join(example for violation in bank.intake.violations for example in violation.examples)
        assert [piece for piece in expected.get("examples", []) if piece not in named] == [], named
        aside = bank.quarantine()
        for name, lines in expected.get("lines", {}).items():
            assert sorted(aside.loc[aside["table_name"] == name, "line"]) == lines
        for name, columns in expected.get("values", {}).items():
            frame = bank.frame(name)
            for column, values in columns.items():
                assert [str(item) for item in frame[column]] == values
