"""What the log of campaigns says by a day: contacts counted once, answers only when they had come."""

from __future__ import annotations

import pandas as pd

from guilder.offers.contact import contacts, known_campaigns, refusals

TODAY = pd.Timestamp("2025-06-30")


def log(**columns: list[object]) -> pd.DataFrame:
    rows = len(next(iter(columns.values())))
    known = {"customer_id": ["a"] * rows, "product_id": ["card"] * rows, "at": ["2025-06-01"] * rows,
             "taken": [False] * rows}  # fmt: skip
    frame = pd.DataFrame({**known, **columns})
    return frame.assign(at=pd.to_datetime(frame["at"]))


def test_an_answer_that_has_not_come_is_not_known() -> None:
    told = log(
        at=["2025-06-01", "2025-06-01", "2025-06-01", "2025-06-30"], taken=[True, True, False, True],
        refused=[None, False, True, False], answered_on=["2025-06-29", "2025-06-30", "2025-07-02", None],
    )  # fmt: skip
    known = known_campaigns(told, TODAY)
    assert known["taken"].tolist() == [True, False, False]
    assert not known["refused"].any()
    assert known["treated"].all()
    assert known_campaigns(log(taken=[True]), TODAY)["taken"].tolist() == [True]


def test_contacts_are_counted_once_a_moment_and_not_for_who_was_held_out() -> None:
    told = log(
        customer_id=["a", "a", "a", "b", "c"], product_id=["card", "fund", "card", "card", "card"],
        at=["2025-06-01", "2025-06-01", "2025-05-31", "2025-05-30", "2025-06-20"],
        treated=[True, True, True, True, False],
    )  # fmt: skip
    assert contacts(known_campaigns(told, TODAY), TODAY, 30).to_dict() == {"a": 2}


def test_the_latest_refusal_or_closing_counts() -> None:
    told = log(
        customer_id=["a", "a", "b"], at=["2025-01-01", "2025-06-01", "2025-06-01"], refused=[True, True, True],
        answered_on=["2025-01-05", None, "2025-07-05"],
    )  # fmt: skip
    met = pd.DataFrame({
        "customer_id": ["a", "a", "c", "d"], "product_id": ["card", "fund", "fund", "fund"],
        "kind": ["close", "close", "hold", "close"],
        "at": pd.to_datetime(["2025-06-20", None, "2025-06-01", "2025-07-01"]),
    })  # fmt: skip
    found = refusals(known_campaigns(told, TODAY), met, TODAY).set_index(["customer_id", "product_id"])["days"]
    assert found.to_dict() == {("a", "card"): 10, ("a", "fund"): 0}
    undated = refusals(None, met.drop(columns="at"), TODAY)
    assert undated["days"].tolist() == [0, 0, 0]
    assert refusals(None, None, TODAY).empty
