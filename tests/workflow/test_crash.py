"""Commands killed at random moments lose nothing; a loop that looks for losses finds those that are planted."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from tiny_runs import content, flip, page

from guilder.store.append_only import append
from guilder.store.files import PREFIX, new_folder, put
from guilder.store.runs import write_run
from guilder.store.seal import seal
from guilder.workflow.crash import Crashed, _Loop, _unlike, crash
from guilder.workflow.decide import OVERRIDES


@pytest.mark.slow
def test_a_resumed_training_has_the_bytes_of_the_uninterrupted_one(tmp_path: Path) -> None:
    found = crash(tmp_path, 0, resumes=1)
    assert found.ok, found.lines()
    assert found.resumed == 1


@pytest.mark.slow
def test_kills_lose_nothing(tmp_path: Path) -> None:
    found = crash(tmp_path, 21, resumes=3)
    assert found.ok, found.lines()
    assert found.kills.total() == 21
    assert min(found.kills.values()) == 2


@pytest.fixture
def loop(tmp_path: Path) -> _Loop:
    """Look after a bank where all is well."""
    run = write_run(tmp_path / "bank" / "runs", content(), page)
    with new_folder(tmp_path / "scores") as folder:
        put(folder / "loans.parquet", b"scores")
        seal(folder)
    kept = append(tmp_path / "bank" / OVERRIDES, {"loan_id": "L1"})
    (tmp_path / "imported").mkdir()
    (tmp_path / "imported" / "bank.toml").write_text("name")
    (tmp_path / "copy.html").write_text("<html></html>")
    (tmp_path / "certificate.json").write_text("{}")
    loop = _Loop(
        tmp_path, random.Random(0), Crashed(), current=run.id, overrides=[kept["record_id"]],
        certificates=[tmp_path / "certificate.json"],
    )
    loop._look("check")
    loop._no_orphans("now", waiting=False)
    assert loop.found.ok, loop.found.lines()
    return loop


def test_what_is_torn_is_found(loop: _Loop) -> None:
    flip(loop.folder / "scores" / "loans.parquet", 3)
    (loop.folder / "copy.html").write_text("<html>")
    (loop.folder / "imported" / "bank.toml").write_text("na")
    loop._look("check")
    assert len(loop.found.torn) == 3
    flip(next((loop.bank / "runs").glob("*/models/risk.skops")), 9)
    loop._look("check")
    assert any(what.startswith("the published run") for what in loop.found.torn)
    assert not loop.found.ok


def test_what_is_lost_is_found(loop: _Loop) -> None:
    (loop.bank / OVERRIDES).write_text("")
    write_run(loop.bank / "runs", content(2), page)
    (loop.folder / "certificate.json").unlink()
    loop._look("score")
    assert len(loop.found.lost) == 3
    assert "3 acknowledged losses" in loop.found.lines()[0]


def test_an_erasure_that_did_not_take_is_found(loop: _Loop) -> None:
    place = loop.folder / "scores"
    pd.DataFrame({"customer_id": ["C1", "C2"]}).to_parquet(place / "loans.parquet")
    said = {"certificate": str(loop.folder / "certificate.json"), "places": [{"where": str(place), "done": "erased"}]}
    loop._acknowledge("erase", ["erase", "C3"], said)
    assert loop.found.ok
    loop._acknowledge("erase", ["erase", "C2"], said)
    assert loop.found.lost == [f"the erasure in {place}"]


@pytest.mark.parametrize("name", [f"{PREFIX}a", "runs/.lock", ".scores.checkpoint", "runs/.checkpoints"])
def test_what_is_left_behind_is_found(loop: _Loop, name: str) -> None:
    (loop.folder / name).mkdir(parents=True)
    loop._no_orphans("now", waiting=False)
    assert len(loop.found.orphans) == 1


def test_files_that_differ_are_named(tmp_path: Path) -> None:
    one, two = (write_run(tmp_path / name, content(), page) for name in "ab")
    assert _unlike(one.path, two.path) == []
    flip(two.path / "metrics.json", 1)
    (two.path / "report.html").unlink()
    assert _unlike(one.path, two.path) == ["metrics.json", "report.html"]
