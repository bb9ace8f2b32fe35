"""Sums agree with the cents of the file, a profile shows no single row, and rows set aside show nothing personal."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from guilder.source.bank import Bank
from guilder.source.connect import connect
from guilder.source.profile import _said, aside, profile, sums

GOOD = [f"T{n},C{n % 3 + 1},2024-01-{n % 27 + 1:02d},{n}.10,{'food' if n % 3 else 'rent'}" for n in range(60)]
SPOILED = ["T90,C1,2024-02-30,100.05,food", "T91,C99,2024-02-01,7.00,food", "T92,C1,2024-02-01,abc,food"]


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    (tmp_path / "customers.csv").write_text(
        "customer_id,name,email,birth_date,region\n" + "".join(
            f"C{n},Ada {n},ada{n}@example.org,{1980 if n < 12 else 2020}-01-01,{'North' if n < 11 else 'Solo'}\n"
            for n in range(1, 13)
        )
    )
    head = "transaction_id,customer_id,at,amount,category"
    (tmp_path / "bookings.csv").write_text("\n".join([head, *GOOD, *SPOILED]))
    (tmp_path / "bank.toml").write_text(
        'as_of = 2024-06-30\n[tables.customers]\npath = "customers.csv"\nmax_quarantine = 0.5\n'
        '[tables.transactions]\npath = "bookings.csv"\nmax_quarantine = 0.5\n'
    )
    with connect(tmp_path) as opened:
        yield opened


def test_sums_are_those_of_the_file_to_the_cent(bank: Bank) -> None:
    found = {(one.table, one.column): one for one in sums(bank)}
    amount = found["transactions", "amount"]
    assert Decimal(amount.used) == sum(Decimal(line.split(",")[3]) for line in GOOD)
    assert Decimal(amount.aside) == Decimal("107.05")
    assert Decimal(amount.all) == Decimal(amount.used) + Decimal(amount.aside)
    assert amount.unread == 1
    assert set(found) == {("transactions", "amount")}


def test_columns_are_described_without_a_single_row(bank: Bank) -> None:
    found = {(one.table, one.column): one for one in profile(bank)}
    amount = found["transactions", "amount"]
    assert (amount.kind, amount.filled, amount.different) == ("money", 1.0, 60)
    assert (amount.low, amount.middle, amount.high) == ("0.10", "29.10", "59.10")
    assert found["transactions", "category"].common == (("food", 40 / 60), ("rent", 20 / 60))
    assert found["customers", "region"].common == (("North", 10 / 11),), "one customer in the other is not shown"
    assert found["customers", "region"].different == 2
    assert found["customers", "email"].kind == "personal"
    assert (found["customers", "email"].filled, found["customers", "email"].different) == (1.0, None)
    assert found["customers", "birth_date"].middle == "1980-01-01"
    assert found["transactions", "transaction_id"].low is None
    assert "ada" not in str(profile(bank)).lower()


def test_rows_set_aside_show_where_and_why_and_nothing_personal(bank: Bank) -> None:
    found = aside(bank.con)
    assert sorted(found) == ["customers", "transactions"]
    rows = found["transactions"]
    assert list(rows.columns) == ["file", "line", "column", "reason", "transaction_id", "customer_id", "at", "amount"]
    assert rows["line"].tolist() == [62, 63, 64]
    assert rows["transaction_id"].tolist() == ["T90", "T91", "T92"]
    assert rows["column"].tolist() == ["at", "customer_id", "amount"]
    assert list(found["customers"].columns) == ["file", "line", "column", "reason", "customer_id", "birth_date"]
    for name, table in found.items():
        assert len(table) == bank.intake.table(name).quarantined


def test_zero_has_no_sign() -> None:
    assert _said(-0.0) == "0"
