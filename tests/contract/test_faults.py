"""Every id of a fault is documented, and every documented one is used."""

from __future__ import annotations

import re
from pathlib import Path

from guilder import errors
from guilder.contract.check import RULES, rule_id
from guilder.contract.faults import FAULTS
from guilder.contract.tables import TABLES

ROOT = Path(__file__).resolve().parents[2]
SOURCE = {file: file.read_text(encoding="utf-8") for file in (ROOT / "src" / "guilder").rglob("*.py")}
TREE = [thing for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, errors.GuilderError)]


def test_every_id_in_the_code_is_documented_and_the_other_way_round() -> None:
    used = {thing.usual_id for thing in TREE}
    for file, text in SOURCE.items():
        if file.name not in ("faults.py", "errors.py"):
            used |= set(re.findall(r'"(G-[A-Z]+-\d{3})[":]', text))
    rules = {rule_id(table, rule) for rule in RULES for table in TABLES}
    assert used - rules == set(FAULTS)


def test_every_rule_of_tables_is_used_and_numbered_once() -> None:
    source = " ".join(text for file, text in SOURCE.items() if file.parent.name in ("source", "contract"))
    rest = source.replace((ROOT / "src/guilder/contract/check.py").read_text(encoding="utf-8").split("RULES:")[1], "")
    unused = [rule for rule in RULES if not re.search(rf'"{rule}[":]', rest)]
    assert unused == []
    assert len({rule.number for rule in RULES.values()}) == len(RULES)


def test_every_fault_says_what_is_known_and_what_to_do() -> None:
    for fault in FAULTS.values():
        assert all(part.endswith((".", "}")) for part in (fault.what, fault.known, fault.todo))


def test_an_error_carries_its_id_in_its_message() -> None:
    error = errors.DataError("wrong", known="known", todo="todo", id="G-FILE-001")
    assert str(error) == "G-FILE-001: wrong\nknown\ntodo"
    assert errors.BusyError("busy").id == "G-RUN-003"
