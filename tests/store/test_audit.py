"""Whatever is done to an audit log afterwards, the first entry that is not what was written is named."""

from __future__ import annotations

import errno
import hashlib
import io
import itertools
import json
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guilder.errors import ArtefactError
from guilder.store import append_only, audit
from guilder.store.audit import HEAD, LOG, TAIL, AuditLog, Bad, Head, Verdict

MOMENT = datetime(2025, 7, 1, 9, 30, tzinfo=UTC)
SIZE = 6
EVERY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    made = AuditLog(tmp_path / "audit")
    for place in range(SIZE):
        made.append([{"event": "decision", "loan": f"L{place}\n\u2028ž"}], MOMENT)
    return made


def rewrite(log: AuditLog, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path = log.folder / LOG
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


def named(log: AuditLog, head: Head | None = None) -> int:
    """The number of the first bad entry; an append refuses such a log too, where its end is what was changed."""
    bad = log.verify(head).bad
    assert bad is not None
    return bad.number


def test_entries_are_numbered_chained_and_proven(log: AuditLog) -> None:
    found = log.verify()
    entries = list(log.entries())
    assert found.bad is None
    assert found.head == Head(SIZE, entries[-1]["entry"])
    assert [entry["number"] for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert [entry["previous"] for entry in entries] == ["", *(entry["entry"] for entry in entries[:-1])]
    assert {entry["at"] for entry in entries} == {"2025-07-01T09:30:00.000+00:00"}
    assert json.loads((log.folder / HEAD).read_text()) == found.head.to_dict()


@given(text=st.text(max_size=30))
@EVERY
def test_no_text_begins_a_line_of_its_own(text: str, tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "texts")
    log.append([{"event": "denied", "request": text}])
    content = (log.folder / LOG).read_bytes()
    assert content.isascii()
    assert len(content.decode().splitlines()) == log.verify().head.number  # splits at U+2028, U+0085 and their like too
    assert not any(byte < 32 and byte != 10 for byte in content)
    assert list(log.entries())[-1]["request"] == text


@given(place=st.integers(0, 10**6), byte=st.integers(0, 255))
@EVERY
def test_a_changed_byte_is_named(place: int, byte: int, log: AuditLog) -> None:
    path = log.folder / LOG
    whole = path.read_bytes()
    place %= len(whole)
    changed = whole[:place] + bytes([byte]) + whole[place + 1 :]
    path.write_bytes(changed)
    try:
        if changed == whole:
            assert log.verify().bad is None
        else:
            assert named(log) == whole[:place].count(b"\n") + 1
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize("place", range(SIZE))
def test_a_missing_entry_is_named(place: int, log: AuditLog) -> None:
    rewrite(log, lambda lines: lines[:place] + lines[place + 1 :])
    assert named(log) == place + 1


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(range(SIZE), 2)))
def test_entries_in_another_order_are_named(one: int, other: int, log: AuditLog) -> None:
    def swap(lines: list[bytes]) -> list[bytes]:
        lines[one], lines[other] = lines[other], lines[one]
        return lines

    rewrite(log, swap)
    assert named(log) == one + 1


@pytest.mark.parametrize("kept", range(SIZE))
def test_a_log_cut_short_is_named_and_nothing_is_added_to_it(kept: int, log: AuditLog) -> None:
    rewrite(log, lambda lines: lines[:kept])
    assert named(log) == kept + 1
    before = (log.folder / LOG).read_bytes()
    with pytest.raises(ArtefactError, match="not what was written"):
        log.append([{"event": "decision"}], MOMENT)
    assert (log.folder / LOG).read_bytes() == before


@pytest.mark.parametrize("kept", range(SIZE))
def test_a_log_cut_short_with_its_own_head_is_known_by_an_exported_one(kept: int, log: AuditLog) -> None:
    exported = log.verify().head
    entries = list(log.entries())
    rewrite(log, lambda lines: lines[:kept])
    forged = Head(kept, entries[kept - 1]["entry"] if kept else "")
    (log.folder / HEAD).write_text(json.dumps(forged.to_dict()))
    assert log.verify().bad is None
    assert named(log, exported) == kept + 1


