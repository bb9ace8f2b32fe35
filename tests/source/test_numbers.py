"""Numbers as other programs write them: words for none, percent signs."""

from __future__ import annotations

from pathlib import Path

import pytest

from guilder.errors import DataError
from guilder.source.connect import connect


def _bank(folder: Path, rows: str, more: str) -> Path:
    (folder / "loans.csv").write_text(rows)
    (folder / "bank.toml").write_text(f'[tables.loans]\npath = "loans.csv"\n{more}\n')
    return folder


@pytest.mark.parametrize("word", ["NA", "n/a", "#N/A", "NaN", "NULL", "None", "\\N", ".", "?"])
def test_words_for_none_leave_a_column_of_numbers_one(tmp_path: Path, word: str) -> None:
    rows = f"loan_id,defaulted,income,amount\n1,0,{word},{word}\n2,1,5.5,100\n3,0,,200\n"
    with connect(_bank(tmp_path, rows, 'attributes = ["income"]')) as bank:
        assert bank.frame("loans")["income"].isna().tolist() == [True, False, True]
        assert bank.frame("loans")["income"][1] == 5.5
        assert bank.intake.table("loans").quarantined == 0
        assert bank.frame("loans")["amount"].isna().tolist() == [True, False, False]


def test_words_for_none_are_no_amount_where_one_must_be(tmp_path: Path) -> None:
    (tmp_path / "transactions.csv").write_text("customer_id,at,amount\n1,2024-01-01,NA\n1,2024-01-02,5\n")
    (tmp_path / "bank.toml").write_text('[tables.transactions]\npath = "transactions.csv"')
    with pytest.raises(DataError, match="G-TRAN-004"):
        connect(tmp_path)


def test_a_percent_sign_is_a_hundredth(tmp_path: Path) -> None:
    rows = "loan_id,defaulted,annual_rate,used\n1,0,9.5%,93.0 %\n2,1,12%,NA\n"
    with connect(_bank(tmp_path, rows, 'attributes = ["used"]')) as bank:
        assert bank.frame("loans")["annual_rate"].tolist() == pytest.approx([0.095, 0.12])
        assert bank.frame("loans")["used"][0] == pytest.approx(0.93)


def test_percents_and_plain_numbers_in_one_attribute_are_in_doubt(tmp_path: Path) -> None:
    rows = "loan_id,defaulted,used\n1,0,93%\n2,1,93\n"
    with connect(_bank(tmp_path, rows, 'attributes = ["used"]')) as bank:
        assert bank.frame("loans")["used"].tolist() == ["93%", "93"]


def test_numbers_with_a_word_are_answered_with_the_line_that_reads_them(tmp_path: Path) -> None:
    rows = "loan_id,defaulted,term_months\n1,0, 36 months\n2,1, 60 months\n"
    with pytest.raises(DataError) as stop:
        connect(_bank(tmp_path, rows, ""))
    assert 'codes = { term_months = { "36 months" = "36" } }' in stop.value.todo
    with connect(_bank(tmp_path, rows, 'codes = { term_months = { "36 months" = "36", "60 months" = "60" } }')) as bank:
        assert bank.frame("loans")["term_months"].tolist() == [36, 60]
