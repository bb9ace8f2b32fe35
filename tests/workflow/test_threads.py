"""One thread or two, once or twice: the same scores, byte for byte."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from guilder.workflow.crash import made_up

POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def guilder_does(words: list[str], threads: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "guilder.cli", *words], capture_output=True, text=True, check=False,
        env={**os.environ, **dict.fromkeys(POOLS, str(threads))},
    )
    assert done.returncode == 0, done.stderr


def scored_with(folder: Path, threads: int) -> dict[str, str]:
    """Train and score a made-up bank, and digest what that gave but what tells of the number of threads itself."""
    made_up(folder)
    with (folder / "bank.toml").open("a") as file:
        file.write(f"\n[engine]\nthreads = {threads}\n")
    guilder_does(["train", str(folder)], threads)
    guilder_does(["score", str(folder), "--out", str(folder / "scores")], threads)
    run = (folder / "runs" / "current").resolve()
    files = [*run.glob("models/*"), *(folder / "scores").glob("[lco]*.parquet"), run / "metrics.json"]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.slow
def test_threads_and_a_second_time_change_no_byte(tmp_path: Path) -> None:
    found = [scored_with(tmp_path / name, threads) for name, threads in (("one", 1), ("two", 2), ("again", 2))]
    assert len(found[0]) == 7
    assert found[0] == found[1]
    assert found[1] == found[2]
