"""Rows that come twice: a file that repeats most of another, and rows without a key that stand word for word again."""

from __future__ import annotations

import datetime

import duckdb

from guilder.source.intake import Typed, set_aside, warn
from guilder.source.sql import identifier, rows

MOST = 0.5
"""Share of a file's rows in an earlier one from which it is the same export again."""
REPEATS = 0.05
"""Share of repeated rows from which a table without a key is suspicious: the same coffee twice a day is not."""


def check(con: duckdb.DuckDBPyConnection, typed: Typed) -> None:
    """Set aside the rows of a file that repeats an earlier one, by content, and say how much of it was there."""
    every = ", ".join(map(identifier, typed.columns))
    rows(con, "DROP TABLE IF EXISTS guilder_raw.seen")
    if len(typed.raw.files) > 1:
        rows(con, f"""
            CREATE TABLE guilder_raw.seen AS SELECT _file, _row,
                min(_file) OVER (PARTITION BY {every}) AS first
            FROM {typed.relation} WHERE _reason IS NULL""")
        for file, first, share in rows(con, f"""
            SELECT _file, min(first) FILTER (first < _file), avg((first < _file)::INT) FROM guilder_raw.seen
            GROUP BY 1 HAVING avg((first < _file)::INT) >= {MOST} ORDER BY 1"""):
            later, earlier = typed.raw.files[int(file)], typed.raw.files[int(first)]
            day = datetime.datetime.fromtimestamp(earlier.changed_ns / 1e9, datetime.UTC)
            typed.told.append(
                f"{share:.0%} of {later.path.name} was loaded with {earlier.path.name}, a file of {day:%Y-%m-%d}"
            )
            set_aside(con, typed, "overlap", "", f"""(_file, _row) IN (
                SELECT (_file, _row) FROM guilder_raw.seen WHERE _file = {int(file)} AND first < _file)""")
        rows(con, "DROP TABLE guilder_raw.seen")
    _repeats(con, typed, every)


def _repeats(con: duckdb.DuckDBPyConnection, typed: Typed, every: str) -> None:
    """Warn of bookings without ids that stand more than once; without a key nobody can tell which are meant."""
    if typed.table.name != "transactions" or "transaction_id" in typed.columns:
        return
    total, kinds = rows(con, f"SELECT count(*), count(DISTINCT hash({every})) FROM {typed.relation} "
                             "WHERE _reason IS NULL")[0]
    if int(total) - int(kinds) < REPEATS * int(total) or not total:
        return
    again = f"""(_file, _row) IN (SELECT (_file, _row) FROM {typed.relation} WHERE _reason IS NULL
        QUALIFY row_number() OVER (PARTITION BY {every} ORDER BY _file, _row) > 1)"""
    warn(con, typed, "twice", "", again)
    typed.told.append(f"{1 - int(kinds) / int(total):.0%} of the bookings stand more than once, word for word")


