"""Frames go through the same intake as files, and no row is ever lost."""

from __future__ import annotations

import datetime
import random
import re
from decimal import Decimal
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.contract.bank_file import BankFile, TableFile
from guilder.errors import DataError, UsageError
from guilder.source.bank import Bank

LOANS = {
    "loan_id": ["000123", "9007199254740993", "A"], "defaulted": [True, None, False], "purpose": ["NA", "", "null"],
}
EDGES = " \t\r\n\xa0\u200b\ufeff"


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table, lambda data: pl.DataFrame(data).lazy()])
def test_every_kind_of_frame_gives_the_same_bank(make: Any) -> None:
    with Bank.from_frames(loans=make(LOANS)) as bank:
        loans = bank.frame("loans")
    assert list(loans["loan_id"]) == ["000123", "9007199254740993", "A"]
    assert loans["purpose"].iloc[0] == "NA"
    assert loans["purpose"].isna().tolist() == [False, True, False]
    assert loans["defaulted"].isna().tolist() == [False, True, False]


def test_a_bank_is_shown_in_one_line() -> None:
    with Bank.from_frames(loans=pd.DataFrame(LOANS), name="Ours") as bank:
        assert repr(bank) == "<Bank 'Ours', without dates: loans>"
    with Bank.from_frames(loans=pd.DataFrame(LOANS), as_of=datetime.date(2025, 6, 30)) as bank:
        assert repr(bank) == "<Bank 'Bank', as of 2025-06-30: loans>"


def test_tables_are_lazy_and_typed() -> None:
    frame = pd.DataFrame({"customer_id": [1], "at": ["2024-01-31"], "amount": ["12.345"], "category": [None]})
    with Bank.from_frames(transactions=frame) as bank:
        table = bank.tables["transactions"]
        assert isinstance(table, nw.LazyFrame)
        schema = table.collect_schema()
        assert schema["customer_id"] == nw.String()
        assert isinstance(schema["at"], nw.Datetime)
        assert isinstance(schema["amount"], nw.Decimal)
        assert bank.as_of == datetime.datetime(2024, 2, 1)
        assert table.select("amount").collect("pyarrow").to_native()["amount"].to_pylist() == [Decimal("12.35")]


def test_numbers_as_ids_keep_their_digits_and_no_point() -> None:
    frame = pd.DataFrame({"loan_id": [1.0, 2.0], "defaulted": [1, 0]})
    with Bank.from_frames(loans=frame) as bank:
        assert list(bank.frame("loans")["loan_id"]) == ["1", "2"]


def test_attributes_are_kinds_of_the_whole_column() -> None:
    frame = pd.DataFrame({
        "loan_id": range(3), "defaulted": [1, 0, 1], "number": ["1", "2.5", None], "zip": ["01", "02", "03"],
        "mixed": [1, "x", None],
    })
    with Bank.from_frames(loans=frame, attributes={"loans": ["number", "zip", "mixed"]}) as bank:
        schema = bank.tables["loans"].collect_schema()
        assert [schema[name] for name in ("number", "zip", "mixed")] == [nw.Float64(), nw.String(), nw.String()]
        assert list(bank.frame("loans")["zip"]) == ["01", "02", "03"]


def test_codes_are_mapped() -> None:
    frame = pd.DataFrame({"loan_id": [1, 2, 3], "defaulted": ["B", "A", "C"]})
    codes = {"loans": {"defaulted": {"B": True, "A": False, "C": "unknown"}}}
    with Bank.from_frames(loans=frame, codes=codes) as bank:
        assert bank.frame("loans")["defaulted"].astype(object).tolist()[:2] == [True, False]
        assert bank.frame("loans")["defaulted"].isna().tolist() == [False, False, True]


