"""Make the hash-locked requirement files anew: ``make lock``; no file names a registry's host."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FLAGS = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--python-version", "3.11",
         "--custom-compile-command", "make lock", "--quiet"]  # fmt: skip
EXTRAS = ("spark", "postgres", "boost", "serve")


def lock(name: str, *flags: str) -> None:
    """Write ``requirements/<name>.txt``; every file agrees with the core's versions."""
    target = HERE / f"{name}.txt"
    constraints = [] if name == "core" else ["--constraint", str(HERE / "core.txt")]
    words = ["uv", "pip", "compile", "pyproject.toml", *FLAGS, *flags, *constraints, "-o", str(target)]
    subprocess.run([sys.executable, "-m", *words], cwd=HERE.parent, check=True)  # noqa: S603 - our own words


if __name__ == "__main__":
    lock("core", "--group", "build")
    served = ("--extra", "serve")  # its tests start a real server
    lock("dev", "--group", "build", "--group", "dev", *served)
    lock("bench", "--group", "build", "--group", "dev", "--group", "bench", *served)
    for extra in EXTRAS:
        lock(extra, "--group", "build", "--extra", extra)
