"""The guessed bank file: read by the reader it is written for, and usable as it is where names are plain."""

from __future__ import annotations

from pathlib import Path

import pytest

from guilder.contract.bank_file import parse_bank_file
from guilder.contract.tables import LOANS, TABLES
from guilder.errors import UsageError
from guilder.source.connect import connect
from guilder.source.init import guess, match
from guilder.workflow.init import init


def test_plainly_named_files_work_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("customer_id,birth_date\n1,1980-01-01\n")
    (tmp_path / "transactions.csv").write_text("customer_id,at,amount\n1,2024-01-01,5\n")
    (tmp_path / "loans.csv").write_text("loan_id,customer_id,defaulted\n9,1,no\n")
    (tmp_path / "products.csv").write_text("product_id,name\np,Card\n")
    (tmp_path / "interactions.csv").write_text("customer_id,product_id,kind\n1,p,hold\n")
    (tmp_path / "campaigns.csv").write_text("customer_id,product_id,at,taken\n1,p,2024-02-01,no\n")
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


def test_files_outside_a_folder_that_is_not_there_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "loans.csv").write_text("loan_id,customer_id,defaulted\n9,1,no\n")
    (tmp_path / "exports" / "customers.csv").write_text("customer_id\n1\n")
    monkeypatch.chdir(tmp_path)
    for files in ([Path("exports/loans.csv"), Path("exports/customers.csv")], [Path("exports")]):
        target = init(Path("mybank"), files, force=True)
        assert parse_bank_file(target.read_text()).tables["loans"].path == "../exports/loans.csv"
        with connect("mybank") as bank:
            assert [table.accepted for table in bank.intake.tables] == [1, 1]


def test_what_is_no_table_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "b.csv").write_bytes(b"PK\x03\x04")
    (tmp_path / "c.csv").write_bytes(b"")
    (tmp_path / "d.csv").write_bytes(b"a\0b")
    for name, says in (("a.xlsx", "an Excel file"), ("b.csv", "zip or Excel"), ("c.csv", "is empty"),
                       ("d.csv", "not a text file")):
        with pytest.raises(UsageError, match=says):
            init(tmp_path / "bank", [tmp_path / name])
    with pytest.raises(UsageError, match="is a file, not a folder"):
        guess(tmp_path / "c.csv", [tmp_path / "c.csv"])
    assert not (tmp_path / "bank").exists()


def test_a_file_under_strange_names_is_written_down_to_be_filled_in(tmp_path: Path) -> None:
    (tmp_path / "vertraege.csv").write_text(
        "KD_NR;ABSCHLUSS;SUMME;ART\n1;31.01.2024;1.000,50;a\n1;15.02.2024;2,00;\n", encoding="utf-8"
    )
    text = guess(tmp_path)
    assert parse_bank_file(text).tables == {}
    assert "#   ABSCHLUSS: dates %d.%m.%Y\n#   SUMME: numbers, every value once" in text
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    start = lines.index("[tables.NAME]")
    block = "\n".join(lines[start:lines.index("Its columns:")]).replace("NAME", "loans").replace(
        'our_name = "its name"', 'loan_id = "@row", applied_on = "ABSCHLUSS", amount = "SUMME", defaulted = "=no"'
    )
    (tmp_path / "bank.toml").write_text(block)
    with connect(tmp_path) as bank:
        assert [float(amount) for amount in bank.frame("loans")["amount"]] == [1000.5, 2.0]


def test_space_aligned_text_is_seen_and_read(tmp_path: Path) -> None:
    (tmp_path / "transactions.txt").write_text(" customer_id  at  amount\n 00001 2024-01-01   5.10\n 2 2024-01-02  6\n")
    text = guess(tmp_path)
    assert parse_bank_file(text).tables["transactions"].delimiter == " "
    (tmp_path / "bank.toml").write_text(text)
    with connect(tmp_path) as bank:
        assert bank.frame("transactions")["customer_id"].tolist() == ["00001", "2"]


def test_an_encoding_that_is_not_utf8_is_declared(tmp_path: Path) -> None:
    (tmp_path / "loans.csv").write_bytes("loan_id;bad;gehört\n1;0;ü\n".encode("cp1252"))
    (tmp_path / "customers.csv").write_bytes("customer_id;region\n1;ü\n".encode("utf-16"))
    tables = parse_bank_file(text := guess(tmp_path)).tables
    assert (tables["loans"].encoding, tables["customers"].encoding) == ("cp1252", "utf-16")
    assert "cp1250" in text


def test_the_amount_of_a_loan_is_the_column_that_says_loan(tmp_path: Path) -> None:
    (tmp_path / "hmeq.csv").write_text("BAD,LOAN,VALUE,JOB\n1,1100,39025,Other\n0,1100,68400,Office\n")
    text = guess(tmp_path)
    assert parse_bank_file(text).tables["loans"].columns == {"defaulted": "BAD", "amount": "LOAN", "loan_id": "@row"}
    assert '# attributes = ["VALUE", "JOB"]' in text
    assert "little else to learn from" in text


