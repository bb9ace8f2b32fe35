"""Nothing half-written is ever read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from guilder.store.files import PREFIX, new_folder, point, set_aside, sweep, write_file


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
from guilder.store.files import new_folder

rename, done = Path.rename, []

def killed(path, target):
    done.append(path)
    if len(done) == 2:  # the old folder has made way, the new one has not come
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(path, target)

Path.rename = killed
with new_folder(Path(sys.argv[1]), replace=True) as folder:
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


def test_a_rename_that_fails_leaves_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = tmp_path / "scores"
    with new_folder(scores) as folder:
        (folder / "loans").write_text("old")
    rename = Path.rename

    def fails(path: Path, target: Path) -> Path:
        if target == scores and "old-" not in path.name:
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(OSError, match="Input/output"), new_folder(scores, replace=True) as folder:
        (folder / "loans").write_text("new")
    assert (scores / "loans").read_text() == "old"
    assert list(tmp_path.iterdir()) == [scores]


def test_the_pointer_moves_in_one_step(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        point(tmp_path / "current", name)
        assert (tmp_path / "current").resolve() == tmp_path / name


def test_the_sweeper_removes_only_what_was_left_unfinished(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / f"{PREFIX}run-1").mkdir()
    (tmp_path / f"{PREFIX}run-1" / "a").write_text("1")
    (tmp_path / f"{PREFIX}current-2").symlink_to("run")
    (tmp_path / "replaced").mkdir()
    set_aside(tmp_path / "replaced")
    (tmp_path / "replaced").mkdir()
    assert sweep(tmp_path) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["replaced", "run"]
