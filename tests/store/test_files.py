"""Nothing half-written is ever read."""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from guilder.store import files
from guilder.store.files import (
    OLD,
    PREFIX,
    new_files,
    new_folder,
    point,
    put,
    remove_folder,
    sweep,
    sync_folder,
    write_file,
)


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "metrics.json"
    write_file(path, b"old")
    write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "metrics.json"
    write_file(path, b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with new_folder(tmp_path / "run") as folder:
        (folder / "a").write_text("1")
        assert not (tmp_path / "run").exists()
    assert (tmp_path / "run" / "a").read_text() == "1"


def test_an_interrupted_folder_vanishes(tmp_path: Path) -> None:
    def interrupted() -> None:
        with new_folder(tmp_path / "other") as folder:
            (folder / "a").write_text("1")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from guilder.store import files

real, done = os.rename, []

def killed(path, target):
    done.append(path)
    if len(done) == 2:  # the old folder has made way, the new one has not come
        os.kill(os.getpid(), signal.SIGKILL)
    return real(path, target)

os.rename = killed
files._swapped = lambda one, other: False  # a system without renameat2
with files.new_folder(Path(sys.argv[1]), replace=True) as folder:
    (folder / "loans").write_text("new")
"""


@pytest.mark.parametrize("next_start", ["sweeper", "writer"])
def test_a_kill_between_two_renames_loses_nothing(tmp_path: Path, next_start: str) -> None:
    scores = tmp_path / "scores [1]"
    with new_folder(scores) as folder:
        (folder / "loans").write_text("old")
    ended = subprocess.run([sys.executable, "-c", KILLED, str(scores)], check=False)
    assert ended.returncode == -9
    assert not scores.exists()
    if next_start == "sweeper":
        sweep(tmp_path)
        assert list(tmp_path.iterdir()) == [scores]
    else:
        with pytest.raises(RuntimeError), new_folder(scores, replace=True):
            raise RuntimeError
    assert (scores / "loans").read_text() == "old"


@pytest.mark.parametrize("swaps", [True, False], ids=["one step", "two renames"])
def test_a_folder_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swaps: bool
) -> None:
    if not swaps:
        monkeypatch.setattr(files, "_swapped", lambda one, other: False)
    scores = tmp_path / "scores"
    for text in ("old", "new"):
        with new_folder(scores, replace=True) as folder:
            put(folder / "loans", text.encode())
            assert not scores.exists() or (scores / "loans").read_text() == "old"
    assert (scores / "loans").read_text() == "new"
    assert list(tmp_path.iterdir()) == [scores]


def test_a_rename_that_fails_leaves_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = tmp_path / "scores"
    with new_folder(scores) as folder:
        put(folder / "loans", b"old")
    rename = os.rename

    def fails(path: Path, target: Path) -> None:
        if target == scores and "old-" not in path.name:
            raise OSError(5, "Input/output error")
        rename(path, target)

    monkeypatch.setattr(files, "_swapped", lambda one, other: False)
    monkeypatch.setattr(os, "rename", fails)
    with pytest.raises(OSError, match="Input/output"), new_folder(scores, replace=True) as folder:
        put(folder / "loans", b"new")
    assert (scores / "loans").read_text() == "old"
    assert list(tmp_path.iterdir()) == [scores]


def test_the_pointer_moves_in_one_step(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        point(tmp_path / "current", name)
        assert (tmp_path / "current").resolve() == tmp_path / name


def test_the_sweeper_removes_only_what_was_left_unfinished(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    number = "0" * 32
    (tmp_path / f"{PREFIX}run-{number}").mkdir()
    (tmp_path / f"{PREFIX}run-{number}" / "a").write_text("1")
    (tmp_path / f"{PREFIX}current-{number}").symlink_to("run")
    (tmp_path / f"{OLD}run-{number}").mkdir()
    (tmp_path / f"{PREFIX}run.csv-{number}").write_text("half")
    assert sweep(tmp_path, "run.csv") == 1
    assert sweep(tmp_path) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_what_is_being_written_is_no_orphan(tmp_path: Path) -> None:
    with new_folder(tmp_path / "run") as folder:
        put(folder / "a", b"1")
        assert sweep(tmp_path) == 0
    assert (tmp_path / "run" / "a").read_bytes() == b"1"


def test_a_writer_that_a_sweeper_overtook_begins_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold, swept = files.hold, []

    def overtaken(handle: int, where: Path, *, wait: bool = False) -> bool:
        if not swept:
            swept.append(sum(not path.unlink() for path in tmp_path.glob(f"{PREFIX}*")))
        return hold(handle, where, wait=wait)

    monkeypatch.setattr(files, "hold", overtaken)
    write_file(tmp_path / "a", b"1")
    assert swept == [1]
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"1")]


def make_folder(target: Path) -> None:
    with new_folder(target, replace=True) as folder:
        (folder / "models").mkdir()
        put(folder / "models" / "risk", b"1")


def make_files(target: Path) -> None:
    with new_files(target, "last") as folder:
        (folder / "models").mkdir()
        for name in ("last", "models/risk"):
            put(folder / name, b"1")


@pytest.mark.parametrize("make", [make_folder, make_files])
def test_folders_above_are_made(tmp_path: Path, make: Callable[[Path], None]) -> None:
    target = tmp_path / "bank" / "out" / "run"
    for _ in range(2):
        make(target)
        assert (target / "models" / "risk").read_bytes() == b"1"
        assert list(target.parent.iterdir()) == [target]
    assert {path.name for path in target.iterdir()} <= {"last", "models"}


def test_new_files_stand_beside_others(tmp_path: Path) -> None:
    make_files(tmp_path)
    (tmp_path / "notes").write_text("mine")
    with new_files(tmp_path, "last") as folder:
        put(folder / "last", b"2")
        (folder / "models").mkdir()
        assert (tmp_path / "last").read_bytes() == b"1"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == {
        "last": b"2", "notes": b"mine",
    }  # fmt: skip
    assert list((tmp_path / "models").iterdir()) == []


def remove(target: Path) -> None:
    make_folder(target)
    remove_folder(target)


@pytest.mark.parametrize(
    ("write", "steps"),
    [
        (lambda target: put(target, b"1"), "sync target"),
        (lambda target: write_file(target, [b"1", b"2"]), "sync new, target appears, sync above"),
        (lambda target: point(target, "one"), "target appears, sync above"),
        (make_folder, "sync risk, sync models, sync new, target appears, sync above"),
        (remove, "sync risk, sync models, sync new, target appears, sync above, target goes, sync above"),
        (
            make_files,
            "sync last, sync risk, sync last, sync models, sync risk, sync new, sync target, "
            "models appears, last appears, sync target",
        ),
    ],
    ids=["put", "write_file", "point", "new_folder", "remove_folder", "new_files"],
)
def test_what_appears_is_on_disk_before_and_its_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None], steps: str
) -> None:
    told: list[str] = []
    fsync, above = os.fsync, tmp_path.name

    def name_of(path: str | Path) -> str:
        name = Path(path).name
        return "new" if name.startswith(PREFIX) else "above" if name == above else name

    def synced(handle: int) -> None:
        told.append(f"sync {name_of(os.readlink(f'/proc/self/fd/{handle}'))}")  # noqa: PTH115
        fsync(handle)

    def moves(real: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
        def moved(path: Path, target: Path) -> None:
            goes = name_of(target) == "new"
            told.append(f"{name_of(path)} goes" if goes else f"{name_of(target)} appears")
            real(path, target)

        return moved

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "rename", moves(os.rename))
    monkeypatch.setattr(os, "replace", moves(os.replace))
    write(tmp_path / "target")
    assert ", ".join(told) == steps
    assert not list(tmp_path.rglob(f"{PREFIX}*"))


@pytest.mark.parametrize("swaps", [True, False], ids=["one step", "two renames"])
def test_the_older_folder_goes_only_when_the_newer_is_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swaps: bool
) -> None:
    target, told = tmp_path / "run", []
    make_folder(target)
    if not swaps:
        monkeypatch.setattr(files, "_swapped", lambda one, other: False)
    rmtree = files.shutil.rmtree

    def removed(path: Path) -> None:
        told.append("gone")
        rmtree(path)

    monkeypatch.setattr(files, "sync_folder", lambda folder: told.append(folder.name))
    monkeypatch.setattr(files.shutil, "rmtree", removed)
    make_folder(target)
    assert told[-3:] == [tmp_path.name, "gone", tmp_path.name]
    assert list(tmp_path.iterdir()) == [target]


def test_no_handle_stays_open(tmp_path: Path) -> None:
    def opened() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    (tmp_path / f"{PREFIX}a-{'0' * 32}").touch()
    before = opened()
    sweep(tmp_path)
    sync_folder(tmp_path)
    write_file(tmp_path / "a", b"1")
    make_folder(tmp_path / "run")
    assert opened() == before


def test_a_pointer_that_cannot_move_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    with pytest.raises(IsADirectoryError):
        point(tmp_path / "current", "one")
    assert [path.name for path in tmp_path.iterdir()] == ["current"]
    assert (tmp_path / "current").is_dir()


def test_what_went_away_before_the_sweeper_came_is_not_its_own(tmp_path: Path) -> None:
    assert files._free(tmp_path / "gone") is False
    files._remove(tmp_path / "gone")
    (tmp_path / "link").symlink_to("gone")
    assert files._free(tmp_path / "link") is True


def test_a_link_put_in_the_place_of_an_unfinished_file_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.touch()
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)), files._held(
        tmp_path / "a", lambda name: name.symlink_to(other)
    ):
        pass
    (tmp_path / "link").symlink_to(other)
    monkeypatch.setattr(Path, "is_symlink", lambda path: False)  # it is put there just afterwards
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        files._free(tmp_path / "link")


def test_a_writer_waits_for_the_sweeper_that_looks_at_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(files, "hold", lambda handle, where, wait=False: not asked.append(wait))
    write_file(tmp_path / "a", b"1")
    assert asked == [True]


def test_two_names_are_swapped(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    make_folder(one)
    other.write_bytes(b"2")
    assert files._swapped(one, other) is True
    assert (one.read_bytes(), (other / "models" / "risk").read_bytes()) == (b"2", b"1")
    with pytest.raises(FileNotFoundError, match="gone"):
        files._swapped(one, tmp_path / "gone")


def system(monkeypatch: pytest.MonkeyPatch, number: int, **calls: object) -> None:
    """Stand for the C library of another system."""
    monkeypatch.setattr(ctypes, "CDLL", lambda name, use_errno=False: SimpleNamespace(**calls))
    monkeypatch.setattr(ctypes, "get_errno", lambda: number)


def test_a_system_without_the_call_swaps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system(monkeypatch, errno.EIO)
    assert files._swapped(tmp_path / "one", tmp_path / "other") is False


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_file_system_that_cannot_swap_makes_do_with_two_renames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    asked: list[tuple[object, ...]] = []

    def cannot(*words: object) -> int:
        asked.append(words)
        return -1

    target = tmp_path / "run"
    make_folder(target)
    (target / "old").touch()
    system(monkeypatch, number, renameat2=cannot)
    make_folder(target)
    assert [path.name for path in target.iterdir()] == ["models"]
    assert list(tmp_path.iterdir()) == [target]
    ((here, _, there, name, flags),) = asked
    assert (here, there, name, flags) == (-100, -100, os.fsencode(target), 2)  # AT_FDCWD, RENAME_EXCHANGE


@pytest.mark.parametrize("number", [errno.EIO, errno.EPERM])
def test_a_swap_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    system(monkeypatch, number, renameat2=lambda *words: -1)
    with pytest.raises(OSError, match=os.strerror(number)) as caught:
        files._swapped(tmp_path / "one", tmp_path / "other")
    assert (caught.value.errno, caught.value.filename) == (number, str(tmp_path / "other"))


def test_the_digest_is_that_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert files.sha256(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    with pytest.raises(FileExistsError):
        put(tmp_path / "a", b"")
