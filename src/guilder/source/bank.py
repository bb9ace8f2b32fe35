"""A bank in the engine: its typed tables, its as-of date, and the account of every row that came in."""

from __future__ import annotations

import datetime
import tempfile
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

import duckdb
import narwhals as nw

from guilder.contract.bank_file import BankFile, TableFile
from guilder.contract.names import CONSTANT
from guilder.contract.tables import TABLES
from guilder.errors import DataError, UsageError
from guilder.source import clock, crossed, dated, links, overlaps, suspicions
from guilder.source.clock import check_zone
from guilder.source.files import check_unchanged
from guilder.source.guard import blamed
from guilder.source.intake import Intake, Typed, take_in
from guilder.source.quarantine import settle_all
from guilder.source.raw import Raw, stage, stage_arrow, stage_sql, to_arrow
from guilder.source.sql import first_line, identifier, literal, rows

SCHEMAS = ("staged", "guilder_raw", "guilder_typed", "guilder")
"""The bank's raw inputs, its raw tables, the typed rows with their reasons, and what is accepted."""

UNDATED = datetime.datetime(1970, 1, 1)
"""The as-of date of a bank that has no date at all."""


@dataclass(frozen=True)
class Bank:
    """Tables that keep the contract, lazily, with the account of how they were taken in.

    Parameters
    ----------
    name : str
        What the bank is called.
    currency : str
        The currency of every amount.
    as_of : datetime.datetime
        Midnight of the day the bank is looked at: facts are from strictly before.
    settings : BankFile
        What the bank told us.
    tables : mapping of str to narwhals.LazyFrame
        The accepted rows, by the names of the contract; a table the bank does not bring is not in it.
    intake : Intake
        Rows in, accepted and quarantined, with every violation.
    root : pathlib.Path, optional
        The folder of its ``bank.toml``.
    dated : bool
        Whether there is an as-of date at all: False where none is declared and no event has a date.
    """

    name: str
    currency: str
    as_of: datetime.datetime
    settings: BankFile
    tables: Mapping[str, nw.LazyFrame[Any]]
    intake: Intake
    root: Path | None = None
    dated: bool = True
    """Whether ``as_of`` is declared or comes from a date of the bank; else the first of 1970 stands in."""
    con: duckdb.DuckDBPyConnection = field(repr=False, kw_only=True)
    """The engine that holds the tables."""

    @classmethod
    def from_frames(
        cls, *, name: str = "Bank", as_of: datetime.date | None = None, settings: BankFile | None = None,
        attributes: Mapping[str, Sequence[str]] | None = None,
        codes: Mapping[str, Mapping[str, Mapping[str, Any]]] | None = None,
        now: datetime.datetime | None = None, **frames: Any,
    ) -> Bank:
        """Take in pandas, Polars or Arrow frames, through the same intake as files.

        Parameters
        ----------
        name : str
            What the bank is called.
        as_of : datetime.date, optional
            The day it is looked at; omitted, the day after the last event.
        settings : BankFile, optional
            Everything a bank file can say, except where the tables are.
        attributes : mapping of table to names, optional
            Columns that may be learned from beside those of the contract; declared here, they count as known before
            each decision.
        codes : mapping of table to column to code to value, optional
            What the values of a column mean.
        now : datetime.datetime, optional
            What the clock says, for dates that lie ahead of it or too far behind; the machine's when not given.
        **frames : pandas.DataFrame, polars.DataFrame or pyarrow.Table
            ``customers``, ``transactions``, ``loans``, ``products``, ``interactions``, ``campaigns``.

        Raises
        ------
        UsageError
            A frame has the name of no table.
        DataError
            A table breaks the contract.
        """
        unknown = set(frames) - set(TABLES)
        if unknown:
            raise UsageError(
                f"There is no table {sorted(unknown)[0]!r}.", known=f"Tables: {', '.join(TABLES)}.", id="G-FRAME-001"
            )
        base = settings if settings is not None else BankFile(name=name)
        tables = {}
        for table in frames:
            given = base.tables.get(table, TableFile())
            changes: dict[str, Any] = {}
            if attributes and table in attributes:
                changes |= {"attributes": list(attributes[table])}
                if not (given.undated_ok or given.available):
                    changes |= {"undated_ok": "declared with the frame in Python"}
            if codes and table in codes:
                changes |= {"codes": {column: dict(known) for column, known in codes[table].items()}}
            tables[table] = given.model_copy(update=changes)
        day = as_of.date() if isinstance(as_of, datetime.datetime) else as_of
        chosen = base.model_copy(update={"tables": tables} | ({"as_of": day} if day else {}))

        def bring(con: duckdb.DuckDBPyConnection, table: str) -> Raw:
            where = f"The frame {table}"
            return stage_arrow(con, raw_name(table), to_arrow(frames[table], where), f"frame {table}", where)

        return open_bank(chosen, bring, now=now)

    def __repr__(self) -> str:
        """Say in one line which bank it is, as of when, and what it brings."""
        when = f"as of {self.as_of:%Y-%m-%d}" if self.dated else "without dates"
        return f"<Bank {self.name!r}, {when}: {', '.join(self.tables) or 'no tables'}>"

    def frame(self, table: str) -> Any:
        """Bring one table to memory as a pandas frame, in the order of its rows."""
        return rows_frame(self.con, f"guilder.{identifier(table)}")

    def quarantine(self) -> Any:
        """Bring the quarantine to memory as a pandas frame: table, file, line, column, reason."""
        return rows_frame(self.con, "guilder.quarantine")

    @property
    def input_hashes(self) -> Mapping[str, str]:
        """SHA-256 of each input file."""
        return self.intake.inputs

    def close(self) -> None:
        """Let go of the engine."""
        self.con.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def raw_name(name: str) -> str:
    """Where a raw table stands in the engine."""
    return f"guilder_raw.{identifier(name)}"


