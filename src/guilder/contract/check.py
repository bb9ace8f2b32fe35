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
    todo: str


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
    "missing": Rule(1, "stop", "the required column {column} is missing", "Map it under columns."),
    "blank": Rule(2, "quarantine", "{column} is blank", "Mend the file, or map another column."),
    "duplicate": Rule(3, "stop", "{column} is not unique", "Keep one row a key, with sql."),
    "kind": Rule(
        4, "quarantine", "{column} is not {kind}",
        "Declare how it is written: decimal, thousands, date_format.",
    ),
    "orphan": Rule(
        5, "quarantine", "{column} is not in the table it points to",
        "Bring the missing rows; write the key alike in both tables.",
    ),
    "code": Rule(
        6, "quarantine", "{column} holds a value that no code explains",
        "Say under codes what the value means.",
    ),
    "negative": Rule(7, "quarantine", "{column} is below zero", "Mend the value."),
    "order": Rule(8, "quarantine", "{column} is before the start of the loan", "Mend the dates."),
    "future": Rule(
        9, "warn", "{column} is at or after the as-of date; the row is cut from every fact",
        "Mend the dates or as_of; over 0.1 % stop, unless accepted under limits.",
    ),
    "broken": Rule(10, "quarantine", "the line does not have the columns of the file", "Check delimiter and quotes."),
    "near": Rule(
        11, "warn", "{column} holds values that differ only by case, spaces or zeros in front",
        "Write every id in one way.",
    ),
    "impossible": Rule(12, "quarantine", "{column} is a date that cannot be", "Mend the date."),
    "sentinel": Rule(
        13, "warn", "{column} repeats a value that often stands for 'none' (declare it under codes)",
        "Declare it under codes as unknown.",
    ),
    "early": Rule(
        14, "warn", "{column} became known after the decision and is blank for those rows",
        "Nothing; or bring the value as it was at the decision.",
    ),
    "percent": Rule(
        15, "warn", "{column} looks like a percentage; the contract wants a fraction",
        "Divide by 100 with sql.",
    ),
    "sign": Rule(16, "warn", "{column} does not agree with the direction", "Correct direction or amount."),
    "orphan_product": Rule(19, "warn", "{column} is not in products", "Bring the product."),
    "encoding": Rule(20, "quarantine", "the line is not text in the declared encoding", "Declare the encoding."),
    "again": Rule(21, "quarantine", "the row stands twice, word for word ({column})", "Nothing: the first is kept."),
    "mojibake": Rule(
        18, "warn", "{column} holds text that was decoded with the wrong encoding",
        "Export it again in one encoding.",
    ),
    "format": Rule(22, "stop", "the dates of {column} are not written as declared", "Declare date_format."),
    "zones": Rule(
        23, "stop", "{column} holds moments with and without a time zone",
        "Declare zone, or write all moments alike.",
    ),
    "currency": Rule(
        24, "stop", "{column} is not one currency, the bank's",
        "Convert with sql at the rate of the day, or correct currency.",
    ),
    "empty": Rule(25, "stop", "the table has no rows", "Export it again, or take the table out."),
    "unit": Rule(
        26, "stop", "{column} jumps some hundredfold from one month to the next",
        "Bring all months to one unit with sql, or accept it under limits.",
    ),
    "stale": Rule(
        27, "stop", "the newest {column} is older than the bank allows",
        "Export it again, or raise max_age_days.",
    ),
    "age": Rule(
        28, "quarantine", "{column} gives an age that no customer of the bank has",
        "Mend the date, or write ages under limits.",
    ),
    "contradiction": Rule(29, "quarantine", "{column} contradicts another column of its row", "Mend one of the two."),
    "huge": Rule(30, "quarantine", "{column} is a million millions or more", "Mend the amount."),
    "invisible": Rule(
        31, "warn", "{column} holds characters that cannot be seen",
        "Clean the ids where they come from.",
    ),
    "flip": Rule(
        32, "warn", "{column} has far too many days up to the 12th: day and month may be swapped",
        "Compare a few dates with the source.",
    ),
    "levels": Rule(
        33, "warn", "{column} has over a thousand values: the commonest are kept, the rest count as one",
        "Group the values with sql, or leave the column out.",
    ),
    "twice": Rule(
        34, "warn", "rows stand more than once, word for word, and no key tells them apart",
        "Bring transaction_id, or take the second file away.",
    ),
    "overlap": Rule(
        35, "quarantine", "the row stands in an earlier file too",
        "Take the file that repeats another away.",
    ),
    "hour": Rule(
        36, "warn", "{column} lies in an hour that a change of clocks skips or repeats",
        "Export moments with their time zone.",
    ),
    "long": Rule(
        37, "quarantine", "{column} holds a longer text than is taken in",
        "Leave the column out, or raise max_text.",
    ),
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
    return Violation(rule_id(table.name, rule), table.name, column, known.severity, reason, rows, tuple(examples))


def rule_id(table: str, rule: str) -> str:
    """Name a rule of a table, as in ``G-LOAN-004``."""
    return f"G-{table[:4].upper()}-{RULES[rule].number:03d}"


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
