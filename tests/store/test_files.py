"""Nothing half-written is ever read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guilder.store import files
from guilder.store.files import OLD, PREFIX, new_folder, point, put, sweep, write_file


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
