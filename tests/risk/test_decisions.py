"""A decision's record names itself by its content: another content, another name."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from guilder.errors import UsageError
from guilder.risk.decisions import Basis, DecisionRecord, Override, digest

BASIS = Basis("2025-06-30-abc", "aa", "bb", "2025-06-30", 0.1, "set in bank.toml")
RECORD = DecisionRecord("L1", 0.08, 0.05, 0.09, "D", "approve", ("age: 30",), "an instalment under 310", BASIS)
OTHER = {
    "loan_id": "L2", "p_default": 0.081, "p_low": 0.051, "p_high": None, "band": "E", "decision": "refer",
    "reasons": ("age: 31",), "counterfactual": None,
}  # fmt: skip
OTHER_BASIS = {
    "run_id": "x", "model_sha256": "ab", "data_sha256": "bc", "as_of": None, "cut_off": 0.2, "rule": "another",
}  # fmt: skip


def test_any_field_that_changes_gives_another_id() -> None:
    assert set(OTHER) | {"basis"} == {field.name for field in fields(DecisionRecord)}
    assert set(OTHER_BASIS) == {field.name for field in fields(Basis)}
    changed = [replace(RECORD, **{name: value}) for name, value in OTHER.items()]  # type: ignore[arg-type] # by name
    changed += [
        replace(RECORD, basis=replace(BASIS, **{name: value}))  # type: ignore[arg-type] # by name
        for name, value in OTHER_BASIS.items()
    ]
    ids = {one.to_dict()["record_id"] for one in [RECORD, *changed]}
    assert len(ids) == 1 + len(OTHER) + len(OTHER_BASIS)


def test_a_line_is_the_record_and_proves_itself() -> None:
    read = json.loads(RECORD.line())
    assert read == RECORD.to_dict()
    assert digest(read) == read["record_id"]
    assert digest({**read, "decision": "decline"}) != read["record_id"]
    assert "\n" not in RECORD.line()


def test_a_scored_row_becomes_a_record_without_the_customer() -> None:
    row = {
        "loan_id": "L1", "customer_id": "C7", "p_default": 0.0812345678912345, "p_low": float("nan"), "band": "D",
        "decision": "approve", "reason_1": "age: 30", "reason_2": None, "reason_3": float("nan"), "reason_4": "",
    }  # fmt: skip
    made = DecisionRecord.of(row, BASIS)
    assert made.p_default == 0.081234568
    assert made.p_low is None
    assert made.reasons == ("age: 30",)
    assert made.counterfactual is None
    assert "C7" not in made.line()
    noise = DecisionRecord.of({**row, "p_default": row["p_default"] * (1 + 1e-15)}, BASIS)
    assert noise.line() == made.line()


@pytest.mark.parametrize(("reason", "by"), [("", "A. Person"), ("  \n", "A. Person"), ("payslips", " ")])
def test_no_override_without_a_reason_and_a_name(reason: str, by: str) -> None:
    with pytest.raises(UsageError, match=r"an override needs a (reason|name)"):
        Override("approve", reason, by, "2025-07-01", {})


def test_no_override_to_what_is_no_decision() -> None:
    with pytest.raises(UsageError, match="no decision 'maybe'"):
        Override("maybe", "payslips", "A. Person", "2025-07-01", {})
