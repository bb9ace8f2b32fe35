"""Each write, fsync and rename fails once, in turn, until none is left: what was published is whole each time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tiny_runs import content, page

from guilder.store import append_only, files
from guilder.store.files import PREFIX, new_folder, put, write_file
from guilder.store.runs import Run, load_run, rewrite_page, tidy, write_run

MOST = 200
"""More calls than any of these makes: the loop ends because a run passed, never because it was tired."""


@dataclass
class Faults:
    """The calls that can fail, counted; the n-th does."""

    fails: int = 0
    error: OSError = field(default_factory=lambda: OSError(28, "No space left on device"))
    calls: list[str] = field(default_factory=list)

    def before(self, name: str) -> None:
        self.calls.append(name)
        if len(self.calls) == self.fails:
            raise self.error


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Faults:
    """Stand between the store and the system."""
    counted = Faults()

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **named: Any) -> Any:
            if not (name == "mkdir" and Path(words[0]).is_dir()):  # which asks only whether it is there
                counted.before(name)
            return real(*words, **named)

        return call

    for name in ("fsync", "rename", "replace", "symlink", "mkdir"):
        monkeypatch.setattr(os, name, wrapped(name, getattr(os, name)))
    monkeypatch.setattr(files, "_fill", wrapped("write", files._fill))
    monkeypatch.setattr(files, "_swapped", wrapped("swap", files._swapped))
    return counted


def nothing_unfinished(folder: Path) -> bool:
    return not list(folder.rglob(f"{PREFIX}*"))


def until_it_passes(faults: Faults, attempt: Callable[[], Any], check: Callable[[], None]) -> set[str]:
    """Let the first call fail, then the second, until none is left; look after each, and say which kinds failed."""
    failed = set()
    for number in range(1, MOST):
        faults.fails, faults.calls = number, []
        try:
            attempt()
        except OSError:
            failed.add(faults.calls[number - 1])
            faults.fails = 0
            check()
            continue
        assert len(faults.calls) < number, "a call failed and nobody was told"
        faults.fails = 0
        return failed
    raise AssertionError(f"it makes {MOST} calls or more")


@pytest.mark.parametrize("error", [OSError(28, "No space left"), OSError(5, "Input/output error"),
                                   OSError(18, "Invalid cross-device link"), OSError(30, "Read-only file system"),
                                   OSError(122, "Disk quota exceeded")], ids=lambda error: error.strerror)
def test_the_published_run_is_whole_whatever_fails(tmp_path: Path, faults: Faults, error: OSError) -> None:
    faults.error = error
    first = write_run(tmp_path, content(1), page)

    def whole() -> None:
        assert load_run(tmp_path).id in (first.id, content(2).manifest["run_id"])
        assert load_run(first.path).metrics == first.metrics
        tidy(tmp_path)
        assert nothing_unfinished(tmp_path)

    failed = until_it_passes(faults, lambda: write_run(tmp_path, content(2), page), whole)
    assert {"write", "fsync", "rename", "replace", "symlink", "mkdir"} <= failed
    assert load_run(tmp_path).id == content(2).manifest["run_id"]


def test_a_run_made_again_in_the_place_of_a_broken_one(tmp_path: Path, faults: Faults) -> None:
    run = write_run(tmp_path, content(), page)
    (run.path / "metrics.json").write_bytes(b"broken")
    attempts: list[Run] = []

    def other_is_untouched() -> None:
        tidy(tmp_path)
        assert nothing_unfinished(tmp_path)
        assert run.path.is_dir()

    failed = until_it_passes(faults, lambda: attempts.append(write_run(tmp_path, content(), page)), other_is_untouched)
    assert "swap" in failed
    assert load_run(tmp_path).metrics == attempts[0].metrics


def test_a_page_drawn_anew_is_the_old_or_the_new(tmp_path: Path, faults: Faults) -> None:
    run = write_run(tmp_path, content(), page)

    def old_or_new() -> None:
        assert run.report.read_text() in (page(run.manifest), "new")
        assert run.metrics["risk"]["test"]["auc"]["value"] == 0.8
        tidy(tmp_path)
        assert nothing_unfinished(tmp_path)

    until_it_passes(faults, lambda: rewrite_page(run.report, "new"), old_or_new)
    assert load_run(tmp_path).report.read_text() == "new"


@pytest.mark.parametrize("swaps", [True, False], ids=["one step", "two renames"])
def test_a_folder_of_scores_is_the_old_or_the_new(
    tmp_path: Path, faults: Faults, monkeypatch: pytest.MonkeyPatch, swaps: bool
) -> None:
    if not swaps:
        monkeypatch.setattr(files, "_swapped", lambda one, other: False)
    scores = tmp_path / "scores"

    def write(text: str) -> None:
        with new_folder(scores, replace=True) as folder:
            for name in ("loans", "customers"):
                put(folder / name, text.encode())

    def one_of_them() -> None:
        files.sweep(tmp_path, "scores")
        assert nothing_unfinished(tmp_path)
        assert {path.read_text() for path in scores.iterdir()} in ({"old"}, {"new"})
        write("old")

    write("old")
    until_it_passes(faults, lambda: write("new"), one_of_them)
    assert {path.read_text() for path in scores.iterdir()} == {"new"}


def test_a_file_is_the_old_or_the_new(tmp_path: Path, faults: Faults) -> None:
    path = tmp_path / "campaign.csv"
    write_file(path, b"old")

    def one_of_them() -> None:
        assert path.read_bytes() in (b"old", b"new")
        assert [found.name for found in tmp_path.iterdir()] == ["campaign.csv"]

    until_it_passes(faults, lambda: write_file(path, b"new"), one_of_them)
    assert path.read_bytes() == b"new"


def test_an_append_that_fails_is_not_confirmed_and_what_was_confirmed_stays(tmp_path: Path, faults: Faults) -> None:
    path = tmp_path / "overrides.jsonl"
    kept = [append_only.append(path, {"loan_id": "L0"})]

    def nothing_lost() -> None:
        found = append_only.read(path).whole
        assert list(found[: len(kept)]) == kept
        kept[:] = found

    until_it_passes(faults, lambda: kept.append(append_only.append(path, {"loan_id": "L1"})), nothing_lost)
    assert list(append_only.read(path).whole) == kept


def test_an_fsync_that_failed_is_never_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen, failed = os.fsync, [], []

    def once(handle: int) -> None:
        seen.append(os.fstat(handle).st_ino)
        if len(seen) == 3:
            failed.append(seen[-1])
            raise OSError(5, "Input/output error")
        real(handle)

    monkeypatch.setattr(os, "fsync", once)
    with pytest.raises(OSError, match="Input/output"):
        write_run(tmp_path, content(), page)
    assert seen.count(failed[0]) == 1
    assert seen[-1] == failed[0], "nothing more was written after it"
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from tiny_runs import content, page
from guilder.store import files
from guilder.store.runs import write_run

left = int(sys.argv[2])
def wrapped(real):
    def call(*words, **named):
        global left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*words, **named)
    return call
made = content(2)
for name in ("fsync", "rename", "replace", "symlink", "mkdir"):
    setattr(os, name, wrapped(getattr(os, name)))
files._fill = wrapped(files._fill)
write_run(Path(sys.argv[1]), made, page)
"""


@pytest.mark.parametrize("number", [1, 9, pytest.param(0, marks=pytest.mark.slow)])
def test_a_kill_at_each_step_of_a_write_leaves_the_published_run(tmp_path: Path, number: int) -> None:
    first = write_run(tmp_path, content(1), page)
    ended, killed = -signal.SIGKILL, 0
    for step in [number] if number else range(1, MOST):
        words = [sys.executable, "-c", KILLED, str(tmp_path), str(step), str(Path(__file__).parent)]
        ended = subprocess.run(words, check=False).returncode
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
        killed += 1
        assert load_run(tmp_path).id in (first.id, content(2).manifest["run_id"])
        load_run(first.path)
        tidy(tmp_path)
        assert nothing_unfinished(tmp_path)
    assert ended == (0 if number == 0 else -signal.SIGKILL)
    assert killed > 0
