"""Columns of a row against each other and against the as-of date: ages that cannot be, ends before beginnings."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import duckdb

from guilder.contract.bank_file import BankFile
from guilder.source.intake import Typed, set_aside, warn
from guilder.source.sql import identifier, literal

MOJIBAKE = r"[ÃÂâ][\x{80}-\x{BF}€]"
"""What UTF-8 looks like that was read as Latin 1."""

CONTRADICTIONS = (
    ("customers", "joined_on", ("birth_date",), "joined_on < birth_date"),
    ("loans", "defaulted_on", ("defaulted",), "defaulted_on IS NOT NULL AND NOT defaulted"),
    ("products", "max_age", ("min_age",), "max_age < min_age"),
)
"""A table, the column that is named, the others it needs, and when they cannot both be right."""


def check(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, Typed], settings: BankFile, as_of: datetime.datetime | None
) -> None:
    """Set aside rows that contradict themselves, and say what looks garbled or in the wrong unit."""
    customers = tables.get("customers")
    if customers is not None and "birth_date" in customers.columns and as_of is not None:
        moment = f"TIMESTAMP {literal(as_of.isoformat(sep=' '))}"
        youngest, oldest = settings.limits.ages
        set_aside(con, customers, "impossible", "birth_date", f"birth_date >= {moment}")
        set_aside(con, customers, "age", "birth_date",
                  f"birth_date > {moment} - INTERVAL {youngest} YEAR "
                  f"OR birth_date <= {moment} - INTERVAL {oldest + 1} YEAR")
    for name, column, others, condition in CONTRADICTIONS:
        if name in tables and {column, *others} <= set(tables[name].columns):
            set_aside(con, tables[name], "contradiction", column, condition)
    for name in ("customers", "products"):
        for column, kind in tables[name].columns.items() if name in tables else ():
            if kind == "text":
                garbled = f"regexp_matches({identifier(column)}, {literal(MOJIBAKE)})"
                warn(con, tables[name], "mojibake", column, garbled)
    loans = tables.get("loans")
    if loans is not None:
        if "annual_rate" in loans.columns:
            warn(con, loans, "percent", "annual_rate", "annual_rate > 1")
        for end in sorted({"closed_on", "defaulted_on"} & set(loans.columns)):
            warn(con, loans, "sentinel", end, f"{end} >= DATE '2100-01-01' OR {end} <= DATE '1900-01-01'")
