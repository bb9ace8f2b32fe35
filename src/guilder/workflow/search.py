"""The search for better settings, wired: a clock, and a file that lets it go on where it was stopped."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from guilder.errors import UsageError
from guilder.store.files import write_file

if TYPE_CHECKING:
    from guilder.risk.contest import Search
    from guilder.source.bank import Bank

LEDGER = "search.json"
"""Where a search is written down, among what its run has come to, until the run is there."""
UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


class Ledger(MutableMapping[str, float]):
    """What a search has found so far, on disk after each find; a file that cannot be read counts as none."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, Lock()
        try:
            self._found: dict[str, float] = json.loads(file.read_text())
        except (OSError, ValueError):
            self._found = {}

    def __getitem__(self, key: str) -> float:
        return self._found[key]

    def __setitem__(self, key: str, value: float) -> None:
        with self._lock:
            self._found[key] = value
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_file(self._file, json.dumps(self._found, sort_keys=True).encode())

    def __delitem__(self, key: str) -> None:
        with self._lock:
            del self._found[key]

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._found))

    def __len__(self) -> int:
        return len(self._found)


def searched_for(bank: Bank, seconds: float) -> Bank:
    """Give a bank another budget than its file does, so that the manifest tells of it.

    Raises
    ------
    UsageError
        When it is less than nothing.
    """
    if not seconds >= 0:
        raise UsageError(f"a budget of {seconds:g} seconds is none", todo="give 0 or more")
    risk = bank.settings.risk.model_copy(update={"budget_seconds": seconds})
    return replace(bank, settings=bank.settings.model_copy(update={"risk": risk}))


def search_within(seconds: float, file: Path) -> Search | None:
    """Make a search that may take so long from now; None for no time at all."""
    from guilder.risk.contest import Search

    if seconds <= 0:
        return None
    until = time.monotonic() + seconds
    return Search(lambda: time.monotonic() < until, Ledger(file))


def seconds_of(text: str) -> float:
    """Read a time as it is typed: ``90``, ``90s``, ``2m`` or ``1h``.

    Raises
    ------
    UsageError
        When it is none.
    """
    number, unit = (text[:-1], text[-1]) if text[-1:] in UNITS else (text, "s")
    try:
        seconds = float(number) * UNITS[unit]
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise UsageError(f"{text!r} is no time", todo="write seconds, minutes or hours: 90s, 2m, 1h")
    return seconds
