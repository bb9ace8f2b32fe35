"""Attacks on the engine from a bank file: each is refused, and nothing outside is read or written."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import guilder
from guilder.errors import DataError

OUTSIDE = {
    "a file": "select * from read_text('{secret}')",
    "a file by its name": "select * from '{secret}'",
    "a glob": "select * from glob('{folder}/*')",
    "parquet": "select * from read_parquet('{secret}')",
    "json": "select * from read_json('{secret}')",
    "blob": "select * from read_blob('{secret}')",
    "web": "select * from 'https://example.com/x.csv'",
    "another database": "select * from sqlite_scan('{secret}', 'x')",
}
STATEMENTS = (
    "copy (select 1) to '{folder}/out.csv'", "attach '{folder}/other.db'", "install httpfs", "load httpfs",
    "set enable_external_access = true", "set memory_limit = '100GB'", "drop table staged.loan", "pragma version",
    "select 1; drop table staged.loan", "insert into staged.loan values (1)", "create table staged.x as select 1",
    "export database '{folder}/all'", "call pragma_version()",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("the secret of the house\n")
    (tmp_path / "loan.csv").write_text("loan_id,defaulted\n1,0\n2,1\n")
    return tmp_path


def write(folder: Path, sql: str) -> None:
    query = sql.format(secret=folder / "secret.txt", folder=folder)
    text = f'[staged.loan]\npath = "loan.csv"\n[tables.loans]\nsql = """{query}"""\n'
    (folder / "bank.toml").write_text(text)


@pytest.mark.parametrize("attack", [*OUTSIDE.values(), *STATEMENTS])
def test_sql_of_a_bank_reaches_nothing_outside(folder: Path, attack: str) -> None:
    write(folder, attack)
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(DataError) as caught:
        guilder.check(folder)
    assert "secret of the house" not in str(caught.value)
    assert caught.value.todo
    assert sorted(path.name for path in folder.iterdir()) == before


def test_after_staging_the_engine_cannot_be_unlocked(folder: Path) -> None:
    write(folder, "select * from loan")
    with guilder.connect(folder) as bank:
        for words in (
            "SET enable_external_access = true", "SET memory_limit = '100GB'", "RESET lock_configuration",
            "SET temp_directory = '/'", "INSTALL httpfs", "LOAD httpfs", f"ATTACH '{folder / 'x.db'}'",
            f"COPY (SELECT 1) TO '{folder / 'x.csv'}'", f"SELECT * FROM read_text('{folder / 'secret.txt'}')",
        ):  # fmt: skip
            with pytest.raises(duckdb.Error, match=r"(?i)cannot|disabled"):
                bank.con.execute(words)


def test_sql_reads_staged_parquet_when_files_are_out_of_reach(folder: Path) -> None:
    duckdb.sql(f"COPY (SELECT 1 AS loan_id, true AS defaulted) TO '{folder / 'loan.parquet'}'")
    (folder / "bank.toml").write_text(
        '[staged.loan]\npath = "loan.parquet"\n[tables.loans]\nsql = "select loan_id, defaulted from loan"\n'
    )
    assert guilder.check(folder).table("loans").accepted == 1
