"""What a page is made of: sections with parts, and in them sentences, notes, figures, tables, charts and cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True)
class Text:
    """One paragraph."""

    text: str
    kind: ClassVar[str] = "text"


@dataclass(frozen=True)
class Note:
    """A banner: something the reader must know before the figures."""

    text: str
    tone: Literal["plain", "warn"] = "plain"
    kind: ClassVar[str] = "note"


@dataclass(frozen=True)
class Cell:
    """One table cell: its text, and a second line in small."""

    text: str
    small: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table: caption, heads, and rows of cells whose first ``heads`` are row headers."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: bool = True
    """Whether the columns after the row headers are figures, set to the right."""
    heads: int = 1
    dense: bool = False
    """Whether the small line stands beside the text, for tables with many rows."""
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Chart:
    """One drawing with its title and the sentence that says how to read it and what it says here."""

    title: str
    svg: str
    says: str
    wide: bool = False


@dataclass(frozen=True)
class Charts:
    """Charts side by side, as many in a row as fit."""

    charts: tuple[Chart, ...]
    kind: ClassVar[str] = "charts"


@dataclass(frozen=True)
class Card:
    """One card: what it is about, its figure, and lines below."""

    title: str
    figure: str = ""
    lines: tuple[str, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Small headed lists: ``(("Reasons", ("…", "…")), …)``."""


@dataclass(frozen=True)
class Cards:
    """Cards side by side."""

    cards: tuple[Card, ...]
    size: Literal["figure", "card"] = "card"
    kind: ClassVar[str] = "cards"


Block = Text | Note | Table | Charts | Cards


@dataclass(frozen=True)
class Part:
    """A headed part of a section; a part without a title opens its section."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Section:
    """One section of the page, or the sentence that says why it is not there."""

    key: str
    title: str
    lead: str
    parts: tuple[Part, ...] = ()
    absent: str = ""


def text(*values: str) -> tuple[Cell, ...]:
    """A row of plain cells."""
    return tuple(Cell(value) for value in values)
