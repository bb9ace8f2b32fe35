"""The contract of a table against facts about a table: what is violated, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from guilder.contract.tables import Table

Severity = Literal["stop", "quarantine", "warn"]


@dataclass(frozen=True)
class Rule:
    """One thing a table must keep: its number, what happens when it is broken, and how that is said."""

    number: int
    severity: Severity
    reason: str
    """A sentence; ``{column}`` stands for the column, ``{kind}`` for what it should hold."""


@dataclass(frozen=True)
class Violation:
    """A rule that a table breaks.

    ``examples`` are line numbers and shortened hashes of keys, never the values of a person.
    """

    id: str
    table: str
    column: str
    severity: Severity
    reason: str
    rows: int
    examples: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give plain values, ready for JSON."""
        return {**asdict(self), "examples": list(self.examples)}


RULES: Mapping[str, Rule] = {
    "missing": Rule(1, "stop", "the required column {column} is missing"),
    "blank": Rule(2, "quarantine", "{column} is blank"),
    "duplicate": Rule(3, "stop", "{column} is not unique"),
    "kind": Rule(4, "quarantine", "{column} is not {kind}"),
    "orphan": Rule(5, "quarantine", "{column} is not in the table it points to"),
    "code": Rule(6, "quarantine", "{column} holds a value that no code explains"),
    "negative": Rule(7, "quarantine", "{column} is below zero"),
    "order": Rule(8, "quarantine", "{column} is before the start of the loan"),
    "future": Rule(9, "warn", "{column} is at or after the as-of date; the row is cut from every fact"),
    "broken": Rule(10, "quarantine", "the line does not have the columns of the file"),
    "near": Rule(11, "warn", "{column} holds values that differ only by case or spaces"),
    "impossible": Rule(12, "quarantine", "{column} is a date that cannot be"),
    "sentinel": Rule(13, "warn", "{column} repeats a date that often stands for 'none' (declare it under codes)"),
    "early": Rule(14, "warn", "{column} became known after the decision and is blank for those rows"),
    "percent": Rule(15, "warn", "{column} looks like a percentage; the contract wants a fraction"),
    "sign": Rule(16, "warn", "{column} does not agree with the direction"),
    "undated": Rule(17, "warn", "{column} is used without a date because the bank says so"),
    "orphan_product": Rule(19, "warn", "{column} is not in products"),
    "encoding": Rule(20, "quarantine", "the line is not text in the declared encoding"),
    "again": Rule(21, "quarantine", "the row stands twice, word for word ({column})"),
    "mojibake": Rule(18, "warn", "{column} holds text that was decoded with the wrong encoding"),
}
"""Every rule by its short name; the number is the last part of a violation's id."""

KINDS = {
    "id": "an identifier", "text": "text", "money": "an amount", "number": "a number", "integer": "a whole number",
    "flag": "yes or no (true, false, 1, 0, yes, no)", "date": "a date", "moment": "a date with an optional time",
    "code": "one of its codes",
}

NOT_NEGATIVE: Mapping[str, tuple[str, ...]] = {
    "customers": ("annual_income",),
    "loans": ("amount", "instalment", "term_months", "annual_rate"),
    "products": ("min_age", "max_age", "min_income"),
    "interactions": ("weight",),
    "campaigns": ("position", "cost"),
}
"""Columns that cannot be below zero; transactions are signed."""


def violation(table: Table, rule: str, column: str, rows: int, examples: Iterable[str] = ()) -> Violation:
    """Name a broken rule of a table: its id (``G-LOAN-004``), its sentence, how many rows and which."""
    known = RULES[rule]
    kind = KINDS[table.columns[column].kind] if column in table.columns else "a value of its kind"
    wanted = ", ".join(table.columns[column].codes) if column in table.columns else ""
    reason = known.reason.format(column=column, kind=kind) + (f" ({wanted})" if rule == "code" and wanted else "")
    identifier = f"G-{table.name[:4].upper()}-{known.number:03d}"
    return Violation(identifier, table.name, column, known.severity, reason, rows, tuple(examples))


def missing(table: Table, present: Sequence[str]) -> tuple[Violation, ...]:
    """Say which required columns a table does not have.

    Parameters
    ----------
    table : Table
        The contract.
    present : sequence of str
        The columns the bank brings, by our names.
    """
    found = [
        violation(table, "missing", column.name, 0)
        for column in table.columns.values()
        if column.required and column.name not in present
    ]
    if table.one_of and not set(table.one_of) & set(present):
        found.append(violation(table, "missing", table.one_of[0], 0))
    return tuple(found)


def repeated(names: Sequence[str]) -> tuple[str, ...]:
    """Find the column names that occur twice, also when only their case differs."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name.strip().casefold()] = seen.get(name.strip().casefold(), 0) + 1
    return tuple(sorted({name for name in names if seen[name.strip().casefold()] > 1}))