def test_a_log_written_anew_from_some_entry_on_is_known_by_an_exported_head(log: AuditLog) -> None:
    exported = log.verify().head
    rewrite(log, lambda lines: lines[:3])
    third = list(log.entries())[2]
    (log.folder / HEAD).write_text(json.dumps(Head(3, third["entry"]).to_dict()))
    for place in range(4):
        log.append([{"event": "decision", "loan": f"forged {place}"}], MOMENT)
    assert log.verify().bad is None
    assert named(log, exported) == SIZE


def test_a_log_without_its_head_is_named(log: AuditLog) -> None:
    (log.folder / HEAD).unlink()
    assert named(log) == SIZE + 1
    with pytest.raises(ArtefactError, match="not what was written"):
        log.ready()


def test_an_entry_replaced_by_one_with_a_right_digest_is_named(log: AuditLog, tmp_path: Path) -> None:
    other = AuditLog(tmp_path / "other")
    for place in range(SIZE):
        other.append([{"event": "decision", "loan": f"other {place}"}], MOMENT)
    foreign = (other.folder / LOG).read_bytes().splitlines(keepends=True)
    rewrite(log, lambda lines: [*lines[:2], foreign[2], *lines[3:]])
    assert named(log) == 3


def test_what_a_power_cut_left_is_passed_over(log: AuditLog) -> None:
    path = log.folder / LOG
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"entry":"00')
    assert log.verify().bad is None
    after = log.append([{"event": "score"}], MOMENT)
    found = log.verify()
    assert (found.bad, found.head, found.broken) == (None, after, (SIZE + 1,))
    rewrite(log, lambda lines: lines[:2] + lines[3:])
    assert named(log) == 3


