"""Banks that cases of faults begin with: made and trained once, then copied for each case that spoils one.

Each is a folder under ``banks`` in the corpus: its bank file, and ``make.toml`` with the inputs to make.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
import tomllib
from functools import cache
from pathlib import Path

from guilder.workflow.fault_inputs import make_inputs
from guilder.workflow.train import train


def trained_copy(source: Path, target: Path) -> Path:
    """Copy a bank with its published run to a folder that is not there yet."""
    return Path(shutil.copytree(_trained(source), target, symlinks=True))


@cache
def _trained(source: Path) -> Path:
    scratch = tempfile.mkdtemp(prefix="guilder-bank-")
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    folder = Path(shutil.copytree(source, Path(scratch) / source.name))
    made = tomllib.loads((folder / "make.toml").read_text(encoding="utf-8"))
    make_inputs(folder, made["make"], None)
    train(folder)
    return folder
