"""One folder a fault: the input, the bank file, and what must come of it. Adding a case needs no code.

``expected.toml`` says ``case`` (its number in the catalogue of faults), ``outcome`` ("stop" or "ok"), for a stop
``error`` (the class), ``exit`` and ``says`` (pieces of the message), and for an "ok" the counts of each table, the
``warnings`` and ``quarantine`` ids that must be there, and the lines that were set aside.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from guilder.errors import GuilderError
from guilder.source.connect import connect

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/expected.toml"))


def test_there_are_cases() -> None:
    assert len(CASES) >= 30


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_fault(folder: Path) -> None:
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    if expected["outcome"] == "stop":
        with pytest.raises(GuilderError) as caught:
            connect(folder).close()
        message = str(caught.value)
        assert type(caught.value).__name__ == expected["error"], message
        assert caught.value.exit_code == expected["exit"]
        assert [piece for piece in expected["says"] if piece not in message] == [], message
        assert [piece for piece in expected.get("never_says", []) if piece in message] == [], message
        assert caught.value.wrong
        assert caught.value.todo
    else:
        check_taken_in(folder, expected)


def check_taken_in(folder: Path, expected: dict[str, Any]) -> None:
    with connect(folder) as bank:
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
        aside = bank.quarantine()
        for name, lines in expected.get("lines", {}).items():
            assert sorted(aside.loc[aside["table_name"] == name, "line"]) == lines
        for name, columns in expected.get("values", {}).items():
            frame = bank.frame(name)
            for column, values in columns.items():
                assert [str(item) for item in frame[column]] == values
