"""Names in a bank file: the nearest known word, and names that no column may have."""

from __future__ import annotations

import pytest

from guilder.contract.bank_file import TableFile
from guilder.contract.names import KEPT, check_columns, nearest
from guilder.contract.tables import CUSTOMERS, LOANS, TRANSACTIONS, Table
from guilder.errors import BankFileError


def test_the_nearest_word_is_found_whatever_its_case_and_spaces() -> None:
    assert nearest(" AMONUT", ["amount", "at"]) == "Did you mean 'amount'? Known: amount, at."
    assert nearest("zzz", {"b": 1, "a": 2}) == "Known: a, b."


def test_thirty_words_are_listed_at_the_most() -> None:
    words = [f"w{n:02d}" for n in range(31)]
    assert nearest("x", words) == f"Known: {', '.join(words[:30])}, …."
    assert nearest("x", words[:30]) == f"Known: {', '.join(words[:30])}."


@pytest.mark.parametrize(
    ("table", "written", "id", "says"),
    [
        (TRANSACTIONS, {"attributes": ["mood"]}, "G-COLS-003", "only customers and loans"),
        (LOANS, {"attributes": ["Mood", "mood"]}, "G-COLS-003", "'Mood' is the name of another column too"),
        (LOANS, {"attributes": ["Amount"]}, "G-COLS-003", "'Amount' is the name of another column too"),
        (LOANS, {"attributes": ["amount"]}, "G-COLS-003", "already a column of the contract"),
        *((LOANS, {"attributes": [name.upper()]}, "G-COLS-003", "kept for the work itself") for name in KEPT),
        (LOANS, {"attributes": ["p:amount"]}, "G-COLS-003", "kept for the work itself"),
        (LOANS, {"columns": {"amonut": "x"}}, "G-BANK-007", "columns: 'amonut'.*\nDid you mean 'amount'"),
        (LOANS, {"date_format": {"aplied_on": "%Y"}}, "G-BANK-007", "date_format: 'aplied_on'"),
        (LOANS, {"available": {"mood": "applied_on"}}, "G-BANK-007", "'mood' is not a declared attribute"),
        (LOANS, {"columns": {"defaulted": "= "}}, "G-BANK-001", "gives every row nothing"),
        (TRANSACTIONS, {"columns": {"direction": "=up"}}, "G-BANK-001", "'up', and that is no code of direction"),
    ],
)
def test_what_is_no_name_of_a_column_is_said(table: Table, written: dict[str, object], id: str, says: str) -> None:
    with pytest.raises(BankFileError, match=says) as caught:
        check_columns(table, TableFile.model_validate(written))
    assert caught.value.id == id
    assert caught.value.todo


def test_what_a_bank_may_name_passes() -> None:
    written = {
        "attributes": ["mood"], "columns": {"mood": "M", "amount": "amt", "defaulted": "=0", "purpose": "=car"},
        "available": {"mood": "applied_on"}, "date_format": {"applied_on": "%d.%m.%Y"},
        "codes": {"mood": {"A": "good"}},
    }
    check_columns(LOANS, TableFile.model_validate(written))
    check_columns(CUSTOMERS, TableFile(attributes={"score": "number"}))
    check_columns(TRANSACTIONS, TableFile(columns={"direction": "=IN"}))
    check_columns(TRANSACTIONS, TableFile(columns={"direction": "=C"}, codes={"direction": {"C": "in"}}))
