"""One run at a time in a folder: the system releases the lock when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guilder.errors import BusyError


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock for the length of the block.

    Raises
    ------
    BusyError
        When another process holds it; the message names it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ".lock"
    with path.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            raise BusyError(
                f"another run is at work in {folder}",
                known=f"it is {handle.read().strip() or 'unknown'}",
                todo="wait for it to end, or write elsewhere with --out",
            ) from error
        handle.truncate(0)
        handle.write(f"process {os.getpid()} on {socket.gethostname()}")
        handle.flush()
        yield
