"""A file that only grows: one sealed record a line, each naming the one before it, on disk before it is confirmed."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from guilder.errors import ArtefactError
from guilder.risk.decisions import digest, sealed
from guilder.store.files import sync_folder


@dataclass(frozen=True)
class Records:
    """What a file holds.

    Parameters
    ----------
    whole : tuple of dict
        Records in the order in which they were appended, each proven by its own digest and by the next record.
    broken : tuple of int
        Numbers of lines that are no record: appends that were cut short and never confirmed.
    """

    whole: tuple[dict[str, Any], ...] = ()
    broken: tuple[int, ...] = ()


def append(path: Path, content: Mapping[str, Any]) -> dict[str, Any]:
    """Append one record; when this returns, it is on disk.

    Writers wait for each other. What an interrupted writer left behind is not touched: the new record begins on a
    line of its own.

    Raises
    ------
    ArtefactError
        When an earlier record is not what was written: nothing is appended to a file that was tampered with.
    """
    with alone(path) as handle:
        handle.seek(0)
        whole = parse(handle.read(), path).whole
        line = sealed({**content, "previous": whole[-1]["record_id"] if whole else None})
        add(handle, [line], path)
    record: dict[str, Any] = json.loads(line)
    return record


@contextmanager
def alone(path: Path) -> Iterator[FileIO]:
    """Open a file to append to, its folder made where it is missing, while no other writer is at it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle


def add(handle: FileIO, lines: Iterable[str], path: Path) -> None:
    """Append lines in one write and one fsync; they are on disk when this returns, or none of them is there.

    Raises
    ------
    OSError
        When the disk is full or fails; what was begun is taken back, for it was never confirmed.
    """
    end = handle.seek(0, os.SEEK_END)
    handle.seek(max(0, end - 1))
    start = "" if handle.read(1) in (b"", b"\n") else "\n"
    text = (start + "".join(f"{line}\n" for line in lines)).encode()
    try:
        if handle.write(text) != len(text):
            raise OSError(errno.ENOSPC, "no space left for a whole record", str(path))
        os.fsync(handle.fileno())
    except OSError:
        os.ftruncate(handle.fileno(), end)
        raise
    sync_folder(path.parent)


def read(path: Path) -> Records:
    """Read a file's records; none where there is no file.

    Raises
    ------
    ArtefactError
        When a record was changed, or one before it taken away.
    """
    return parse(path.read_bytes(), path) if path.is_file() else Records()


def parse(content: bytes, path: Path) -> Records:
    """Take a file's content apart and prove every record; ``path`` is for the message."""
    *lines, tail = content.split(b"\n")
    whole: list[dict[str, Any]] = []
    broken = [] if not tail else [len(lines) + 1]
    for number, line in enumerate(lines, start=1):
        record = _record(line)
        if record is None:
            broken.append(number)
            continue
        last = whole[-1]["record_id"] if whole else None
        if record.get("record_id") != digest(record) or record.get("previous") != last:
            raise ArtefactError(
                f"line {number} of {path} is not what was written there",
                known="its digest does not fit its content, or a line before it is gone",
                todo="restore the file from a copy, and find out who changed it",
            )
        whole.append(record)
    return Records(tuple(whole), tuple(sorted(broken)))


def _record(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:  # an append that was cut short: the caller reports the line
        return None
    return found if isinstance(found, dict) else None
