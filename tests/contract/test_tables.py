"""The contract's tables: what each must have, what dates it, and what may never be learned from."""

from __future__ import annotations

import pytest

from guilder.contract.tables import FAMILIES, KINDS_OF_INTERACTION, TABLES

REQUIRED = {
    "customers": {"customer_id"},
    "transactions": {"customer_id", "at", "amount"},
    "loans": {"loan_id"},
    "products": {"product_id", "name"},
    "interactions": {"customer_id", "product_id", "kind"},
    "campaigns": {"customer_id", "product_id", "at", "taken"},
}
KEYS = {
    "customers": ("customer_id",), "transactions": ("transaction_id",), "loans": ("loan_id",),
    "products": ("product_id",), "interactions": (), "campaigns": (),
}
DATED = {"transactions": "at", "loans": "applied_on", "interactions": "at", "campaigns": "at"}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_needs_its_key_and_what_makes_a_row_of_it(name: str) -> None:
    table = TABLES[name]
    assert {column.name for column in table.columns.values() if column.required} == REQUIRED[name]
    assert table.key == KEYS[name]
    assert table.when == DATED.get(name)
    assert {*table.key, *table.one_of, *([table.when] if table.when else [])} <= set(table.columns)


def test_personal_and_protected_columns_are_those_of_a_person() -> None:
    marked = {(table.name, column.name): (column.personal, column.protected)
              for table in TABLES.values() for column in table.columns.values()
              if column.personal or column.protected}  # fmt: skip
    assert marked == {
        ("customers", "name"): (True, False), ("customers", "email"): (True, False),
        ("customers", "phone"): (True, False), ("customers", "gender"): (False, True),
        ("customers", "marital_status"): (False, True),
    }


def test_codes_are_those_of_code_columns_alone() -> None:
    codes = {(table.name, column.name): column.codes
             for table in TABLES.values() for column in table.columns.values() if column.codes}  # fmt: skip
    assert codes == {
        ("transactions", "direction"): ("in", "out"), ("products", "family"): FAMILIES,
        ("interactions", "kind"): KINDS_OF_INTERACTION,
    }
    assert all((column.kind == "code") == bool(column.codes)
               for table in TABLES.values() for column in table.columns.values())  # fmt: skip


def test_a_loan_may_say_its_outcome_in_two_ways() -> None:
    assert TABLES["loans"].one_of == ("defaulted", "defaulted_on")
    assert all(table.one_of == () for name, table in TABLES.items() if name != "loans")
