"""Segments keep their ids from run to run; the run before is a cause like any other."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import guilder
from guilder.errors import ArtefactError, UsageError
from guilder.source.bank import Bank
from guilder.store.runs import JOURNAL, Run
from guilder.workflow.migration import migration

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def earlier(bank: Bank) -> Bank:
    return replace(bank, as_of=bank.as_of - timedelta(days=31))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lineage")


@pytest.fixture(scope="module")
def first(earlier: Bank, folder: Path) -> Run:
    return guilder.train(earlier, "segments", out=folder)


@pytest.fixture(scope="module")
def second(bank: Bank, folder: Path, first: Run) -> Run:
    assert first.id
    return guilder.train(bank, "segments", out=folder)


def test_the_next_month_goes_on_from_the_month_before(first: Run, second: Run) -> None:
    named = second.manifest["parameters"]["segments_before"]
    assert named == {"run_id": first.id, "sha256": first.manifest["files"]["models/segments.skops"]}
    identity = second.metrics["segments"]["identity"]
    assert identity["ids"]
    assert set(identity["kept"]) == set(first.metrics["segments"]["identity"]["ids"])
    was, now = (dict(zip(run.model("segments").ids_, run.model("segments").names_, strict=True))
                for run in (first, second))  # fmt: skip
    assert was == now


def test_training_twice_is_the_same_run_though_the_first_is_published(bank: Bank, folder: Path, second: Run) -> None:
    said: list[str] = []
    assert guilder.train(bank, "segments", out=folder, progress=said.append).id == second.id
    assert said == ["these inputs, versions and parameters have a run already"]


def test_the_same_two_months_elsewhere_have_the_same_bytes(
    earlier: Bank, bank: Bank, second: Run, tmp_path: Path
) -> None:
    guilder.train(earlier, "segments", out=tmp_path)
    again = guilder.train(bank, "segments", out=tmp_path)
    assert again.id == second.id
    names = sorted(path.relative_to(second.path) for path in second.path.rglob("*") if path.is_file())
    assert [str(name) for name in names if (second.path / name).read_bytes() != (again.path / name).read_bytes()] == [
        JOURNAL
    ]


def test_a_run_of_another_room_does_not_break_the_line(bank: Bank, folder: Path, second: Run) -> None:
    offers = guilder.train(bank, "offers", out=folder)
    assert offers.models == ("offers",)
    assert "segments_before" not in offers.manifest["parameters"]
    assert guilder.train(bank, "segments", out=folder).id == second.id


def test_segments_that_are_gone_are_not_carried_on_in_silence(
    earlier: Bank, bank: Bank, tmp_path: Path
) -> None:
    run = guilder.train(earlier, "segments", out=tmp_path)
    (run.path / "models" / "segments.skops").write_bytes(b"broken")
    with pytest.raises(ArtefactError, match="cannot be carried on"):
        guilder.train(bank, "segments", out=tmp_path)


def test_customers_who_moved_are_counted_between_two_dates(bank: Bank, second: Run) -> None:
    day = bank.as_of.date()
    found = migration(bank, day - timedelta(days=90), run=second.path)
    assert found.counts.sum() + sum(found.left.values()) > 1000
    assert 0.5 < found.stayed.low < found.stayed.value < 1
    now = second.table("customers").set_index("customer_id")["segment"]
    moved = found.moves.set_index("customer_id")["after"]
    assert (now[moved.index] == moved).all()


@pytest.mark.parametrize("days", [(0, 10), (-1, 0)])
def test_dates_out_of_order_or_of_the_future_are_refused(bank: Bank, second: Run, days: tuple[int, int]) -> None:
    start, end = (bank.as_of.date() - timedelta(days=each) for each in days)
    with pytest.raises(UsageError, match="this bank is known up to"):
        migration(bank, start, end, run=second.path)


def test_a_bank_without_dates_has_no_movement(bank: Bank, second: Run) -> None:
    with pytest.raises(UsageError, match="bank without dates cannot be compared") as refused:
        migration(replace(bank, dated=False), date(2020, 1, 1), run=second.path)
    assert "1970" not in str(refused.value)


def test_the_command_shows_who_moved(bank_folder: Path, run: Run) -> None:
    words = ["segments", "migration", str(bank_folder), "--run", str(run.path), "--from", "2025-03-31"]
    told = subprocess.run(
        [sys.executable, "-m", "guilder.cli", *words, "--json"], capture_output=True, text=True, check=False,
        timeout=300,
    )
    assert told.returncode == 0, told.stderr
    answer = json.loads(told.stdout)
    assert [each["name"] for each in answer["segments"]][: run.metrics["segments"]["k"]] == [
        name for name in run.metrics["segments"]["names"] if name not in ("New", "Dormant", "No bookings")
    ]
    shown = subprocess.run(
        [sys.executable, "-m", "guilder.cli", *words], capture_output=True, text=True, check=False, timeout=300
    )
    assert "stayed where they were" in " ".join(shown.stdout.split())
