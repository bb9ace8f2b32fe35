"""Any measured figures as tables, in the order and under the names that they have in metrics.json."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from guilder.report import words
from guilder.report.blocks import Block, Cell, Note, Table, text

WIDEST = 9
"""Columns that still fit on paper."""
LONGEST = 60
"""Rows of one table; what is beyond stands in metrics.json."""
LINE = 900
"""Characters of a record that still stands in one row of the annex."""


def missing(what: str) -> Note:
    """Say that something was not measured: a document never leaves out in silence."""
    return Note(f"Not measured: {what}.", "warn")


def tables(tree: Any, caption: str) -> list[Block]:
    """Lay out plain JSON values: figures in one table, each list of records and each group in a table of its own.

    Parameters
    ----------
    tree : object
        Plain JSON values; figures are mappings with ``value``, ``low`` and ``high``.
    caption : str
        What they are.
    """
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return [_records(tree, caption)] if tree else []
    if not isinstance(tree, Mapping):
        return [Table(caption, ("what", "value"), (text(caption, said(tree)),))]
    single, groups = [], []
    for key, value in tree.items():
        if isinstance(value, Mapping | list | tuple) and not value:
            continue
        if is_figure(value) or not isinstance(value, Mapping | list | tuple) or _short(value):
            single.append(_row(words.plain(key), value))
        else:
            groups.append((key, value))
    made: list[Block] = [Table(words.capital(caption), ("what", "value"), tuple(single))] if single else []
    for key, value in groups:
        made += tables(value, f"{caption}: {words.plain(key)}")
    return made


def is_figure(value: Any) -> bool:
    """Whether ``value`` is a number with an interval."""
    return isinstance(value, Mapping) and {"value", "low", "high"} <= set(value)


def said(value: Any) -> str:
    """One value as a reader wants it."""
    if value is None:
        return words.DASH
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_figure(value):
        return words.value(value) if abs(words.finite(value) or 0.0) < 1000 else words.count(value)
    if isinstance(value, int | float):
        return words.amount(value)
    if isinstance(value, Mapping | list | tuple):
        return ", ".join(f"{words.plain(key)} {said(each)}" for key, each in value.items()) if isinstance(
            value, Mapping
        ) else ", ".join(said(each) for each in value)
    return str(value)


def _short(value: Any) -> bool:
    """Whether a list can stand in one cell."""
    return isinstance(value, list | tuple) and len(value) <= WIDEST and not any(
        isinstance(each, Mapping | list | tuple) for each in value
    )


def _row(name: str, value: Any) -> tuple[Cell, ...]:
    return Cell(name), Cell(said(value), words.interval(value) if is_figure(value) else "")


def _records(rows: Sequence[Any], caption: str) -> Table:
    """A list as a table: its records' keys are the columns; what has no keys is one column."""
    shown = rows[:LONGEST]
    more = f" (the first {LONGEST} of {len(rows)})" if len(rows) > LONGEST else ""
    if not all(isinstance(row, Mapping) and not is_figure(row) for row in shown):
        return Table(words.capital(caption) + more, ("value",), tuple((Cell(said(row)),) for row in shown))
    keys = [key for key in shown[0] if any(row.get(key) is not None for row in shown)]
    keys = [key for key in keys if not any(_wide(row.get(key)) for row in shown)][:WIDEST]
    body = tuple(
        tuple(Cell(said(row.get(key)), words.interval(row.get(key)) if is_figure(row.get(key)) else "")
              for key in keys)
        for row in shown
    )
    return Table(words.capital(caption) + more, tuple(words.plain(key) for key in keys), body)


def _wide(value: Any) -> bool:
    """Whether a value inside a record needs a table of its own; it stands in the annex."""
    return isinstance(value, Mapping | list | tuple) and not is_figure(value) and not _short(value)


def every_figure(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The leaves of a summary to the digit: dotted path, and the value as metrics.json writes it.

    A figure with its interval is one leaf, ``value (low to high)``, and so is a list of plain values. A record in a
    list is one leaf with its fields, where it is short.
    """
    if is_figure(tree):
        yield path, _exact(tree)
    elif isinstance(tree, Mapping) and tree:
        for key, value in tree.items():
            yield from every_figure(value, f"{path}.{key}" if path else str(key))
    elif isinstance(tree, list | tuple) and any(isinstance(each, Mapping) for each in tree):
        for place, value in enumerate(tree):
            if isinstance(value, Mapping) and not is_figure(value) and len(json.dumps(value)) <= LINE:
                yield f"{path}[{place}]", "; ".join(f"{key} {_exact(each)}" for key, each in value.items())
            else:
                yield from every_figure(value, f"{path}[{place}]")
    else:
        yield path, _exact(tree)


def _exact(value: Any) -> str:
    if not is_figure(value):
        return json.dumps(value, ensure_ascii=False)
    middle, low, high = (json.dumps(value[end]) for end in ("value", "low", "high"))
    return f"{middle} ({low} to {high})"
