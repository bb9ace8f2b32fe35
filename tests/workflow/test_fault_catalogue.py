"""Every fault of the catalogue is met, and has a proof that exists."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from guilder.workflow import fault_catalogue
from guilder.workflow.fault_case import cases
from guilder.workflow.fault_catalogue import Fault, catalogue, standing
from guilder.workflow.selftest import PROMISES

ROOT = Path(__file__).parents[2]


@cache
def names_in(file: str) -> frozenset[str]:
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    return frozenset(node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef))


def unproven(fault: Fault) -> list[str]:
    """What a fault names and is not there; or that it names nothing."""
    gone = [test for test in fault.tests if test.partition("::")[2] not in names_in(test.partition("::")[0])]
    gone += [promise for promise in fault.promises if promise not in PROMISES]
    return gone if fault.cases or fault.tests or fault.promises else ["nothing proves it"]


def test_the_catalogue_has_every_fault_once_and_in_order() -> None:
    assert [fault.number for fault in catalogue()] == list(range(1, 76))


@pytest.mark.parametrize("fault", catalogue(), ids=lambda fault: str(fault.number))
def test_what_proves_a_fault_is_there(fault: Fault) -> None:
    assert fault.fault
    assert unproven(fault) == []


def test_what_is_not_there_is_found() -> None:
    there = catalogue()[34]
    assert unproven(Fault(35, "", (), ("tests/store/test_spreadsheet.py::test_nothing",), (), "")) != []
    assert unproven(Fault(35, "", (), ("tests/store/test_nowhere.py::test_names",), (), "")) != []
    assert unproven(Fault(35, "", (), (), ("No promise",), "")) == ["No promise"]
    assert unproven(Fault(35, "", (), (), (), "")) == ["nothing proves it"]
    assert there.cases == ("35_formula_in_a_name",)


def test_every_numbered_case_is_of_a_fault() -> None:
    numbers = {case.name: tomllib.loads((case / "expected.toml").read_text())["case"] for case in cases()}
    listed = {name: fault.number for fault in catalogue() for name in fault.cases}
    assert listed == {name: number for name, number in numbers.items() if number}
    assert all(number == int(name[:2]) for name, number in numbers.items() if name[:2].isdigit())


def test_every_fault_is_met_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [fault.number for fault in catalogue() if not fault.met] == []
    monkeypatch.setattr(fault_catalogue, "cases", list)
    assert not any(fault.cases for fault in catalogue())


def test_the_standing_counts_every_fault_once() -> None:
    whole = [int(number) for number in re.findall(r"\d+", standing())]
    assert whole[0] == 75
    assert sum(whole[1:3]) + len(whole[3:]) == 75
    spoiled = standing({"35_formula_in_a_name"})
    assert "not met here: 35" in spoiled
    assert f"{whole[1] - 1} met by cases" in spoiled
