"""From files to a bank: every way a table may be brought."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guilder.errors import BankFileError, DataError, UsageError
from guilder.source.connect import connect
from guilder.source.csv_file import CsvLines

LOANS = "loan_id,defaulted\n1,true\n2,false\n"


def bank_at(folder: Path, text: str, **files: str) -> Path:
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    (folder / "bank.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_folder_or_the_file_may_be_named(tmp_path: Path) -> None:
    bank_at(tmp_path, '[tables.loans]\npath = "loans.csv"', loans=LOANS)
    for path in (tmp_path, tmp_path / "bank.toml", str(tmp_path)):
        with connect(path) as bank:
            assert bank.intake.table("loans").accepted == 2
            assert bank.root == tmp_path
    with pytest.raises(BankFileError, match="no bank file"):
        connect(tmp_path / "nothing")


def test_parquet_a_folder_and_a_glob(tmp_path: Path) -> None:
    for part in range(3):
        pd.DataFrame({"loan_id": [part], "defaulted": [True]}).to_parquet(tmp_path / f"part{part}.parquet")
    for path in (".", "*.parquet", "part[01].parquet"):
        with connect(bank_at(tmp_path, f'[tables.loans]\npath = "{path}"')) as bank:
            expected = 2 if "[" in path else 3
            assert bank.intake.table("loans").accepted == expected
            assert len(bank.input_hashes) == expected


def test_a_table_of_a_database(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "bank.duckdb")) as con:
        con.execute("CREATE SCHEMA crm").fetchall()
        con.execute("CREATE TABLE crm.loan AS SELECT 7 AS loan_id, true AS defaulted").fetchall()
    with connect(bank_at(tmp_path, '[tables.loans]\nurl = "duckdb://bank.duckdb"\ntable = "crm.loan"')) as bank:
        assert list(bank.frame("loans")["loan_id"]) == ["7"]
    with pytest.raises(DataError, match=r"It has: crm\.loan"):
        connect(bank_at(tmp_path, '[tables.loans]\nurl = "duckdb://bank.duckdb"\ntable = "crm.loans"'))


def test_a_file_without_a_header(tmp_path: Path) -> None:
    text = '[tables.loans]\npath = "loans.csv"\ndelimiter = " "\nheader = false\nnames = ["what", "bad"]\n' \
           'columns = { loan_id = "@row", defaulted = "bad" }\ncodes = { defaulted = { "1" = false, "2" = true } }'
    with connect(bank_at(tmp_path, text, loans="\nA11 1\nA12 2\n")) as bank:
        assert bank.frame("loans")["loan_id"].tolist() == ["1", "2"]
        assert bank.frame("loans")["defaulted"].tolist() == [False, True]


def test_sql_over_staged_inputs_cannot_leave_the_engine(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("loan_id,defaulted\n1,true\n")
    text = '[staged.loan]\npath = "loans.csv"\n[tables.loans]\nsql = "{}"'
    with connect(bank_at(tmp_path, text.format("with l as (from loan) select * from l"), loans=LOANS)) as bank:
        assert bank.intake.table("loans").source == "sql over loan"
        assert bank.intake.table("loans").undeclared == ()
    for query in (f"select * from '{secret}'", f"select * from read_csv('{secret}')", "select * from loan; select 1",
                  "delete from loan", f"copy loan to '{tmp_path}/out.csv'", "install spatial", "set threads = 1"):
        with pytest.raises(DataError, match=r"sql of"):
            connect(bank_at(tmp_path, text.format(query), loans=LOANS))
    assert not (tmp_path / "out.csv").exists()


def test_dated_inputs_must_be_cut_and_undated_ones_need_a_reason(tmp_path: Path) -> None:
    files = {"loans": "loan_id,defaulted,applied_on\n1,true,2024-01-01\n", "owner": "loan_id,customer_id\n1,C1\n"}
    text = '[staged.loan]\npath = "loans.csv"\nwhen = "applied_on"\n[staged.owner]\npath = "owner.csv"\n{}\n' \
           '[tables.loans]\nsql = "select loan.*, customer_id from loan join owner using (loan_id){}"'
    with pytest.raises(DataError, match="'owner', which has no date"):
        connect(bank_at(tmp_path, text.format("", ""), **files))
    reason = 'undated_ok = "who owns a loan is settled when it is granted"'
    with pytest.raises(DataError, match="never looks at its date"):
        connect(bank_at(tmp_path, text.format('when = "since"', ""), **files))
    with connect(bank_at(tmp_path, text.format(reason, ""), **files)) as bank:
        assert bank.intake.overrides == {"staged.owner": "who owns a loan is settled when it is granted"}


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "loans.csv")
    with pytest.raises(DataError, match="not a regular file"):
        connect(bank_at(tmp_path, '[tables.loans]\npath = "loans.csv"'))


def test_an_engine_on_disk_and_an_engine_that_is_not_there(tmp_path: Path) -> None:
    table = '[tables.loans]\npath = "loans.csv"\n'
    for _ in range(2):
        with connect(bank_at(tmp_path, table + '[engine]\nurl = "duckdb://work.duckdb"', loans=LOANS)) as bank:
            assert bank.intake.table("loans").accepted == 2
    assert (tmp_path / "work.duckdb").exists()
    with pytest.raises(UsageError, match="oracle"):
        connect(bank_at(tmp_path, table + '[engine]\nurl = "oracle://x"', loans=LOANS))


def test_personal_values_are_never_shown(tmp_path: Path) -> None:
    customers = "customer_id,name,birth_date\nC1,A Canary,1980-01-01\nC2,B Canary,13.13.1980\nC3,C Canary,14.13.1980\n"
    with pytest.raises(DataError) as caught:
        connect(bank_at(tmp_path, '[tables.customers]\npath = "customers.csv"', customers=customers))
    assert "Canary" not in str(caught.value)
    assert "1980" not in str(caught.value)


field = st.text(st.sampled_from('ab1,;"\n\r é\''), max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(st.tuples(field, field), min_size=1, max_size=8))
def test_what_a_csv_writer_writes_is_read_as_it_was(records: list[tuple[str, str]], tmp_path: Path) -> None:
    import csv

    with (tmp_path / "loans.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(["loan_id", "defaulted", "purpose", "region"])
        writer.writerows((number, "true", *record) for number, record in enumerate(records))
    with connect(bank_at(tmp_path, '[tables.loans]\npath = "loans.csv"\nattributes = { region = "text" }')) as bank:
        loans = bank.frame("loans").sort_values("loan_id", key=lambda ids: ids.astype(int))
        assert [(a, b) for a, b in zip(loans["purpose"].fillna(""), loans["region"].fillna(""), strict=True)] == [
            (a.strip(" \r\n"), b.strip(" \r\n")) for a, b in records
        ]


def test_lines_are_traced_past_broken_ones() -> None:
    lines = CsvLines("x.csv", header=True, first=10, broken=[2, 3, 6])
    assert [lines.line(row) for row in (10, 11, 12)] == [4, 5, 7]