def rows_frame(con: duckdb.DuckDBPyConnection, relation: str) -> Any:
    """Bring a relation to memory."""
    return nw.from_native(con.table(relation)).collect("pandas").to_native()


def open_engine(settings: BankFile, root: Path | None) -> duckdb.DuckDBPyConnection:
    """Open the engine with no way to fetch extensions and no look at Python's variables.

    Raises
    ------
    UsageError
        The url names an engine that is not there.
    """
    url = settings.engine.url
    if not url.startswith("duckdb://"):
        raise UsageError(
            f"The engine {url.split('://')[0]!r} does not take a bank in.", known="Known: duckdb://, duckdb://FILE.",
            todo='Write under [engine]: url = "duckdb://"', id="G-ENGINE-001",
        )
    file = url.removeprefix("duckdb://")
    options: dict[str, Any] = {
        "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
        "preserve_insertion_order": "true",
    }
    given = settings.engine
    # Without a folder of its own the engine would spill to .tmp in whatever folder the command was started from.
    spill = (root or Path()) / given.temp_directory if given.temp_directory else Path(tempfile.gettempdir())
    if not spill.is_dir():
        raise UsageError(
            f"[engine] temp_directory {given.temp_directory} is not a folder.", known=f"Looked at {spill}.",
            todo="Make it, or name another.", id="G-ENGINE-002",
        )
    options["temp_directory"] = str(spill / f"guilder-spill-{uuid.uuid4().hex}")
    told = {"memory_limit": given.memory_limit, "threads": given.threads}
    options |= {name: str(value) for name, value in told.items() if value is not None}
    try:
        con = duckdb.connect(str((root or Path()) / file) if file else ":memory:", config=options)
        if given.temp_limit is not None:  # as an option of connect it is shown and not kept to
            rows(con, f"SET max_temp_directory_size = {literal(given.temp_limit)}")
    except duckdb.Error as error:
        raise UsageError(
            f"The engine {url} does not open: {error}", todo="Correct [engine] in bank.toml.", id="G-ENGINE-002"
        ) from None
    _check_file_is_ours(con, url)
    for line in (
        "SET TimeZone = 'UTC'", "SET python_enable_replacements = false", "SET enable_progress_bar = false",
        *(f"DROP SCHEMA IF EXISTS {schema} CASCADE" for schema in reversed(SCHEMAS)),
        *(f"CREATE SCHEMA {schema}" for schema in SCHEMAS),
        "CREATE TABLE guilder_raw.broken (input VARCHAR, file INTEGER, line BIGINT, kind VARCHAR)",
        "CREATE TABLE guilder.set_aside (table_name VARCHAR, file VARCHAR, line BIGINT, column_name VARCHAR, "
        "reason VARCHAR, _file INTEGER, _row BIGINT)",
        "CREATE VIEW guilder.quarantine AS SELECT table_name, file, line, column_name, reason FROM guilder.set_aside",
    ):
        rows(con, line)
    return con


def _check_file_is_ours(con: duckdb.DuckDBPyConnection, url: str) -> None:
    """Refuse a file whose schemas have our names but are not ours: they would be replaced."""
    found = "SELECT schema_name FROM information_schema.schemata WHERE catalog_name = current_database()"
    taken = sorted({str(row[0]) for row in rows(con, found)} & set(SCHEMAS))
    marker = "SELECT 1 FROM information_schema.tables WHERE table_schema = 'guilder' AND table_name = 'quarantine'"
    if taken and not rows(con, marker):
        con.close()
        raise UsageError(
            f"The engine's file {url} has schemas of its own called {', '.join(taken)}.",
            known="Guilder makes schemas of these names anew each time it takes a bank in.",
            todo='Give the engine a file of its own, or write under [engine]: url = "duckdb://"', id="G-ENGINE-002",
        )


