"""Kill commands at random moments and look at what is left: python -m benchmarks crash [KILLS [RESUMES [SEED]]]."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from guilder.workflow.crash import crash


def main(kills: int = 200, resumes: int = 20, seed: int = 0) -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = crash(Path(folder), kills, resumes=resumes, seed=seed, progress=lambda line: print(line, flush=True))
    print("\n".join(found.lines()))
    print(f"{time.monotonic() - began:,.0f} s")
    return 0 if found.ok else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
