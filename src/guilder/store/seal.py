"""What proves a folder whole: the SHA-256 of every file in it, one a line, as ``sha256sum -c`` reads them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from pathlib import Path

from guilder.errors import ArtefactError, UsageError
from guilder.store.files import PREFIX, put, sha256, write_file

SEAL = "SHA256SUMS"
JOURNAL = "journal.json"
"""When the run was made and how long it took: the one file that differs between two equal runs. It proves itself."""

_RUN = re.compile(r"(?:undated|[0-9]{4}-[0-9]{2}-[0-9]{2})-[0-9a-f]{10}")
_FILE = re.compile(r"(?:(?:models|tables)/)?[a-z][a-z0-9_]{0,40}\.(?:json|jsonl|html|csv|xlsx|parquet|skops)")
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def run_name(name: str) -> str:
    """Give back the name of a run; whatever else is given names no folder of runs.

    Raises
    ------
    UsageError
        When it is not a date (or "undated") and ten digits of a digest.
    """
    if not _RUN.fullmatch(name):
        raise UsageError(
            f"{name[:60]!r} is no name of a run", known="a run is called like 2025-06-30-0a1b2c3d4e",
            todo="see the names with: guilder runs list BANK",
        )  # fmt: skip
    return name


def is_part(name: str) -> bool:
    """Say whether a file's name, inside a run or beside scores, is one that Guilder writes."""
    return _FILE.fullmatch(name) is not None


def seal(folder: Path) -> None:
    """Seal what is in a folder that nobody can see yet."""
    put(folder / SEAL, _sums(folder))


def seal_again(folder: Path) -> None:
    """Seal a folder after one of its pages was drawn anew."""
    write_file(folder / SEAL, _sums(folder))


def proven(folder: Path, name: str) -> bytes:
    """Read a file, once; what is returned is what was compared with the seal.

    Raises
    ------
    ArtefactError
        When it is not the file that was written, or the seal is gone.
    """
    path = folder / name
    content = path.read_bytes() if path.is_file() else b""
    if _read(folder).get(name) != hashlib.sha256(content).hexdigest():
        raise _not_whole(folder, name)
    return content


def prove(folder: Path, besides: Collection[str] = ()) -> None:
    """Prove that a folder holds what was sealed, every file of it and nothing else.

    Parameters
    ----------
    folder : Path
        A run's folder, or one of scores.
    besides : collection of str
        Files that are about to be written anew, and may be broken.

    Raises
    ------
    ArtefactError
        Names the first file that is changed, gone, or was not there.
    """
    sealed, there = _read(folder), _files(folder)
    for name in sorted({*sealed, *there} - {*besides}):
        if name not in sealed or name not in there or sha256(folder / name) != sealed[name]:
            raise _not_whole(folder, name)


def _read(folder: Path) -> dict[str, str]:
    path = folder / SEAL
    found: dict[str, str] = {}
    try:
        content = path.read_bytes().decode("ascii")
        for line in content.splitlines():
            match = _LINE.fullmatch(line)
            if match is None or not is_part(match[2]):
                raise ValueError("a line of it is no digest and name")
            found[match[2]] = match[1]
        if content != "".join(f"{digest}  {name}\n" for name, digest in sorted(found.items())):
            raise ValueError("it is not written as Guilder writes it")
    except (OSError, ValueError) as error:
        reason = "it is gone" if isinstance(error, OSError) else str(error)
        raise ArtefactError(
            f"the seal {path} cannot be read ({reason})", known="it holds the SHA-256 of every file beside it",
            todo="restore the folder from a copy, or make it again: guilder train BANK, guilder score BANK",
        ) from error
    return found


def _files(folder: Path) -> set[str]:
    found = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*")
        if (path.is_symlink() or not path.is_dir()) and not path.name.startswith(PREFIX)
    }  # fmt: skip
    return found - {SEAL, JOURNAL}


def _sums(folder: Path) -> bytes:
    return "".join(f"{sha256(folder / name)}  {name}\n" for name in sorted(_files(folder))).encode()


def _not_whole(folder: Path, name: str) -> ArtefactError:
    page = name.endswith(".html")
    gone = "" if (folder / name).is_file() else f": there is none, or {SEAL} was changed"
    return ArtefactError(
        f"{name} of {folder.name} is not the file that was written{gone}",
        known=f"its SHA-256 differs from the one in {SEAL}, or it is gone or was never there",
        todo="draw it again: guilder report BANK, guilder document BANK" if page
        else "restore the folder from a copy, or make it again: guilder train BANK, guilder score BANK",
    )
