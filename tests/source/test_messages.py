"""What a person is told when a file, a column, a code or a byte is wrong, and the line that mends it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from guilder.contract.bank_file import parse_bank_file
from guilder.errors import BankFileError, DataError, GuilderError
from guilder.source.bank import Bank
from guilder.source.connect import connect


def message(folder: Path, text: str, content: str | bytes, name: str = "loans.csv") -> str:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "bank.toml").write_text(text)
    with pytest.raises(GuilderError) as caught:
        connect(folder).close()
    return str(caught.value)


def test_a_missing_file_names_where_it_was_looked_for_and_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "Loans.csv").write_text("loan_id\n")
    for path in ("loans.csv", "exports/loan.csv", "export/loans.csv"):
        said = message(tmp_path, f'[tables.loans]\npath = "{path}"', "", "other.txt")
        assert f"looked at {tmp_path / path}" in said
        assert "relative to the folder of bank.toml" in said
        assert 'Correct the path under [tables.loans]: path = "exports/Loans.csv"' in said


def test_the_folder_that_was_typed_is_the_one_to_make(tmp_path: Path) -> None:
    for path, folder in ((tmp_path / "x", "x"), (tmp_path / "y" / "bank.toml", "y")):
        with pytest.raises(BankFileError, match=re.escape(f"guilder init {tmp_path / folder} FILE…")):
            connect(path)
    with pytest.raises(BankFileError, match=re.escape(f"guilder init {tmp_path}") + "$"):
        connect(tmp_path)


def test_the_share_to_allow_is_one_that_suffices(tmp_path: Path) -> None:
    rows = "".join(f"{number},true,{'x' if number < 13 else 1}\n" for number in range(100))
    content = "loan_id,defaulted,amount\n" + rows
    said = message(tmp_path, '[tables.loans]\npath = "loans.csv"', content)
    (tmp_path / "bank.toml").write_text(f'[tables.loans]\npath = "loans.csv"\n{said.rsplit(": ", 1)[1]}')
    with connect(tmp_path) as bank:
        assert bank.intake.table("loans").quarantined == 13
    most = message(tmp_path, '[tables.loans]\npath = "loans.csv"', content.replace(",1\n", ",1'000.50\n"))
    assert "max_quarantine =" not in most
    assert "Most rows fail" in most


def test_a_name_that_is_no_column_is_answered_with_the_nearest(tmp_path: Path) -> None:
    content = "loan_id,BAD,JOB\n1,1,x\n"
    table = '[tables.loans]\npath = "loans.csv"\n'
    said = message(tmp_path, table + 'columns = { defaulted = "BAD" }\nattributes = ["JOBB"]', content)
    assert "attributes: 'JOBB' is not a column of loans.csv.\nDid you mean 'JOB'?" in said
    said = message(tmp_path, table + 'columns = { defaulted = "BADD" }', content)
    assert "Did you mean 'BAD'?" in said
    assert 'columns = { defaulted = "BAD" }' in said


@pytest.mark.parametrize(("start", "codes", "line"), [
    ("", ["G", "B"], 'codes = { defaulted = { "B" = true, "G" = false } }'),
    ("", ["1x", "2x"], 'codes = { defaulted = { "1x" = false, "2x" = true } }'),
    ('codes = { defaulted = { "A" = false } }', ["A", "Z"], '{ "A" = false, "Z" = "unknown" } }'),
])
def test_codes_without_a_meaning_are_shown_with_a_line(
    tmp_path: Path, start: str, codes: list[str], line: str
) -> None:
    content = "loan_id,defaulted\n" + "".join(f"{number},{codes[number % 2]}\n" for number in range(6))
    said = message(tmp_path, f'[tables.loans]\npath = "loans.csv"\n{start}', content)
    assert line in said
    ready = next(row for row in said.splitlines() if row.startswith("codes = "))
    (tmp_path / "bank.toml").write_text(f'[tables.loans]\npath = "loans.csv"\n{ready}')
    tomllib.loads(ready)
    with connect(tmp_path) as bank:
        assert bank.intake.table("loans").accepted == 6


def test_no_value_is_shown_of_a_column_that_holds_no_codes(tmp_path: Path) -> None:
    content = "loan_id,defaulted\n" + "".join(f"{number},Canary {number}\n" for number in range(30))
    assert "Canary" not in message(tmp_path, '[tables.loans]\npath = "loans.csv"', content)


def test_codes_of_parquet_are_shown_too(tmp_path: Path) -> None:
    pd.DataFrame({"customer_id": ["1"], "product_id": ["p"], "kind": ["holds"]}).to_parquet(tmp_path / "i.parquet")
    said = message(tmp_path, '[tables.interactions]\npath = "i.parquet"', "")
    assert 'codes = { kind = { "holds" = "hold" } }' in said


def test_every_required_column_that_is_missing_is_named_with_its_line(tmp_path: Path) -> None:
    said = message(tmp_path, '[tables.interactions]\npath = "loans.csv"', "custom_id,product_id\n1,p\n")
    assert "the required columns customer_id (the customer), kind (what happened) are missing" in said
    assert "customer_id: Did you mean 'custom_id'?" in said
    assert 'columns = { customer_id = "its name in the file" }' in said
    assert '"=hold"' in said


def test_a_constant_stands_for_every_row(tmp_path: Path) -> None:
    table = '[tables.interactions]\npath = "i.csv"\ncolumns = { kind = "=hold", weight = "=2.5" }\n'
    (tmp_path / "i.csv").write_text("customer_id,product_id\n1,p\n2,q\n")
    (tmp_path / "bank.toml").write_text(table)
    with connect(tmp_path) as bank:
        frame = bank.frame("interactions")
        assert frame["kind"].tolist() == ["hold", "hold"]
        assert frame["weight"].tolist() == [2.5, 2.5]
    for wrong, says in (("=held", "no code of kind"), ("=", "nothing")):
        with pytest.raises(BankFileError, match=says):
            parse_bank_file(table.replace("=hold", wrong))


def test_a_constant_date_of_application_still_dates_the_loans(tmp_path: Path) -> None:
    text = '[staged.loan]\npath = "loans.csv"\n[tables.loans]\nsql = "select * from loan"\n' \
           'columns = { applied_on = "=2024-01-01" }'
    assert "'loan', which has no date" in message(tmp_path, text, "loan_id,defaulted\n1,true\n")


@pytest.mark.parametrize("head", ["loan_id,defaulted,purpose", "loan_id,defaulted,Kündigung"])
def test_a_byte_that_is_not_utf8_is_named_with_its_line(tmp_path: Path, head: str) -> None:
    said = message(tmp_path, '[tables.loans]\npath = "loans.csv"', f"{head}\n1,true,x\n2,true,ü\n".encode("cp1252"))
    assert f"Line {1 if 'ü' in head else 3} of loans.csv holds the byte 0xFC" in said
    assert 'encoding = "cp1252"' in said
    assert '"cp1250" for a Central European' in said


def test_a_byte_the_declared_encoding_does_not_have_is_named(tmp_path: Path) -> None:
    text = '[tables.loans]\npath = "loans.csv"\nencoding = "cp1252"'
    assert "Line 2 of loans.csv holds the byte 0x81" in message(tmp_path, text, b"loan_id,defaulted\n\x81,true\n")


def test_a_bank_without_a_date_says_so() -> None:
    loans = pd.DataFrame({"loan_id": ["1"], "defaulted": [True]})
    with Bank.from_frames(loans=loans) as bank:
        assert not bank.dated
    with Bank.from_frames(loans=loans.assign(applied_on="2024-01-01")) as bank:
        assert bank.dated
    with Bank.from_frames(loans=loans, as_of=pd.Timestamp("2024-01-01").date()) as bank:
        assert bank.dated


def test_runs_of_spaces_are_one_delimiter(tmp_path: Path) -> None:
    text = '[tables.loans]\npath = "loans.csv"\n'
    content = '\ufeff  loan_id   defaulted purpose\r\n  1  true  "a  b"  \r\n\r\n  2 false c\r\n'
    assert 'delimiter = " "' in message(tmp_path, text, content)
    (tmp_path / "bank.toml").write_text(text + 'delimiter = " "')
    with connect(tmp_path) as bank:
        assert bank.frame("loans")["purpose"].tolist() == ["a  b", "c"]


def test_spaces_and_bytes_that_are_not_text_are_set_aside_with_their_line(tmp_path: Path) -> None:
    text = '[tables.loans]\npath = "loans.csv"\ndelimiter = " "\nmax_quarantine = 0.5'
    (tmp_path / "bank.toml").write_text(text)
    (tmp_path / "loans.csv").write_bytes(b"loan_id  defaulted\n 1  true\n\xfc  true\n3 true\n")
    with connect(tmp_path) as bank:
        assert bank.quarantine()["line"].tolist() == [3]
    (tmp_path / "bank.toml").write_text(text.replace("0.5", "0.1"))
    with pytest.raises(DataError, match="0xFC"):
        connect(tmp_path)
