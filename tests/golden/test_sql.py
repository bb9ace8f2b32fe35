"""The SQL behind the facts, for Spark and Postgres: kept in files so that a change is seen, and parsed as that dialect.

Set GUILDER_UPDATE_GOLDEN=1 to write the files anew.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import narwhals as nw
import pytest

from guilder.features.asof import loan_spine
from guilder.features.facts import facts
from guilder.features.label import label
from guilder.features.vocabulary import Vocabulary

sqlframe = pytest.importorskip("sqlframe.standalone", reason="sqlframe is a development dependency")
sqlglot = pytest.importorskip("sqlglot", reason="sqlglot comes with sqlframe")

HERE = Path(__file__).parent
TABLES = {
    "customers": {
        "customer_id": "string",
        "birth_date": "date",
        "joined_on": "date",
        "region": "string",
        "annual_income": "decimal(18,2)",
        "score": "double",
        "scored_on": "date",
    },
    "transactions": {
        "transaction_id": "string",
        "customer_id": "string",
        "at": "timestamp",
        "amount": "decimal(18,2)",
        "category": "string",
        "channel": "string",
        "balance_after": "decimal(18,2)",
        "loaded_at": "timestamp",
    },
    "loans": {
        "loan_id": "string",
        "customer_id": "string",
        "defaulted": "boolean",
        "defaulted_on": "date",
        "applied_on": "date",
        "amount": "decimal(18,2)",
        "term_months": "bigint",
        "annual_rate": "double",
        "purpose": "string",
        "grade": "string",
        "closed_on": "date",
    },
    "interactions": {"customer_id": "string", "product_id": "string", "kind": "string", "at": "timestamp"},
}
WORDS = Vocabulary(("food", "rent"), ("card",))
ATTRIBUTES = {"customers": {"score": "number"}, "loans": {"grade": "text"}}
AVAILABLE = {"customers": {"score": "scored_on"}}


class _Session(sqlframe.StandaloneSession):
    """A session without an engine that can pass for Postgres, where sqlframe chooses other functions than for Spark."""

    dialect = "spark"

    @property
    def _is_postgres(self) -> bool:
        return self.dialect == "postgres"


def _tables(dialect: str) -> dict[str, nw.LazyFrame[Any]]:
    session = _Session()
    session.dialect = dialect
    for name, columns in TABLES.items():
        session.catalog.add_table(name, column_mapping=columns)
    return {name: nw.from_native(session.read.table(name)) for name in TABLES}


@pytest.fixture
def still() -> Iterator[None]:
    """Leave garbage alone: sqlframe copies trees of thousands of nodes, which takes twice as long when it is sought."""
    gc.disable()
    yield
    gc.enable()


def written(name: str, dialect: str) -> str:
    """Return one statement; not optimised, it keeps a step for each stage of the facts and is a third as long."""
    tables = _tables(dialect)
    if name == "label":
        made = label(tables["loans"], 12, dt.datetime(2025, 6, 30))
    else:
        made = facts(tables, loan_spine(tables["loans"]), WORDS, ATTRIBUTES, AVAILABLE)
    return str(made.to_native().sql(dialect=dialect, pretty=True, optimize=False)) + "\n"


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize("dialect", ["spark", "postgres"])
@pytest.mark.parametrize(("name", "sources"), [("facts", set(TABLES)), ("label", {"loans"})])
def test_sql(name: str, sources: set[str], dialect: str) -> None:
    made = written(name, dialect)
    parsed = sqlglot.parse(made, read=dialect)
    assert len(parsed) == 1
    steps = {step.alias for step in parsed[0].find_all(sqlglot.exp.CTE)}
    assert {table.name for table in parsed[0].find_all(sqlglot.exp.Table)} - steps == sources
    golden = HERE / f"{name}.{dialect}.sql"
    if os.environ.get("GUILDER_UPDATE_GOLDEN"):
        golden.write_text(made)
    assert made == golden.read_text(), f"{golden.name} has changed; GUILDER_UPDATE_GOLDEN=1 writes it anew"
