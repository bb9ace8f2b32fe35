"""A checkpoint goes when its question is answered, whatever its causes were; others wait, but not for ever."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pandas as pd

from guilder.workflow.checkpoint import FOLDER, FORGOTTEN_AFTER, Checkpoint, checkpoint

ASKED, OTHER = "a" * 64, "b" * 64


def begin(kept: Checkpoint) -> Path:
    kept.tables("loans", lambda: {"loans": pd.DataFrame({"loan_id": ["L1"]})})
    return kept.folder


def test_an_answered_question_is_forgotten_under_all_its_causes(tmp_path: Path) -> None:
    before, again, other, unasked = (
        begin(checkpoint(tmp_path, run, key))
        for run, key in (("r1", ASKED), ("r2", ASKED), ("r3", OTHER), ("r4", None))
    )
    assert len({before, again, other, unasked}) == 4
    checkpoint(tmp_path, "r2", ASKED).done()
    assert [path.is_dir() for path in (before, again, other, unasked)] == [False, False, True, True]
    checkpoint(tmp_path, "r4").done()
    assert other.is_dir(), "a run without a question forgets its own only"
    checkpoint(tmp_path, "r3", OTHER).done()
    assert not (tmp_path / FOLDER).exists()


def test_what_was_kept_is_not_made_again(tmp_path: Path) -> None:
    begin(checkpoint(tmp_path, "r1", ASKED))
    found = checkpoint(tmp_path, "r1", ASKED).tables("loans", dict)
    assert found["loans"]["loan_id"].tolist() == ["L1"]


def test_what_nobody_asks_for_is_forgotten_after_a_week(tmp_path: Path) -> None:
    long_ago, lately = begin(checkpoint(tmp_path, "r1", ASKED)), begin(checkpoint(tmp_path, "r2", OTHER))
    then = time.time() - FORGOTTEN_AFTER - 60
    os.utime(long_ago, (then, then))
    checkpoint(tmp_path, "r3")
    assert (long_ago.is_dir(), lately.is_dir()) == (False, True)
