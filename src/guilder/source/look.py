"""A look at one file: its delimiter, its encoding, the names of its columns and a sample of their values."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from os.path import relpath
from pathlib import Path

import duckdb

from guilder.contract.check import repeated
from guilder.errors import UsageError
from guilder.source.csv_file import DELIMITERS, placed, single_spaced
from guilder.source.encodings import WESTERN, bad_byte, marked
from guilder.source.files import PARQUET_SUFFIXES
from guilder.source.guard import packed
from guilder.source.sql import literal, rows

SAMPLE = 5000
AHEAD, EVERY = 100_000, 20
"""Rows read after the sample, and of which each so-manieth joins it: the first rows are often of one day."""
HEAD = 20
"""Lines that must agree before spaces are taken for a delimiter."""


@dataclass(frozen=True)
class Look:
    """What a look at one file showed."""

    file: str
    """Its path as seen from the bank's folder."""
    delimiter: str | None
    columns: Mapping[str, tuple[str, ...]]
    """Its columns, each with a sample of its values."""
    encoding: str = "utf-8"
    note: str = ""


def look(file: Path, root: Path) -> Look:
    """Look at the names and the first values of a file.

    Raises
    ------
    UsageError
        It cannot be read, is empty, or is neither text nor Parquet.
    """
    shown = str(file)
    encoding, delimiter = "utf-8", None
    try:
        if file.suffix.lower() in PARQUET_SUFFIXES:
            with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as con:
                relation = f"read_parquet({literal(str(file))})"
                names = [str(row[0]) for row in rows(con, f"DESCRIBE SELECT * FROM {relation}")]
                found = rows(con, f"SELECT * FROM {relation} LIMIT {SAMPLE}")
                records = [["" if cell is None else str(cell) for cell in row] for row in found]
        else:
            encoding = _encoding(file, shown)
            delimiter, names, records = _text(file, encoding)
    except (OSError, UnicodeError, csv.Error, duckdb.Error) as error:
        raise UsageError(
            f"{shown} cannot be read: {str(error).splitlines()[0]}", todo="Name files that are CSV or Parquet."
        ) from None
    if not any(names):
        raise UsageError(f"{shown} is empty: it has not even a header.", todo="Export it again, or leave it out.")
    note = "it repeats a column name; give every column its own" if repeated(names) else ""
    samples = {name: tuple(record[number].strip() for record in records if number < len(record))
               for number, name in enumerate(names)}
    return Look(seen_from(root, file), delimiter, samples, encoding, note)


def seen_from(root: Path, file: Path) -> str:
    """Write the path of a file relative to the bank's folder, whether that folder is there yet or not."""
    there = file.parent.resolve() / file.name
    try:
        return Path(relpath(there, root.resolve())).as_posix()
    except ValueError:  # another drive
        return there.as_posix()


def _encoding(file: Path, shown: str) -> str:
    """Refuse what is no text; tell UTF-8 from UTF-16 and from the rest."""
    with file.open("rb") as stream:
        start = stream.read(4096)
    if kind := packed(file, start):
        raise UsageError(f"{shown} is {kind} file.", todo="Unpack it or export it as CSV or Parquet.")
    if wide := marked(start):
        return wide
    if b"\0" in start:
        raise UsageError(f"{shown} is not a text file.", todo="Export it as CSV or Parquet.")
    return "utf-8" if bad_byte(file, "utf-8") is None else WESTERN


def _text(file: Path, encoding: str) -> tuple[str, list[str], list[list[str]]]:
    with file.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline="") as stream:
        lines = (line for line in stream if line.strip())
        head = [line for _, line in zip(range(HEAD), lines, strict=False)]
        delimiter = _delimiter(head)
        stream.seek(0)
        told: Iterator[str] = map(single_spaced, stream) if delimiter == " " else stream
        reader = (record for record in csv.reader(told, delimiter=delimiter) if record)
        names = [name.strip() for name in next(reader, [])]
        names = placed(names) if any(names) else names
        records = list(islice(reader, SAMPLE))
        records += islice(reader, 0, AHEAD, EVERY)
    if any(re.fullmatch(r"[+-]?\d+(\.\d+)?", name) for name in names):  # values, not names
        records, names = [names, *records], [f"column_{number + 1}" for number in range(len(names))]
    return delimiter, names, records


def _delimiter(head: list[str]) -> str:
    """Choose the sign the first line holds most of; spaces where it has none and every line as many words."""
    first = head[0] if head else ""
    best = max(DELIMITERS, key=lambda sign: (first.count(sign), -DELIMITERS.index(sign)))
    words = {len(line.split()) for line in head}
    return " " if best not in first and len(words) == 1 and words != {1} else best
