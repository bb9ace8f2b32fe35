"""Writing so that nothing half-written is ever read: temporary name, fsync, rename, fsync of the folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = ".unfinished-"
"""What a name begins with until its content is complete and on disk."""
OLD = f"{PREFIX}old-"
"""What the name of a folder begins with that makes way for a newer one."""


def sync_folder(folder: Path) -> None:
    """Put the folder's own entries on disk, so that a rename survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_file(path: Path) -> None:
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


def write_file(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content``, whole or not at all."""
    temporary = path.with_name(f"{PREFIX}{path.name}-{uuid.uuid4().hex}")
    try:
        temporary.write_bytes(content)
        _sync_file(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


@contextmanager
def new_folder(target: Path, *, replace: bool = False) -> Iterator[Path]:
    """Yield an empty folder that becomes ``target`` when the block ends well, and vanishes when it does not.

    With ``replace`` an older ``target`` makes way in the last moment, and comes back where that moment was the last of
    its process; without it, it must not exist.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    restore(target.parent, target.name)
    temporary = target.with_name(f"{PREFIX}{target.name}-{uuid.uuid4().hex}")
    temporary.mkdir()
    try:
        yield temporary
        for path in sorted(temporary.rglob("*")):
            sync_folder(path) if path.is_dir() else _sync_file(path)
        sync_folder(temporary)
        old = set_aside(target) if replace and target.exists() else None
        try:
            temporary.rename(target)
        except OSError:
            if old is not None:
                old.rename(target)
            raise
        sync_folder(target.parent)
        if old is not None:
            shutil.rmtree(old)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def point(link: Path, target: str) -> None:
    """Make ``link`` name ``target`` (a name in the same folder) in one atomic swap."""
    temporary = link.with_name(f"{PREFIX}{link.name}-{uuid.uuid4().hex}")
    temporary.symlink_to(target)
    temporary.replace(link)
    sync_folder(link.parent)


def set_aside(folder: Path) -> Path:
    """Take a folder out of the way; it is swept once another stands in its place."""
    return folder.rename(folder.with_name(f"{OLD}{folder.name}-{uuid.uuid4().hex}"))


def restore(folder: Path, name: str | None = None) -> None:
    """Bring back what made way for a folder that never came: its process ended between the two renames."""
    for old in sorted(folder.glob(f"{OLD}*")):
        target = folder / old.name[len(OLD) : -33]  # less a dash and 32 digits
        if name in (None, target.name) and not target.exists():
            old.rename(target)
            sync_folder(folder)


def sweep(folder: Path) -> int:
    """Remove what an interrupted writer left behind; the caller holds the folder's lock.

    Returns
    -------
    int
        How many unfinished files and folders were removed.
    """
    restore(folder)
    orphans = list(folder.glob(f"{PREFIX}*"))
    for path in orphans:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    return len(orphans)


def sha256(path: Path) -> str:
    """SHA-256 of a file, as hex."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
