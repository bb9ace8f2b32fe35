"""Run every benchmark, or one of them with its own words: python -m benchmarks [NAME [WORD ...]]."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

NAMES = sorted(file.stem for file in Path(__file__).parent.glob("*.py") if not file.stem.startswith("_"))


def main(asked: list[str]) -> int:
    if asked and asked[0] not in NAMES:
        print(f"No benchmark is called {asked[0]}. There are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    for name in asked[:1] or NAMES:
        print(f"\n{name}", flush=True)
        sys.argv = [name, *asked[1:]]
        runpy.run_module(f"benchmarks.{name}", run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
