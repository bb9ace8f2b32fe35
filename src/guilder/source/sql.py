"""The few words of SQL that every module of this floor shares: quoting, running, and reading a bank's own query."""

from __future__ import annotations

import json
import re
from typing import Any

import duckdb

from guilder.errors import DataError

ABOUT_WORDS = (
    duckdb.BinderException, duckdb.CatalogException, duckdb.IOException, duckdb.OutOfMemoryException,
    duckdb.ParserException, duckdb.PermissionException, duckdb.SyntaxException,
)
"""Errors about names, files and settings; the messages of all others may quote a cell."""


def identifier(name: str) -> str:
    """Quote a name, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text value."""
    return "'" + text.replace("'", "''") + "'"


def relation(name: str) -> str:
    """Quote the name of a table; dots part catalogue, schema and table."""
    return ".".join(identifier(part) for part in name.split("."))


def number(value: float) -> str:
    """A number that the engine reads as DOUBLE, to the bit: with an exponent, else it would be a decimal."""
    text = repr(float(value))
    return f"({text if 'e' in text else text + 'e0'})" if value < 0 else text if "e" in text else text + "e0"


def rows(con: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Run a query to its end and give its rows."""
    return con.execute(query, parameters).fetchall()


def value(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    """Run a query and give its one value."""
    return rows(con, query)[0][0]


def columns_of(con: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """Name the columns of a relation with their engine types."""
    return {str(row[0]): str(row[1]) for row in rows(con, f"DESCRIBE SELECT * FROM {relation}")}


def tables_named(con: duckdb.DuckDBPyConnection, query: str) -> tuple[str, ...]:
    """Name the tables a query reads, its own common table expressions left out."""
    tree = json.loads(value_of(con, "SELECT json_serialize_sql(?)", query))
    found: set[str] = set()
    own: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                path = (node.get("qualified_name") or {}).get("path") or [node.get("table_name", "")]
                found.add(str(path[-1]).lower())
            own.update(str(entry["key"]).lower() for entry in (node.get("cte_map") or {}).get("map", ()))
            for part in node.values():
                walk(part)
        elif isinstance(node, list):
            for part in node:
                walk(part)

    walk(tree)
    return tuple(sorted(found - own))


def value_of(con: duckdb.DuckDBPyConnection, query: str, parameter: str) -> Any:
    """Run a query with one parameter and give its one value."""
    return rows(con, query, [parameter])[0][0]


def one_select(con: duckdb.DuckDBPyConnection, query: str, where: str) -> str:
    """Check that a bank's own query is a single SELECT and give it back without its semicolon.

    Raises
    ------
    DataError
        It does not parse, is several statements, or is not a SELECT.
    """
    todo = f"Write one SELECT under {where} sql; it may read the [staged.…] inputs and nothing else."
    try:
        statements = con.extract_statements(query)
    except duckdb.Error as error:
        raise DataError(f"The sql of {where} does not parse: {first_line(error)}", todo=todo, id="G-SQL-001") from None
    kinds = [statement.type.name for statement in statements]
    if kinds != ["SELECT"]:
        raise DataError(
            f"The sql of {where} is {' and '.join(kinds) or 'empty'}, not one SELECT.", todo=todo, id="G-SQL-001"
        )
    return str(statements[0].query).strip().rstrip(";")


def first_line(error: Exception) -> str:
    """Give the part of an engine's message that a person can use and that can hold no value of a row."""
    line = str(error).split("\n", 1)[0].strip()
    if isinstance(error, ABOUT_WORDS):
        return line
    column = re.search(r"source column (\w+)", line)
    return line.split(":", 1)[0] + (f" in the column {column[1]}" if column else "") + " (values are not shown)"
