"""What a person sees in the terminal: progress, tables and errors; plain when it is not a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from guilder.errors import GuilderError


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show each step on standard error: a spinner in a terminal, a line elsewhere."""
    if not sys.stderr.isatty():
        yield lambda step: print(f"- {step}", file=sys.stderr, flush=True)  # noqa: T201
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda step: status.update(step)


def say(text: str = "") -> None:
    """Write a line of the answer on standard output."""
    print(text)  # noqa: T201


def say_json(value: Any) -> None:
    """Write the answer for a machine: one JSON value, NaN as null."""
    from guilder.store.runs import to_json

    say(to_json(value).decode().rstrip())


def say_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table; the first column is words, the others are set to the right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    say(title)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head, justify="left" if number == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else 120, highlight=False).print(table)


def say_headline(title: str, metrics: Mapping[str, Any]) -> None:
    """Write the dozen figures that matter, the same as at the head of the report, then its banners."""
    from guilder.report.blocks import Cards, Note
    from guilder.report.section_headline import headline

    blocks = [block for part in headline(dict(metrics)).parts for block in part.blocks]
    cards = [card for block in blocks if isinstance(block, Cards) for card in block.cards]
    say_table(title, ["", "figure", "beside it"], [[card.title, card.figure, "; ".join(card.lines)] for card in cards])
    for note in blocks:
        if isinstance(note, Note):
            say(f"- {note.text}")


def say_error(error: GuilderError, as_json: bool) -> None:
    """Write what is wrong, what is known and what to do, on standard error; as JSON where a machine asked."""
    if as_json:
        told = {word: getattr(error, word) for word in ("id", "wrong", "known", "todo")}
        parts = {"error": type(error).__name__, **told}
        print(json.dumps(parts, ensure_ascii=False), file=sys.stderr)  # noqa: T201
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(Text(error.headline, style="bold red"))
    for part in (error.known, error.todo):
        if part:
            console.print(Text(part))
