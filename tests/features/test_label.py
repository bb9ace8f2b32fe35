"""Every row of the label's table of rules, and what a bank with one column less gets."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from random_banks import collect, lazy

from guilder.errors import UsageError
from guilder.features.label import label

AS_OF = dt.datetime(2024, 3, 1)
DAY = AS_OF.date()
SCHEMA = pa.schema(
    [
        ("loan_id", pa.string()),
        ("applied_on", pa.date32()),
        ("defaulted", pa.bool_()),
        ("defaulted_on", pa.date32()),
        ("closed_on", pa.date32()),
    ]
)


def outcome(horizon: int | None, *, without: tuple[str, ...] = (), **loan: Any) -> tuple[str, Any, Any]:
    table = pa.Table.from_pylist([{"loan_id": "l1", "applied_on": dt.date(2023, 1, 15)} | loan], schema=SCHEMA)
    made = collect(
        label(lazy({"loans": table.drop_columns(list(without))}, "polars")["loans"], horizon, AS_OF), "loan_id"
    )
    status, defaulted, known_at = made.loc["l1", ["status", "defaulted", "known_at"]]
    return (
        status,
        None if pd.isna(defaulted) else bool(defaulted),
        None if pd.isna(known_at) else pd.Timestamp(known_at).date(),
    )


END = dt.date(2024, 1, 15)
RULES = {
    "1 applied for at as_of": (12, {"applied_on": DAY, "defaulted": True}, ("unknown", None, None)),
    "2 defaulted before the end": (
        12,
        {"defaulted": True, "defaulted_on": dt.date(2024, 1, 14)},
        ("known", True, dt.date(2024, 1, 14)),
    ),
    "2 defaulted, no horizon": (
        None,
        {"defaulted": True, "defaulted_on": dt.date(2024, 2, 29)},
        ("known", True, dt.date(2024, 2, 29)),
    ),
    "2 defaulted, though the flag is blank": (
        12,
        {"defaulted_on": dt.date(2023, 6, 1)},
        ("known", True, dt.date(2023, 6, 1)),
    ),
    "3 defaulted on the end": (12, {"defaulted": True, "defaulted_on": END}, ("known", False, END)),
    "4 true without a date": (12, {"defaulted": True}, ("known", True, None)),
    "4 true without a date, closed": (
        12,
        {"defaulted": True, "closed_on": dt.date(2023, 9, 1)},
        ("known", True, dt.date(2023, 9, 1)),
    ),
    "4 true without a date, closed at as_of": (12, {"defaulted": True, "closed_on": DAY}, ("known", True, None)),
    "5 blank": (12, {}, ("unknown", None, None)),
    "5 blank though closed": (12, {"closed_on": dt.date(2023, 9, 1)}, ("unknown", None, None)),
    "6 closed before the end": (
        12,
        {"defaulted": False, "closed_on": dt.date(2023, 9, 1)},
        ("known", False, dt.date(2023, 9, 1)),
    ),
    "6 closed, no horizon": (
        None,
        {"defaulted": False, "closed_on": dt.date(2023, 9, 1)},
        ("known", False, dt.date(2023, 9, 1)),
    ),
    "7 no horizon": (None, {"defaulted": False}, ("known", False, None)),
    "7 no date": (12, {"applied_on": None, "defaulted": False}, ("known", False, None)),
    "8 end passed": (12, {"defaulted": False}, ("known", False, END)),
    "8 end passed, closed after it": (
        12,
        {"defaulted": False, "closed_on": dt.date(2024, 2, 1)},
        ("known", False, END),
    ),
    "8 end at as_of": (12, {"applied_on": dt.date(2023, 3, 1), "defaulted": False}, ("known", False, DAY)),
    "8 default in the future, end passed": (12, {"defaulted": True, "defaulted_on": DAY}, ("known", False, END)),
    "9 end to come": (24, {"defaulted": False}, ("immature", None, None)),
    "9 closed in the future": (24, {"defaulted": False, "closed_on": DAY}, ("immature", None, None)),
    "9 default in the future": (24, {"defaulted": True, "defaulted_on": DAY}, ("immature", None, None)),
}


@pytest.mark.parametrize("rule", RULES)
def test_rule(rule: str) -> None:
    horizon, loan, expected = RULES[rule]
    assert outcome(horizon, **loan) == expected


def test_dates_of_default_alone_leave_no_loan_unknown() -> None:
    assert outcome(12, without=("defaulted",)) == ("known", False, END)
    assert outcome(24, without=("defaulted",)) == ("immature", None, None)
    assert outcome(None, without=("defaulted", "closed_on")) == ("known", False, None)


def test_a_flat_table_is_taken_as_recorded() -> None:
    flat = ("applied_on", "defaulted_on", "closed_on")
    assert outcome(12, without=flat, defaulted=True) == ("known", True, None)
    assert outcome(12, without=flat, defaulted=False) == ("known", False, None)
    assert outcome(12, without=flat) == ("unknown", None, None)


def test_months_end_where_the_month_ends() -> None:
    assert outcome(1, applied_on=dt.date(2024, 1, 31), defaulted=False) == ("known", False, dt.date(2024, 2, 29))


def test_a_horizon_below_a_month_is_refused() -> None:
    with pytest.raises(UsageError, match="horizon_months is 0"):
        outcome(0, defaulted=False)
