"""What was confirmed is there, whatever happens later; what was changed is found."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import signal
import subprocess
import sys
from io import FileIO
from pathlib import Path

import pytest

from guilder.errors import ArtefactError
from guilder.store import append_only
from guilder.store.append_only import Records, add, alone, append, parse, read

KILLED = """
import os, signal, sys
from pathlib import Path
from guilder.store import append_only
real = os.fsync
path = Path(sys.argv[1])
def half_way(handle):
    os.ftruncate(handle, os.fstat(handle).st_size - 40)  # what a power cut leaves of an append
    os.kill(os.getpid(), signal.SIGKILL)
append_only.os.fsync = half_way
append_only.append(path, {"loan_id": "L2", "decision": "approve"})
"""


def test_records_come_back_in_order_and_name_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "decisions" / "overrides.jsonl"
    assert read(path).whole == ()
    made = [append(path, {"loan_id": f"L{place}", "reason": "zażółć\nline"}) for place in range(3)]
    found = read(path)
    assert found.whole == tuple(made)
    assert found.broken == ()
    assert [one["previous"] for one in found.whole] == [None, made[0]["record_id"], made[1]["record_id"]]
    assert path.read_text().count("\n") == 3


def test_overrides_survive_a_kill_in_the_middle_of_an_append(tmp_path: Path) -> None:
    path = tmp_path / "overrides.jsonl"
    before = append(path, {"loan_id": "L1", "decision": "approve"})
    ended = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert not path.read_bytes().endswith(b"\n")
    assert read(path).whole == (before,)
    assert read(path).broken == (2,)
    after = append(path, {"loan_id": "L3", "decision": "refer"})
    assert read(path).whole == (before, after)
    assert read(path).broken == (2,)
    assert after["previous"] == before["record_id"]


def test_a_changed_or_missing_line_is_found_and_nothing_more_is_appended(tmp_path: Path) -> None:
    path = tmp_path / "overrides.jsonl"
    for place in range(3):
        append(path, {"loan_id": f"L{place}", "decision": "approve"})
    whole = path.read_text()
    for forged in (whole.replace("L1", "L9"), "\n".join(whole.splitlines()[1:]) + "\n"):
        path.write_text(forged)
        with pytest.raises(ArtefactError, match="not what was written there"):
            read(path)
        with pytest.raises(ArtefactError, match="not what was written there"):
            append(path, {"loan_id": "L4", "decision": "approve"})
        assert path.read_text() == forged


def _append_ten(path: Path, name: str) -> None:
    for place in range(10):
        append(path, {"loan_id": f"{name}{place}"})


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    path = tmp_path / "overrides.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_append_ten, args=(path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    assert sorted(one["loan_id"] for one in read(path).whole) == sorted(f"{n}{i}" for n in "ab" for i in range(10))
    assert json.loads(path.read_text().splitlines()[0])["previous"] is None


def test_lines_that_are_no_record_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "overrides.jsonl"
    assert read(path) == Records((), ())
    made = append(path, {"loan_id": "L1"})
    line = path.read_bytes()
    path.write_bytes(b"{\n\n" + line + b"[1]\n{")
    assert read(path) == Records((made,), (1, 2, 4, 5))
    assert parse(b"", path) == Records((), ())
    with pytest.raises(ArtefactError, match="line 2 of "):
        parse(line + b"{}\n", path)
    with pytest.raises(ArtefactError, match="line 3 of "):
        parse(line + b"\n" + line, path)  # it is whole, and does not name the one before


@pytest.mark.parametrize(("before", "after"), [("", "a\nb\n"), ("x\n", "x\na\nb\n"), ("x", "x\na\nb\n")])
def test_lines_begin_on_a_line_of_their_own(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "new" / "folder" / "log"
    with alone(path) as handle:
        handle.write(before.encode())
        add(handle, ["a", "b"], path)
    assert path.read_text() == after


class Short(FileIO):
    """A file on a disk that is nearly full."""

    def write(self, data: object, /) -> int:
        return super().write(bytes(data)[:-1])  # type: ignore[call-overload]


def test_a_record_that_is_not_whole_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("x\n")
    with Short(path, "a+") as handle, pytest.raises(OSError, match="no space left for a whole record") as caught:
        add(handle, ["a"], path)
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(path))
    assert path.read_text() == "x\n"


def test_a_line_is_on_disk_and_then_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda handle: told.append(Path(f"/proc/self/fd/{handle}").readlink().name))
    append(tmp_path / "log", {"loan_id": "L1"})
    assert told == ["log", tmp_path.name]


def test_one_writer_is_at_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(append_only.fcntl, "flock", lambda handle, how: asked.append(how))
    with alone(tmp_path / "log") as handle:
        assert handle.name == str(tmp_path / "log")
    assert asked == [append_only.fcntl.LOCK_EX]