def test_what_is_no_table_or_no_frame_is_refused() -> None:
    with pytest.raises(UsageError, match="no table 'loan'"):
        Bank.from_frames(loan=pd.DataFrame())
    with pytest.raises(DataError, match="is a dict, not a frame"):
        Bank.from_frames(loans=LOANS)
    with pytest.raises(DataError, match="repeats the column"):
        Bank.from_frames(loans=pd.DataFrame([[1, 2]], columns=["a", "A"]))


cell = st.one_of(
    st.none(),
    st.sampled_from(["1", "-1", "true", "NaN", "inf", "2024-02-29", "2024-02-30", "31/12/2024", " ", "1e40", "é"]),
    st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=4), st.integers(-10, 10).map(str),
)


def _good(record: tuple[str | None, ...]) -> bool:
    """Whether a row keeps the contract, said a second time in plain Python."""
    customer, at, amount, direction = ((text or "").strip(EDGES) for text in record)
    return bool(
        customer and at == "2024-02-29" and re.fullmatch(r"[+-]?\d+", amount, re.ASCII)
        and (not direction or direction.lower() in ("in", "out"))
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(cell, cell, cell, cell), min_size=1, max_size=12))
def test_rows_in_are_accepted_or_quarantined(records: list[tuple[str | None, ...]]) -> None:
    texts = pa.string()
    table = pa.table({
        name: pa.array([record[number] for record in records], texts)
        for number, name in enumerate(("customer_id", "at", "amount", "direction"))
    })
    lenient = BankFile(tables={"transactions": TableFile(max_quarantine=1.0, date_format="%Y-%m-%d")})
    if not any(_good(record) for record in records):
        with pytest.raises(DataError, match="no rows"):
            Bank.from_frames(settings=lenient, transactions=table)
        return
    with Bank.from_frames(settings=lenient, transactions=table) as bank:
        assert bank.intake.table("transactions").accepted == sum(map(_good, records))
        taken = bank.intake.table("transactions")
        assert taken.rows_in == len(records) == taken.accepted + taken.quarantined
        assert len(bank.quarantine()) == taken.quarantined
        assert sum(item.rows for item in taken.violations if item.severity == "quarantine") == taken.quarantined
        frame = bank.frame("transactions")
        assert len(frame) == taken.accepted
        assert not frame[["customer_id", "at", "amount"]].isna().any().any()


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_columns_changes_nothing(chance: random.Random) -> None:
    data = {
        "loan_id": ["1", "2", "3"], "customer_id": ["a", "b", "c"], "defaulted": ["yes", "no", None],
        "applied_on": ["2024-01-01", "2024-02-01", "2024-03-01"], "amount": ["1", "2", "3.50"],
        "left_out": ["x", "y", "z"],
    }
    names = list(data)
    chance.shuffle(names)
    with Bank.from_frames(loans=pd.DataFrame(data)) as bank, Bank.from_frames(
        loans=pd.DataFrame({name: data[name] for name in names})
    ) as other:
        pd.testing.assert_frame_equal(bank.frame("loans"), other.frame("loans"))
        assert bank.intake.to_dict() == other.intake.to_dict()


@settings(max_examples=15, deadline=None)
@given(st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1).filter(
        lambda text: text.strip(EDGES)
    ), min_size=1, max_size=8, unique_by=lambda text: text.strip(EDGES),
))
def test_identifiers_survive_whatever_they_hold(names: list[str]) -> None:
    with Bank.from_frames(loans=pa.table({"loan_id": names, "defaulted": [True] * len(names)})) as bank:
        assert list(bank.frame("loans")["loan_id"]) == [name.strip(EDGES) for name in names]


def test_nan_in_a_float_column_of_arrow_is_quarantined() -> None:
    table = pa.table({"loan_id": ["1", "2"], "defaulted": [True, False], "amount": [1.0, np.nan]})
    lenient = BankFile(tables={"loans": TableFile(max_quarantine=1.0)})
    with Bank.from_frames(settings=lenient, loans=table) as bank:
        assert [item.id for item in bank.intake.violations] == ["G-LOAN-004"]
