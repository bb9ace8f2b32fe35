"""The SQL behind the facts, for Spark and Postgres: kept in files so that a change is seen, and parsed as that dialect.

The whole row of facts is notyet here: sqlframe takes minutes to write it as one statement.

Set GUILDER_UPDATE_GOLDEN=1 to write the files anew.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import narwhals as nw
import pytest

from guilder.features import windows
from guilder.features.asof import loan_spine
from guilder.features.bookings import known_bookings
from guilder.features.label import label
from guilder.features.loans import earlier_loans

sqlframe = pytest.importorskip("sqlframe.standalone", reason="sqlframe is a development dependency")
sqlglot = pytest.importorskip("sqlglot", reason="sqlglot comes with sqlframe")

HERE = Path(__file__).parent
TABLES = {
    "customers": {"customer_id": "string", "birth_date": "date", "region": "string", "annual_income": "decimal(18,2)"},
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
        "closed_on": "date",
    },
    "interactions": {"customer_id": "string", "product_id": "string", "kind": "string", "at": "timestamp"},
}


def _tables() -> dict[str, nw.LazyFrame[Any]]:
    session = sqlframe.StandaloneSession()
    for name, columns in TABLES.items():
        session.catalog.add_table(name, column_mapping=columns)
    return {name: nw.from_native(session.read.table(name)) for name in TABLES}


def _expressions() -> dict[str, nw.LazyFrame[Any]]:
    tables = _tables()
    spine = loan_spine(tables["loans"])
    known = known_bookings(tables["transactions"], spine)
    return {
        "windows": known.group_by("row").agg(*windows.sums()),
        "earlier_loans": earlier_loans(tables["loans"], spine),
        "label": label(tables["loans"], 12, dt.datetime(2025, 6, 30)),
    }


@pytest.mark.parametrize("dialect", ["spark", "postgres"])
@pytest.mark.parametrize("name", ["windows", "earlier_loans", "label"])
def test_sql(name: str, dialect: str) -> None:
    made = _expressions()[name].to_native().sql(dialect=dialect, pretty=True)
    parsed = sqlglot.parse(made, read=dialect)
    assert len(parsed) == 1
    assert {"loans"} <= {table.name for table in parsed[0].find_all(sqlglot.exp.Table)}
    golden = HERE / f"{name}.{dialect}.sql"
    if os.environ.get("GUILDER_UPDATE_GOLDEN"):
        golden.write_text(made + "\n")
    assert made + "\n" == golden.read_text(), f"{golden.name} has changed; GUILDER_UPDATE_GOLDEN=1 writes it anew"
