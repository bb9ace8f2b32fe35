"""A file that is not the same after it was read is not taken in, however it was changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

import guilder
from guilder.errors import DataError
from guilder.source import bank, raw


def rewritten(path: Path) -> None:
    """As many bytes, and the time of change set back."""
    before = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(path: Path) -> None:
    """Another file of the same content under the same name."""
    copy = path.with_suffix(".new")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


CHANGES: dict[str, Callable[[Path], Any]] = {
    "a line more": lambda path: path.write_bytes(path.read_bytes() + b"L9,true\n"),
    "as long as before": rewritten, "another file": replaced, "gone": Path.unlink,
}  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_file_that_changes_while_it_is_read_stops(
    kind: str, change: Callable[[Path], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"loans.{kind}"
    if kind == "csv":
        path.write_text("loan_id,defaulted\nL1,true\nL2,false\n")
    else:
        duckdb.sql("SELECT 'L1' AS loan_id, true AS defaulted").write_parquet(str(path))
    (tmp_path / "bank.toml").write_text(f'[tables.loans]\npath = "{path.name}"\n')
    where, name = (raw, "stage_csv") if kind == "csv" else (bank, "take_in")
    read = getattr(where, name)

    def reads(*given: Any) -> Any:
        found = read(*given)
        change(path)
        return found

    guilder.check(tmp_path)
    monkeypatch.setattr(where, name, reads)
    with pytest.raises(DataError, match=f"{path.name} changed while it was read") as stopped:
        guilder.check(tmp_path)
    assert stopped.value.id == "G-FILE-006"
