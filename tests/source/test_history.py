"""The past as it was known on a day: late rows change it where nobody says when they came, their order never."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest

from guilder.source.bank import Bank
from guilder.source.history import history

DAY = datetime.datetime(2024, 3, 1)
BOOKED = pd.DataFrame({
    "transaction_id": ["a", "b", "c", "d"],
    "customer_id": ["1", "1", "2", "2"],
    "at": ["2024-01-05 10:00", "2024-02-29 23:59:59", "2024-03-01 00:00", "2024-03-02 09:00"],
    "amount": [10.0, -3.0, 7.0, 1.0],
})  # fmt: skip


def of(frame: pd.DataFrame) -> dict[str, object]:
    with Bank.from_frames(transactions=frame, as_of=datetime.date(2024, 4, 1)) as bank:
        return history(bank, DAY)["transactions"]


def test_events_strictly_before_the_day_count() -> None:
    found = of(BOOKED)
    assert found["rows"] == 2
    assert found == of(BOOKED.iloc[:2])


def test_the_order_of_rows_and_other_columns_change_nothing() -> None:
    assert of(BOOKED.iloc[::-1]) == of(BOOKED.assign(category="food")) == of(BOOKED)


@pytest.mark.parametrize(("column", "value"), [("customer_id", "9"), ("amount", 10.01), ("at", "2024-01-05 10:01")])
def test_another_customer_amount_or_moment_is_another_past(column: str, value: object) -> None:
    other = BOOKED.copy()
    other.loc[0, column] = value
    assert of(other)["rows"] == 2
    assert of(other)["digest"] != of(BOOKED)["digest"]


def test_what_was_loaded_after_the_day_was_not_known_then() -> None:
    loaded = BOOKED.assign(loaded_at=["2024-01-06 00:00", "2024-03-01 00:00", "2024-03-02 00:00", "2024-03-03 00:00"])
    late = loaded.assign(loaded_at=loaded["loaded_at"].where(loaded.index != 1, "2024-03-01 00:01"))
    assert of(loaded)["rows"] == 2
    assert of(late)["rows"] == 1
    assert of(loaded)["digest"] == of(BOOKED)["digest"]
