"""The command line starts fast because nothing heavy is imported before a command needs it."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["guilder", "guilder.cli"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    heavy = ["sklearn", "pandas", "numpy", "scipy", "matplotlib", "duckdb", "pyarrow", "narwhals", "pydantic"]
    code = f"import sys, {module}; print(*[name for name in {heavy!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == []
