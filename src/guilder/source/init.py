"""A first ``bank.toml`` from a look at a folder of files: every guess is written down for a person to correct."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import duckdb

from guilder.contract.check import repeated
from guilder.contract.tables import TABLES, Column, Table
from guilder.errors import UsageError
from guilder.source.csv_file import DELIMITERS, toml_text
from guilder.source.dates import fitting, share_of_small_days
from guilder.source.files import CSV_SUFFIXES, PARQUET_SUFFIXES
from guilder.source.mapping import FALSE, ISO, OFFSET, TRUE
from guilder.source.sql import literal, rows
from guilder.source.synonyms import SYNONYMS, TABLE_WORDS

SAMPLE = 5000


@dataclass(frozen=True)
class Look:
    """What a look at one file showed."""

    file: str
    delimiter: str | None
    columns: Mapping[str, tuple[str, ...]]
    """Its columns, each with a sample of its values."""
    note: str = ""


def guess(folder: str | Path, files: Iterable[str | Path] | None = None) -> str:
    """Write a commented ``bank.toml`` for the files of a folder.

    Parameters
    ----------
    folder : str or pathlib.Path
        Where the bank file will be; paths in it are relative to it.
    files : iterable of paths, optional
        The files to look at; omitted, every table file of the folder.

    Returns
    -------
    str
        TOML that ``read_bank_file`` reads; for plainly named files it can be used as it is.

    Raises
    ------
    UsageError
        There is no such folder, or no table file in it.
    """
    root = Path(folder)
    if not root.is_dir():
        raise UsageError(f"There is no folder {root}.", todo="Name the folder that holds the bank's files.")
    named = [Path(file) for file in files or ()]
    chosen = [file if file.is_absolute() or file.exists() else root / file for file in named] or sorted(
        file for file in root.iterdir() if file.suffix.lower() in CSV_SUFFIXES + PARQUET_SUFFIXES and file.is_file()
    )
    if not chosen:
        raise UsageError(
            f"There is no table file in {root}.", known=f"Known: {', '.join(CSV_SUFFIXES + PARQUET_SUFFIXES)}.",
            todo="Name the files: guilder init FOLDER FILE…",
        )
    looks = [look(file, root) for file in chosen]
    placed = _place(looks)
    lines = [
        "# Written by guilder init from a look at the files. Each line is a guess: correct it, then run guilder check.",
        f"name = {toml_text(root.resolve().name.replace('_', ' ').replace('-', ' ').capitalize() or 'Bank')}",
        'currency = "EUR"  # correct it: amounts are in one currency',
        "# as_of = 2025-06-30  # omitted: the day after the last event",
    ]
    for name in TABLES:
        if name in placed:
            lines += ["", *_table_lines(TABLES[name], *placed[name])]
    taken = {placed[name][0].file for name in placed}
    for rest in looks:
        if rest.file not in taken:
            lines += ["", f"# {rest.file} looks like none of the five tables. As a raw input that sql may read:",
                      *(f"# {line}" for line in _origin_lines(f"staged.{_word(rest.file)}", rest))]
            lines += [f"# its columns: {', '.join(_one_line(column) for column in rest.columns)}"]
    return "\n".join(lines) + "\n"


def look(file: Path, root: Path) -> Look:
    """Look at the names and the first values of a file.

    Raises
    ------
    UsageError
        It cannot be read.
    """
    shown = str(file.relative_to(root)) if file.is_relative_to(root) else str(file)
    try:
        if file.suffix.lower() in PARQUET_SUFFIXES:
            with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as con:
                relation = f"read_parquet({literal(str(file))})"
                names = [str(row[0]) for row in rows(con, f"DESCRIBE SELECT * FROM {relation}")]
                found = rows(con, f"SELECT * FROM {relation} LIMIT {SAMPLE}")
                records = [["" if cell is None else str(cell) for cell in row] for row in found]
            delimiter = None
        else:
            delimiter, names, records = _text(file)
    except (OSError, UnicodeError, csv.Error, duckdb.Error) as error:
        raise UsageError(f"{shown} cannot be read: {str(error).splitlines()[0]}") from None
    note = "it repeats a column name; give every column its own" if repeated(names) else ""
    samples = {name: tuple(record[number].strip() for record in records if number < len(record))
               for number, name in enumerate(names)}
    return Look(shown, delimiter, samples, note)


def _text(file: Path) -> tuple[str, list[str], list[list[str]]]:
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        head = next((line for line in stream if line.strip()), "")
        delimiter = max(DELIMITERS, key=lambda sign: (head.count(sign), -DELIMITERS.index(sign)))
        stream.seek(0)
        reader = (record for record in csv.reader(stream, delimiter=delimiter) if record)
        names = [name.strip() for name in next(reader, [])]
        records = [record for _, record in zip(range(SAMPLE), reader, strict=False)]
    if any(re.fullmatch(r"[+-]?\d+(\.\d+)?", name) for name in names):  # values, not names
        records, names = [names, *records], [f"column_{number + 1}" for number in range(len(names))]
    return delimiter, names, records


def match(table: Table, names: Sequence[str]) -> dict[str, str]:
    """Find our columns among a file's names: the same name first, then a synonym, then one that is spelled alike."""
    plain = {re.sub(r"\W+|_+", "_", name.strip().lower()).strip("_"): name for name in names}
    found: dict[str, str] = {}
    left = dict(plain)
    for column in table.columns:
        if column in left:
            found[column] = left.pop(column)
    for column in table.columns:
        word = next((word for word in SYNONYMS.get(column, ()) if word in left), None)
        if column not in found and word is not None:
            found[column] = left.pop(word)
    for column in table.columns:
        close = max(left, key=lambda word: SequenceMatcher(None, word, column).ratio(), default=None)
        if column not in found and close and SequenceMatcher(None, close, column).ratio() >= 0.85:
            found[column] = left.pop(close)
    return found


