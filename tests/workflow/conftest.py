"""One small bank, trained once, for every test of the wiring."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import guilder
from guilder.source.bank import Bank
from guilder.store.runs import Run

STORE = str(Path(__file__).resolve().parents[1] / "store")
if STORE not in sys.path:
    sys.path.insert(0, STORE)

SMALL_GRID = """
[risk]
horizon_months = 12
learners = ["logistic"]
balancing = ["none", "smote"]

[segments]
k_max = 5
"""


@pytest.fixture(scope="session")
def bank_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up bank of 1,200 customers with a small grid."""
    folder = tmp_path_factory.mktemp("bank")
    file = guilder.generate(folder, customers=1200, seed=3)
    before, _, rest = file.read_text().partition("[risk]")
    _, _, after = rest.partition("\n[")
    file.write_text(f"{before}{SMALL_GRID}\n[{after}")
    return folder


@pytest.fixture(scope="session")
def bank(bank_folder: Path) -> Iterator[Bank]:
    with guilder.connect(bank_folder) as opened:
        yield opened


@pytest.fixture(scope="session")
def run(bank: Bank) -> Run:
    return guilder.train(bank)
