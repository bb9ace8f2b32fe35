"""What a bank's tables hold: sums of money, used and set aside, and each column in a line that shows no single row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from guilder.contract.tables import TABLES
from guilder.source.sql import columns_of, identifier, literal, rows

if TYPE_CHECKING:
    import duckdb

    from guilder.source.bank import Bank

OURS = ("_file", "_row", "_reason")
"""Columns of typed rows that are not the bank's."""
NUMBERS = ("BIGINT", "DOUBLE", "DECIMAL", "INTEGER", "HUGEINT")
DATES = ("DATE", "TIMESTAMP")
SHOWN = 3
"""Values of a column of words that are shown."""


@dataclass(frozen=True)
class Money:
    """The sum of one column of money, over the rows that are used and over those that were set aside."""

    table: str
    column: str
    used: str
    aside: str
    all: str
    unread: int
    """Rows whose amount is blank or could not be read: they are in no sum."""

    def to_dict(self) -> dict[str, Any]:
        """Give plain values, ready for JSON; sums are text, to the cent."""
        return asdict(self)


@dataclass(frozen=True)
class ColumnProfile:
    """One column of the rows that are used."""

    table: str
    column: str
    kind: str
    filled: float | None
    """Share of rows that hold a value."""
    different: int | None
    low: str | None = None
    """A hundredth of the rows lies at or below it; ends would each be the value of one row."""
    middle: str | None = None
    high: str | None = None
    common: tuple[tuple[str, float], ...] = ()
    """The commonest words with their shares, those of at least ``min_group`` rows."""

    def to_dict(self) -> dict[str, Any]:
        """Give plain values, ready for JSON."""
        return asdict(self)


def sums(bank: Bank) -> tuple[Money, ...]:
    """Add up every column of money: what came in is what is used and what was set aside, to the cent."""
    found = []
    for table in bank.tables:
        columns = columns_of(bank.con, _typed(table))
        for column in (name for name in columns if _kind(table, name, columns[name]) == "money"):
            name = identifier(column)
            used, aside, whole, unread = rows(bank.con, f"""
                SELECT coalesce(sum({name}) FILTER (_reason IS NULL), 0),
                       coalesce(sum({name}) FILTER (_reason IS NOT NULL), 0), coalesce(sum({name}), 0),
                       count(*) FILTER ({name} IS NULL) FROM {_typed(table)}""")[0]
            found.append(Money(table, column, f"{used:.2f}", f"{aside:.2f}", f"{whole:.2f}", int(unread)))
    return tuple(found)


def profile(bank: Bank) -> tuple[ColumnProfile, ...]:
    """Describe every column of the rows that are used; of personal ones it is said only how many are filled."""
    least = bank.settings.privacy.min_group
    return tuple(
        _column(bank.con, table, column, kind, least)
        for table in bank.tables
        for column, kind in columns_of(bank.con, _accepted(table)).items()
    )


def _column(con: duckdb.DuckDBPyConnection, table: str, column: str, engine: str, least: int) -> ColumnProfile:
    name, kind = identifier(column), _kind(table, column, engine)
    personal = column in TABLES[table].columns and TABLES[table].columns[column].personal
    total, filled, different = rows(
        con, f"SELECT count(*), count({name}), count(DISTINCT {name}) FROM {_accepted(table)}"
    )[0]
    share = int(filled) / int(total) if total else None
    if personal:
        return ColumnProfile(table, column, "personal", share, None)
    made = ColumnProfile(table, column, kind, share, int(different))
    if filled < least or kind == "id":
        return made
    if engine.startswith((*NUMBERS, *DATES)):
        ends = rows(con, f"SELECT quantile_disc({name}, [0.01, 0.5, 0.99]) FROM {_accepted(table)}")[0][0]
        low, middle, high = map(_said, ends)
        return ColumnProfile(table, column, kind, share, int(different), low, middle, high)
    words = _words(con, table, name, int(filled), least)
    return ColumnProfile(table, column, kind, share, int(different), common=words)


def _words(
    con: duckdb.DuckDBPyConnection, table: str, name: str, filled: int, least: int
) -> tuple[tuple[str, float], ...]:
    """The commonest values; one that few rows share could say who they are."""
    found = rows(con, f"""
        SELECT {name}::VARCHAR, count(*) FROM {_accepted(table)} WHERE {name} IS NOT NULL
        GROUP BY 1 HAVING count(*) >= {int(least)} ORDER BY 2 DESC, 1 LIMIT {SHOWN}""")
    return tuple((str(value), int(count) / filled) for value, count in found)


def _said(value: Any) -> str:
    if isinstance(value, float):
        return f"{value + 0.0:.6g}"  # zero has no sign
    return f"{value:%Y-%m-%d}" if hasattr(value, "year") else str(value)


def _kind(table: str, column: str, engine: str) -> str:
    known = TABLES[table].columns
    if column in known:
        return known[column].kind
    return "number" if engine.startswith(NUMBERS) else "text"


def _typed(table: str) -> str:
    return f"guilder_typed.{identifier(table)}"


def _accepted(table: str) -> str:
    return f"guilder.{identifier(table)}"


def aside(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Bring the rows that were set aside to memory by table: file, line, column, reason, and what may be shown.

    Personal columns are left out, and so is free text: where a row is shifted, anything may stand in it.
    """
    found = {}
    for table, in rows(con, "SELECT DISTINCT table_name FROM guilder.set_aside ORDER BY 1"):
        shown = _shown(str(table), columns_of(con, _typed(str(table))))
        columns = "".join(f", t.{identifier(name)}" for name in shown)
        made = con.sql(f"""
            SELECT a.file, a.line, a.column_name AS "column", a.reason{columns} FROM guilder.set_aside a
            LEFT JOIN {_typed(str(table))} t ON t._file = a._file AND t._row = a._row
            WHERE a.table_name = {literal(str(table))} ORDER BY a.file, a.line, a.reason""").df().astype(object)
        found[str(table)] = made.where(made.notna(), None)
    return found


def _shown(table: str, columns: dict[str, str]) -> Sequence[str]:
    known = TABLES[table].columns
    return [
        name for name, engine in columns.items()
        if name not in OURS and _kind(table, name, engine) != "text" and not (name in known and known[name].personal)
    ]
