"""Text files into the engine: every value as text, no sniffing, and no line lost in silence."""

from __future__ import annotations

import codecs
import csv
import re
import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from guilder.contract.bank_file import StagedFile, TableFile
from guilder.errors import DataError
from guilder.source.encodings import advice, marked, told, utf8_lines
from guilder.source.files import InputFile
from guilder.source.guard import check_names
from guilder.source.sql import first_line, identifier, literal, rows, value

DELIMITERS = (",", ";", "\t", "|")
NO_FILE = ("undefined", "idna", "punycode", "unicode-escape", "raw-unicode-escape")
"""Encodings of names and of programs, in which no file is written."""


@dataclass
class CsvLines:
    """Where each record of one staged file began, so that a row can be traced to its line."""

    name: str
    header: bool
    first: int
    """The row of the staged table its first record became."""
    broken: list[int] = field(default_factory=list)
    """Lines set aside, in order."""
    starts: list[int] | None = None
    """The line each accepted record begins at, where records and lines do not go one to one."""

    def line(self, row: int) -> int:
        """Give the line, from 1, of a row of the staged table."""
        record = row - self.first
        if self.starts is not None:
            return self.starts[record]
        line, unbroken = 0, record + 1 + self.header
        while line != (line := unbroken + bisect_right(self.broken, line or unbroken)):
            pass
        return line


def delimiter_of(file: InputFile, settings: TableFile | StagedFile) -> str:
    """Give the declared delimiter, or the one the suffix stands for."""
    return settings.delimiter or ("\t" if file.path.suffix.lower() == ".tsv" else ",")


def header_of(file: InputFile, settings: TableFile | StagedFile, where: str) -> list[str]:
    """Read the names of a file's columns.

    Raises
    ------
    DataError
        The file has the wrong delimiter, or repeats a name.
    """
    _check_encoding(file, settings, where)
    if not settings.header:
        names = list(settings.names or ())
        check_names(names, file.path.name, where)
        return names
    delimiter = delimiter_of(file, settings)
    encoding = "utf-8-sig" if _is_utf8(settings.encoding) else settings.encoding
    with file.path.open(encoding=encoding, errors="replace", newline="") as stream:
        lines = map(single_spaced, stream) if delimiter == " " else stream
        names = [name.strip() for name in next(csv.reader(lines, delimiter=delimiter), [])]
    if any(names):
        names = placed(names)
    if any("\ufffd" in name for name in names) and _is_utf8(settings.encoding):
        raise DataError(
            f"{where}: the header of {file.path.name} is not UTF-8.",
            todo=advice(file.path, "utf-8", where) or "Mend the names of its columns.", id="G-FILE-013",
        )
    if not "".join(names):
        raise DataError(
            f"{where}: the first line of {file.path.name} is blank, and it should name the columns.",
            todo="Take the blank lines above the names away, or write header = false and names.", id="G-FILE-014",
        )
    if len(names) == 1:
        others = [sign for sign in DELIMITERS if sign != delimiter and sign in names[0]]
        others += [" "] if len(names[0].split()) > 2 else []
        if others:
            raise DataError(
                f"{where}: {file.path.name} is not separated by {delimiter!r}: its first line would be one column.",
                known=f"That line holds {others[0]!r}.",
                todo=f"Add under [{where}]: delimiter = {toml_text(others[0])}", id="G-FILE-009",
            )
    check_names(names, file.path.name, where)
    return names


def placed(names: list[str]) -> list[str]:
    """Call columns without a name by their place: an index that a program wrote in front, a delimiter at the end."""
    return [name or f"column_{number}" for number, name in enumerate(names, 1)]


