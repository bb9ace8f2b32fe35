"""A bank, wherever it comes from: an open one is used, a path is opened and closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guilder.source.bank import Bank


def quiet(step: str) -> None:
    """Say nothing."""


@contextmanager
def opened(bank: Bank | str | Path, progress: Callable[[str], None] = quiet) -> Iterator[Bank]:
    """Yield the bank; one that was opened here is closed here."""
    if not isinstance(bank, str | Path):
        yield bank
        return
    from guilder.source.connect import connect

    progress("reading and checking the tables")
    with connect(bank) as source:
        yield source
