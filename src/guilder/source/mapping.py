"""From the bank's names, codes and spellings to ours: one SQL expression a column, every cast explicit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from guilder.contract.bank_file import ROW, TableFile
from guilder.contract.check import missing, rule_id
from guilder.contract.names import CONSTANT, nearest
from guilder.contract.tables import Column, Kind, Table
from guilder.errors import DataError
from guilder.source.raw import Raw
from guilder.source.sql import identifier, literal

EPOCHS: Mapping[str, str] = {
    "epoch": "to_timestamp({number})", "epoch_ms": "to_timestamp({number} / 1000)",
    "excel": "(TIMESTAMP '1899-12-30' + to_microseconds(CAST(round({number} * 86400) AS BIGINT) * 1000000))",
}
"""Dates that are written as numbers: seconds and milliseconds since 1970 (UTC), and days of a spreadsheet."""

STRANGE = "chr(1) || 'no code'"
"""What a value becomes that no declared code explains."""

THEIRS = "its name in the file"

ISO = r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?"
OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)"
WHOLE = r"-?\d+|-?\d+\.\d*[1-9]"
"""Ids that a number with a point holds to the last digit; beyond that several ids have become one."""
NO_NUMBER = ("na", "n/a", "#n/a", "nan", "null", "none", "\\n", ".", "?")
"""What other programs write for none where a number should be; in a column of text these stay what they are."""
TRUE, FALSE = ("true", "1", "yes", "t", "y"), ("false", "0", "no", "f", "n")
_SIGNED = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_INTEGERS = (*_SIGNED, *(f"U{name}" for name in _SIGNED))
_FLOATS = {"FLOAT": 2**24, "DOUBLE": 2**53}
"""Numbers with a point, and from where on they no longer hold every whole number."""
_EDGES = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(8203) || chr(65279)"
TYPES: Mapping[Kind, str] = {
    "id": "VARCHAR", "text": "VARCHAR", "code": "VARCHAR", "money": "DECIMAL(18,2)", "number": "DOUBLE",
    "integer": "BIGINT", "flag": "BOOLEAN", "date": "DATE", "moment": "TIMESTAMP",
}


@dataclass(frozen=True)
class Mapped:
    """One of our columns, where it comes from, and the SQL that makes it."""

    name: str
    kind: Kind
    bank_name: str
    native: str
    """The engine's type of the bank's column."""
    present: str
    """SQL over the raw input: the value before its cast, null where it is blank."""
    cast: str
    """SQL over ``present``: the typed value, null where it cannot be cast."""
    date_format: str | None = None


def map_columns(table: Table, raw: Raw, settings: TableFile, where: str) -> tuple[list[Mapped], tuple[str, ...]]:
    """Find each of our columns among the bank's.

    Returns
    -------
    tuple
        The columns, contract first then attributes; and the bank's columns that nothing declares.

    Raises
    ------
    DataError
        A required or declared column is missing; the message names the nearest columns and the line to add.
    """
    named: list[tuple[Column, str]] = []
    for column in table.columns.values():
        theirs = settings.columns.get(column.name, column.name)
        if theirs in raw.columns or theirs == ROW or theirs.startswith(CONSTANT):
            named.append((column, theirs))
        elif column.name in settings.columns:
            raise _not_there(table, column.name, theirs, raw, where)
    lacking = missing(table, [column.name for column, _ in named])
    if lacking:
        raise _required(table, [item.column for item in lacking], raw, where)
    for name in settings.attributes:
        theirs = settings.columns.get(name, name)
        if theirs not in raw.columns and name in settings.columns:
            raise _not_there(table, name, theirs, raw, where)
        if theirs not in raw.columns:
            raise _no_attribute(name, raw, where)
        kind: Kind = settings.attributes[name] if isinstance(settings.attributes, dict) else "text"
        named.append((Column(name, kind, "declared attribute"), theirs))
    used = {theirs for _, theirs in named}
    undeclared = tuple(name for name in raw.columns if name not in used)
    return [_mapped(column, theirs, raw, settings, where) for column, theirs in named], undeclared


def text_of(value: str, native: str) -> str:
    """Write any value as text: whole floating-point numbers lose their point, blanks become null."""
    if native == "VARCHAR":
        return f"nullif(trim({value}, {_EDGES}), '')"
    if native in _FLOATS:
        return (f"CASE WHEN isnan({value}) THEN NULL "
                f"WHEN abs({value}) < {_FLOATS[native]} AND {value} = trunc({value}) "
                f"THEN CAST(CAST({value} AS BIGINT) AS VARCHAR) ELSE CAST({value} AS VARCHAR) END")
    return f"CAST({value} AS VARCHAR)"


def as_number(native: str) -> bool:
    """Whether the engine already holds numbers."""
    return native in _INTEGERS or native in _FLOATS or native.startswith("DECIMAL")


def number_text(text: str, settings: TableFile) -> str:
    """Bring a number written the bank's way to plain digits, null where it is not written so."""
    point = "\\" + settings.decimal
    plain = rf"[+-]?(\d+({point}\d*)?|{point}\d+)([eE][+-]?\d+)?"
    digits = text
    if settings.thousands:
        mark = "\\" + settings.thousands if not settings.thousands.isspace() else r"[\s\x{00A0}]"
        plain = rf"({plain})|([+-]?\d{{1,3}}({mark}\d{{3}})+({point}\d*)?)"
        digits = f"replace({text}, {literal(settings.thousands)}, '')"
    if settings.decimal != ".":
        digits = f"replace({digits}, {literal(settings.decimal)}, '.')"
    return f"CASE WHEN regexp_full_match({text}, {literal(plain)}) THEN {digits} END"


