"""The audit log: one sealed entry a line, each naming the one before it, and a head that says how far it goes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any

from guilder.errors import ArtefactError
from guilder.store.append_only import add, alone
from guilder.store.files import write_file

LOG = "log.jsonl"
HEAD = "head.json"
TAIL = 65_536
"""Bytes of the log's end that are read to find its last entry."""
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
_ENTRY = re.compile(r'\A\{"entry":"([0-9a-f]{64})",(.+)\Z', re.DOTALL)


@dataclass(frozen=True)
class Head:
    """How far a log goes: the number of its last entry, and that entry's digest; 0 and "" where there is none."""

    number: int = 0
    entry: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"number": self.number, "entry": self.entry}

    @classmethod
    def read(cls, path: Path) -> Head:
        """Read a head that was exported.

        Raises
        ------
        ArtefactError
            When the file is no head.
        """
        try:
            found = json.loads(path.read_bytes())
            return cls(int(found["number"]), str(found["entry"]))
        except (ValueError, KeyError, TypeError) as error:
            raise ArtefactError(
                f"{path} is no head of an audit log", known='a head is {"number": …, "entry": "…"}',
                todo="export one: guilder audit head BANK --out FILE",
            ) from error  # fmt: skip


@dataclass(frozen=True)
class Bad:
    """The first entry that is not what was written: its number, the line it should stand in, and what is wrong."""

    number: int
    line: int
    what: str


@dataclass(frozen=True)
class Verdict:
    """What a log was found to be.

    Parameters
    ----------
    head : Head
        Of the entries that are proven.
    bad : Bad, optional
        The first entry that is not what was written; None where all are.
    broken : tuple of int
        Lines that a power cut left unfinished: never confirmed, they say nothing.
    """

    head: Head
    bad: Bad | None = None
    broken: tuple[int, ...] = ()


@dataclass(frozen=True)
class AuditLog:
    """The log in a folder.

    Parameters
    ----------
    folder : Path
        Holds ``log.jsonl``, and ``head.json``, by which a log that was cut short is known.
    """

    folder: Path

    def ready(self) -> None:
        """See that the log can be written and goes on from its head, before any work is done.

        Raises
        ------
        ArtefactError
            When it cannot: what must be logged must not happen.
        """
        self.append([])

    def append(self, events: Iterable[Mapping[str, Any]], at: datetime | None = None) -> Head:
        """Append events in one write and one fsync; they are on disk when this returns.

        Raises
        ------
        ArtefactError
            When the log cannot be written, or its end is not what was written there. Nothing is appended then.
        """
        try:
            with alone(self.folder / LOG) as handle:
                head = self._end(handle)
                lines, after = _sealed(events, head, at)
                if not (self.folder / HEAD).is_file():  # a log has a head from before its first entry on
                    self._write_head(head)
                if lines:
                    add(handle, lines, self.folder / LOG)
                    self._write_head(after)
                return after
        except OSError as error:
            raise ArtefactError(
                f"the audit log {self.folder / LOG} cannot be written: {error.strerror or type(error).__name__}",
                known="nothing is decided, published, exported or shown that is not logged first",
                todo="free space and give the right to write there, or name another folder: [audit] folder = \"…\"",
            ) from error

    def entries(self) -> Iterator[dict[str, Any]]:
        """Give the entries in their order; the caller has verified them."""
        for _, line in self._lines():
            entry = _parsed(line)
            if entry is not None:
                yield entry

    def verify(self, exported: Head | None = None) -> Verdict:
        """Prove every entry, and that none is missing up to the log's own head and to one that was exported.

        Parameters
        ----------
        exported : Head, optional
            Kept elsewhere: whoever can write to the folder can cut the log and its own head alike.
        """
        own = Head.read(self.folder / HEAD) if (self.folder / HEAD).is_file() else None
        heads = [head for head in (own, exported) if head is not None]
        head, broken, gap = Head(), [], []
        for number, line in self._lines():
            entry = _parsed(line)
            if entry is None:
                broken.append(number)
                gap.append(number)
                continue
            what = _wrong(entry, line, head, gap)
            if what is None and any(
                each.number == head.number + 1 and each.entry != entry["entry"] for each in heads
            ):
                what = "is not the one that a head names"
            if what is not None:
                return Verdict(head, Bad(head.number + 1, gap[0] if gap else number, what), tuple(broken))
            head, gap = Head(head.number + 1, str(entry["entry"])), []
        most = max((each.number for each in heads), default=0)
        if most > head.number:
            what = f"is gone, and so is everything up to entry {most:,}, with which the log ended"
        elif own is None and head.number:
            what = f"may be gone: there is no {HEAD} to say where the log ends"
        else:
            return Verdict(head, None, tuple(broken))
        place = gap[0] if gap else head.number + len(broken) + 1
        return Verdict(head, Bad(head.number + 1, place, what), tuple(broken))

    def _write_head(self, head: Head) -> None:
        write_file(self.folder / HEAD, (_WRITER.encode(head.to_dict()) + "\n").encode())

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        path = self.folder / LOG
        if path.is_file():
            with path.open("rb") as handle:
                yield from enumerate(handle, start=1)

    def _end(self, handle: FileIO) -> Head:
        """Find where the log ends, and refuse one that does not reach its head."""
        last = _last(handle)
        own = Head.read(self.folder / HEAD) if (self.folder / HEAD).is_file() else None
        end = Head() if last is None else Head(int(last["number"]), str(last["entry"]))
        cut = own is None if end.number else False
        if cut or (own and (own.number > end.number or (own.number == end.number and own.entry != end.entry))):
            raise _tampered(self.folder / LOG)
        return end


