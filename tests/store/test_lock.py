"""One at a time, and nothing of a lock stays behind."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from guilder.errors import BusyError
from guilder.store import lock
from guilder.store.lock import LOCK, hold, locked, still_there


def test_a_folder_that_the_lock_made_goes_with_it_unless_something_was_written(tmp_path: Path) -> None:
    runs = tmp_path / "bank" / "out" / "runs"
    with locked(runs):
        assert [path.name for path in runs.iterdir()] == [LOCK]
    assert not runs.exists()
    with locked(runs):
        (runs / "run").write_text("1")
    assert [path.name for path in runs.iterdir()] == ["run"]


def test_an_empty_folder_that_was_there_stays(tmp_path: Path) -> None:
    with locked(tmp_path, "other"):
        assert [path.name for path in tmp_path.iterdir()] == ["other"]
    assert list(tmp_path.iterdir()) == []


def test_a_second_holder_is_refused_at_once_and_the_first_keeps_its_lock(tmp_path: Path) -> None:
    with locked(tmp_path):
        told = (tmp_path / LOCK).read_text()
        with pytest.raises(BusyError, match="at work") as caught, locked(tmp_path):
            pass
        assert caught.value.known == f"it is {told}"
        (tmp_path / LOCK).write_text("")
        with pytest.raises(BusyError, match="it is unknown"), locked(tmp_path):
            pass
        assert (tmp_path / LOCK).exists()
    with locked(tmp_path):
        pass


def test_what_a_dead_holder_wrote_is_written_over(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text("process 1 on somewhere")
    with locked(tmp_path):
        told = (tmp_path / LOCK).read_text()
    assert told.startswith(f"process {os.getpid()} on ")
    assert told.count("process") == 1


def test_a_folder_that_goes_away_with_another_run_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, taken = Path.open, []

    def goes_away_once(path: Path, mode: str) -> object:
        if not taken:
            taken.append(path)
            path.parent.rmdir()
        return real(path, mode)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", goes_away_once)
        held = locked(tmp_path / "runs")
        held.__enter__()
    assert taken == [tmp_path / "runs" / LOCK]
    assert taken[0].is_file()
    held.__exit__(None, None, None)


def test_a_lock_whose_file_the_holder_before_took_away_is_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Path] = []

    def too_late_once(handle: int, where: Path) -> bool:
        if not taken:
            taken.append(where)
            (where / LOCK).unlink()
        return hold(handle, where)

    monkeypatch.setattr(lock, "hold", too_late_once)
    with locked(tmp_path):
        assert (tmp_path / LOCK).read_text().startswith(f"process {os.getpid()}")
        with pytest.raises(BusyError), locked(tmp_path):
            pass
    assert taken == [tmp_path]


def test_a_hold_ends_with_its_handle(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    with path.open() as one, path.open() as other:
        assert hold(one.fileno(), tmp_path)
        assert not hold(other.fileno(), tmp_path)
        one.close()
        assert hold(other.fileno(), tmp_path)


def test_only_who_waits_is_made_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(fcntl, "flock", lambda handle, how: asked.append(how))
    assert hold(0, tmp_path)
    assert hold(0, tmp_path, wait=True)
    assert asked == [fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_EX]


def test_a_path_is_still_there_only_while_it_is_the_file_that_was_opened(tmp_path: Path) -> None:
    path, other = tmp_path / "a", tmp_path / "b"
    path.touch()
    other.touch()
    with path.open() as handle:
        number = handle.fileno()
        assert still_there(number, path)
        assert still_there(number, other) is False
        path.rename(tmp_path / "c")
        assert still_there(number, path) is False
        path.symlink_to("c")
        assert still_there(number, path) is False
