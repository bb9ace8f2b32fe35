"""Raw inputs in the engine, as the bank wrote them: text files, Parquet, database tables, frames, and SQL over them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from guilder.contract.bank_file import StagedFile, TableFile
from guilder.contract.limits import LimitsFile
from guilder.errors import DataError
from guilder.source.csv_file import CsvLines, create_text_table, header_of, stage_csv
from guilder.source.files import PARQUET_SUFFIXES, InputFile, check_unchanged, find, fingerprint
from guilder.source.guard import blamed, check_names, check_parquet, check_plain, check_size
from guilder.source.sql import columns_of, first_line, identifier, literal, one_select, rows, tables_named, value

HIDDEN = ("_guilder_file", "_guilder_row")

Settings = TableFile | StagedFile


@dataclass(frozen=True)
class Raw:
    """One raw input: where it is in the engine, what its columns are, and how a row is traced to its file."""

    relation: str
    columns: Mapping[str, str]
    source: str
    file: str = "0"
    """SQL: the number of the file a row came from."""
    row: str = "rowid"
    """SQL: the number of the row."""
    files: tuple[InputFile, ...] = ()
    csv: tuple[CsvLines, ...] = ()
    zone: str = "UTC"
    """Whose clock moments are brought to."""
    sha256: str = ""
    """Of a frame; files have their own."""

    @property
    def parquet(self) -> tuple[Path, ...]:
        """The Parquet files that its rows are still read from."""
        return tuple(file.path for file in self.files if file.path.suffix.lower() in PARQUET_SUFFIXES)

    def place(self, file: int, row: int) -> tuple[str, int]:
        """Give the file and the line (of text) or the row (of anything else), from 1."""
        if self.csv:
            return self.csv[file].name, self.csv[file].line(row)
        return (self.files[file].path.name if self.files else self.source), row + 1


def stage_path(
    con: duckdb.DuckDBPyConnection, name: str, settings: Settings, root: Path, where: str, limits: LimitsFile
) -> Raw:
    """Stage the files of a path.

    Raises
    ------
    DataError
        A file is missing, empty, unreadable, too large, or unlike the others of its folder.
    """
    paths = find(settings.path or "", root, where, settings.follow_links)
    parquet = paths[0].suffix.lower() in PARQUET_SUFFIXES
    if parquet:
        shapes = [check_parquet(con, path, limits, where) for path in paths]
        check_size(f"{len(paths)} files", *_sum(shapes), 0, limits, where)
    else:
        for path in paths:
            check_plain(path, where)
    files = tuple(map(fingerprint, paths))
    seen: dict[str, str] = {}
    for file in files:
        if file.size and file.sha256 in seen:
            raise DataError(
                f"{where}: {file.path.name} and {seen[file.sha256]} are the same file, byte for byte.",
                todo="Take one of them away: every row would count twice.", id="G-FILE-007",
            )
        seen[file.sha256] = file.path.name
    if not parquet:
        columns = len(header_of(files[0], settings, where))
        check_size(source_name(files), sum(file.lines for file in files), columns, 0, limits, where)
    raw = (_stage_parquet if parquet else _stage_text)(con, name, files, settings, where)
    for file in files:
        check_unchanged(file)
    return raw


def _stage_text(
    con: duckdb.DuckDBPyConnection, name: str, files: tuple[InputFile, ...], settings: Settings, where: str
) -> Raw:
    names = header_of(files[0], settings, where)
    create_text_table(con, name, names)
    lines = []
    for index, file in enumerate(files):
        own = header_of(file, settings, where)
        if sorted(own) != sorted(names):
            raise DataError(
                f"{where}: {file.path.name} and {files[0].path.name} do not have the same columns.",
                known=f"Only in one of them: {', '.join(sorted(set(own) ^ set(names)))}.",
                todo="Give the files of a folder the same columns.", id="G-FILE-008",
            )
        lines.append(stage_csv(con, name, file, index, settings, own))
    return Raw(name, dict.fromkeys(names, "VARCHAR"), source_name(files), "_guilder_file", "rowid", files, tuple(lines))


def _stage_parquet(
    con: duckdb.DuckDBPyConnection, name: str, files: tuple[InputFile, ...], settings: Settings, where: str
) -> Raw:
    parts = []
    for index, file in enumerate(files):
        path = literal(str(file.path))
        try:
            tree = rows(con, f"SELECT name FROM parquet_schema({path})")[1:]
            parts.append(
                f"SELECT *, {index} AS _guilder_file, file_row_number AS _guilder_row "
                f"FROM read_parquet({path}, file_row_number=true)"
            )
            check_names([str(column) for column, in tree], file.path.name, where)
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            raise DataError(
                f"{where}: {file.path.name} is damaged: {first_line(error)}", todo="Export it again.", id="G-FILE-015"
            ) from None
    try:
        # The bank's sql runs when files are out of reach: what it reads has to be in the engine by then.
        kind = "TABLE" if isinstance(settings, StagedFile) else "VIEW"
        with blamed(con, [file.path for file in files], where):
            rows(con, f"CREATE OR REPLACE {kind} {name} AS {' UNION ALL BY NAME '.join(parts)}")
        columns = columns_of(con, name)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise DataError(
            f"{where}: the Parquet files do not fit together: {first_line(error)}", id="G-FILE-008",
            todo="Give the files of a folder the same columns, of the same types.",
        ) from None
    shown = {column: kind for column, kind in columns.items() if column not in (*HIDDEN, "file_row_number")}
    return Raw(name, shown, source_name(files), "_guilder_file", "_guilder_row", files)


def _sum(shapes: list[tuple[int, int]]) -> tuple[int, int]:
    """Rows of all files together, and the columns of the widest."""
    return sum(count for count, _ in shapes), max(columns for _, columns in shapes)


def source_name(files: tuple[InputFile, ...]) -> str:
    """Call one file by its name, several by their number and the first."""
    return files[0].path.name if len(files) == 1 else f"{len(files)} files: {files[0].path.name}, …"


def stage_database(
    con: duckdb.DuckDBPyConnection, name: str, settings: Settings, root: Path, where: str
) -> Raw:
    """Stage one table of a DuckDB file, opened read-only and locked.

    Raises
    ------
    DataError
        There is no such file or table.
    """
    url = settings.url or ""
    if not url.startswith("duckdb://") or url == "duckdb://":
        raise DataError(
            f"{where}: the url {url!r} cannot be read.", todo='Write: url = "duckdb://file.duckdb" and table = "name"',
            id="G-FILE-017",
        )
    files = find(url.removeprefix("duckdb://"), root, where, settings.follow_links)
    file = fingerprint(files[0])
    try:
        with duckdb.connect(str(files[0]), read_only=True, config={"enable_external_access": "false"}) as other:
            known = [f"{row[0]}.{row[1]}" for row in rows(other, "SELECT schema_name, table_name FROM duckdb_tables()")]
            parts = (settings.table or "").split(".")
            whole = [str(value(other, "SELECT current_database()")), *parts] if len(parts) == 2 else parts
            relation = ".".join(map(identifier, whole))
            try:
                content = other.sql(f"SELECT * FROM {relation}").to_arrow_table()
            except duckdb.CatalogException:
                raise DataError(
                    f"{where}: {files[0].name} has no table {settings.table!r}.",
                    known=f"It has: {', '.join(sorted(known))}.", todo=f"Correct table under [{where}].",
                    id="G-FILE-017",
                ) from None
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise DataError(
            f"{where}: {files[0].name} cannot be opened: {first_line(error)}", id="G-FILE-017",
            todo="Name a file that DuckDB wrote, and that no one else has open for writing.",
        ) from None
    check_unchanged(file)
    return replace(stage_arrow(con, name, content, f"{files[0].name}: {settings.table}", where), files=(file,))


def stage_arrow(con: duckdb.DuckDBPyConnection, name: str, content: pa.Table, source: str, where: str) -> Raw:
    """Stage an Arrow table."""
    check_names(content.column_names, "", where)
    con.register("guilder_frame", content)
    try:
        rows(con, f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM guilder_frame")
    finally:
        con.unregister("guilder_frame")
    return Raw(name, columns_of(con, name), source, sha256=_digest(content))


def _digest(content: pa.Table) -> str:
    """SHA-256 of a frame's schema and rows, in pieces; the order of its columns does not matter."""
    content = content.select(sorted(content.column_names))
    found = hashlib.sha256(content.schema.remove_metadata().serialize())
    for batch in content.replace_schema_metadata(None).combine_chunks().to_batches(max_chunksize=65_536):
        found.update(batch.serialize())
    return found.hexdigest()


