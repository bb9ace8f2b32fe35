"""The guessed bank file: read by the reader it is written for, and usable as it is where names are plain."""

from __future__ import annotations

from pathlib import Path

import pytest

from guilder.contract.bank_file import parse_bank_file
from guilder.contract.tables import LOANS, TABLES
from guilder.errors import UsageError
from guilder.source.connect import connect
from guilder.source.init import guess, match


def test_plainly_named_files_work_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("customer_id,birth_date\n1,1980-01-01\n")
    (tmp_path / "transactions.csv").write_text("customer_id,at,amount\n1,2024-01-01,5\n")
    (tmp_path / "loans.csv").write_text("loan_id,customer_id,defaulted\n9,1,no\n")
    (tmp_path / "products.csv").write_text("product_id,name\np,Card\n")
    (tmp_path / "interactions.csv").write_text("customer_id,product_id,kind\n1,p,hold\n")
    (tmp_path / "bank.toml").write_text(guess(tmp_path))
    with connect(tmp_path) as bank:
        assert list(bank.tables) == list(TABLES)
        assert all(table.accepted == 1 for table in bank.intake.tables)


def test_other_names_delimiters_dates_and_codes_are_guessed(tmp_path: Path) -> None:
    (tmp_path / "tx.csv").write_text("client;booked;betrag;memo\n1;31/01/2024;1.000,50;x\n2;15/02/2024;2,00;y\n")
    (tmp_path / "credits.csv").write_text("id;client;status;weird\n1;1;A;5\n2;2;B;6\n")
    text = guess(tmp_path, [tmp_path / "tx.csv", "credits.csv"])
    bank = parse_bank_file(text)
    tx, loans = bank.tables["transactions"], bank.tables["loans"]
    assert tx.columns == {"customer_id": "client", "at": "booked", "amount": "betrag"}
    assert (tx.delimiter, tx.decimal, tx.thousands, tx.date_format) == (";", ",", ".", "%d/%m/%Y")
    assert loans.codes == {"defaulted": {"A": "unknown", "B": "unknown"}}
    assert 'attributes = ["weird"]' in text
    (tmp_path / "bank.toml").write_text(text)
    with connect(tmp_path) as taken:
        assert taken.intake.table("transactions").accepted == 2


def test_ambiguous_dates_are_left_to_a_person(tmp_path: Path) -> None:
    (tmp_path / "loans.csv").write_text("loan_id,defaulted,applied_on\n1,yes,03/04/2024\n")
    text = guess(tmp_path)
    assert "100% of the days are 12 or less" in text
    assert "decide" in text
    assert "%m/%d/%Y" in text


def test_strange_names_still_make_a_file_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / 'a"b.csv').write_text('loan_id,"we""ird\nname",bad,\\x\n1,2,0,4\n')
    assert parse_bank_file(guess(tmp_path)).tables["loans"].path == 'a"b.csv'


def test_a_key_that_repeats_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "loans.csv").write_text("id,bad\n1,0\n1,1\n")
    assert parse_bank_file(guess(tmp_path)).tables["loans"].columns["loan_id"] == "@row"


def test_nothing_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no table file"):
        guess(tmp_path)
    with pytest.raises(UsageError, match="no folder"):
        guess(tmp_path / "x")


def test_the_same_name_comes_before_a_synonym() -> None:
    assert match(LOANS, ["loan_id", "id", "status", "defaulted"]) == {"loan_id": "loan_id", "defaulted": "defaulted"}


REAL = ["berka", "german", "hmeq", "taiwan", "zimnat", "cdnow", "cc-general", "movielens-100k"]


@pytest.mark.parametrize("folder", REAL)
def test_guesses_about_real_files_can_be_read(real_data: Path, folder: str) -> None:
    assert parse_bank_file(guess(real_data / folder)).name