def _place(looks: Sequence[Look]) -> dict[str, tuple[Look, dict[str, str]]]:
    """Give each table the file that fits it best."""
    scored = []
    for order, item in enumerate(looks):
        for name, table in TABLES.items():
            found = match(table, list(item.columns))
            values = item.columns.get(found.get(table.key[0], ""), ()) if table.key else ()
            if len(set(values)) < len(values):
                found.pop(table.key[0])  # a key whose values repeat is none
            needed = [column.name for column in table.columns.values() if column.required] + list(table.one_of[:1])
            either = {column: {column, *(table.one_of if column in table.one_of else ())} for column in needed}
            held = sum(bool(either[column] & set(found)) for column in needed)
            called = any(word in Path(item.file).stem.lower() for word in TABLE_WORDS[name])
            if held == len(needed) or (called and held):
                scored.append((2 * called + held / len(needed) + len(found) / 50, -order, name, item, found))
    placed: dict[str, tuple[Look, dict[str, str]]] = {}
    for _, _, name, item, found in sorted(scored, key=lambda entry: (-entry[0], -entry[1], entry[2])):
        if name not in placed and item.file not in {other.file for other, _ in placed.values()}:
            placed[name] = (item, found)
    return placed


def _origin_lines(where: str, item: Look) -> list[str]:
    lines = [f"[{where}]", f"path = {toml_text(item.file)}"]
    if next(iter(item.columns), "") == "column_1":
        lines += ["header = false", f"names = [{', '.join(map(toml_text, item.columns))}]  # say what they are"]
    if item.delimiter not in (None, ",") and not (item.delimiter == "\t" and item.file.endswith(".tsv")):
        lines.append(f"delimiter = {toml_text(item.delimiter or '')}")
    return lines


