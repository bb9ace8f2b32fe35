"""Check banks whose only file is hostile, one process each: python -m benchmarks hostile [SECONDS [MEGABYTES]].

Seconds are of the processor, since on a busy machine those of the clock say how busy it is; both are shown.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks._hostile import HOSTILE, Maker

WORDS = (sys.executable, "-m", "guilder.cli", "check")


def checked(folder: Path) -> tuple[int, str, float, float, float]:
    """Check a bank: exit code, id of the error, seconds on the clock and of the processor, megabytes at the most."""
    began = time.monotonic()
    process = subprocess.Popen([*WORDS, str(folder), "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    found = next((json.loads(line) for line in said.splitlines() if line.startswith("{")), {})
    seconds = time.monotonic() - began
    return process.returncode, found.get("id", ""), seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def made_apart(make: Maker, path: Path) -> Path:
    """Make a file in a process of its own: what a process has held counts as held by those that it starts."""
    process = multiprocessing.get_context("fork").Process(target=make, args=[path])
    process.start()
    process.join()
    return next(path.parent.iterdir())


def main(most_seconds: float = 2.0, most_megabytes: float = 300.0) -> int:
    refused, in_time, slow, large = 0, 0, 0.0, 0.0
    for name, make in HOSTILE.items():
        with tempfile.TemporaryDirectory() as scratch:
            made = made_apart(make, Path(scratch) / "loans")
            (Path(scratch) / "bank.toml").write_text(f'[tables.loans]\npath = "{made.name}"\n')
            code, error, seconds, processor, megabytes = checked(Path(scratch))
        ok = code in (1, 2) and error.startswith("G-") and not error.startswith(("G-STOP", "G-ENGINE"))
        ok = ok and processor < most_seconds and megabytes < most_megabytes
        refused, slow, large = refused + ok, max(slow, processor), max(large, megabytes)
        in_time += seconds < most_seconds
        print(f"{'refused' if ok else 'NOT SO '} {name:<36} {error:<12} {seconds:5.2f} s ({processor:4.2f} s of the "
              f"processor), {megabytes:4.0f} MB", flush=True)
    print(f"{refused} of {len(HOSTILE)} refused in under {most_seconds:g} s of the processor and "
          f"{most_megabytes:g} MB each; the slowest {slow:.2f} s, the largest {large:.0f} MB; "
          f"{in_time} within that by the clock, at a load of {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return 0 if refused == len(HOSTILE) else 1


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
