"""Whether this machine has what Guilder needs: Python, libraries, an engine that answers, a disk that keeps."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    found: str


def examine(folder: Path) -> list[Finding]:
    """Look at the machine; nothing is changed but one temporary file in ``folder``, which is removed."""
    looks: dict[str, Callable[[], Finding]] = {
        "Python": _python,
        "libraries": _libraries,
        "engine": _engine,
        "disk": lambda: _disk(folder),
        "writing here": lambda: _writing(folder),
        "processors": lambda: Finding("processors", True, str(os.cpu_count())),
        "text encoding": lambda: Finding(
            "text encoding", sys.getfilesystemencoding().lower() == "utf-8", sys.getfilesystemencoding()
        ),
    }
    findings = []
    for what, look in looks.items():
        try:
            findings.append(look())
        except (OSError, ImportError, RuntimeError) as error:
            findings.append(Finding(what, False, f"{type(error).__name__}: {error}"))
    return findings


def _python() -> Finding:
    return Finding("Python", (3, 11) <= sys.version_info[:2] <= (3, 13), platform.python_version())


def _libraries() -> Finding:
    from packaging.requirements import Requirement

    wanted = [Requirement(line) for line in requires("guilder") or () if "extra ==" not in line]
    wrong = []
    for requirement in wanted:
        try:
            if version(requirement.name) not in requirement.specifier:
                wrong.append(f"{requirement.name} {version(requirement.name)}, tested with {requirement.specifier}")
        except PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
    return Finding("libraries", not wrong, "; ".join(wrong) or f"{len(wanted)} in their tested ranges")


def _engine() -> Finding:
    import duckdb

    with duckdb.connect() as connection:
        answer = connection.execute("select 6 * 7").fetchone()
    return Finding("engine", answer == (42,), f"duckdb {version('duckdb')} answers")


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    return Finding("disk", free >= LEAST_FREE_BYTES, f"{free / 1e9:,.1f} GB free")


def _writing(folder: Path) -> Finding:
    with tempfile.NamedTemporaryFile(dir=folder) as handle:
        handle.write(b"guilder")
        os.fsync(handle.fileno())
    return Finding("writing here", True, "works, and reaches the disk")