def _table_lines(table: Table, item: Look, found: Mapping[str, str]) -> list[str]:
    lines = _origin_lines(f"tables.{table.name}", item)
    lines[0] += f"  # {table.meaning}"
    if item.note:
        lines.append(f"# {item.note}")
    lacking = [column for column in table.columns.values() if column.required and column.name not in found]
    renamed = {ours: theirs for ours, theirs in found.items() if ours != theirs}
    if table.key and table.key[0] in {column.name for column in lacking} and table.name == "loans":
        renamed[table.key[0]] = "@row"
        lacking = [column for column in lacking if column.name != table.key[0]]
        lines.append("# no loan_id was found: the number of the row stands in")
    if renamed:
        lines.append(f"columns = {_inline(renamed)}")
    lines += [
        f'# missing: {column.name} ({column.meaning}); write columns = {{ {column.name} = "…" }}' for column in lacking
    ]
    if table.one_of and not set(table.one_of) & set(found):
        lines.append(f"# missing: {' or '.join(table.one_of)}; write columns = {{ {table.one_of[0]} = \"…\" }}")
    lines += _date_lines(table, item, found) + _number_lines(table, item, found) + _code_lines(table, item, found)
    rest = [name for name in item.columns if name not in found.values()]
    if rest and table.name in ("customers", "loans"):
        listed = ", ".join(toml_text(_one_line(name)) for name in rest)
        lines.append(f"# declare what may be learned from: attributes = [{listed}]")
        if table.name == "loans" and "applied_on" in found:
            lines.append("# and when it became known: available = { name_of_attribute = \"applied_on\" }")
    elif rest:
        lines.append("# left out: " + ", ".join(map(_one_line, rest)))
    return lines


def _date_lines(table: Table, item: Look, found: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    chosen: dict[str, str] = {}
    for column in _of_kind(table, found, ("date", "moment")):
        values = [text for text in item.columns[found[column.name]] if text][:500]
        if not values or all(re.fullmatch(f"{ISO}({OFFSET})?", text) for text in values):
            continue
        forms = fitting(values)
        if not forms:
            lines.append(f"# {column.name}: dates are not ISO and fit no known format; declare date_format")
            continue
        if len(forms) > 1:
            share = share_of_small_days(values, forms[0])
            both = " and ".join(forms)
            lines.append(f"# {column.name}: {share:.0%} of the days are 12 or less, so {both} fit: decide")
        chosen[column.name] = forms[0]
    if len(set(chosen.values())) == 1:
        lines.append(f"date_format = {toml_text(next(iter(chosen.values())))}")
    elif chosen:
        lines.append(f"date_format = {_inline(chosen)}")
    return lines


def _number_lines(table: Table, item: Look, found: Mapping[str, str]) -> list[str]:
    values = [
        text for column in _of_kind(table, found, ("money", "number"))
        for text in item.columns[found[column.name]] if text
    ]
    commas = [text for text in values if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})*,\d{1,2}|[+-]?\d+,\d{1,2}", text)]
    if values and len(commas) > 0.5 * len(values):
        dots = any("." in text for text in commas)
        return ['decimal = ","'] + (['thousands = "."'] if dots else [])
    grouped = [text for text in values if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text)]
    return ['thousands = ","'] if grouped else []


def _code_lines(table: Table, item: Look, found: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    for column in _of_kind(table, found, ("flag", "code")):
        known = TRUE + FALSE if column.kind == "flag" else column.codes
        values = sorted({text for text in item.columns[found[column.name]] if text})
        if values and len(values) <= 30 and any(text.lower() not in known for text in values):
            meant = ", ".join(f'{toml_text(text)} = "unknown"' for text in values)
            says = "true, false" if column.kind == "flag" else ", ".join(map(repr, column.codes))
            lines += [f"# {column.name}: say what each value means ({says} or \"unknown\")",
                      f"codes.{column.name} = {{ {meant} }}"]
    return lines


def _of_kind(table: Table, found: Mapping[str, str], kinds: tuple[str, ...]) -> list[Column]:
    return [column for column in table.columns.values() if column.kind in kinds and column.name in found]


def _inline(pairs: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{ours} = {toml_text(theirs)}" for ours, theirs in pairs.items()) + " }"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _word(file: str) -> str:
    return re.sub(r"\W+", "_", Path(file).stem.lower()).strip("_") or "input"
