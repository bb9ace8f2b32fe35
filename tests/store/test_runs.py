"""A run is written whole, published by one swap and checked when read."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import socket
import subprocess
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_runs import content, flip, model, page

from guilder.errors import ArtefactError, BusyError, RunNotFound, UsageError
from guilder.store.files import PREFIX
from guilder.store.lock import locked
from guilder.store.runs import (
    Run,
    every_run,
    find_run,
    load_run,
    made_before,
    open_run,
    publish,
    rewrite_page,
    tidy,
    to_json,
    write_run,
)
from guilder.store.seal import SEAL, seal_again


def test_what_is_written_is_read(tmp_path: Path) -> None:
    run = write_run(tmp_path / "runs", content(), page)
    for path in (run.path, tmp_path / "runs", tmp_path, tmp_path / "bank.toml"):
        assert load_run(path).id == run.id
    assert run.metrics["risk"]["test"]["auc"] == {"value": 0.8, "low": None, "high": 0.9}
    assert run.model("risk").predict([[3.0]]).tolist() == [1]
    assert run.table("customers")["customer_id"].tolist() == ["1", "2"]
    assert run.report.read_text() == f"<h1>{run.id}</h1>"


def test_the_same_content_gives_the_same_bytes_and_name(tmp_path: Path) -> None:
    one, two = (write_run(tmp_path / name, content(), page) for name in ("a", "b"))
    assert one.id == two.id
    names = [path.relative_to(one.path) for path in sorted(one.path.rglob("*")) if path.is_file()]
    assert len(names) == 8
    assert all((one.path / name).read_bytes() == (two.path / name).read_bytes() for name in names)
    assert write_run(tmp_path / "c", content(seed=1), page).id != one.id


@pytest.mark.parametrize("name", ["models/risk.skops", "metrics.json", "tables/customers.parquet"])
def test_one_flipped_bit_is_an_error_before_anything_is_parsed(tmp_path: Path, name: str) -> None:
    run = write_run(tmp_path, content(), page)
    flip(run.path / name, 8 * (run.path / name).stat().st_size // 2)
    with pytest.raises(ArtefactError, match=name):
        run.checked(name)
    assert made_before(tmp_path, run.id) is None


def test_a_file_that_is_gone_or_was_never_there_is_named(tmp_path: Path) -> None:
    run = write_run(tmp_path, content(), page)
    (run.path / "tables" / "more.parquet").write_bytes(b"")
    with pytest.raises(ArtefactError, match=r"tables/more\.parquet"):
        load_run(tmp_path)
    (run.path / "tables" / "more.parquet").unlink()
    (run.path / "report.html").unlink()
    with pytest.raises(ArtefactError, match=r"report\.html") as caught:
        load_run(tmp_path)
    assert "guilder report" in caught.value.todo


def test_sha256sum_reads_the_seal(tmp_path: Path) -> None:
    run = write_run(tmp_path, content(), page)
    told = subprocess.run(["sha256sum", "--check", SEAL], cwd=run.path, capture_output=True, text=True, check=True)
    assert told.stdout.count(": OK") == 6


def test_a_pointer_out_of_the_folder_of_runs_is_refused(tmp_path: Path) -> None:
    run = write_run(tmp_path / "elsewhere", content(), page)
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "current").symlink_to(run.path)
    with pytest.raises(ArtefactError, match="points out of its folder"):
        load_run(tmp_path)


def test_runs_stand_in_the_order_they_were_made_whatever_the_clock_said(tmp_path: Path) -> None:
    told = [replace(content(seed), journal={"started": f"2025-01-0{9 - seed}"}) for seed in range(3)]
    made = [write_run(tmp_path, each, page) for each in told]
    assert [run.id for run in every_run(tmp_path)] == [run.id for run in made]
    assert [run.journal["number"] for run in made] == [1, 2, 3]


@pytest.mark.parametrize(("package", "then"), [("scikit-learn", "1.2.0"), ("skops", "0.9"), ("numpy", "1.26.4")])
def test_a_model_of_another_library_version_is_refused_by_name(tmp_path: Path, package: str, then: str) -> None:
    made = content()
    made.manifest["packages"][package] = then
    run = write_run(tmp_path, made, page)
    with pytest.raises(ArtefactError, match=f"trained with {package} {then}, and this is {package}"):
        run.model("risk")


def test_a_patch_of_a_library_is_no_other_version(tmp_path: Path) -> None:
    made = content()
    made.manifest["packages"]["scikit-learn"] = ".".join([*version("scikit-learn").split(".")[:2], "99"])
    assert write_run(tmp_path, made, page).model("risk") is not None


def test_a_run_of_another_format_is_refused_by_name(tmp_path: Path) -> None:
    run = write_run(tmp_path, content(), page)
    manifest = json.loads((run.path / "manifest.json").read_text())
    (run.path / "manifest.json").write_text(json.dumps({**manifest, "format": 99}))
    seal_again(run.path)
    with pytest.raises(ArtefactError, match="its format is 99, and this version reads 1"):
        load_run(tmp_path)


def test_a_run_made_before_is_found(tmp_path: Path) -> None:
    run = write_run(tmp_path, content(), page)
    assert made_before(tmp_path, run.id) == load_run(run.path)
    assert made_before(tmp_path, "2025-06-30-0123456789") is None


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunNotFound, match="guilder train"):
        load_run(tmp_path)
    run = write_run(tmp_path, content(), page)
    with pytest.raises(RunNotFound, match="it holds: risk"):
        run.model("offers")
    (run.path / "manifest.json").write_text("{")
    with pytest.raises(ArtefactError, match="manifest"):
        load_run(tmp_path)


def test_json_holds_no_nan(tmp_path: Path) -> None:
    assert json.loads(to_json({"a": [float("inf"), (1, 2)], "b": datetime(2025, 1, 1)})) == {
        "a": [None, [1, 2]], "b": "2025-01-01 00:00:00",
    }  # fmt: skip


def _hold(folder: Path, ready: Any, done: Any) -> None:
    with locked(folder):
        ready.set()
        done.wait(20)


def test_a_second_run_is_told_who_is_at_work(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready, done = spawn.Event(), spawn.Event()
    other = spawn.Process(target=_hold, args=(tmp_path, ready, done))
    other.start()
    try:
        assert ready.wait(20)
        since = rf"process {other.pid} on {socket.gethostname()} since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC"
        with pytest.raises(BusyError, match=since), locked(tmp_path):
            pass
    finally:
        done.set()
        other.join()
    with locked(tmp_path):
        assert f"process {os.getpid()} on " in (tmp_path / ".lock").read_text()


def test_a_lock_is_left_behind_by_nobody(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), locked(tmp_path / "runs"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_lock_of_the_dead_is_taken_over_though_their_number_lives_on(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_text(f"process {os.getppid()} on {socket.gethostname()} since 2025-01-01 00:00:00 UTC")
    with locked(tmp_path):
        assert f"process {os.getpid()} on " in (tmp_path / ".lock").read_text()


def test_a_file_system_without_locks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", none)
    with pytest.raises(UsageError, match="keeps no locks"), locked(tmp_path):
        pass
    with pytest.raises(UsageError, match="keeps no locks"):
        write_run(tmp_path / "runs", content(), page)


def test_json_is_written_one_way() -> None:
    found = to_json({"ž": np.array([1.5, float("nan")]), 1: {"b": True, "a": (None, np.int64(2))}, "p": Path("x")})
    told = '{\n "ž": [\n  1.5,\n  null\n ],\n "1": {\n  "b": true,\n  "a": [\n   null,\n   2\n  ]\n },\n "p": "x"\n}\n'
    assert found.decode() == told


def test_a_run_is_found_by_its_name_whatever_is_published(tmp_path: Path) -> None:
    with pytest.raises(RunNotFound, match="there is no run undated-0123456789 in ") as caught:
        find_run(tmp_path, "undated-0123456789")
    assert caught.value.known == "runs: none"
    one, other = (write_run(tmp_path, content(seed), page) for seed in range(2))
    assert find_run(tmp_path, one.id) == one
    assert load_run(tmp_path) == other
    with pytest.raises(RunNotFound) as caught:
        find_run(tmp_path, "undated-0123456789")
    assert caught.value.known == f"runs: {one.id}, {other.id}"
    (other.path / "metrics.json").write_text("{}")
    assert find_run(tmp_path, other.id).id == other.id
    with pytest.raises(ArtefactError, match=r"metrics\.json"):
        find_run(tmp_path, other.id).verify()
    assert find_run(tmp_path, other.id).verify({"metrics.json"}) == open_run(tmp_path)


def test_a_run_holds_its_document_figures_and_what_it_is_called(tmp_path: Path) -> None:
    made = replace(content(), figures={"roc": np.array([0.0, 1.0])}, models={"risk": model(), "offers": model()})
    run = write_run(tmp_path, made, page, lambda described: f"<h2>{described['seed']}</h2>")
    assert run.figures == {"roc": [0.0, 1.0]}
    assert run.document.read_text() == "<h2>0</h2>"
    assert run.models == ("offers", "risk")
    assert run.path.name == run.id
    assert not write_run(tmp_path, content(1), page).document.exists()
    with pytest.raises(RunNotFound, match=f"run {run.id} holds no nothing") as caught:
        run.checked("nothing")
    assert "metrics.json" in caught.value.known


def test_a_run_is_announced_before_anybody_can_see_it(tmp_path: Path) -> None:
    told: list[str] = []

    def announce(run: Run) -> None:
        assert not (tmp_path / run.id).exists()
        assert run.verify().metrics["risk"]
        told.append(run.id)

    def refuse(run: Run) -> None:
        raise RuntimeError(run.id)

    run = write_run(tmp_path, content(), page, announce=announce, publishing=False)
    assert told == [run.id]
    assert [path.name for path in tmp_path.iterdir()] == [run.id]
    with pytest.raises(RuntimeError):
        write_run(tmp_path, content(1), page, announce=refuse)
    assert [path.name for path in tmp_path.iterdir()] == [run.id]


def test_the_pointer_that_moves_is_announced_and_one_that_does_not_is_not(tmp_path: Path) -> None:
    one, other = (write_run(tmp_path, content(seed), page, publishing=False) for seed in range(2))
    told: list[tuple[str, bool]] = []

    def announce(run: Run) -> None:
        told.append((run.id, (tmp_path / "current").exists() and (tmp_path / "current").readlink() == Path(run.id)))

    for run in (one, one, other, one):
        assert publish(run, announce) == run
        assert load_run(tmp_path) == run
    assert told == [(one.id, False), (other.id, False), (one.id, False)]
    assert not (tmp_path / "segments").is_symlink()


def test_the_last_run_with_segments_is_the_one_that_segments_names(tmp_path: Path) -> None:
    run = write_run(tmp_path, replace(content(), models={"segments": model()}), page)
    later = write_run(tmp_path, content(1), page)
    assert (tmp_path / "segments").readlink() == Path(run.id)
    assert (tmp_path / "current").readlink() == Path(later.id)


def test_what_is_no_whole_run_is_left_out_of_every_run(tmp_path: Path) -> None:
    assert every_run(tmp_path / "none") == []
    one, other, third = (write_run(tmp_path, content(seed), page) for seed in range(3))
    (tmp_path / "notes").mkdir()
    (tmp_path / "undated-0123456789").symlink_to(one.id)
    (tmp_path / "undated-0000000000").mkdir()
    (other.path / "journal.json").write_text("{}")
    assert [run.id for run in every_run(tmp_path)] == [one.id, third.id]


@pytest.mark.parametrize("change", ["changed", "broken", "list", "unsealed", "other bytes", "gone"])
def test_a_journal_that_is_not_what_was_written_is_refused(tmp_path: Path, change: str) -> None:
    run = write_run(tmp_path, content(), page)
    path = run.path / "journal.json"
    written = path.read_text()
    told = {
        "changed": written.replace('"number":1', '"number":2'), "broken": "{", "list": "[]", "unsealed": "{}",
        "other bytes": f" {written}", "gone": "",
    }[change]  # fmt: skip
    assert told != written
    path.write_text(told)
    if change == "gone":
        path.unlink()
    for read in (lambda: run.journal, run.verify):
        with pytest.raises(ArtefactError, match=f"journal.json of run {run.id} is not what was written"):
            read()


def test_what_writers_left_is_tidied_in_every_folder(tmp_path: Path) -> None:
    run = write_run(tmp_path, content(), page)
    number = "0" * 32
    for folder in (tmp_path, run.path):
        (folder / f"{PREFIX}a-{number}").touch()
    (run.path / f"{PREFIX}b-{number}").mkdir()
    assert tidy(tmp_path) == 3
    assert tidy(tmp_path) == 0
    assert load_run(tmp_path) == run


def test_a_page_drawn_anew_is_sealed_anew(tmp_path: Path) -> None:
    run = write_run(tmp_path, content(), page)
    assert rewrite_page(run.report, "<h1>ž</h1>") == run.report
    assert load_run(tmp_path).report.read_text(encoding="utf-8") == "<h1>ž</h1>"


def test_a_manifest_without_its_format_is_refused(tmp_path: Path) -> None:
    run = write_run(tmp_path, content(), page)
    manifest = json.loads((run.path / "manifest.json").read_text())
    del manifest["format"]
    (run.path / "manifest.json").write_text(json.dumps(manifest))
    seal_again(run.path)
    with pytest.raises(ArtefactError, match="KeyError: 'format'"):
        open_run(tmp_path)
