"""The kept SQL of the facts and the label, run in Postgres beside DuckDB."""

from __future__ import annotations

import datetime as dt
import io
import os
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from random_banks import ATTRIBUTES, AVAILABLE, RandomBank, assert_same_facts, collect, random_bank

from guilder.features.asof import loan_spine
from guilder.features.facts import facts
from guilder.features.label import label
from guilder.features.vocabulary import Vocabulary

pytestmark = pytest.mark.slow
GOLDEN = Path(__file__).resolve().parents[1] / "golden"
KINDS = {"string": "text", "double": "double precision", "date32[day]": "date", "timestamp[us]": "timestamp"} | {
    "decimal128(18, 2)": "decimal(18, 2)",
    "bool": "boolean",
    "int64": "bigint",
}


@pytest.fixture(scope="module")
def server() -> str:
    """What psql calls a Postgres that may be used: the tests write temporary tables only."""
    server = os.environ.get("GUILDER_POSTGRES")
    if not server or not shutil.which("psql"):
        pytest.skip("no Postgres was named; give psql's connection string in GUILDER_POSTGRES")
    return server


def _loaded(name: str, table: pa.Table) -> list[str]:
    """Return the statements that make and fill a temporary table."""
    columns = ", ".join(f'"{field.name}" {KINDS[str(field.type)]}' for field in table.schema)
    rows = [
        ", ".join("null" if value is None else "'{}'".format(str(value).replace("'", "''")) for value in row.values())
        for row in table.to_pylist()
    ]
    return [f"create temporary table {name} ({columns});", *(f"insert into {name} values ({row});" for row in rows)]


def _in_postgres(server: str, bank: RandomBank, query: str, key: str) -> pd.DataFrame:
    """Run a query over a bank in one session of psql."""
    loaded = [line for name, table in bank.arrow().items() for line in _loaded(name, table)]
    copied = f"copy ({query}) to stdout with (format csv, header)".replace("\n", " ")
    done = subprocess.run(
        ["psql", server, "-X", "-q", "-v", "ON_ERROR_STOP=1"],
        input="\n".join([*loaded, f"{copied};"]),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return pd.read_csv(io.StringIO(done.stdout)).sort_values(key).set_index(key)


def _like(frame: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Read text as what the other frame holds."""
    read = {
        name: pd.to_datetime(frame[name]) if str(kind).startswith("datetime") else frame[name]
        for name, kind in other.dtypes.items()
    }
    numbers = [name for name in read if pd.api.types.is_numeric_dtype(other[name])]
    return pd.DataFrame(read).astype(dict.fromkeys(numbers, float))


def test_kept_sql_in_postgres_agrees_with_duckdb(server: str) -> None:
    bank = random_bank(11, transactions=400, loans=60, interactions=100)
    tables = bank.frames("duckdb")
    words = Vocabulary(("food", "rent"), ("card",))
    theirs = collect(facts(tables, loan_spine(tables["loans"]), words, ATTRIBUTES, AVAILABLE))
    ours = _in_postgres(server, bank, (GOLDEN / "facts.postgres.sql").read_text(), "row")
    assert_same_facts(_like(ours, theirs), theirs)


def test_kept_labels_in_postgres_agree_with_duckdb(server: str) -> None:
    bank = random_bank(12, transactions=0, loans=300, interactions=0)
    theirs = collect(label(bank.frames("duckdb")["loans"], 12, dt.datetime(2025, 6, 30)), "loan_id")
    ours = _in_postgres(server, bank, (GOLDEN / "label.postgres.sql").read_text(), "loan_id")
    truth = {"t": True, "f": False}
    ours["defaulted"], theirs["defaulted"] = ours["defaulted"].map(truth), theirs["defaulted"].astype(object)
    assert_same_facts(_like(ours, theirs), theirs)
