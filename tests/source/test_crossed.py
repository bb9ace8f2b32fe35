"""Columns of a row against each other: the ends of what an age may be, and what contradicts itself."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest

from guilder.source.bank import Bank

AS_OF = datetime.date(2024, 6, 30)


def reasons(**columns: str) -> list[tuple[str, str]]:
    """The rules that one customer among many good ones breaks."""
    good = pd.DataFrame({
        "customer_id": [f"C{n}" for n in range(200)], "birth_date": "1980-05-05", "joined_on": "2010-01-01",
    })  # fmt: skip
    frame = pd.concat([good, pd.DataFrame([{"customer_id": "odd", "birth_date": "1980-05-05", **columns}])])
    with Bank.from_frames(customers=frame, as_of=AS_OF) as bank:
        return [(item.id, item.column) for item in bank.intake.violations]


@pytest.mark.parametrize(
    ("born", "found"),
    [
        ("2006-06-30", []),  # eighteen today
        ("2006-07-01", [("G-CUST-028", "birth_date")]),
        ("1913-07-01", []),  # 110 until tomorrow
        ("1913-06-30", [("G-CUST-028", "birth_date")]),
        ("2024-06-30", [("G-CUST-012", "birth_date")]),
        ("2025-01-01", [("G-CUST-012", "birth_date")]),
    ],
)
def test_an_age_has_its_ends(born: str, found: list[tuple[str, str]]) -> None:
    assert reasons(birth_date=born) == found


@pytest.mark.parametrize(
    ("joined", "found"),
    [("1980-05-05", []), ("1980-05-04", [("G-CUST-029", "joined_on")])],
)
def test_nobody_joins_before_they_are_born(joined: str, found: list[tuple[str, str]]) -> None:
    assert reasons(joined_on=joined) == found
