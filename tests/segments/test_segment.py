"""A whole bank: facts in, segments with names and figures out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from guilder.errors import DataError, ModelError
from guilder.segments import SegmentsResult, segment
from guilder.segments.facts import choose_facts, read_facts
from guilder.segments.naming import name_segments, names_of_nothing, own_names
from guilder.segments.pca import learn_plane


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module")
def frame(four: tuple[pd.DataFrame, np.ndarray]) -> pd.DataFrame:
    made = four[0].copy()
    made.loc[made.index[:12], "recency_days"] = 300.0
    made.loc[made.index[12:17], "history_days"] = 20.0
    made["money_in_365d"] = made["transactions_count_365d"] * made["ticket_mean_365d"] / 2
    return made


@pytest.fixture(scope="module")
def result(frame: pd.DataFrame, said: list[str]) -> SegmentsResult:
    return segment(frame, k_max=4, names={"S1": "Our largest", "dormant": "Asleep"}, progress=said.append)


def test_every_customer_has_one_segment(result: SegmentsResult, frame: pd.DataFrame) -> None:
    assert result.customers["customer_id"].tolist() == frame["customer_id"].tolist()
    assert result.metrics["rules"] == {"new": 5, "unused": 0, "dormant": 12}
    assert sum(result.metrics["sizes"].values()) == len(frame)
    assert result.metrics["sizes"] == result.customers["segment_name"].value_counts().to_dict()
    pd.testing.assert_frame_equal(
        result.customers, result.segmenter.assign(frame)[["customer_id", "segment", "segment_name"]]
    )


def test_names_of_no_segment_are_warned_of() -> None:
    known = ["S1", "S2", "Few bookings", "Many bookings"]
    assert names_of_nothing({"S2": "a", "Few bookings": "b", "dormant": "c", "No bookings": "d"}, known) == []
    assert names_of_nothing(None, known) == []
    (said,) = names_of_nothing({"S9": "Our finest", "S1": "a"}, known)
    assert said.startswith("G-SEG-001: [segments] names: no segment is 'S9'; there are S1, S2, Few bookings")
    assert "Our finest" not in said


def test_names_are_unique_and_the_banks_own_win(result: SegmentsResult) -> None:
    names = result.metrics["names"]
    assert len(set(names)) == len(names) == 6
    assert names[0] == "Our largest"
    assert names[-2:] == ["New", "Asleep"]


def test_metrics_and_figures_are_plain_json_of_the_agreed_shape(result: SegmentsResult, said: list[str]) -> None:
    json.dumps([result.metrics, result.figures], allow_nan=False)
    assert {"k", "verdict", "verdict_why", "silhouette", "davies_bouldin", "stability_mean", "stability_p05",
            "null_stability_mean", "stability_time", "sizes", "names", "facts", "dropped_facts", "candidates",
            "rules"} <= set(result.metrics)  # fmt: skip
    assert (result.metrics["k"], result.metrics["verdict"]) == (4, "natural")
    assert set(result.figures) == {"map", "axes", "explained", "profiles", "choice", "loadings", "silhouettes",
                                   "meanings"}  # fmt: skip
    assert {len(each) for each in result.figures["map"].values()} == {500 - 17}
    assert set(result.figures["map"]["segment"]) == set(result.metrics["names"][:4])
    assert [each["k"] for each in result.figures["choice"]] == [2, 3, 4]
    assert said == ["Weighing 2 segments", "Weighing 3 segments", "Weighing 4 segments",
                    "Settling 4 segments", "Describing 4 segments"]


def test_an_earlier_day_is_read_by_todays_rules_and_ruler(result: SegmentsResult, frame: pd.DataFrame) -> None:
    assert result.metrics["stability_time"] is None
    then = frame.sample(300, random_state=2).assign(balance_mean_365d=lambda f: f["balance_mean_365d"] * 1.02)
    held = segment(frame, k_max=4, earlier=then)
    assert held.metrics["stability_time"] > 0.95
    assert [each["stability_time"] is not None for each in held.metrics["candidates"]] == [True] * 3
    nobody = segment(frame, k_max=4, earlier=then.assign(recency_days=400.0, history_days=900.0))
    assert nobody.metrics["stability_time"] is None
    declared = ["ticket_mean_365d", "balance_mean_365d"]  # as they are today on any day: no evidence
    asked = {"facts": "declared", "declared": declared, "k": 2, "k_max": 2}
    assert segment(frame, earlier=then, **asked).metrics["stability_time"] is None


def test_a_profile_shows_the_total_and_says_how_far_from_the_bank(result: SegmentsResult, frame: pd.DataFrame) -> None:
    assert "money_in_365d" not in result.metrics["facts"]
    for each in result.figures["profiles"]:
        mine = frame[(result.customers["segment"] == each["segment"]).to_numpy()]
        assert each["customers"] == len(mine)
        assert each["medians"]["money_in_365d"] == pytest.approx(mine["money_in_365d"].median())
        others = frame["money_in_365d"].drop(mine.index)
        assert each["others"]["money_in_365d"] == pytest.approx(others.median())
    weighted = sum(each["share"] * each["z"]["ticket_mean_365d"] for each in result.figures["profiles"])
    assert weighted == pytest.approx(0, abs=0.02)


def test_what_few_of_a_segment_have_is_not_said(frame: pd.DataFrame) -> None:
    known = frame.assign(money_in_365d=np.nan)
    placed = segment(frame, k=3, k_max=3).customers["segment"]
    known.loc[known.index[placed == "S1"][:3], "money_in_365d"] = [7.0, 8.0, 9.0]
    known.loc[known.index[placed == "S2"][:30], "money_in_365d"] = 5.0
    found = segment(known, k=3, k_max=3, min_shown=10)
    shown = {each["segment"]: each for each in found.figures["profiles"]}
    assert [shown[each]["medians"]["money_in_365d"] for each in ("S1", "S2", "S3")] == [None, 5.0, None]
    assert [shown[each]["effects"]["money_in_365d"] is None for each in ("S1", "S2", "S3")] == [True, False, True]
    assert [shown[each]["z"]["money_in_365d"] is None for each in ("S1", "S2", "S3")] == [True, False, True]
    assert [shown[each]["share_of_inflow"] for each in ("S1", "S3")] == [None, 0.0]
    assert [shown[each]["others"]["money_in_365d"] for each in ("S1", "S2", "S3")] == [5.0, None, 5.0]


def test_of_a_segment_too_small_to_be_shown_nothing_is_drawn(frame: pd.DataFrame) -> None:
    sizes = segment(frame, k=4, k_max=4).metrics["sizes"]
    small = min((name for name, many in sizes.items() if many > 12), key=lambda name: sizes[name])
    found = segment(frame, k=4, k_max=4, min_shown=sizes[small] + 1)
    assert small not in {*found.figures["map"]["segment"], *found.figures["silhouettes"]}
    assert len(set(found.figures["map"]["segment"])) == len(found.figures["silhouettes"]) == 3
    assert len(found.figures["map"]["x"]) == len(found.figures["map"]["segment"])


def test_the_order_of_rows_and_columns_and_the_ids_change_nothing(result: SegmentsResult, frame: pd.DataFrame) -> None:
    order = np.random.default_rng(1).permutation(len(frame))
    turned = frame.iloc[order][sorted(frame.columns)].assign(customer_id=[f"Z{i}" for i in order])
    again = segment(turned, k_max=4, names={"S1": "Our largest", "dormant": "Asleep"})
    assert again.customers["segment"].tolist() == result.customers["segment"].iloc[order].tolist()
    assert again.metrics == result.metrics
    assert again.figures == result.figures


def test_a_bank_without_transactions_is_told_what_is_needed() -> None:
    with pytest.raises(ModelError, match="transactions table with customer_id, at and amount"):
        segment(pd.DataFrame({"customer_id": ["a", "b"], "age": [30.0, 40.0]}))


def test_a_bank_where_all_are_dormant_is_told_so(frame: pd.DataFrame) -> None:
    with pytest.raises(ModelError, match=r"0 of 500 customers are left(.|\n)*New: 0; No bookings: 0; Dormant: 500"):
        segment(frame.assign(recency_days=999.0, history_days=2000.0))


def test_a_customer_twice_or_without_a_name_is_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="0 customers have no customer_id and 1 come more than once"):
        segment(pd.concat([frame, frame.head(1)]))
    with pytest.raises(DataError, match="no customer_id"):
        segment(frame.drop(columns="customer_id"))


def test_a_handful_of_customers_is_one_segment_not_to_be_used(frame: pd.DataFrame) -> None:
    result = segment(frame.tail(10))
    assert (result.metrics["k"], result.metrics["verdict"]) == (1, "unstable: do not use")
    assert result.metrics["silhouette"] is None
    assert set(result.customers["segment_name"]) == {"Average customers"}


def test_facts_are_one_an_idea_and_the_derived_are_worked_out() -> None:
    frame = pd.DataFrame(
        {
            "transactions_count_all": [1.0, 2.0],
            "transactions_count_365d": [1.0, 2.0],
            "money_in_365d": [30.0, 0.0],
            "money_out_365d": [10.0, 0.0],
            "share_category_rent_365d": [0.5, np.nan],
            "share_category_food_365d": [0.5, np.nan],
            "share_channel_card_365d": [0.1, 0.1],
            "share_channel_atm_365d": [0.1, 0.9],
        }
    )
    chosen = choose_facts(frame.columns, frame)
    assert chosen == [
        "transactions_count_365d", "money_in_share_365d", "category_breadth_365d", "share_channel_atm_365d"
    ]  # fmt: skip
    read = read_facts(frame, chosen)
    assert read["money_in_share_365d"].tolist()[0] == 0.75
    assert read["category_breadth_365d"].tolist()[0] == 0.5
    assert read.iloc[1][["money_in_share_365d", "category_breadth_365d"]].isna().all()


def test_names_say_what_sets_a_segment_apart() -> None:
    facts = ["transactions_count_365d", "ticket_mean_365d", "balance_mean_365d", "share_channel_card_365d"]
    centres = np.array([[1.5, -1.2, 0.1, 0.9], [1.5, -1.2, 0.9, 0.1], [0.1, 0.1, 0.2, 0.0], [0.0, 0.0, -0.1, -0.2]])
    assert name_segments(centres, facts) == [
        "Many small card payments",
        "Many small payments, high balances",
        "Average customers",
        "Average customers (2)",
    ]
    automatic = name_segments(centres[2:], facts)
    own = {"S2": "Quiet", "Average customers": "Usual"}
    assert own_names(automatic, ["S1", "S2"], own) == ["Usual", "Quiet"]


def test_a_segment_that_stays_keeps_its_name_and_a_new_one_yields() -> None:
    facts, centres = ["recency_days"], np.array([[0.0], [0.1], [2.0]])
    named = name_segments(centres, facts, ids=["S4", "S2", "S1"], before={"S2": "Average customers", "S1": "Sleepers"})
    assert named == ["Average customers (2)", "Average customers", "Sleepers"]


def test_the_map_finds_the_direction_of_the_spread_and_says_what_it_is() -> None:
    along = np.linspace(-3, 3, 200)
    plane = learn_plane(np.column_stack([along, along, 0 * along]), ["one", "two", "three"], str.upper)
    assert plane.explained[0] == pytest.approx(1.0)
    assert plane.axes[0] == "more ONE, more TWO (100% of the variance)"
    assert plane.place(np.array([[1.0, 1.0, 5.0]]))[0, 0] == pytest.approx(np.sqrt(2))


def test_real_shoppers_are_segmented(real_data: Any, bank: Callable[..., Any]) -> None:
    path = real_data / "cc-general" / "CC GENERAL.csv"
    if not path.is_file():
        pytest.skip("the credit card customers are not among the real data sets")
    cards = pd.read_csv(path)
    spent = (cards["PURCHASES"] + cards["CASH_ADVANCE"]).clip(lower=1)
    frame = pd.DataFrame(
        {
            "customer_id": cards["CUST_ID"].astype(str),
            "transactions_count_365d": cards["PURCHASES_TRX"] + cards["CASH_ADVANCE_TRX"],
            "ticket_mean_365d": (cards["PURCHASES"] + cards["CASH_ADVANCE"])
            / (cards["PURCHASES_TRX"] + cards["CASH_ADVANCE_TRX"]).clip(lower=1),
            "balance_last": cards["BALANCE"],
            "share_channel_cash_365d": cards["CASH_ADVANCE"] / spent,
        }
    )
    result = segment(frame, k_max=4)
    assert result.metrics["verdict"] in {"natural", "convenience but stable"}
    assert result.metrics["stability_mean"] >= 0.8
    assert min(each["share"] for each in result.figures["profiles"] if each["segment"] != "dormant") >= 0.03