def test_purchases_in_plain_words_are_transactions(tmp_path: Path) -> None:
    (tmp_path / "master.csv").write_text(
        "customer_id, date, quantity, dollar_value\n1,19970101,1,11.77\n1,19970102,2,5\n"
    )
    (tmp_path / "bank.toml").write_text(guess(tmp_path))
    with connect(tmp_path) as bank:
        assert [float(amount) for amount in bank.frame("transactions")["amount"]] == [11.77, 5.0]


@pytest.mark.parametrize("column", ["CLIENTNUM", "CUST_ID", "customer"])
def test_one_row_a_customer_is_a_table_of_customers_with_its_numbers_declared(tmp_path: Path, column: str) -> None:
    rows = "".join(f"{row},{row * 10}.5,card\n" for row in range(3))
    (tmp_path / "flat.csv").write_text(f"{column},Credit_Limit,Card Kind\n{rows}")
    text = guess(tmp_path)
    assert "left out, for segments are drawn by numbers: Card Kind" in text
    (tmp_path / "bank.toml").write_text(text)
    with connect(tmp_path) as bank:
        assert bank.settings.tables["customers"].attributes == ["Credit_Limit"]
        assert bank.intake.table("customers").accepted == 3


INVOICES = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def test_an_invoice_is_transactions_whose_amount_sql_makes(tmp_path: Path) -> None:
    rows = "".join(f"5363{day},85A,LAMP,6,12/{day}/2010 8:26,2.55,17850,France\n" for day in (1, 2, 13))
    (tmp_path / "retail.csv").write_text(INVOICES + rows)
    text = guess(tmp_path)
    tables = parse_bank_file(text).tables
    assert tables["transactions"].columns == {"customer_id": "CustomerID", "at": "InvoiceDate"}
    assert tables["transactions"].date_format == "%m/%d/%Y %H:%M"
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    start, end = lines.index("[staged.retail]"), len(lines) - lines[::-1].index('"""')
    (tmp_path / "bank.toml").write_text("\n".join(lines[start:end]))
    with connect(tmp_path) as bank:
        found = bank.frame("transactions")
        assert [float(amount) for amount in found["amount"]] == [15.3] * 3
        assert str(found["at"].max()) == "2010-12-13 08:26:00"


def test_dates_are_judged_by_more_than_the_first_rows(tmp_path: Path) -> None:
    first = "1,12/1/2010,5\n1,12/2/2010,5\n" * 5000
    (tmp_path / "transactions.csv").write_text("customer_id,at,amount\n" + first)
    assert "so %d/%m/%Y and %m/%d/%Y fit: decide" in guess(tmp_path)
    (tmp_path / "transactions.csv").write_text("customer_id,at,amount\n" + first + "1,12/13/2010,5\n" * 40)
    text = guess(tmp_path)
    assert parse_bank_file(text).tables["transactions"].date_format == "%m/%d/%Y"
    assert "decide" not in text


def test_ambiguous_dates_of_a_file_that_is_no_table_are_left_to_a_person(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("A;WHENCE\n1;03/04/2024\n")
    text = guess(tmp_path)
    assert 'date_format = "%d/%m/%Y"  # or %m/%d/%Y: decide' in text
    assert "WHENCE: dates %d/%m/%Y or %m/%d/%Y" in text


REAL = ["berka", "german", "hmeq", "taiwan", "zimnat", "cdnow", "cc-general", "movielens-100k"]


@pytest.mark.parametrize("folder", REAL)
def test_guesses_about_real_files_can_be_read(real_data: Path, folder: str) -> None:
    assert parse_bank_file(guess(real_data / folder)).name


def test_a_flat_file_with_an_index_and_an_outcome_is_one_of_loans(tmp_path: Path) -> None:
    (tmp_path / "cs-training.csv").write_text(",SeriousDlqin2yrs,income,used\n1,0,NA,9.5%\n2,1,10,NA\n3,0,12,8%\n")
    text = guess(tmp_path)
    loans = parse_bank_file(text).tables["loans"]
    assert loans.columns == {"defaulted": "SeriousDlqin2yrs", "loan_id": "column_1"}
    assert loans.header
    assert 'attributes = ["income", "used"]' in text
    (tmp_path / "bank.toml").write_text(text.replace("# attributes", "attributes"))
    with connect(tmp_path) as bank:
        assert bank.frame("loans")["income"].dropna().tolist() == [10, 12]
        assert bank.frame("loans")["loan_id"].tolist() == ["1", "2", "3"]


def test_numbers_with_their_unit_are_read(tmp_path: Path) -> None:
    (tmp_path / "loans.csv").write_text("id,bad,term,int_rate\n1,0, 36 months,9.5%\n2,1, 60 months,8%\n")
    text = guess(tmp_path)
    assert 'codes.term_months = { "36 months" = "36", "60 months" = "60" }  # in months?' in text
    (tmp_path / "bank.toml").write_text(text)
    with connect(tmp_path) as bank:
        assert bank.frame("loans")["term_months"].tolist() == [36, 60]


def test_columns_without_a_name_in_a_file_under_strange_names_keep_the_header(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(",foo,used\n1,a,NA\n2,b,9%\n")
    text = guess(tmp_path)
    assert "#   used: numbers" in text
    assert "header = false" not in text
