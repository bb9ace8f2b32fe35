"""Hostile files are refused before they are read; `python -m benchmarks hostile` gives each a process of its own."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import guilder
from guilder.contract.limits import LimitsFile
from guilder.errors import DataError, GuilderError
from guilder.source.guard import MANY, THIN, check_size, packed

_file = Path(__file__).resolve().parents[2] / "benchmarks" / "_hostile.py"
_spec = importlib.util.spec_from_file_location("hostile_files", _file)
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
HOSTILE: dict[str, Callable[[Path], Path]] = _module.HOSTILE


def test_there_are_thirty() -> None:
    assert len(HOSTILE) >= 30


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_once(name: str, tmp_path: Path) -> None:
    made = HOSTILE[name](tmp_path / "loans")
    (tmp_path / "bank.toml").write_text(f'[tables.loans]\npath = "{made.name}"\n')
    began = time.process_time()
    with pytest.raises(GuilderError) as refused:
        guilder.check(tmp_path)
    assert time.process_time() - began < 2
    assert refused.value.id.startswith(("G-FILE-", "G-ENGINE-004"))
    assert refused.value.todo


@pytest.mark.parametrize(
    ("rows", "columns", "size", "says"),
    [
        (1, 2001, 0, "max_columns = 2001"), (1_000_000_001, 2, 0, "max_cells = 2000000002"),
        (MANY, 2, 2 * MANY // THIN - 1, "rows themselves"),
    ],
)  # fmt: skip
def test_rows_columns_and_bytes_have_limits(rows: int, columns: int, size: int, says: str) -> None:
    with pytest.raises(DataError) as refused:
        check_size("a.csv", rows, columns, size, LimitsFile(), "tables.loans")
    assert says in refused.value.todo


@pytest.mark.parametrize(
    ("rows", "columns", "size"), [(1, 2000, 0), (1_000_000_000, 2, 0), (MANY, 2, 2 * MANY // THIN), (MANY // 2, 2, 1)]
)
def test_what_is_within_them_passes(rows: int, columns: int, size: int) -> None:
    check_size("a.csv", rows, columns, size, LimitsFile(), "tables.loans")


def test_what_is_packed_is_known_by_its_name_or_its_first_bytes() -> None:
    assert packed(Path("a.csv"), b"\x1f\x8b\x08") == "a gzip"
    assert packed(Path("a.CSV.GZ"), b"loan_id") == "a gzip"
    assert packed(Path("a.csv"), b"loan_id") == ""
