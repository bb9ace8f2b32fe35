"""What must hold between rows and between tables: unique keys, known customers, one currency, dates that can be."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import duckdb

from guilder.contract.bank_file import BankFile
from guilder.contract.check import rule_id
from guilder.errors import DataError
from guilder.source.intake import Typed, examples, set_aside, warn
from guilder.source.sql import identifier, literal, rows, value
from guilder.source.suspicions import INVISIBLE

UNSEEN = r"\s|" + INVISIBLE
"""What does not tell two ids apart for the eye; zeros in front, which a spreadsheet takes away, do not either."""

Tables = Mapping[str, Typed]


def check_keys(con: duckdb.DuckDBPyConnection, typed: Typed) -> None:
    """Stop where a key is not unique.

    Raises
    ------
    DataError
        It says how many keys repeat, and where the first ones are.
    """
    key = typed.table.key[0] if typed.table.key else None
    if key is None or key not in typed.columns:
        return
    name = identifier(key)
    _set_repeats_aside(con, typed, key)
    twice = f"SELECT {name} FROM {typed.relation} WHERE _reason IS NULL GROUP BY 1 HAVING count(*) > 1"
    keys, repeats = rows(con, f"SELECT count(*), coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM {typed.relation} "
                              f"WHERE _reason IS NULL GROUP BY {name} HAVING count(*) > 1)")[0]
    if keys:
        raise DataError(
            f"[{typed.where}] {key} is not unique: {keys:,} values stand on {repeats:,} rows.",
            known="The first: " + "; ".join(examples(con, typed, f"{name} IN ({twice})")) + ".",
            todo="Was a file exported or named twice? Keep one row a key, for example with sql: "
                 f"select distinct on ({key}) * from staged_input order by {key}, its_date desc",
            id=rule_id(typed.table.name, "duplicate"),
        )
    if typed.table.name != "transactions":
        folded = f"ltrim(lower(regexp_replace({name}, {literal(UNSEEN)}, '', 'g')), '0')"
        several = f"SELECT {folded} FROM {typed.relation} WHERE _reason IS NULL GROUP BY 1 HAVING count(*) > 1"
        warn(con, typed, "near", key, f"{folded} IN ({several})")


def _set_repeats_aside(con: duckdb.DuckDBPyConnection, typed: Typed, key: str) -> None:
    """Keep the first of rows that are the same word for word: they are one row that came twice."""
    name, every = identifier(key), ", ".join(map(identifier, typed.columns))
    twice = f"SELECT {name} FROM {typed.relation} WHERE _reason IS NULL GROUP BY 1 HAVING count(*) > 1"
    if not value(con, f"SELECT count(*) FROM ({twice})"):
        return
    set_aside(con, typed, "again", key, f"""(_file, _row) IN (
        SELECT (_file, _row) FROM {typed.relation} WHERE _reason IS NULL AND {name} IN ({twice})
        QUALIFY row_number() OVER (PARTITION BY {every} ORDER BY _file, _row) > 1)""")


def check_links(con: duckdb.DuckDBPyConnection, tables: Tables) -> None:
    """Set aside the rows whose customer or product is not among the accepted ones."""
    for child, column, parent in (
        ("loans", "customer_id", "customers"), ("transactions", "customer_id", "customers"),
        ("interactions", "customer_id", "customers"), ("interactions", "product_id", "products"),
        ("campaigns", "customer_id", "customers"), ("campaigns", "product_id", "products"),
    ):
        if child in tables and parent in tables and column in tables[child].columns:
            set_aside(con, tables[child], "orphan", column, _not_among(tables[parent], column))
    if "loans" in tables and "products" in tables and "product_id" in tables["loans"].columns:
        known = _not_among(tables["products"], "product_id")
        warn(con, tables["loans"], "orphan_product", "product_id", f"product_id IS NOT NULL AND {known}")


def check_currency(con: duckdb.DuckDBPyConnection, tables: Tables, settings: BankFile) -> None:
    """Stop where amounts are in more than one currency, or in another one than the bank's.

    Raises
    ------
    DataError
        It names the currencies with their counts.
    """
    if "transactions" not in tables or "currency" not in tables["transactions"].columns:
        return
    found = rows(con, f"SELECT currency, count(*) FROM {tables['transactions'].relation} "
                      "WHERE _reason IS NULL AND currency IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1")
    names = [str(name) for name, _ in found]
    if len(names) > 1:
        listed = ", ".join(f"{name} {count:,}" for name, count in found[:6])
        raise DataError(
            f"[tables.transactions] amounts are in {len(names)} currencies; they cannot be added up.",
            known=f"Rows: {listed}.", todo="Convert them with sql at the rate of the day, or keep one currency.",
            id=rule_id("transactions", "currency"),
        )
    if names and names[0] != settings.currency:
        raise DataError(
            f"[tables.transactions] amounts are in {names[0]}, and the bank's currency is {settings.currency}.",
            todo=f'Write at the top of bank.toml: currency = "{names[0]}"', id=rule_id("transactions", "currency"),
        )


def sign_amounts(con: duckdb.DuckDBPyConnection, typed: Typed) -> None:
    """Give unsigned amounts the sign of their direction: in above zero, out below."""
    if not {"direction", "amount"} <= set(typed.columns):
        return
    lowest = value(con, f"SELECT min(amount) FROM {typed.relation} WHERE _reason IS NULL")
    if lowest is not None and lowest >= 0:
        rows(con, f"UPDATE {typed.relation} SET amount = -amount WHERE direction = 'out'")
    else:
        warn(con, typed, "sign", "amount", "(direction = 'out' AND amount > 0) OR (direction = 'in' AND amount < 0)")


def as_of_of(con: duckdb.DuckDBPyConnection, tables: Tables, settings: BankFile) -> datetime.datetime | None:
    """Give the declared as-of date, or the day after the last event.

    Where a bank has no event at all the day after the last date of joining stands in; where it has no date, there is
    none.
    """
    if settings.as_of is not None:
        return datetime.datetime.combine(settings.as_of, datetime.time())
    last: list[datetime.date] = []
    events = (
        ("transactions", "at"), ("interactions", "at"), ("loans", "applied_on"), ("campaigns", "at"),
        ("customers", "joined_on"),
    )  # fmt: skip
    for name, column in events:
        if name in tables and column in tables[name].columns and not (name == "customers" and last):
            latest = f"SELECT max({identifier(column)})::DATE FROM {tables[name].relation} WHERE _reason IS NULL"
            found = value(con, latest)
            last += [found] if found is not None else []
    return datetime.datetime.combine(max(last) + datetime.timedelta(days=1), datetime.time()) if last else None


def _not_among(parent: Typed, column: str) -> str:
    key = identifier(column)
    return f"{key} NOT IN (SELECT {key} FROM {parent.relation} WHERE _reason IS NULL AND {key} IS NOT NULL)"