def toml_text(text: str) -> str:
    """Write a text as TOML does."""
    return '"\\t"' if text == "\t" else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def stage_csv(
    con: duckdb.DuckDBPyConnection, table: str, file: InputFile, index: int, settings: TableFile | StagedFile,
    names: list[str],
) -> CsvLines:
    """Add one text file to a staged table, and its broken lines to ``guilder_raw.broken``.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        The engine.
    table : str
        The quoted name of the staged table, which exists.
    file : InputFile
        The file.
    index : int
        Its number among the files of the table.
    settings : TableFile or StagedFile
        How it is written.
    names : list of str
        Its columns.

    Raises
    ------
    DataError
        A quote is never closed, or lines would be lost.
    """
    first = int(value(con, f"SELECT count(*) FROM {table}"))
    lines = CsvLines(file.path.name, settings.header, first)
    spelled = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    delimiter = literal(delimiter_of(file, settings))
    with tempfile.TemporaryDirectory() as folder:
        spaced = delimiter_of(file, settings) == " "
        as_it_is = _is_utf8(settings.encoding) and not spaced
        path = file.path if as_it_is else _recode(file, settings.encoding, Path(folder), spaced)
        for relic in ("guilder_rejects", "guilder_scans"):
            rows(con, f"DROP TABLE IF EXISTS {relic}")
        try:
            rows(con, f"""
                INSERT INTO {table} BY NAME SELECT *, {index}::INTEGER AS _guilder_file FROM read_csv(
                    {literal(str(path))}, auto_detect=false, columns={{{spelled}}}, delim={delimiter},
                    quote='"', escape='"', header={str(settings.header).lower()}, strict_mode=true, compression='none',
                    store_rejects=true, rejects_table='guilder_rejects', rejects_scan='guilder_scans')""")
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            ends = _line_ends(path)
            raise DataError(
                f"{file.path.name} cannot be read as text: "
                + (f"its lines end in {len(ends)} ways, {' and '.join(ends)}." if len(ends) > 1 else first_line(error)),
                todo="Write it anew with one kind of line end." if len(ends) > 1 else
                     "Check its delimiter, quotes and encoding.", id="G-FILE-011",
            ) from None
        _set_broken_aside(con, table, lines, index, path)
        taken = int(value(con, f"SELECT count(*) FROM {table}")) - first
        if taken + len(lines.broken) + settings.header != file.lines:
            starts = [start for start, _ in _records(path, delimiter_of(file, settings))][int(settings.header):]
            _check_nothing_lost(file, taken, lines, starts)
            set_aside = set(lines.broken)
            lines.starts = [start for start in starts if start not in set_aside]
    return lines


def _line_ends(path: Path) -> list[str]:
    """Name the ways in which the lines of a file end."""
    found: set[str] = set()
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        for line in stream:
            found.add("CR LF" if line.endswith("\r\n") else "LF" if line.endswith("\n") else
                      "CR" if line.endswith("\r") else "")
    return sorted(found - {""})


def _set_broken_aside(con: duckdb.DuckDBPyConnection, table: str, lines: CsvLines, index: int, path: Path) -> None:
    found = rows(con, "SELECT line_byte_position, min(error_type::VARCHAR) FROM guilder_rejects GROUP BY 1 ORDER BY 1")
    lines.broken = _lines_at(path, [int(position) - 1 for position, _ in found])
    for line, (_, kind) in zip(lines.broken, found, strict=True):
        if kind == "UNQUOTED VALUE":
            raise DataError(
                f"{lines.name}: a quote opened on line {line} is never closed properly.",
                todo='Close it, or double it inside a value ("").', id="G-FILE-010",
            )
    if found:
        con.executemany(
            "INSERT INTO guilder_raw.broken VALUES (?, ?, ?, ?)",
            [(table, index, line, str(kind).lower()) for line, (_, kind) in zip(lines.broken, found, strict=True)],
        )


def _lines_at(path: Path, offsets: list[int]) -> list[int]:
    """Give the line, from 1, that holds each byte offset; the engine counts records, not lines."""
    found: list[int] = []
    passed = line = 0
    with path.open("rb") as stream:
        for offset in offsets:
            while passed < offset and (piece := stream.read(min(1 << 20, offset - passed))):
                passed += len(piece)
                line += piece.count(b"\n")
            ahead = stream.read(4096)  # the engine may count the line end or blank lines before a record as its start
            stream.seek(passed)
            found.append(line + 1 + ahead[:len(ahead) - len(ahead.lstrip(b"\r\n"))].count(b"\n"))
    return found


