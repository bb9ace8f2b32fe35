"""Writing so that nothing half-written is ever read: temporary name, fsync, rename, fsync of the folder.

Every byte that Guilder keeps passes through ``put`` and ``write_file``; what must appear together is put into a
``new_folder``. An fsync that fails is never tried again: the system may have dropped what it could not write.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from guilder.store.lock import hold, still_there

PREFIX = ".unfinished-"
"""What a name begins with until its content is complete and on disk."""
OLD = f"{PREFIX}old-"
"""What the name of a folder begins with that makes way for a newer one, where two names cannot be swapped."""

Content = bytes | Iterable[bytes]
_TAIL = 33
"""A dash and 32 digits end an unfinished name."""
_SWAP, _HERE = 2, -100
"""RENAME_EXCHANGE and AT_FDCWD of Linux."""


def sync_folder(folder: Path) -> None:
    """Put the folder's own entries on disk, so that a rename survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put(path: Path, content: Content) -> None:
    """Write a new file and put it on disk; meant for files of a folder that nobody can see yet."""
    with path.open("xb") as handle:
        _fill(handle, content)


def write_file(path: Path, content: Content, mode: int = 0o666) -> None:
    """Replace ``path`` by ``content``, whole or not at all; ``mode``, less the umask, says who may read it."""
    sweep(path.parent, path.name)
    with _held(path, lambda name: name.touch(mode, exist_ok=False)) as temporary:
        with temporary.open("wb") as handle:
            _fill(handle, content)
        temporary.replace(path)
        sync_folder(path.parent)


@contextmanager
def new_folder(target: Path, *, replace: bool = False) -> Iterator[Path]:
    """Yield an empty folder that becomes ``target`` when the block ends well, and vanishes when it does not.

    With ``replace`` it changes places with an older ``target`` in one step; where the system has no such step the older
    one makes way in the last moment, and comes back where that moment was the last of its process. Without it,
    ``target`` must not exist. Files are put into it with ``put``.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent, target.name)
    with _held(target, Path.mkdir) as temporary:
        yield temporary
        for path in sorted(temporary.rglob("*")):
            if path.is_dir():
                sync_folder(path)
        sync_folder(temporary)
        if replace and target.exists():
            _take_the_place(temporary, target)
        else:
            temporary.rename(target)
        sync_folder(target.parent)


@contextmanager
def new_files(folder: Path, last: str) -> Iterator[Path]:
    """Yield an empty folder whose files become those of ``folder`` when the block ends well.

    Others in ``folder`` stay. The file ``last`` is the one by which the rest is found: it is taken away before any
    other is replaced and comes last, so that an interruption leaves the old ones, the new ones, or none to be found.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder, folder.name)
    with _held(folder / folder.name, Path.mkdir) as temporary:
        yield temporary
        for path in sorted(temporary.rglob("*")):
            sync_folder(path)  # whoever wrote a file has closed it
        sync_folder(temporary)
        (folder / last).unlink(missing_ok=True)
        sync_folder(folder)
        for path in sorted(temporary.iterdir(), key=lambda path: path.name == last):
            target = folder / path.name
            if target.is_dir():
                _take_the_place(path, target)
            else:
                path.replace(target)
        sync_folder(folder)
        temporary.rmdir()


def remove_folder(folder: Path) -> None:
    """Remove a folder: it is gone at once, and what is left of it after an interruption is swept."""
    temporary = _unfinished(folder)
    folder.rename(temporary)
    sync_folder(folder.parent)
    shutil.rmtree(temporary)


def point(link: Path, target: str) -> None:
    """Make ``link`` name ``target`` (a name in the same folder) in one atomic swap."""
    temporary = _unfinished(link)
    try:
        temporary.symlink_to(target)
        temporary.replace(link)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(link.parent)


def sweep(folder: Path, name: str | None = None) -> int:
    """Remove what an interrupted writer left behind, and bring back what it had set aside.

    What a writer still holds is left alone, so this may be called at any time.

    Parameters
    ----------
    folder : Path
        Where to look.
    name : str, optional
        Only what was to become this.

    Returns
    -------
    int
        How many unfinished files and folders were removed.
    """
    removed = 0
    for path in sorted(folder.glob(f"{PREFIX}*")):
        aside = path.name.startswith(OLD)
        target = folder / path.name[len(OLD if aside else PREFIX) : -_TAIL]
        if name in (None, target.name) and _free(path):
            if aside and not target.exists():
                path.rename(target)
                sync_folder(folder)
            else:
                _remove(path)
                removed += 1
    return removed


def sha256(path: Path) -> str:
    """SHA-256 of a file, as hex."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _fill(handle: BinaryIO, content: Content) -> None:
    for part in [content] if isinstance(content, bytes) else content:
        handle.write(part)
    handle.flush()
    os.fsync(handle.fileno())


def _unfinished(target: Path, mark: str = PREFIX) -> Path:
    return target.with_name(f"{mark}{target.name}-{uuid.uuid4().hex}")


@contextmanager
def _held(target: Path, make: Callable[[Path], None]) -> Iterator[Path]:
    """Make an unfinished file or folder and hold it, so that no sweeper takes it for an orphan."""
    while True:
        temporary = _unfinished(target)
        make(temporary)
        handle = os.open(temporary, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            hold(handle, target.parent, wait=True)
            if not still_there(handle, temporary):  # a sweeper was faster than the lock
                continue
            yield temporary
            return
        except BaseException:
            _remove(temporary)
            raise
        finally:
            os.close(handle)


def _free(path: Path) -> bool:
    """Say whether nobody is writing this."""
    if path.is_symlink():
        return True
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        return hold(handle, path.parent)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _take_the_place(new: Path, target: Path) -> None:
    if _swapped(new, target):
        sync_folder(target.parent)
        shutil.rmtree(new)
        return
    old = _unfinished(target, OLD)
    target.rename(old)
    try:
        new.rename(target)
    except OSError:
        old.rename(target)
        raise
    sync_folder(target.parent)
    shutil.rmtree(old)


def _swapped(one: Path, other: Path) -> bool:
    """Swap two names in one step; False where the system or the file system cannot."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _SWAP) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP):
        return False
    raise OSError(number, os.strerror(number), str(other))