def attribute(name: str, kind: Kind, theirs: str, raw: Raw, settings: TableFile) -> Mapped:
    """Map a declared attribute as the kind given."""
    return _mapped(Column(name, kind, "declared attribute"), theirs, raw, settings, name)


def _mapped(column: Column, theirs: str, raw: Raw, settings: TableFile, where: str) -> Mapped:
    constant = theirs.startswith(CONSTANT) and theirs not in raw.columns
    native = "BIGINT" if theirs == ROW else "VARCHAR" if constant else raw.columns[theirs]
    if native.startswith(("STRUCT", "MAP", "UNION")) or native.endswith("]"):
        raise DataError(
            f"[{where}] {column.name}: the bank's column {theirs!r} is nested ({native[:40]}).",
            todo="Flatten it, or derive the value with sql.", id="G-FILE-016",
        )
    value = f"({raw.row} + 1)" if theirs == ROW else identifier(theirs)
    value = literal(theirs.removeprefix(CONSTANT)) if constant else value
    codes = settings.codes.get(column.name)
    formats = settings.date_format
    date_format = formats.get(column.name) if isinstance(formats, dict) else formats
    if codes is not None:
        present, native = _coded(text_of(value, native), codes, column), "VARCHAR"
    elif _held(column.kind, native):
        present = value
    else:
        present, native = text_of(value, native), "VARCHAR"
        if column.kind in ("money", "number", "integer") and not column.required:
            present = f"CASE WHEN lower({present}) NOT IN ({', '.join(map(literal, NO_NUMBER))}) THEN {present} END"
    before = identifier(f"p:{column.name}")
    cast = _cast(column, before, native, settings, date_format, raw.zone)
    if column.kind == "id" and not constant and theirs != ROW and raw.columns[theirs] in _FLOATS:
        cast = f"CASE WHEN regexp_full_match({before}, {literal(WHOLE)}) THEN {before} END"
    return Mapped(column.name, column.kind, theirs, native, present, cast, date_format)


def _held(kind: Kind, native: str) -> bool:
    """Whether the engine's own type can be cast without going through text."""
    if kind in ("money", "number", "integer"):
        return as_number(native)
    if kind == "flag":
        return native == "BOOLEAN"
    return kind in ("date", "moment") and (native == "DATE" or native.startswith("TIMESTAMP"))


def _coded(text: str, codes: Mapping[str, object], column: Column) -> str:
    whens = []
    for code, meaning in codes.items():
        spelled = str(meaning).lower() if isinstance(meaning, bool) else str(meaning)
        becomes = "NULL" if meaning == "unknown" else literal(spelled)
        whens.append(f"WHEN {text} = {literal(code)} THEN {becomes}")
    other = STRANGE if column.kind in ("flag", "code") else text
    return f"CASE WHEN {text} IS NULL THEN NULL {' '.join(whens)} ELSE {other} END"


def _cast(
    column: Column, value: str, native: str, settings: TableFile, date_format: str | None, zone: str
) -> str:
    kind = column.kind
    if kind in ("id", "text"):
        return value
    if kind == "code":
        allowed = ", ".join(map(literal, column.codes))
        return f"CASE WHEN lower({value}) IN ({allowed}) THEN lower({value}) END" if allowed else value
    if kind == "flag":
        return value if native == "BOOLEAN" else (
            f"CASE WHEN lower({value}) IN ({', '.join(map(literal, TRUE))}) THEN true "
            f"WHEN lower({value}) IN ({', '.join(map(literal, FALSE))}) THEN false END"
        )
    if kind in ("date", "moment"):
        return _moment(value, native, TYPES[kind], date_format, zone)
    number = value if native != "VARCHAR" else number_text(value, settings)
    if kind == "number":
        read = f"TRY_CAST({number} AS DOUBLE)"
        if native == "VARCHAR":  # 9.5% is 0.095
            digits = number_text(f"trim(rtrim({value}, '%'))", settings)
            read = f"CASE WHEN ends_with({value}, '%') THEN TRY_CAST({digits} AS DOUBLE) / 100 ELSE {read} END"
        return f"CASE WHEN isfinite({read}) THEN {read} END"
    if kind == "integer":
        exact = f"TRY_CAST({number} AS DOUBLE)"
        return f"CASE WHEN isfinite({exact}) AND {exact} = trunc({exact}) THEN TRY_CAST({exact} AS BIGINT) END"
    return f"TRY_CAST({number} AS DECIMAL(18,2))"


