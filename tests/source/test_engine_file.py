"""A database file that is somebody else's is not written over."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import guilder
from guilder.errors import UsageError

BANK = '[engine]\nurl = "duckdb://engine.duckdb"\n\n[tables.loans]\npath = "loans.csv"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bank.toml").write_text(BANK)
    (tmp_path / "loans.csv").write_text("loan_id,defaulted\n1,0\n2,1\n")
    return tmp_path


def test_schemas_of_somebody_else_are_kept(folder: Path) -> None:
    with duckdb.connect(folder / "engine.duckdb") as theirs:
        theirs.execute("CREATE SCHEMA staged; CREATE TABLE staged.precious AS SELECT 42 AS answer")
    with pytest.raises(UsageError, match="staged"):
        guilder.check(folder)
    with duckdb.connect(folder / "engine.duckdb") as theirs:
        assert theirs.execute("SELECT answer FROM staged.precious").fetchall() == [(42,)]


def test_our_own_file_is_used_again(folder: Path) -> None:
    for _ in range(2):
        assert guilder.check(folder).table("loans").accepted == 2
