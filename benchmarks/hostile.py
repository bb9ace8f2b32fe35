"""Check banks whose only file is hostile, one process each: python -m benchmarks hostile [SECONDS [MEGABYTES]]."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks._hostile import HOSTILE

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


def main(most_seconds: float = 2.0, most_megabytes: float = 300.0) -> int:
    refused, slow, large = 0, 0.0, 0.0
    for name, make in HOSTILE.items():
        with tempfile.TemporaryDirectory() as scratch:
            made = make(Path(scratch) / "loans")
            (Path(scratch) / "bank.toml").write_text(f'[tables.loans]\npath = "{made.name}"\n')
            code, error, seconds, processor, megabytes = checked(Path(scratch))
        ok = code in (1, 2) and error.startswith("G-") and not error.startswith("G-STOP")
        ok = ok and seconds < most_seconds and megabytes < most_megabytes
        refused, slow, large = refused + ok, max(slow, seconds), max(large, megabytes)
        print(f"{'refused' if ok else 'NOT SO '} {name:<36} {error:<12} {seconds:5.2f} s ({processor:4.2f} s of the "
              f"processor), {megabytes:4.0f} MB", flush=True)
    print(f"{refused} of {len(HOSTILE)} refused in under {most_seconds:g} s and {most_megabytes:g} MB each; "
          f"the slowest {slow:.2f} s, the largest {large:.0f} MB")
    return 0 if refused == len(HOSTILE) else 1


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
