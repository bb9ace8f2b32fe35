"""The contract of a table against what a bank brings."""

from __future__ import annotations

import pytest

from guilder.contract.check import NOT_NEGATIVE, RULES, missing, repeated, violation
from guilder.contract.tables import CUSTOMERS, LOANS, TABLES, TRANSACTIONS, Table


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_nothing_is_missing_from_a_full_table(table: Table) -> None:
    assert missing(table, list(table.columns)) == ()


def test_each_missing_column_is_named_once() -> None:
    assert [item.column for item in missing(TRANSACTIONS, ["at"])] == ["customer_id", "amount"]
    assert [item.column for item in missing(LOANS, ["loan_id"])] == ["defaulted"]
    assert missing(LOANS, ["loan_id", "defaulted_on"]) == ()


def test_a_violation_says_what_is_wrong() -> None:
    found = violation(LOANS, "kind", "amount", 3, ["line 7 of loans.csv"])
    assert found.id == "G-LOAN-004"
    assert found.reason == "amount is not an amount"
    assert found.to_dict()["examples"] == ["line 7 of loans.csv"]
    assert "in, out" in violation(TRANSACTIONS, "code", "direction", 1).reason


def test_every_rule_has_a_number_of_its_own() -> None:
    assert len({rule.number for rule in RULES.values()}) == len(RULES)


def test_columns_that_cannot_be_negative_exist() -> None:
    assert all(column in TABLES[name].columns for name, columns in NOT_NEGATIVE.items() for column in columns)


def test_names_that_differ_by_case_only_are_repeated() -> None:
    assert repeated(["a", "b", "A "]) == ("A ", "a")
    assert repeated(list(CUSTOMERS.columns)) == ()