def _records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Give every record that is not blank with the line it begins at."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter)
        start = 1
        try:
            for record in reader:
                if record:
                    yield start, record
                start = reader.line_num + 1
        except csv.Error as error:
            raise DataError(f"{path.name}: line {reader.line_num} cannot be read: {error}.", id="G-FILE-011") from None


def _check_nothing_lost(file: InputFile, taken: int, lines: CsvLines, starts: list[int]) -> None:
    if taken + len(lines.broken) != len(starts):
        raise DataError(
            f"{file.path.name}: {len(starts):,} records are in the file, but {taken:,} were read and "
            f"{len(lines.broken):,} set aside: a quote or a line end is wrong.",
            todo="Look for a quote that is opened and never closed.", id="G-FILE-010",
        )


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii")


def _check_encoding(file: InputFile, settings: TableFile | StagedFile, where: str) -> None:
    try:
        "".encode(settings.encoding)  # what is no encoding of text is not found either
        named = codecs.lookup(settings.encoding).name
    except (LookupError, ValueError):
        named = NO_FILE[0]
    if named in NO_FILE:
        raise DataError(
            f"{where}: there is no encoding {settings.encoding!r}.", todo='Write for example: encoding = "cp1250"',
            id="G-FILE-012",
        )
    if _is_utf8(settings.encoding) and (wide := marked(file.start)):
        raise DataError(
            f"{where}: {file.path.name} is {wide.upper()}, not UTF-8.",
            todo=f'Add under [{where}]: encoding = "{wide}"', id="G-FILE-013",
        )
    ours, theirs = utf8_lines(file.path, settings.encoding)
    if ours and not _is_utf8(settings.encoding):
        mixed = (f"is in two encodings: {told(ours)} are UTF-8, {told(theirs)} are not" if theirs else
                 f"is UTF-8, not {settings.encoding}: {told(ours)}")
        raise DataError(
            f"{where}: {file.path.name} {mixed}.",
            known="Read as one of them, the other's letters would become pairs of wrong ones.",
            todo="Bring the file in one encoding." if theirs else f'Write under [{where}]: encoding = "utf-8"',
            id="G-FILE-013",
        )


def single_spaced(line: str) -> str:
    """Make every run of spaces outside quotes one space, and take those at the ends of the line away."""
    body = line.rstrip("\r\n")
    return re.sub(r'("[^"]*")| +', lambda match: match[1] or " ", body.strip(" \ufeff")) + line[len(body):]


def _recode(file: InputFile, encoding: str, folder: Path, spaced: bool) -> Path:
    """Write the file anew in UTF-8, line for line; where spaces separate, single ones."""
    target = folder / "recoded.csv"
    if _is_utf8(encoding):
        with file.path.open("rb") as raw, target.open("wb") as out:
            for line in raw:  # bytes that are no UTF-8 pass, and are set aside with their line
                out.write(single_spaced(line.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape"))
        return target
    try:
        with file.path.open(encoding=encoding, newline="") as old, target.open("w", encoding="utf-8", newline="") as to:
            if spaced:
                to.writelines(map(single_spaced, old))
            while piece := old.read(1 << 20):
                to.write(piece)
    except UnicodeError as error:
        raise DataError(
            f"{file.path.name} is not {encoding} throughout: {error}.",
            todo=advice(file.path, encoding, "its table") or "Declare its encoding, or mend the file.", id="G-FILE-013",
        ) from None
    return target


def create_text_table(con: duckdb.DuckDBPyConnection, table: str, names: list[str]) -> None:
    """Make an empty staged table: every column text, and the number of the file a row came from."""
    columns = ", ".join(f"{identifier(name)} VARCHAR" for name in names)
    rows(con, f"CREATE OR REPLACE TABLE {table} ({columns}, _guilder_file INTEGER)")