def to_arrow(frame: Any, where: str) -> pa.Table:
    """Bring a pandas, Polars or Arrow frame to Arrow; mixed columns become text.

    Raises
    ------
    DataError
        It is none of these.
    """
    if isinstance(frame, pa.Table):
        return frame
    kind = type(frame).__module__.split(".")[0]
    if kind == "polars":
        return (frame.collect() if hasattr(frame, "collect") else frame).to_arrow()
    if kind == "pandas":
        names = [str(name) for name in frame.columns]
        return pa.table([_arrow_column(frame.iloc[:, number]) for number in range(len(names))], names=names)
    raise DataError(
        f"{where} is a {type(frame).__name__}, not a frame.", todo="Bring a pandas, Polars or pyarrow table.",
        id="G-FRAME-001",
    )


def _arrow_column(column: Any) -> Any:
    try:
        return pa.chunked_array([pa.Array.from_pandas(column)]) if len(column) else pa.array([], pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        texts = [None if blank else str(item) for item, blank in zip(column, column.isna(), strict=True)]
        return pa.chunked_array([pa.array(texts, pa.string())])


def stage_sql(con: duckdb.DuckDBPyConnection, name: str, sql: str, where: str) -> tuple[Raw, tuple[str, ...]]:
    """Run a bank's own SELECT over the staged inputs; also name the inputs it read.

    The rows are put in order by their values: an engine that joins in parallel gives them in any.

    Raises
    ------
    DataError
        It is not one SELECT, or it fails.
    """
    query = one_select(con, sql, where)
    read = tables_named(con, query)
    rows(con, "SET search_path = 'staged'")
    try:
        rows(con, f"CREATE OR REPLACE TABLE guilder_raw.{name} AS SELECT * FROM (\n{query}\n) ORDER BY ALL")
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        known = rows(con, """
            SELECT table_name, string_agg(column_name, ', ' ORDER BY column_index) FROM duckdb_columns()
            WHERE schema_name = 'staged' AND column_name <> '_guilder_file' GROUP BY table_name ORDER BY table_name""")
        raise DataError(
            f"The sql of [{where}] fails: {first_line(error)}",
            known="Staged inputs: " + "; ".join(f"{table} ({columns})" for table, columns in known) + ".",
            todo=f"Correct sql under [{where}].", id="G-SQL-002",
        ) from None
    finally:
        rows(con, "SET search_path = 'main'")
    relation = f"guilder_raw.{name}"
    columns = {column: kind for column, kind in columns_of(con, relation).items() if column not in HIDDEN}
    return Raw(relation, columns, "sql over " + ", ".join(read)), read


def stage(
    con: duckdb.DuckDBPyConnection, name: str, settings: Settings, root: Path, where: str, limits: LimitsFile
) -> Raw:
    """Stage a path or a table of a database."""
    if settings.path is not None:
        return stage_path(con, name, settings, root, where, limits)
    return stage_database(con, name, settings, root, where)

