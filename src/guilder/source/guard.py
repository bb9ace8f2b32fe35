"""Before a file is read: what its first bytes are, and how large it becomes; what is packed or too large is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from guilder.contract.check import repeated
from guilder.contract.limits import LimitsFile
from guilder.errors import DataError
from guilder.source.encodings import marked
from guilder.source.sql import first_line, identifier, literal, rows

HEAD = 1 << 20
"""Bytes within which the first line of a text file must end."""
PACKED = {
    b"\x1f\x8b": "a gzip", b"PK\x03\x04": "a zip or Excel", b"PK\x05\x06": "an empty zip",
    b"BZh91AY": "a bzip2", b"\xfd7zXZ\x00": "an xz",
    b"\x28\xb5\x2f\xfd": "a zstd", b"7z\xbc\xaf": "a 7-zip", b"\xd0\xcf\x11\xe0": "an old Excel",
    b"SQLite format 3\x00": "an SQLite", b"%PDF": "a PDF", b"Obj\x01": "an Avro",
}
"""The first bytes of files that are not read, whatever their name says."""
SUFFIXES = {".gz": "a gzip", ".zip": "a zip", ".xlsx": "an Excel", ".xls": "an Excel", ".json": "a JSON"}
THIN = 200
"""Cells a byte from which a file holds less than it pretends: a column that tells rows apart has under ten."""
MANY = 10_000_000
PACKED_BYTES, PACKED_RATIO = 1 << 28, 100
"""A Parquet file may unpack to so many bytes at any ratio, beyond that to so many times its size."""
SAMPLE = 2048
KEPT = ("rowid", "file_row_number", "_guilder_file", "_guilder_row")
"""Names by which the engine and the intake know a row and its file."""
SHOWN = 50


def check_plain(path: Path, where: str) -> None:
    """Refuse what is no file of text: packed, of another program, binary, or without an end of its first line.

    Raises
    ------
    DataError
        Nothing of the file is unpacked to find out.
    """
    if not path.stat().st_size:  # what the system makes up as it is read has no size either, and may never end
        raise DataError(
            f"{where}: {path.name} is empty: 0 bytes, not even a header.",
            todo="Export it again, or take the table out of bank.toml.", id="G-FILE-004",
        )
    with path.open("rb") as stream:
        start = stream.read(HEAD)
    if kind := packed(path, start):
        raise DataError(
            f"{where}: {path.name} is {kind} file.", todo="Unpack it or export it as CSV or Parquet.", id="G-FILE-005"
        )
    wide = marked(start) is not None
    if b"\0" in start[:4096] and not wide and not _alternates(start[:4096]):
        raise DataError(
            f"{where}: {path.name} is not text: its first bytes hold zeros.",
            todo="Export it as CSV or Parquet; a UTF-16 file is declared with encoding.", id="G-FILE-005",
        )
    if len(start) == HEAD and b"\n" not in start and b"\r" not in start:
        raise DataError(
            f"{where}: the first line of {path.name} does not end within {HEAD:,} bytes.",
            todo="Export it again, one row a line.", id="G-FILE-019",
        )


def check_names(names: Sequence[str], name: str, where: str) -> None:
    """Refuse columns that cannot be told apart, have no name, or bear one that the engine gives to rows."""
    wrong = ""
    if "" in names:
        wrong = "has a column without a name"
    if kept := [each for each in names if each.casefold() in KEPT]:
        wrong = f"has a column {kept[0]!r}, the name by which rows are counted"
    if twice := repeated(names):
        wrong = f"repeats the column {', '.join(map(repr, twice))}"
    if wrong:
        raise DataError(
            f"{where}: {name} {wrong} (upper and lower case count as the same)." if name else f"{where} {wrong}.",
            known=f"Its columns: {', '.join(names[:SHOWN])}.", todo="Give every column a name of its own.",
            id="G-FILE-014",
        )


def packed(path: Path, start: bytes) -> str:
    """Say which kind of packed or foreign file this is, by its name or its first bytes; nothing where it is none."""
    by_sign = (told for sign, told in PACKED.items() if start.startswith(sign))
    return SUFFIXES.get(path.suffix.lower()) or next(by_sign, "")


def check_size(name: str, count: int, columns: int, size: int, limits: LimitsFile, where: str) -> None:
    """Refuse more columns or cells than are taken in unasked, or than the bytes of a file can hold.

    Parameters
    ----------
    name : str
        What the file is called.
    count, columns : int
        Rows, as the file says or as its lines promise, and columns.
    size : int
        Bytes of the file; 0 where they say nothing.
    limits : LimitsFile
        What the bank allows.
    where : str
        How the bank file calls it.
    """
    if columns > limits.max_columns:
        raise DataError(
            f"{where}: {name} has {columns:,} columns; {limits.max_columns:,} are taken in.",
            known="A table of the contract needs a dozen, and every declared attribute one.",
            todo=f"Bring fewer, or write under [limits]: max_columns = {columns}", id="G-FILE-019",
        )
    cells = count * columns
    if cells > limits.max_cells:
        raise DataError(
            f"{where}: {name} has {count:,} rows of {columns:,} columns, {cells:,} cells; "
            f"{limits.max_cells:,} are taken in.",
            todo=f"Bring fewer rows or columns, or write under [limits]: max_cells = {cells}", id="G-FILE-019",
        )
    if size and cells > MANY and cells > THIN * size:
        raise DataError(
            f"{where}: {name} says that it holds {cells:,} cells in {size:,} bytes.",
            known="Rows that differ take more: the file would unpack to far more than it is.",
            todo="Export it again from the rows themselves.", id="G-FILE-019",
        )


def check_parquet(con: duckdb.DuckDBPyConnection, path: Path, limits: LimitsFile, where: str) -> tuple[int, int]:
    """Refuse a Parquet file that is cut short, contradicts itself, is nested, or unpacks to far more than it is.

    Only its footer is read, and then its first rows for a value that is too long.

    Returns
    -------
    tuple of int
        Its rows and its columns.

    Raises
    ------
    DataError
        It says which.
    """
    size = path.stat().st_size
    _check_ends(path, size, where)
    file = literal(str(path))
    try:
        count, groups = rows(con, f"SELECT num_rows, num_row_groups FROM parquet_file_metadata({file})")[0]
        tree = rows(con, f"SELECT name, type, num_children, repetition_type FROM parquet_schema({file})")[1:]
        nested = next((str(row[0]) for row in tree if row[2] or row[3] == "REPEATED"), None)
        if nested is not None:
            raise DataError(
                f"{where}: the column {nested!r} of {path.name} is nested.",
                todo="Flatten it when it is exported: one value a cell.", id="G-FILE-016",
            )
        check_size(path.name, int(count), len(tree), size, limits, where)
        _check_chunks(con, path, int(count), int(groups), where)
        texts = [str(row[0]) for row in tree if row[1] == "BYTE_ARRAY"]
        _check_values(con, path, texts, limits, where)
        return int(count), len(tree)
    except duckdb.OutOfMemoryException:
        raise
    except (duckdb.Error, OverflowError) as error:
        raise _damaged(path, first_line(error), where) from None


@contextmanager
def blamed(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], where: str) -> Iterator[None]:
    """Say of a Parquet file that it is damaged where the engine stops and that file cannot be read to its end.

    A forged footer can agree with itself; that the rows are not there is only seen when they are read.
    """
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        for path in paths:
            try:
                rows(con, f"SELECT bit_xor(hash(whole)) FROM read_parquet({literal(str(path))}) AS whole")
            except duckdb.OutOfMemoryException:
                raise
            except duckdb.Error:
                raise _damaged(path, "what its rows hold is not what its end says", where) from None
        raise


def _check_ends(path: Path, size: int, where: str) -> None:
    with path.open("rb") as stream:
        start = stream.read(4)
        stream.seek(max(size - 8, 0))
        end = stream.read(8)
    if start != b"PAR1":
        raise DataError(f"{where}: {path.name} is not a Parquet file.", todo="Export it again.", id="G-FILE-015")
    if size < 12 or end[4:] != b"PAR1" or int.from_bytes(end[:4], "little") > size - 12:
        raise _damaged(path, "its end is missing or says more than there is", where)


def _check_chunks(con: duckdb.DuckDBPyConnection, path: Path, count: int, groups: int, where: str) -> None:
    """See that every column of every group has as many values as the group has rows, and what all unpacks to."""
    file = literal(str(path))
    odd, unpacked, packed, total = rows(con, f"""
        SELECT count(*) FILTER (num_values <> row_group_num_rows OR num_values < 0 OR total_uncompressed_size < 0),
               coalesce(sum(greatest(total_uncompressed_size, 0)), 0), coalesce(sum(total_compressed_size), 0),
               coalesce(sum(row_group_num_rows) FILTER (column_id = 0), 0)
        FROM parquet_metadata({file})""")[0]
    if odd or int(total) != count:
        raise _damaged(path, "its columns and its row groups do not agree on the number of rows", where)
    size = path.stat().st_size
    if int(packed) > size or (int(unpacked) > PACKED_BYTES and int(unpacked) > PACKED_RATIO * size):
        raise DataError(
            f"{where}: {path.name} of {size:,} bytes says that it unpacks to {int(unpacked):,} in {groups:,} groups.",
            todo="Export it again from the rows themselves.", id="G-FILE-019",
        )


def _check_values(
    con: duckdb.DuckDBPyConnection, path: Path, texts: Sequence[str], limits: LimitsFile, where: str
) -> None:
    if not texts:
        return
    longest = ", ".join(f"max(octet_length(CAST({identifier(name)} AS BLOB)))" for name in texts)
    head = f"SELECT * FROM read_parquet({literal(str(path))}) LIMIT {SAMPLE}"
    for name, length in zip(texts, rows(con, f"SELECT {longest} FROM ({head})")[0], strict=True):
        if length and length > 4 * limits.max_text:
            raise DataError(
                f"{where}: a value of {name!r} in {path.name} has {length:,} bytes; "
                f"texts of {limits.max_text:,} characters are taken in.",
                todo=f"Leave the column out, or write under [limits]: max_text = {length}", id="G-FILE-019",
            )


def _damaged(path: Path, why: str, where: str) -> DataError:
    return DataError(f"{where}: {path.name} is damaged: {why}.", todo="Export it again.", id="G-FILE-015")


def _alternates(start: bytes) -> bool:
    """Whether zeros stand at every other place, as in UTF-16 without a mark."""
    places = {place % 2 for place, byte in enumerate(start) if byte == 0}
    return len(places) == 1 and start.count(0) > len(start) / 3
