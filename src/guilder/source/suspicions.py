"""Values that are plausible one by one and suspicious together: codes for 'none', swapped days, jumps of the unit."""

from __future__ import annotations

import duckdb

from guilder.contract.bank_file import BankFile
from guilder.contract.check import rule_id, violation
from guilder.errors import DataError
from guilder.source.intake import Typed, warn
from guilder.source.sql import identifier, literal, rows, value

INVISIBLE = r"[\x{0000}-\x{001F}\x{007F}\x{00A0}\x{00AD}\x{200B}-\x{200F}\x{2028}-\x{202F}\x{2060}-\x{2064}\x{FEFF}]"
"""Characters that cannot be seen in an id: two ids with and without one look the same."""
NONE_DATES = ("0001-01-01", "1753-01-01", "1899-12-30", "1900-01-01", "1970-01-01", "2099-12-31", "9999-12-31")
NONE_NUMBERS = (-1, -9, -99, -999, -9999, 999, 9999, 99999, 999999, 9999999, 99999999, 999999999)
SPIKE, FEWEST = 0.01, 5
"""Share and number of rows from which such a value is a spike."""
SMALL_DAYS, DATES, DAYS = 0.6, 100, 8
"""Share of days from 2 to 12 among those from 2 to 28 (11 of 27 by chance), over so many dates and such days."""
LEVELS = 1000
JUMP, MONTHLY = 50, 20
"""Factor between the medians of two months, each of so many rows, that only another unit explains."""


def look(con: duckdb.DuckDBPyConnection, typed: Typed, settings: BankFile) -> None:
    """Warn of what looks wrong in a table, and stop where the unit of its amounts jumps.

    Raises
    ------
    DataError
        The median amount of a month is some hundred times that of the month before.
    """
    for column, kind in typed.columns.items():
        if kind == "id":
            warn(con, typed, "invisible", column, f"regexp_matches({identifier(column)}, {literal(INVISIBLE)})")
        elif kind in ("date", "moment"):
            _none_dates(con, typed, column)
            _flip(con, typed, column)
        elif kind in ("money", "number", "integer"):
            _none_numbers(con, typed, column)
        elif kind == "text" and not (column in typed.table.columns and typed.table.columns[column].personal):
            _levels(con, typed, column)
    when = typed.table.when
    if when in typed.columns and typed.columns.get("amount") == "money":
        _unit(con, typed, settings, str(when))


def _none_dates(con: duckdb.DuckDBPyConnection, typed: Typed, column: str) -> None:
    if any(item.column == column and item.id == rule_id(typed.table.name, "sentinel") for item in typed.warnings):
        return
    name = identifier(column)
    listed = ", ".join(f"DATE {literal(day)}" for day in NONE_DATES)
    _spike(con, typed, column, f"{name}::DATE IN ({listed})")


def _none_numbers(con: duckdb.DuckDBPyConnection, typed: Typed, column: str) -> None:
    """Look for a number made of nines, or -1, that repeats at an end of the range."""
    name = identifier(column)
    least, most = rows(con, f"SELECT min({name}), max({name}) FROM {typed.relation} WHERE _reason IS NULL")[0]
    for end in (least, most):
        if end is not None and least != most and float(end) in NONE_NUMBERS:
            _spike(con, typed, column, f"{name} = {end}")


def _spike(con: duckdb.DuckDBPyConnection, typed: Typed, column: str, condition: str) -> None:
    name = identifier(column)
    known, hit = rows(con, f"SELECT count({name}), count(*) FILTER ({condition}) FROM {typed.relation} "
                           "WHERE _reason IS NULL")[0]
    if hit >= max(FEWEST, SPIKE * known):
        warn(con, typed, "sentinel", column, condition)


def _flip(con: duckdb.DuckDBPyConnection, typed: Typed, column: str) -> None:
    name = identifier(column)
    small, every, days = rows(con, f"""
        SELECT count(*) FILTER (day(d) <= 12), count(*), count(DISTINCT day(d)) FILTER (day(d) <= 12)
        FROM (SELECT DISTINCT {name}::DATE AS d FROM {typed.relation} WHERE _reason IS NULL)
        WHERE day(d) BETWEEN 2 AND 28""")[0]
    if every >= DATES and days >= DAYS and small > SMALL_DAYS * every:
        count = int(value(con, f"SELECT count(*) FROM {typed.relation} WHERE _reason IS NULL AND day({name}) <= 12"))
        said = f"{small / every:.0%} of the dates are of the 2nd to 12th, where 41% would be by chance"
        typed.warnings.append(violation(typed.table, "flip", column, count, [said]))


def _levels(con: duckdb.DuckDBPyConnection, typed: Typed, column: str) -> None:
    name = identifier(column)
    kinds = int(value(con, f"SELECT approx_count_distinct({name}) FROM {typed.relation} WHERE _reason IS NULL"))
    if kinds > LEVELS:
        warn(con, typed, "levels", column, f"{name} IS NOT NULL")


def _unit(con: duckdb.DuckDBPyConnection, typed: Typed, settings: BankFile, when: str) -> None:
    months = rows(con, f"""
        SELECT date_trunc('month', {identifier(when)}) AS month, median(abs(amount))::DOUBLE FROM {typed.relation}
        WHERE _reason IS NULL AND amount <> 0 GROUP BY 1 HAVING count(*) >= {MONTHLY} ORDER BY 1""")
    for place, (month, median) in enumerate(months):
        for before, then in months[max(place - 2, 0):place]:  # the month of the switch may hold both units
            factor = max(median / then, then / median)
            if factor < JUMP:
                continue
            known = rule_id(typed.table.name, "unit")
            said = (f"the median amount of {month:%Y-%m} is {median:,.0f}, of {before:%Y-%m} it is {then:,.0f}: "
                    f"{factor:,.0f} times")
            if known in settings.limits.accept:
                typed.warnings.append(violation(typed.table, "unit", "amount", 0, [said]))
                return
            raise DataError(
                f"[{typed.where}] the unit of amount changes: {said}.", id=known,
                known="A jump of a hundred is how cents that become units look.",
                todo="Bring all months to one unit with sql; or, if the amounts are right, write under [limits]: "
                     f'accept = {{ "{known}" = "why they are right" }}',
            )