def _sealed(events: Iterable[Mapping[str, Any]], head: Head, at: datetime | None) -> tuple[list[str], Head]:
    lines = []
    moment = at.isoformat(timespec="milliseconds") if at is not None else None
    for event in events:
        content = {**event, "number": head.number + 1, "at": moment, "previous": head.entry}
        text = _WRITER.encode(content)
        head = Head(head.number + 1, hashlib.sha256(text.encode()).hexdigest())
        lines.append(f'{{"entry":"{head.entry}",{text[1:]}')
    return lines, head


def _parsed(line: bytes) -> dict[str, Any] | None:
    """Take a line for an entry, proven or not; None where it is none, or has no end."""
    try:
        found = json.loads(line) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):  # an append that was cut short, or whatever stands in its place
        return None
    return found if isinstance(found, dict) else None


def _proven(entry: Mapping[str, Any], line: bytes) -> bool:
    """Whether a line is, to the byte, what its own digest says."""
    try:
        found = _ENTRY.match(line[:-1].decode("ascii"))
    except UnicodeDecodeError:
        return False
    if found is None:
        return False
    text = "{" + found[2]
    content = {name: value for name, value in entry.items() if name != "entry"}
    # Written anew it must be the same: JSON has many ways to say one thing, and only one of them was written.
    return hashlib.sha256(text.encode()).hexdigest() == found[1] and _WRITER.encode(content) == text


def _wrong(entry: Mapping[str, Any], line: bytes, head: Head, gap: list[int]) -> str | None:
    """What is wrong with an entry that should follow ``head``."""
    if not _proven(entry, line):
        return "was changed"
    number, expected = entry.get("number"), head.number + 1
    if number == expected and entry.get("previous") == head.entry:
        return None
    if gap:
        return "was changed, and is no entry any more"
    if number == expected or not isinstance(number, int):
        return f"does not follow entry {head.number:,} as it stands: one of the two was replaced"
    moved = "was taken away, or moved" if number > expected else "is not there: an earlier one stands in its place"
    return f"{moved} (its line holds entry {number:,})"


def _last(handle: FileIO) -> dict[str, Any] | None:
    """Read the last whole entry from the end of the file, however long the file is."""
    end, size = handle.seek(0, 2), TAIL
    while True:
        start = max(0, end - size)
        handle.seek(start)
        lines = handle.read(end - start).split(b"\n")[:-1]
        for line in reversed(lines[1:] if start else lines):
            entry = _parsed(line + b"\n")
            if entry is not None:
                if not _proven(entry, line + b"\n"):
                    raise _tampered(Path(str(handle.name)))
                return entry
        if not start:
            return None
        size *= 4


def _tampered(path: Path) -> ArtefactError:
    return ArtefactError(
        f"the end of {path} is not what was written there",
        known="entries are changed or gone, and nothing is added to such a log",
        todo="see which: guilder audit verify BANK; restore it from a copy, and find out who changed it",
    )