def test_a_batch_is_one_write_and_one_fsync_of_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, synced = AuditLog(tmp_path), []
    log.ready()
    real = os.fsync

    def counted(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real(handle)

    monkeypatch.setattr(append_only.os, "fsync", counted)
    log.append([{"event": "suppression", "product": str(place)} for place in range(1000)], MOMENT)
    assert synced.count(LOG) == 1
    assert log.verify().head.number == 1000


def test_the_end_is_found_behind_a_long_entry(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    log.append([{"event": "export", "note": "x" * (3 * TAIL)}], MOMENT)
    log.append([{"event": "export"}], MOMENT)
    assert log.verify().bad is None
    assert log.verify().head.number == 2


def _write_until_full(folder: Path, most: int, told: multiprocessing.Queue[int]) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    log, confirmed = AuditLog(folder), 0
    try:
        for _ in range(100):
            log.append([{"event": "decision"}, {"event": "suppression"}], MOMENT)
            confirmed += 2
    except ArtefactError as refused:
        told.put(confirmed if "cannot be written" in refused.wrong else -1)
        return
    told.put(-2)


@pytest.mark.parametrize("most", [150, 1000, 1777, 3333])
def test_a_full_disk_refuses_and_leaves_what_was_confirmed(most: int, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    writer = context.Process(target=_write_until_full, args=(tmp_path, most, told))
    writer.start()
    confirmed = told.get(timeout=60)
    writer.join(60)
    log = AuditLog(tmp_path)
    found = log.verify()
    assert (found.bad, found.head.number, found.broken) == (None, confirmed, ())
    assert log.append([{"event": "decision"}], MOMENT).number == confirmed + 1


@pytest.mark.parametrize("number", [errno.EROFS, errno.EIO, errno.ENOSPC])
def test_a_failed_fsync_refuses_and_takes_the_entry_back(
    number: int, log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, tries = (log.folder / LOG).read_bytes(), []

    def fails(handle: int) -> None:
        tries.append(handle)
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(append_only.os, "fsync", fails)
        with pytest.raises(ArtefactError, match="cannot be written"):
            log.append([{"event": "decision"}], MOMENT)
    assert len(tries) == 1
    assert (log.folder / LOG).read_bytes() == before
    assert log.append([{"event": "decision"}], MOMENT).number == SIZE + 1


def test_a_folder_that_cannot_be_made_refuses(tmp_path: Path) -> None:
    (tmp_path / "audit").write_text("a file")
    with pytest.raises(ArtefactError, match="cannot be written"):
        AuditLog(tmp_path / "audit").ready()


def _append_ten(folder: Path, name: str) -> None:
    for place in range(10):
        AuditLog(folder).append([{"event": "decision", "loan": f"{name}{place}"}], MOMENT)


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_append_ten, args=(tmp_path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    log = AuditLog(tmp_path)
    assert (log.verify().bad, log.verify().head.number) == (None, 20)
    assert sorted(entry["loan"] for entry in log.entries()) == sorted(f"{n}{i}" for n in "ab" for i in range(10))


def test_a_head_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "head").write_text("[]")
    with pytest.raises(ArtefactError, match="is no head"):
        Head.read(tmp_path / "head")


@pytest.mark.parametrize("found", ["{", "{}", '{"number": "x", "entry": ""}', '{"number": 1}', "1"])
def test_a_head_of_another_kind_is_refused(tmp_path: Path, found: str) -> None:
    (tmp_path / "head").write_text(found)
    with pytest.raises(ArtefactError, match="is no head"):
        Head.read(tmp_path / "head")


def test_a_head_is_read_as_it_was_written(log: AuditLog) -> None:
    head = log.verify().head
    assert (log.folder / HEAD).read_text() == f'{{"entry":"{head.entry}","number":{SIZE}}}\n'
    assert Head.read(log.folder / HEAD) == head


def test_a_log_that_was_never_written_is_empty_and_has_a_head_from_its_start(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit")
    assert log.verify() == Verdict(Head(0, ""))
    assert list(log.entries()) == []
    assert log.append([]) == Head(0, "")
    assert Head.read(log.folder / HEAD) == Head(0, "")
    log.ready()
    assert (log.folder / LOG).read_bytes() == b""
    assert log.append([{"event": "score"}, {"event": "score"}]) == log.verify().head
    assert [(entry["number"], entry["at"]) for entry in log.entries()] == [(1, None), (2, None)]


@pytest.mark.parametrize("ending", [b"", b'{"entry":"00', b"x\n[]\n\n"], ids=["whole", "cut", "broken"])
def test_the_end_is_found_however_much_is_read_at_once(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch, ending: bytes
) -> None:
    with (log.folder / LOG).open("ab") as handle:
        handle.write(ending)
    with (log.folder / LOG).open("rb", buffering=0) as handle:
        for tail in (*range(1, 40), *range(180, 220), 1000, TAIL):
            monkeypatch.setattr(audit, "TAIL", tail)
            found = audit._last(handle)
            assert found is not None
            assert found["number"] == SIZE


def test_the_log_is_read_from_its_end_and_no_further_than_must_be(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    size = (log.folder / LOG).stat().st_size

    class Counted(io.FileIO):
        def read(self, size: int = -1, /) -> bytes:
            read.append(size)
            return super().read(size)

    monkeypatch.setattr(audit, "TAIL", 20)
    with Counted(log.folder / LOG) as handle:
        assert audit._last(handle)
    assert read == [20, 80, 320]
    assert size > 2 * 320
    with Counted(os.devnull) as handle:
        assert audit._last(handle) is None


def test_what_is_broken_stands_between_entries_and_is_counted(log: AuditLog) -> None:
    def broken(lines: list[bytes]) -> list[bytes]:
        return [b"x\n", *lines[:2], b"\n", b"[" * 100_000 + b"\n", *lines[2:], b"[1]\n"]

    entries = list(log.entries())
    rewrite(log, broken)
    assert log.verify() == Verdict(Head(SIZE, entries[-1]["entry"]), None, (1, 4, 5, 10))
    assert list(log.entries()) == entries


def test_the_line_of_the_first_bad_entry_is_named(log: AuditLog) -> None:
    entries = list(log.entries())
    lines = (log.folder / LOG).read_bytes().splitlines(keepends=True)

    def found(*written: bytes) -> Verdict:
        (log.folder / LOG).write_bytes(b"".join(written))
        return log.verify()

    two, four = Head(2, entries[1]["entry"]), Head(4, entries[3]["entry"])
    after = "does not follow entry 2 as it stands: one of the two was replaced"
    for written, bad, broken in (
        ([*lines[:2], lines[2].replace(b"L2", b"L9"), *lines[3:]], Bad(3, 3, "was changed"), ()),
        ([*lines[:2], b"x\n", *lines[3:]], Bad(3, 3, "was changed, and is no entry any more"), (3,)),
        ([*lines[:2], *lines[3:]], Bad(3, 3, "was taken away, or moved (its line holds entry 4)"), ()),
        (
            [*lines[:2], lines[0], *lines[2:]],
            Bad(3, 3, "is not there: an earlier one stands in its place (its line holds entry 1)"), (),
        ),
        ([*lines[:2], sealed({"number": 3, "previous": "0" * 64})], Bad(3, 3, after), ()),
        ([*lines[:2], sealed({"number": "3", "previous": two.entry})], Bad(3, 3, after), ()),
        ([*lines[:2], sealed({"previous": two.entry})], Bad(3, 3, after), ()),
        (lines[:2], Bad(3, 3, "is gone, and so is everything up to entry 6, with which the log ended"), ()),
        (
            [b"x\n", *lines[:2], b"y\n"],
            Bad(3, 4, "is gone, and so is everything up to entry 6, with which the log ended"), (1, 4),
        ),
        (
            [b"x\n", *lines[:2]],
            Bad(3, 4, "is gone, and so is everything up to entry 6, with which the log ended"), (1,),
        ),
    ):  # fmt: skip
        assert found(*written) == Verdict(two, bad, broken)
    head = Head(5, "0" * 64)
    (log.folder / HEAD).write_text(json.dumps(head.to_dict()))
    assert found(*lines) == Verdict(four, Bad(5, 5, "is not the one that a head names"))
    (log.folder / HEAD).unlink()
    told = f"may be gone: there is no {HEAD} to say where the log ends"
    assert found(*lines[:4]) == Verdict(four, Bad(5, 5, told))
    assert found(b"x\n", *lines[:4]) == Verdict(four, Bad(5, 6, told), (1,))


def sealed(content: dict[str, object]) -> bytes:
    """An entry that its own digest proves, whatever it says."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return f'{{"entry":"{hashlib.sha256(text.encode()).hexdigest()}",{text[1:]}\n'.encode()


def proof(line: bytes) -> bool:
    return audit._proven(json.loads(line), line)


def test_an_entry_is_proven_in_the_one_form_in_which_it_was_written() -> None:
    line = sealed({"number": 1, "note": "z"})
    assert proof(line)
    for other in (
        line.replace(b'"z"', b'"y"'), line.replace(b'"z"', '"ž"'.encode()), line.replace(b'"z"', b'"\\u007a"'),
        line.replace(b'{"entry"', b'{ "entry"'), line.replace(b"}\n", b"} \n"), line.replace(b'"1', b'"A'),
        b'{"note":"z","number":1}\n',
    ):  # fmt: skip
        assert other == line or proof(other) is False
    text = '{"number":1,"note":"z"}'  # its digest fits, and Guilder would have put the note first
    assert not proof(f'{{"entry":"{hashlib.sha256(text.encode()).hexdigest()}",{text[1:]}\n'.encode())


@pytest.mark.parametrize("what", ["entry", "head", "head ahead"])
def test_nothing_is_added_to_a_log_whose_end_was_changed(log: AuditLog, what: str) -> None:
    head = log.verify().head
    if what == "entry":
        rewrite(log, lambda lines: [*lines[:-1], lines[-1].replace(b"L5", b"L9")])
    else:
        forged = Head(SIZE, "0" * 64) if what == "head" else Head(SIZE + 1, head.entry)
        (log.folder / HEAD).write_text(json.dumps(forged.to_dict()))
    before = (log.folder / LOG).read_bytes()
    with pytest.raises(ArtefactError, match=r"the end of .*log\.jsonl is not what was written there"):
        log.append([{"event": "decision"}], MOMENT)
    assert (log.folder / LOG).read_bytes() == before


def test_a_head_that_a_power_cut_left_behind_is_caught_up_with(log: AuditLog) -> None:
    entries = list(log.entries())
    (log.folder / HEAD).write_text(json.dumps(Head(SIZE - 1, entries[-2]["entry"]).to_dict()))
    assert log.verify().bad is None
    assert log.append([{"event": "decision"}], MOMENT) == Head.read(log.folder / HEAD) == log.verify().head
    assert log.verify().head.number == SIZE + 1
