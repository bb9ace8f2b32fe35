"""Typed intake of one table: explicit casts, and every row either accepted or set aside with its reason."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import duckdb

from guilder.contract.bank_file import TableFile
from guilder.contract.check import NOT_NEGATIVE, Violation, rule_id, violation
from guilder.contract.limits import LimitsFile
from guilder.contract.tables import Kind, Table
from guilder.errors import BankFileError, DataError
from guilder.source.dates import describe
from guilder.source.mapping import EPOCHS, ISO, OFFSET, STRANGE, Mapped, attribute, map_columns, text_of
from guilder.source.raw import Raw
from guilder.source.sql import identifier, literal, rows, value

FEW_CODES, LONG_CODE = 20, 30
"""A column with more different values, or longer ones, is taken for no code: its values may be about a person."""

HUGE = 10**12
"""An amount that no customer of a retail bank has, in any currency: it would flatten every other."""

EARLIEST, LATEST = "DATE '1900-01-01'", "DATE '2100-01-01'"


@dataclass(frozen=True)
class TableIntake:
    """What became of the rows of one table."""

    name: str
    source: str
    rows_in: int
    accepted: int
    quarantined: int
    undeclared: tuple[str, ...]
    """The bank's columns that nothing declares; they are left out."""
    violations: tuple[Violation, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give plain values, ready for JSON."""
        return {
            "name": self.name, "source": self.source, "rows_in": self.rows_in, "accepted": self.accepted,
            "quarantined": self.quarantined, "undeclared": list(self.undeclared),
            "violations": [item.to_dict() for item in self.violations],
        }


@dataclass(frozen=True)
class Intake:
    """What became of every row a bank brought: rows in = accepted + quarantined, table by table."""

    tables: tuple[TableIntake, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """SHA-256 of each input file, by table and file name."""
    overrides: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Where the bank allows undated values in writing, and why."""

    def table(self, name: str) -> TableIntake:
        """Give the account of one table."""
        return next(table for table in self.tables if table.name == name)

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Every violation of every table."""
        return tuple(item for table in self.tables for item in table.violations)

    def to_dict(self) -> dict[str, Any]:
        """Give plain values, ready for JSON."""
        return {
            "tables": [table.to_dict() for table in self.tables], "inputs": dict(self.inputs),
            "overrides": dict(self.overrides),
        }


@dataclass
class Typed:
    """A table while it is taken in: its columns, its raw input, and what was found so far."""

    table: Table
    settings: TableFile
    raw: Raw
    columns: dict[str, Kind]
    mapped: list[Mapped]
    undeclared: tuple[str, ...]
    rows_read: int = 0
    """Rows of the raw input, its broken lines not among them."""
    warnings: list[Violation] = field(default_factory=list)
    strange: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Values of flags and codes that nothing explains, the most frequent first; none where they may be no codes."""
    naive: set[str] = field(default_factory=set)
    """Moments of which some come without a time zone, and so are of the bank's own."""
    told: list[str] = field(default_factory=list)
    """What must be said beside a stop: which file repeats which."""

    @property
    def relation(self) -> str:
        """Where the typed rows are, the quarantined ones among them."""
        return f"guilder_typed.{identifier(self.table.name)}"

    @property
    def where(self) -> str:
        """How the bank file calls it."""
        return f"tables.{self.table.name}"


def take_in(
    con: duckdb.DuckDBPyConnection, table: Table, raw: Raw, settings: TableFile, limits: LimitsFile
) -> Typed:
    """Cast every column of a raw input to its kind and mark the rows that fail.

    Raises
    ------
    DataError
        A required column is missing, or dates are not ISO and no format is declared.
    """
    mapped, undeclared = map_columns(table, raw, settings, f"tables.{table.name}")
    _check_formats(con, mapped, f"tables.{table.name}")
    mapped = [_infer(con, raw, settings, item) if _undecided(settings, item) else item for item in mapped]
    read = int(value(con, f"SELECT count(*) FROM {raw.relation}"))
    typed = Typed(table, settings, raw, {item.name: item.kind for item in mapped}, mapped, undeclared, read)
    present = ", ".join(f"{item.present} AS {identifier('p:' + item.name)}" for item in mapped)
    cast = ", ".join(f"{item.cast} AS {identifier(item.name)}" for item in mapped)
    names = ", ".join(identifier(item.name) for item in mapped)
    rows(con, f"""
        CREATE OR REPLACE TABLE {typed.relation} AS
        SELECT _file, _row, {names}, {_reason(table, mapped, limits.max_text)} AS _reason FROM (
            SELECT *, {cast} FROM (SELECT {raw.file} AS _file, {raw.row} AS _row, {present} FROM {raw.relation}))""")
    _check_dates(con, typed)
    _find_strange(con, typed)
    return typed


def _check_formats(con: duckdb.DuckDBPyConnection, mapped: list[Mapped], where: str) -> None:
    """Refuse a format of dates that is none."""
    for written in dict.fromkeys(item.date_format for item in mapped if item.kind in ("date", "moment")):
        if written is None or written in EPOCHS:
            continue
        try:
            rows(con, "SELECT try_strptime(?, ?)", ["2024-01-31", written])
        except duckdb.Error:
            raise BankFileError(
                f"[{where}] date_format {written!r} is no format of a date.",
                known="%d is the day, %m the month, %Y the year with four digits, %H:%M:%S the time.",
                todo='Write for example: date_format = "%d.%m.%Y"', id="G-BANK-009",
            ) from None


def set_aside(con: duckdb.DuckDBPyConnection, typed: Typed, rule: str, column: str, condition: str) -> None:
    """Mark the accepted rows that meet a condition."""
    rows(con, f"UPDATE {typed.relation} SET _reason = {literal(rule + ':' + column)} "
              f"WHERE _reason IS NULL AND ({condition})")


def warn(con: duckdb.DuckDBPyConnection, typed: Typed, rule: str, column: str, condition: str) -> int:
    """Count the accepted rows that meet a condition, and say so when there are any."""
    count = int(value(con, f"SELECT count(*) FROM {typed.relation} WHERE _reason IS NULL AND ({condition})"))
    if count:
        where = f"_reason IS NULL AND ({condition})"
        typed.warnings.append(violation(typed.table, rule, column, count, examples(con, typed, where)))
    return count


def _undecided(settings: TableFile, item: Mapped) -> bool:
    return isinstance(settings.attributes, list) and item.name in settings.attributes


def _infer(con: duckdb.DuckDBPyConnection, raw: Raw, settings: TableFile, item: Mapped) -> Mapped:
    """Decide whether an attribute is a number by looking at the whole column: 5% and 5 in one column are in doubt."""
    numeric = attribute(item.name, "number", item.bank_name, raw, settings)
    text = attribute(item.name, "text", item.bank_name, raw, settings)
    name = identifier("p:" + item.name)
    zeros = f"regexp_matches(CAST({name} AS VARCHAR), '^0[0-9]')" if numeric.native == "VARCHAR" else "false"
    known, failed, percents = rows(con, f"""
        SELECT count({name}), count(*) FILTER ({name} IS NOT NULL AND (({numeric.cast}) IS NULL OR {zeros})),
               count(*) FILTER (ends_with(CAST({name} AS VARCHAR), '%'))
        FROM (SELECT {numeric.present} AS {name} FROM {raw.relation})""")[0]
    return numeric if known and not failed and percents in (0, known) else text


def _reason(table: Table, mapped: list[Mapped], longest: int) -> str:
    """Write the CASE that names the first rule a row breaks."""
    tests: list[tuple[str, str]] = []
    columns = table.columns
    have = {item.name for item in mapped}
    for item in sorted(mapped, key=lambda item: item.kind not in ("date", "moment")):
        before, after = identifier("p:" + item.name), identifier(item.name)
        rule = "code" if item.kind == "code" else "kind"
        if item.kind == "flag":
            tests.append((f"{before} = {STRANGE}" if item.native == "VARCHAR" else "false", f"code:{item.name}"))
        tests.append((f"{before} IS NOT NULL AND {after} IS NULL", f"{rule}:{item.name}"))
        required = item.name in columns and (columns[item.name].required or item.name in (*table.key, "customer_id"))
        if required:
            tests.append((f"{before} IS NULL", f"blank:{item.name}"))
        if item.native == "VARCHAR":
            tests.append((f"length({before}) > {longest}", f"long:{item.name}"))
        if item.kind == "money":
            tests.append((f"abs({after}) >= {HUGE}", f"huge:{item.name}"))
        if item.name in NOT_NEGATIVE.get(table.name, ()):
            tests.append((f"{after} < 0", f"negative:{item.name}"))
        if item.name in ("birth_date", "joined_on", "applied_on", "at"):
            tests.append((f"{after} < {EARLIEST} OR {after} >= {LATEST}", f"impossible:{item.name}"))
    for end in ("closed_on", "defaulted_on"):
        if table.name == "loans" and {end, "applied_on"} <= have:
            tests.append((f"{identifier(end)} < applied_on", f"order:{end}"))
    whens = " ".join(f"WHEN {test} THEN {literal(name)}" for test, name in tests)
    return f"CASE {whens} END"


def _check_dates(con: duckdb.DuckDBPyConnection, typed: Typed) -> None:
    """Stop where dates are not ISO and their format was never declared."""
    for item in typed.mapped:
        if item.kind not in ("date", "moment") or item.native != "VARCHAR":
            if item.kind == "moment" and item.native.startswith("TIMESTAMP") and "WITH TIME ZONE" not in item.native:
                typed.naive.add(item.name)
            continue
        if item.kind == "moment":
            _check_zones(con, typed, item)
        reason = literal(f"kind:{item.name}")
        failed = int(value(con, f"SELECT count(*) FROM {typed.relation} WHERE _reason = {reason}"))
        if failed <= max(typed.settings.max_quarantine, 0.01) * typed.rows_read:
            continue
        sample = rows(con, f"SELECT DISTINCT {item.present} FROM {typed.raw.relation} ORDER BY 1 LIMIT 2000")
        known, line = describe([str(row[0]) for row in sample if row[0] is not None])
        wrong = "undeclared dates" if item.date_format is None else f"dates that are not {item.date_format!r}"
        raise DataError(
            f"[{typed.where}] {item.name} holds {wrong}: {failed:,} of {typed.rows_read:,} rows. "
            "Dates are declared, never guessed.",
            known=known, todo=f"Add under [{typed.where}]: {line}", id=rule_id(typed.table.name, "format"),
        )


def _find_strange(con: duckdb.DuckDBPyConnection, typed: Typed) -> None:
    """Keep the unexplained values of flags and codes, but of a column with many or long ones nothing: no codes those.

    They are codes of the bank, not data about a person; the raw input is not there any more when they are told.
    """
    failed = {str(row[0]) for row in rows(con, f"SELECT DISTINCT _reason FROM {typed.relation}")}
    for item in typed.mapped:
        if item.kind not in ("flag", "code") or not {f"kind:{item.name}", f"code:{item.name}"} & failed:
            continue
        if item.bank_name not in typed.raw.columns:
            continue
        text = text_of(identifier(item.bank_name), typed.raw.columns[item.bank_name])
        present = identifier("p:" + item.name)
        found = rows(con, f"""
            SELECT v FROM (SELECT {text} AS v, {item.present} AS {present} FROM {typed.raw.relation})
            WHERE {present} IS NOT NULL AND ({item.cast}) IS NULL
            GROUP BY v ORDER BY count(*) DESC, v LIMIT {FEW_CODES + 1}""")
        if len(found) <= FEW_CODES and all(len(str(row[0])) <= LONG_CODE for row in found):
            typed.strange[item.name] = tuple(str(row[0]) for row in found)


def _check_zones(con: duckdb.DuckDBPyConnection, typed: Typed, item: Mapped) -> None:
    """Stop where some moments have a time zone and others have none: an hour, and so a day, would be in doubt.

    Where the bank has declared a zone those without are of it.
    """
    if item.date_format is not None:
        if "%z" not in item.date_format and item.date_format not in EPOCHS:
            typed.naive.add(item.name)
        return
    zoned, timed = rows(con, f"""
        SELECT count(*) FILTER (regexp_full_match(v, {literal(ISO + OFFSET)})),
               count(*) FILTER (regexp_full_match(v, {literal(ISO)}) AND length(v) > 10)
        FROM (SELECT {item.present} AS v FROM {typed.raw.relation}) WHERE length(v) > 10""")[0]
    if timed:
        typed.naive.add(item.name)
    if zoned and timed and typed.raw.zone == "UTC":
        raise DataError(
            f"[{typed.where}] {item.name}: {zoned:,} values are with a time zone and {timed:,} without.",
            known="Values with one are brought to the bank's zone; for the others nobody knows what their hour means.",
            todo='Say at the top of bank.toml whose clock the others are by: zone = "Europe/Prague"; or write all '
                 "of them with a zone, or none.",
            id=rule_id(typed.table.name, "zones"),
        )


def _places(con: duckdb.DuckDBPyConnection, typed: Typed, where: str, limit: int) -> list[tuple[str, int, Any]]:
    key = identifier(typed.table.key[0]) if typed.table.key and typed.table.key[0] in typed.columns else "NULL"
    found = rows(con, f"SELECT _file, _row, {key} FROM {typed.relation} WHERE {where} ORDER BY 1, 2 LIMIT {limit}")
    return [(*typed.raw.place(int(file), int(row)), key) for file, row, key in found]


def examples(con: duckdb.DuckDBPyConnection, typed: Typed, where: str) -> tuple[str, ...]:
    """Name the first rows that meet a condition, by line and shortened key."""
    unit = "line" if typed.raw.csv else "row"
    return tuple(
        f"{unit} {line} of {file}" + (f" (key #{short_hash(key)})" if key is not None else "")
        for file, line, key in _places(con, typed, where, 3)
    )


def short_hash(key: object) -> str:
    """Give a short name for a key that does not show it."""
    return hashlib.sha256(str(key).encode()).hexdigest()[:8]
