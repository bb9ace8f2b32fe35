"""Undated attributes of dated loans: what the stop says, and how a written allowance is repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from guilder.errors import DataError
from guilder.source.connect import connect
from guilder.workflow.data import data_metrics

NAMES = ["a", "b", "c", "d", "e", "30-59 days", "late_fees"]


def _flat(folder: Path, more: str = "") -> Path:
    head = ",".join(["loan_id", "defaulted", "applied_on", *NAMES])
    (folder / "loans.csv").write_text(f"{head}\n1,0,2024-01-01{',1' * len(NAMES)}\n2,1,2024-01-02{',2' * len(NAMES)}\n")
    listed = ", ".join(f'"{name}"' for name in NAMES)
    (folder / "bank.toml").write_text(f'[tables.loans]\npath = "loans.csv"\nattributes = [{listed}]\n{more}\n')
    return folder


def test_the_line_to_add_names_every_attribute_and_works(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="a, b, c, d, e and 2 more became known") as stop:
        connect(_flat(tmp_path))
    line = stop.value.todo.partition("[tables.loans]: ")[2].partition(";")[0]
    assert '"30-59 days" = "applied_on", late_fees = "applied_on"' in line
    with connect(_flat(tmp_path, line)) as bank:
        assert bank.intake.table("loans").accepted == 2


def test_an_allowance_is_repeated_with_what_it_allows(tmp_path: Path) -> None:
    with connect(_flat(tmp_path, 'undated_ok = "it is the application form"')) as bank:
        assert data_metrics(bank)["overrides"] == [
            "tables.loans has undated values, allowed in bank.toml: it is the application form"
        ]