def open_bank(
    settings: BankFile, bring: Callable[[duckdb.DuckDBPyConnection, str], Raw], root: Path | None = None,
    now: datetime.datetime | None = None, stopped: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
) -> Bank:
    """Take a bank in: stage every input, lock the engine's doors, run the bank's sql, cast, check and settle.

    ``now`` is what the clock says; the machine's when not given. ``stopped`` is shown the engine where a table stops
    the intake, before it is let go.

    Raises
    ------
    DataError
        A table breaks the contract.
    """
    con = open_engine(settings, root)
    try:
        return _take_in_all(con, settings, bring, root, now or datetime.datetime.now(datetime.UTC))
    except duckdb.OutOfMemoryException as error:
        con.close()
        given = settings.engine
        raise DataError(
            f"The engine has no room left: {first_line(error)}",
            known=f"memory_limit: {given.memory_limit or '80 % of the memory'}; temp_limit: "
                  f"{given.temp_limit or '90 % of what is free'} in {given.temp_directory or tempfile.gettempdir()}.",
            todo='Write under [engine]: memory_limit = "4GB", or temp_directory = "a folder with more room" and '
                 'temp_limit = "20GB"', id="G-ENGINE-003",
        ) from None
    except duckdb.Error as error:
        con.close()
        raise DataError(
            f"The engine stopped: {first_line(error)}", id="G-ENGINE-004",
            todo="Run guilder check again; if it stays, bring the tables one by one to find which it is.",
        ) from None
    except DataError:
        if stopped is not None:
            stopped(con)
        con.close()
        raise
    except BaseException:
        con.close()
        raise


def _take_in_all(
    con: duckdb.DuckDBPyConnection, settings: BankFile, bring: Callable[[duckdb.DuckDBPyConnection, str], Raw],
    root: Path | None, now: datetime.datetime,
) -> Bank:
    tables: dict[str, Typed] = {}
    inputs: dict[str, str] = {}
    check_zone(con, settings.zone)
    for name, part in settings.staged.items():
        raw = stage(con, f"staged.{identifier(name)}", part, root or Path(), f"staged.{name}", settings.limits)
        inputs |= _hashes(f"staged.{name}", raw)
    for name, table in TABLES.items():
        part_file = settings.tables.get(name)
        if part_file is not None and part_file.sql is None:
            raw = replace(bring(con, name), zone=settings.zone)
            inputs |= _hashes(name, raw)
            with blamed(con, raw.parquet, f"tables.{name}"):
                tables[name] = take_in(con, table, raw, part_file, settings.limits)
            for file in raw.files:  # Parquet is read while it is cast
                check_unchanged(file)
    rows(con, "SET enable_external_access = false")
    rows(con, "SET lock_configuration = true")
    for name, table in TABLES.items():
        part_file = settings.tables.get(name)
        if part_file is not None and part_file.sql is not None:
            raw, read = stage_sql(con, identifier(name), part_file.sql, f"tables.{name}")
            applied_on = part_file.columns.get("applied_on", "applied_on")
            if name == "loans" and (applied_on in raw.columns or applied_on.startswith(CONSTANT)):
                dated.check_inputs(part_file.sql, read, settings.staged, applied_on)
            tables[name] = take_in(con, table, replace(raw, zone=settings.zone), part_file, settings.limits)
    tables = {name: tables[name] for name in TABLES if name in tables}
    dated.check_attributes(con, tables)
    return _settle_all(con, settings, tables, inputs, root, now)


def _settle_all(
    con: duckdb.DuckDBPyConnection, settings: BankFile, tables: dict[str, Typed], inputs: dict[str, str],
    root: Path | None, now: datetime.datetime,
) -> Bank:
    found = links.as_of_of(con, tables, settings)
    as_of = found or UNDATED
    clock.check(con, tables, settings, found, now)
    crossed.check(con, tables, settings, found)
    for typed in tables.values():
        overlaps.check(con, typed)
        links.check_keys(con, typed)
        suspicions.look(con, typed, settings)
    if "transactions" in tables:
        links.check_currency(con, tables, settings)
        links.sign_amounts(con, tables["transactions"])
    links.check_links(con, tables)
    intake = Intake(
        settle_all(con, tables), MappingProxyType(dict(sorted(inputs.items()))),
        MappingProxyType(dated.overrides(settings)),
    )
    for schema in ("guilder_raw", "staged"):
        rows(con, f"DROP SCHEMA {schema} CASCADE")
    lazy = {name: nw.from_native(con.table(f"guilder.{identifier(name)}")) for name in tables}
    return Bank(
        settings.name, settings.currency, as_of, settings, MappingProxyType(lazy), intake, root, found is not None,
        con=con,
    )


def _hashes(name: str, raw: Raw) -> dict[str, str]:
    """SHA-256 of what a table was made of: each file, numbered where two have one name, or the frame."""
    if raw.sha256:
        return {f"{name}/frame": raw.sha256}
    names = [file.path.name for file in raw.files]
    told = [each if names.count(each) == 1 else f"{place + 1}-{each}" for place, each in enumerate(names)]
    return {f"{name}/{each}": file.sha256 for each, file in zip(told, raw.files, strict=True)}

