"""One at a time: the system lets go of a lock when its holder ends, however it ends, so none is ever stale."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from guilder.errors import BusyError, UsageError

LOCK = ".lock"


@contextmanager
def locked(folder: Path, name: str = LOCK) -> Iterator[None]:
    """Hold the folder's lock for the length of the block.

    What the file says is for a person to read: whether the lock is held only the system knows, so a file left behind,
    or one that names a process whose number was given to another, stops nobody.

    Raises
    ------
    BusyError
        When another process holds it; the message names it.
    UsageError
        When the folder is on a file system that keeps no locks.
    """
    was_there = folder.is_dir()
    path = folder / name
    handle = _taken(path)
    try:
        handle.truncate(0)
        handle.write(f"process {os.getpid()} on {socket.gethostname()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        handle.flush()
        yield
    finally:
        path.unlink(missing_ok=True)
        handle.close()
        if not was_there:
            with contextlib.suppress(OSError):  # it is not empty: something was written
                folder.rmdir()


def hold(handle: int, where: Path, *, wait: bool = False) -> bool:
    """Hold an open file or folder; say False where another does and this one does not wait.

    Raises
    ------
    UsageError
        When it is on a file system that keeps no locks.
    """
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError as error:
        raise UsageError(
            f"{where} is on a file system that keeps no locks ({error.strerror})",
            known="without them two runs would write into each other",
            todo="name a folder on a local disk with --out",
        ) from error
    return True


def still_there(handle: int, path: Path) -> bool:
    """Say whether a path is still the file that was opened."""
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:
        return False


def _taken(path: Path) -> TextIO:
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = path.open("a+")
        except FileNotFoundError:  # the folder went away again with the run that had made it
            continue
        try:
            if not hold(handle.fileno(), path.parent):
                handle.seek(0)
                raise BusyError(
                    f"another run is at work in {path.parent}",
                    known=f"it is {handle.read().strip() or 'unknown'}",
                    todo="wait for it to end, or write elsewhere with --out",
                )
            if still_there(handle.fileno(), path):  # else the holder before took its file away with it
                return handle
        except BaseException:
            handle.close()
            raise
        handle.close()
