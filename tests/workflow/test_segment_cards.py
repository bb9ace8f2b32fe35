"""The cards of segments against the bank's own tables, why a customer is where they are, and movement in a quarter."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import pytest

import guilder
from guilder.contract.bank_file import BankFile
from guilder.features.day import usual_day
from guilder.features.lent import open_loans
from guilder.report.segment_cards import card_of
from guilder.source.bank import Bank
from guilder.store.runs import Run
from guilder.workflow.cards import cards_of, segment_cards
from guilder.workflow.migration import migration


def lazy(frame: pd.DataFrame) -> nw.LazyFrame:
    return nw.from_native(duckdb.connect().from_df(frame))


def test_shares_add_up_and_products_are_those_held(bank: Bank, run: Run) -> None:
    cards = cards_of(run)
    shown = [each for each in cards if not each["hidden"]]
    assert len(shown) >= 3
    assert sum("day" in each for each in shown) >= 3
    assert sum(each["share"] for each in cards) == pytest.approx(1)
    assert 0.9 < sum(each["share_of_inflow"] or 0.0 for each in shown) <= 1 + 1e-9
    assert sum(each["lent"]["share"] for each in shown if "lent" in each) == pytest.approx(1, abs=0.02)
    names = set(bank.frame("products")["name"])
    for each in shown:
        assert {item["product"] for item in each["held"]} <= names
        assert all(0 < item["share"] <= 1 for item in each["held"])
        assert each.get("day", {"bookings": 1})["bookings"] >= 1
        assert each["rfm"].keys() == {"recency", "frequency", "monetary"}
    placed = run.table("customers")
    known = placed.dropna(subset=[next(name for name in placed if name.startswith("p_default_"))])
    enough = known["segment"].value_counts() >= bank.settings.privacy.min_group
    assert {each["segment"] for each in shown if "p_default" in each} == set(enough.index[enough]) != set()
    assert all(0 < each["p_default"]["mean"] < 1 for each in shown if "p_default" in each)


def test_of_a_segment_too_small_only_its_size_is_said(bank: Bank, run: Run) -> None:
    for each in cards_of(run):
        assert each["hidden"] == (each["customers"] < bank.settings.segments.min_shown)
        if each["hidden"]:
            assert set(each["medians"].values()) == {None}
            assert not {"p_default", "lent", "held", "offered", "day", "grown"} & set(each)
            assert card_of(each, {}).lines == ("too few customers to be described",)


def test_what_rests_on_few_customers_is_not_said_of_a_large_segment() -> None:
    ids = [f"c{each}" for each in range(40)]
    loans = pd.DataFrame({
        "loan_id": [f"l{each}" for each in range(23)], "applied_on": dt.date(2025, 1, 1), "amount": 1000.0,
        "term_months": 36, "customer_id": ["c0"] * 11 + ids[20:32], "defaulted": False,
    })  # fmt: skip
    took = pd.DataFrame({
        "customer_id": [*ids[:20], "c0", *ids[20:]], "product_id": ["p"] * 20 + ["rare"] + ["q"] * 20, "kind": "hold",
        "at": pd.Timestamp("2025-01-01"),
    })  # fmt: skip
    booked = pd.DataFrame({
        "customer_id": ["c0", *ids[20:]], "at": pd.Timestamp("2025-03-03 10:00"), "amount": 5.0,
    })  # fmt: skip
    one, two = two_cards(booked, loans=loans, interactions=took)
    assert not {"lent", "day"} & set(one)
    assert [each["product"] for each in one["held"]] == ["p"]
    assert (two["lent"]["loans"], two["lent"]["amount"]) == (12, 12000.0)
    assert two["day"]["bookings"] == 1


def test_spending_is_of_all_categories_by_money_of_the_last_year_and_of_no_few_customers() -> None:
    ids, small = [f"c{each}" for each in range(40)], [f"word {each}" for each in range(12)]
    booked = [(each, "2025-03-03", -10.0, word) for each in ids for word in small]
    booked += [(each, "2025-05-05", -600.0, "securities") for each in ids[:20]]
    booked += [(each, "2025-05-05", -80.0, "") for each in ids[:20]]  # no category, yet money spent
    booked += [(each, "2025-05-05", 90.0, "salary") for each in ids]
    booked += [(each, "2023-05-05", -90.0, "boat") for each in ids]
    booked += [(each, "2025-05-05", -300.0, "of few") for each in ids[20:29]]
    frame = pd.DataFrame(booked, columns=["customer_id", "at", "amount", "category"])
    one, two = two_cards(frame.assign(at=pd.to_datetime(frame["at"]), category=frame["category"].replace("", None)))
    total = 20 * (120 + 600 + 80) + 20 * 120 + 9 * 300
    assert [each["category"] for each in one["categories"]] == ["securities", "word 0", "word 1"]
    assert one["categories"][0]["share"] == pytest.approx(600 / 800)
    assert one["categories"][0]["bank"] == pytest.approx(20 * 600 / total)
    assert [each["category"] for each in two["categories"]] == ["word 0", "word 1", "word 10"]
    assert two["categories"][0]["share"] == pytest.approx(200 / (20 * 120 + 9 * 300))
    (only, _) = two_cards(frame.assign(at=pd.to_datetime(frame["at"])).drop(columns="category"))
    assert "categories" not in only


def two_cards(transactions: pd.DataFrame, **tables: pd.DataFrame) -> list[dict[str, Any]]:
    """The cards of forty customers in two segments, S1 the first twenty."""
    day, ids = dt.date(2025, 7, 1), [f"c{each}" for each in range(40)]
    tables = {"customers": pd.DataFrame({"customer_id": ids}), "transactions": transactions, **tables}
    placed = pd.DataFrame({"customer_id": ids, "segment": ["S1"] * 20 + ["S2"] * 20})
    rows = [{"segment": each, "hidden": False} for each in ("S1", "S2")]
    segments: Any = SimpleNamespace(customers=placed, figures={"profiles": rows})
    scores: Any = SimpleNamespace(p_default=None, offers=pd.DataFrame(), product_names={})
    settings = BankFile(name="Small", currency="EUR")  # type: ignore[call-arg]
    now = dt.datetime(2025, 7, 2)
    with Bank.from_frames(as_of=day, settings=settings, now=now, **tables) as bank:
        return segment_cards(bank, segments, scores)


def test_the_flow_is_that_of_the_migration_in_memory(bank: Bank, run: Run) -> None:
    flow = run.figures["segments"]["flow"]
    start, end = (pd.Timestamp(flow[word]).date() for word in ("from", "to"))
    found = migration(bank, start, end, run=run.path)
    ids = [identity for identity, _ in found.segments]
    counted = {(each["before"], each["after"]): each["customers"] for each in flow["moves"]}
    cells = {(row, column): int(found.counts[i, j]) for i, row in enumerate(ids) for j, column in enumerate(ids)}
    least = bank.settings.privacy.min_group
    assert counted == {cell: customers for cell, customers in cells.items() if customers >= least}
    assert flow["hidden"] == sum(customers for customers in cells.values() if customers < least) > 0
    grown = {each["segment"]: each["grown"] for each in cards_of(run) if "grown" in each}
    assert all(grown[key] == pytest.approx(flow["now"][key] - flow["then"].get(key, 0)) for key in grown)


def test_a_customer_is_told_why_they_are_in_their_segment(bank: Bank, run: Run) -> None:
    placed = run.table("customers")
    grouped = placed[placed["segment"].str.startswith("S")].iloc[0]
    answer = guilder.explain(bank, grouped["customer_id"], run=run.path)
    assert answer.why_segment[0].startswith(f"nearest: {grouped['segment_name']} (distance {grouped['distance']:.2f})")
    assert 2 <= len(answer.why_segment) <= 4
    dormant = placed[placed["segment"] == "dormant"].iloc[0]
    assert guilder.explain(bank, dormant["customer_id"], run=run.path).why_segment[0].startswith("by rule: ")


def test_the_usual_day_counts_days_weekends_and_hours() -> None:
    bookings = pd.DataFrame(
        {
            "customer_id": ["a"] * 6,
            "at": pd.to_datetime(
                ["2025-06-02 09:30", "2025-06-02 13:00", "2025-06-07 10:00", "2025-06-08 00:00", "2024-01-01 10:00",
                 "2025-07-01 10:00"]
            ).astype("datetime64[us]"),
        }
    )  # fmt: skip
    row = usual_day(lazy(bookings), pd.Timestamp("2025-07-01")).collect("pandas").to_native().iloc[0]
    assert (row["bookings"], row["days"], row["weekend"], row["timed"]) == (4, 3, 2, 3)
    assert (row["night"], row["morning"], row["afternoon"], row["evening"]) == (0, 2, 1, 0)


def test_open_loans_are_those_not_ended_by_the_day() -> None:
    loans = pd.DataFrame(
        {
            "loan_id": list("abcd"), "customer_id": ["x", "x", "x", "y"], "amount": [100.0, 50.5, 7.0, 9.0],
            "applied_on": pd.to_datetime(["2025-01-01", "2024-01-01", "2025-07-01", "2025-01-01"]),
            "closed_on": pd.to_datetime([None, "2025-03-01", None, "2025-08-01"]), "term_months": [12, 12, 12, 3],
        }
    )  # fmt: skip
    day = pd.Timestamp("2025-07-01")

    def found(frame: pd.DataFrame) -> dict[str, tuple[int, float]]:
        made = open_loans(lazy(frame), day)
        assert made is not None
        rows = made.collect("pandas").to_native().to_dict("records")
        return {row["customer_id"]: (row["open_loans"], row["lent"]) for row in rows}

    assert found(loans) == {"x": (1, 100.0), "y": (1, 9.0)}
    assert found(loans.drop(columns="closed_on")) == {"x": (1, 100.0)}
    assert open_loans(lazy(loans.drop(columns=["closed_on", "term_months"])), day) is None
