"""A search within a budget: times as they are typed, and a ledger on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from guilder.errors import UsageError
from guilder.workflow.search import Ledger, search_within, seconds_of


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("90s", 90), ("2m", 120), ("1.5h", 5400), ("0", 0)])
def test_times_are_read(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "-1s", "soon", "nan", "inf", "2d"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no time"):
        seconds_of(text)


def test_the_ledger_is_on_disk_after_each_find_and_survives_a_broken_file(tmp_path: Path) -> None:
    file = tmp_path / ".search" / "run.json"
    ledger = Ledger(file)
    ledger["a"] = 0.25
    assert dict(Ledger(file)) == {"a": 0.25}
    ledger["b"] = 0.5
    assert dict(Ledger(file)) == {"a": 0.25, "b": 0.5}
    file.write_text('{"a": 0.2')
    assert dict(Ledger(file)) == {}


def test_no_time_is_no_search(tmp_path: Path) -> None:
    assert search_within(0, tmp_path / "x.json") is None
    search = search_within(60, tmp_path / "x.json")
    assert search is not None
    assert search.goes_on()
