"""The floors are checked by a tool, and the check can fail: each planted import is found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = "The floors"
NO_IO = "The rooms do no input or output"
NO_LAYER = "Models never see the expression layer"
NO_MODELS = "Features know no models"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src" / "guilder", folder / "guilder", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    tool = "import sys; from importlinter.cli import lint_imports_command as main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", tool, "--no-cache"],
        cwd=house, env={**os.environ, "PYTHONPATH": str(house)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_house_stands(house: Path) -> None:
    result = lint(house)
    assert result.returncode == 0, result.stdout
    assert "4 kept, 0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("contract/planted.py", "from guilder import evaluation", FLOORS),
        ("evaluation/planted.py", "import guilder.features", FLOORS),
        ("risk/planted.py", "import guilder.segments", FLOORS),
        ("offers/planted.py", "import guilder.risk", FLOORS),
        ("features/planted.py", "import guilder.source", FLOORS),
        ("report/planted.py", "import guilder.store", FLOORS),
        ("store/planted.py", "import guilder.workflow", FLOORS),
        ("errors_of_another_kind.py", "", FLOORS),
        ("risk/planted.py", "from pathlib import Path", NO_IO),
        ("segments/planted.py", "import logging", NO_IO),
        ("features/planted.py", "import duckdb", NO_IO),
        ("evaluation/planted.py", "import time", NO_IO),
        ("offers/planted.py", "import narwhals", NO_LAYER),
        ("risk/planted.py", "import narwhals as nw", NO_LAYER),
        ("features/planted.py", "import sklearn", NO_MODELS),
        ("features/planted.py", "import pandas", NO_MODELS),
    ],
)
def test_a_planted_import_is_found(house: Path, module: str, line: str, contract: str) -> None:
    planted = house / "guilder" / module
    planted.write_text(f'"""Planted."""\n{line}\n')
    try:
        result = lint(house)
    finally:
        planted.unlink()
    assert result.returncode == 1, result.stdout + result.stderr
    assert any(contract in row and "BROKEN" in row for row in result.stdout.splitlines()), result.stdout
