"""Dates against the clock and the bank's own day: ahead of both, too old, in an hour that is not one."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import duckdb

from guilder.contract.bank_file import BankFile
from guilder.contract.check import rule_id
from guilder.contract.names import nearest
from guilder.contract.tables import TABLES
from guilder.errors import BankFileError, DataError
from guilder.source.intake import Typed, examples, warn
from guilder.source.sql import identifier, literal, rows, value

Tables = Mapping[str, Typed]

AHEAD = 0.001
"""Share of a table's rows that may lie at or after the as-of date."""


def check_zone(con: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Refuse a time zone that nobody knows.

    Raises
    ------
    BankFileError
        It names the nearest zone.
    """
    known = [str(row[0]) for row in rows(con, "SELECT name FROM pg_timezone_names()")]
    if zone not in known:
        raise BankFileError(
            f"zone {zone!r} is no time zone.", known=nearest(zone, [name for name in known if "/" in name]),
            todo='Write at the top of bank.toml, for example: zone = "Europe/Prague"', id="G-BANK-009",
        )


def check(
    con: duckdb.DuckDBPyConnection, tables: Tables, settings: BankFile, as_of: datetime.datetime | None,
    now: datetime.datetime,
) -> None:
    """Hold the dates of all tables against the as-of date and the clock.

    Raises
    ------
    DataError
        The as-of date lies ahead of the clock, a table is older than the bank allows, or too many of its rows lie at
        or after the as-of date.
    """
    here = value(con, f"SELECT (TIMESTAMPTZ {literal(now.isoformat())} AT TIME ZONE {literal(settings.zone)})")
    if as_of is not None and as_of > here + datetime.timedelta(days=1):
        message = (f"The bank is looked at as of {as_of:%Y-%m-%d}, and it is only {here:%Y-%m-%d}: "
                   "freshness cannot be judged, and what is not yet known would count as not having happened.")
        told = "as_of is declared" if settings.as_of else "as_of is the day after the last event: some date is wrong"
        if "G-TIME-001" not in settings.limits.accept:
            raise DataError(
                message, known=f"{told[0].upper()}{told[1:]}.", id="G-TIME-001",
                todo="Mend the date or the machine's clock, or write the right day at the top: as_of = "
                     f"{here:%Y-%m-%d}",
            )
    for name, typed in tables.items():
        _check_age(con, typed, settings, here)
        when = TABLES[name].when
        if as_of is not None and when in typed.columns:
            _check_ahead(con, typed, settings, str(when), as_of)
    if settings.zone != "UTC":
        for typed in tables.values():
            _check_hours(con, typed, settings.zone)


def _check_age(
    con: duckdb.DuckDBPyConnection, typed: Typed, settings: BankFile, here: datetime.datetime
) -> None:
    limit = settings.limits.max_age_days
    if limit is None:
        return
    when = typed.table.when if typed.table.when in typed.columns else None
    newest, of = None, "file"
    if when is not None:
        newest, of = value(con, f"SELECT max({identifier(when)})::TIMESTAMP FROM {typed.relation}"), when
    elif typed.raw.files:
        newest = datetime.datetime.fromtimestamp(
            max(file.changed_ns for file in typed.raw.files) / 1e9, datetime.UTC
        ).replace(tzinfo=None)
    known = rule_id(typed.table.name, "stale")
    if newest is None or (here - newest).days <= limit or known in settings.limits.accept:
        return
    raise DataError(
        f"[{typed.where}] is stale (freshness): its newest {of} is of {newest:%Y-%m-%d}, {(here - newest).days:,} days "
        f"before {here:%Y-%m-%d}; {limit} are allowed.", id=known,
        todo="Export it again, or write under [limits]: max_age_days = "
             f"{(here - newest).days}",
    )


def _check_ahead(
    con: duckdb.DuckDBPyConnection, typed: Typed, settings: BankFile, when: str, as_of: datetime.datetime
) -> None:
    """Count what lies at or after the as-of date; a loan still to be decided may."""
    later = f"{identifier(when)} >= TIMESTAMP {literal(as_of.isoformat(sep=' '))}"
    ahead = warn(con, typed, "future", when, later)
    if typed.table.name == "loans":
        outcome = " OR ".join(f"{name} IS NOT NULL" for name in ("defaulted", "defaulted_on") if name in typed.columns)
        ahead = int(value(con, f"SELECT count(*) FROM {typed.relation} WHERE _reason IS NULL AND {later} "
                               f"AND ({outcome})"))
    known = rule_id(typed.table.name, "future")
    if ahead <= AHEAD * typed.rows_read or known in settings.limits.accept:
        return
    raise DataError(
        f"[{typed.where}] {ahead:,} of {typed.rows_read:,} rows have a {when} at or after the as-of date "
        f"{as_of:%Y-%m-%d} ({ahead / typed.rows_read:.1%}; {AHEAD:.1%} are allowed).",
        known="The first: " + "; ".join(examples(con, typed, f"_reason IS NULL AND {later}")) + ".",
        todo="Mend the dates or as_of; to look at the past on purpose, write under [limits]: "
             f'accept = {{ "{known}" = "why later rows are there" }}', id=known,
    )


def _check_hours(con: duckdb.DuckDBPyConnection, typed: Typed, zone: str) -> None:
    """Name moments without a zone in the hour that spring skips, or in the one that autumn has twice."""
    zoned = literal(zone)
    for item in typed.mapped:
        if item.kind != "moment" or item.name not in typed.naive:
            continue
        name = identifier(item.name)
        there = f"({name} AT TIME ZONE {zoned})"
        skipped = f"{there} AT TIME ZONE {zoned} <> {name}"
        again = (f"({there} + INTERVAL 1 HOUR) AT TIME ZONE {zoned} = {name} OR "
                 f"({there} - INTERVAL 1 HOUR) AT TIME ZONE {zoned} = {name}")
        warn(con, typed, "hour", item.name, f"{skipped} OR {again}")