def _moment(value: str, native: str, to: str, date_format: str | None, zone: str) -> str:
    here = f"AT TIME ZONE {literal(zone)}"
    if native.startswith("TIMESTAMP WITH TIME ZONE"):
        return f"CAST({value} {here} AS {to})"
    if native != "VARCHAR":
        return f"TRY_CAST({value} AS {to})"
    if date_format is not None and date_format in EPOCHS:
        number = f"TRY_CAST({value} AS DOUBLE)"
        moment = EPOCHS[date_format].format(number=number) + ("" if date_format == "excel" else f" {here}")
        return f"CASE WHEN {number} BETWEEN 0 AND 1e14 THEN TRY_CAST({moment} AS {to}) END"
    if date_format is not None:
        read = f"try_strptime({value}, {literal(date_format)})"
        return f"TRY_CAST({read}{f' {here}' if '%z' in date_format else ''} AS {to})"
    naive = f"TRY_CAST(TRY_CAST({value} AS TIMESTAMP) AS {to})"
    return (f"CASE WHEN regexp_full_match({value}, {literal(ISO)}) THEN {naive} "
            f"WHEN regexp_full_match({value}, {literal(ISO + OFFSET)}) "
            f"THEN CAST(TRY_CAST({value} AS TIMESTAMPTZ) {here} AS {to}) END")


def _not_there(table: Table, ours: str, theirs: str, raw: Raw, where: str) -> DataError:
    return DataError(
        f"[{where}] {ours}: {raw.source} has no column {theirs!r}.", known=nearest(theirs, list(raw.columns)),
        todo=f'Correct under [{where}]: columns = {{ {ours} = "{near_one(theirs, raw) or THEIRS}" }}', id="G-COLS-001",
    )


def _no_attribute(name: str, raw: Raw, where: str) -> DataError:
    near = near_one(name, raw)
    return DataError(
        f"[{where}] attributes: {name!r} is not a column of {raw.source}.", known=nearest(name, list(raw.columns)),
        todo=f"Correct the name in attributes under [{where}]" + (f": {near!r} in place of {name!r}." if near else
             f', or say which column it is: columns = {{ {name} = "{THEIRS}" }}'), id="G-COLS-002",
    )


def near_one(word: str, raw: Raw) -> str:
    """Give the bank's column that is spelled most like a word, or nothing."""
    folded = {name.strip().casefold(): name for name in sorted(raw.columns, reverse=True)}
    return next((folded[name] for name in get_close_matches(word.casefold(), folded, n=1, cutoff=0.5)), "")


def _required(table: Table, lacking: list[str], raw: Raw, where: str) -> DataError:
    """Name every required column that is missing, what each means, and a line for each."""
    meant, near, lines = [], [], []
    for name in lacking:
        column = table.columns[name]
        wanted = " or ".join(table.one_of) if name in table.one_of else name
        meant.append(f"{wanted} ({column.meaning})")
        near.append(nearest(name, list(raw.columns)).partition("Known:")[0].strip())
        line = f'columns = {{ {name} = "{THEIRS}" }}'
        if table.key == (name,):
            line += f' (or "{ROW}" where the rows have no {name})'
        elif column.codes:
            line += f' (or "{CONSTANT}{column.codes[-2]}" where every row is {column.codes[-2]})'
        lines.append(line)
    several = len(lacking) > 1
    hints = " ".join(f"{name}: {hint}" if several else hint for name, hint in zip(lacking, near, strict=True) if hint)
    return DataError(
        f"[{where}] the required column{'s' * several} {', '.join(meant)} {'are' if several else 'is'} missing from "
        f"{raw.source}.",
        known=f"{hints} Known: {nearest('', list(raw.columns)).partition('Known: ')[2]}".strip(),
        todo=f"Add under [{where}]" + (", all in one columns = { … }:\n" if several else ": ") + "\n".join(lines),
        id=rule_id(table.name, "missing"),
    )
