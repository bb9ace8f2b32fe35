"""Which files a path of the bank file names, and what is in them byte for byte."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from guilder.errors import BankFileError, DataError

CSV_SUFFIXES = (".csv", ".tsv", ".txt", ".asc", ".data", ".dat")
PARQUET_SUFFIXES = (".parquet", ".pq")
_PIECE = 1 << 20
LISTED = 200
"""Entries of a folder that are looked at for one that is spelled alike."""


@dataclass(frozen=True)
class InputFile:
    """A file as it was when it was read."""

    path: Path
    sha256: str
    size: int
    lines: int
    """Lines of text, the last one counted also where it has no end."""
    state: tuple[int, ...]
    """Size, times of change and place on disk: what differs once a file is written to or replaced."""
    changed_ns: int
    start: bytes
    """The first bytes, which tell an encoding or a format."""


def expand(path: str, where: str, environment: dict[str, str] | None = None) -> str:
    """Put environment variables, written ``${NAME}``, into a path.

    Raises
    ------
    BankFileError
        A variable is not set.
    """
    known = os.environ if environment is None else environment

    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        if not known.get(name):
            raise BankFileError(
                f"The path of {where} needs the environment variable {name}, which is not set: {path}",
                todo=f"Set it to the folder that holds the files: export {name}=/path/to/folder", id="G-BANK-005",
            )
        return known[name]

    return re.sub(r"\$\{(\w+)\}", put, path)


def find(path: str, root: Path, where: str, follow_links: bool = False) -> tuple[Path, ...]:
    """List the files a path names: one file, every table file of a folder, or a glob; always in the same order.

    Raises
    ------
    DataError
        Nothing is there, or what is there is not a regular file, or lies behind a link that was not declared.
    """
    named = root / expand(path, where)
    try:
        folder = named.is_dir()
    except OSError as error:
        raise DataError(
            f"{where} names a path that no file has: {error.strerror}.", known=f"It begins with {path[:80]!r}.",
            todo=f"Correct the path under [{where}].", id="G-FILE-001",
        ) from None
    if folder:
        found = sorted(
            file for file in named.iterdir()
            if file.suffix.lower() in CSV_SUFFIXES + PARQUET_SUFFIXES and not file.name.startswith((".", "_"))
        )
    elif any(sign in path for sign in "*?[") and not named.exists():
        anchor = Path(named.anchor)
        found = sorted(file for file in anchor.glob(str(named.relative_to(anchor))) if not file.is_dir())
    else:
        found = [named]
    if not found or not found[0].exists():
        raise _nothing_there(path, named, root, where)
    for file in found:
        if not follow_links and (link := _link(file, named, root)) is not None:
            raise DataError(
                f"{where} names {file.name}, and {link.name} is a link to somewhere else.",
                known="What a link leads to can change without the file's name, and lie outside the bank's folders.",
                todo=f"Name the file it leads to, or write under [{where}]: follow_links = true", id="G-FILE-018",
            )
        if not file.is_file():
            raise DataError(
                f"{where} names {file.name}, which is not a regular file (a pipe, a device or a folder).",
                todo="Name a file that stays as it is while it is read.", id="G-FILE-002",
            )
    kinds = {file.suffix.lower() in PARQUET_SUFFIXES for file in found}
    if len(kinds) > 1:
        raise DataError(
            f"{where} names both Parquet and text files.", todo='Name one kind with a glob: path = "x/*.csv"',
            id="G-FILE-003",
        )
    return tuple(found)


def _link(file: Path, named: Path, root: Path) -> Path | None:
    """Find a link on the way from the bank's folder to a file; of a file elsewhere, it or the folder that is named."""
    way = [file, *file.parents] if file.is_relative_to(root) else [file, named]
    inside = [step for step in way if step == named or (step != root and not root.is_relative_to(step))]
    return next((step for step in inside if step.is_symlink()), None)


def _nothing_there(path: str, named: Path, root: Path, where: str) -> DataError:
    """Say where a file was looked for, and which one there is nearest to it."""
    inside = sorted(entry for entry in root.iterdir() if entry.is_dir() and not entry.name.startswith(".")
                    and os.access(entry, os.R_OK | os.X_OK))
    folders = dict.fromkeys([*([named.parent] if named.parent.is_dir() else []), root, *inside[:LISTED]])
    there = {
        Path(os.path.relpath(entry, root)).as_posix(): entry.name.casefold()
        for folder in folders for entry in sorted(folder.iterdir())[:LISTED]
        if entry.is_file() and not entry.name.startswith(".") and entry.name != "bank.toml"
    }
    close = get_close_matches(named.name.casefold(), there.values(), n=1, cutoff=0.5)
    near = next((shown for shown, name in there.items() if name in close), "")
    listed = ", ".join(list(there)[:20]) or "nothing"
    return DataError(
        f"{where} names {path}, and there is no such file: looked at {os.path.normpath(named)}.",
        known="A path is relative to the folder of bank.toml. "
              + (f"The nearest file there is: {near}. " if near else "") + f"Files seen from that folder: {listed}.",
        todo=f"Correct the path under [{where}]"
             + (f": path = {json.dumps(near, ensure_ascii=False)}" if near else "."), id="G-FILE-001",
    )


def fingerprint(path: Path) -> InputFile:
    """Read a file once for its SHA-256, its lines and its first bytes."""
    digest, lines, size, start, last = hashlib.sha256(), 0, 0, b"", b""
    text = path.suffix.lower() not in PARQUET_SUFFIXES
    with path.open("rb") as stream:
        before = os.fstat(stream.fileno())
        while piece := stream.read(_PIECE):
            digest.update(piece)
            size += len(piece)
            start = start or piece[:4096]
            if text:
                lines += piece.count(b"\n")
                last = piece[-1:]
    lines += last not in (b"", b"\n")
    return InputFile(path, digest.hexdigest(), size, lines, _state(before), before.st_mtime_ns, start)


def _state(now: os.stat_result) -> tuple[int, ...]:
    return now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino, now.st_dev


def check_unchanged(file: InputFile) -> None:
    """Stop if a file is no longer what it was when it was fingerprinted.

    Raises
    ------
    DataError
        Its size, a time of change or its place on disk differs, or it is gone.
    """
    if not file.path.exists() or _state(file.path.stat()) != file.state or file.state[0] != file.size:
        raise DataError(
            f"{file.path.name} changed while it was read.", todo="Wait until the file is complete, then run again.",
            id="G-FILE-006",
        )
