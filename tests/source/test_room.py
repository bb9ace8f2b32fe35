"""Where memory ends the engine spills, to a folder that is empty afterwards; where that ends, it says what to set."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from guilder.errors import DataError, UsageError
from guilder.source.connect import connect

ROWS = 400_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    duckdb.sql(
        "SELECT md5(n::VARCHAR) AS loan_id, n % 7 = 0 AS defaulted, md5((n * 3)::VARCHAR) AS note "
        f"FROM range({ROWS}) AS numbers(n)"
    ).write_csv(str(tmp_path / "loans.csv"))
    return tmp_path


def write(folder: Path, engine: str) -> None:
    (folder / "bank.toml").write_text(
        '[tables.loans]\npath = "loans.csv"\nattributes = ["note"]\nundated_ok = "made up for a test"\n'
        f"[engine]\nthreads = 1\n{engine}"
    )


def test_without_room_the_settings_to_change_are_named(folder: Path) -> None:
    write(folder, 'memory_limit = "35MB"\ntemp_limit = "1MB"\n')
    with pytest.raises(DataError, match="no room left") as stopped:
        connect(folder)
    error = stopped.value
    assert error.id == "G-ENGINE-003"
    assert "memory_limit: 35MB; temp_limit: 1MB" in str(error)
    assert "temp_directory" in error.todo


def test_what_does_not_fit_is_spilled_where_the_bank_says_and_nothing_stays(folder: Path) -> None:
    (folder / "spill").mkdir()
    write(folder, 'memory_limit = "35MB"\ntemp_directory = "spill"\n')
    with connect(folder) as bank:
        assert bank.intake.table("loans").accepted == ROWS
        assert any((folder / "spill").rglob("*")), "without spilling the test says nothing"
    assert not [path for path in (folder / "spill").rglob("*") if path.is_file()]


def test_a_folder_to_spill_to_that_is_not_there_is_named(folder: Path) -> None:
    write(folder, 'temp_directory = "nowhere"\n')
    with pytest.raises(UsageError, match="temp_directory nowhere is not a folder") as stopped:
        connect(folder)
    assert stopped.value.id == "G-ENGINE-002"
