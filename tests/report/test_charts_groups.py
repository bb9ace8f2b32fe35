"""Charts of segments: every name escaped, every share written, the same bytes each time."""

from __future__ import annotations

from guilder.report.charts_groups import flow, short, silhouettes
from guilder.report.segment_cards import card_of

ORDER = [("S1", "Savers <b>"), ("S2", "Spenders"), ("dormant", "Dormant")]
MOVES = [
    {"before": "S1", "after": "S1", "customers": 60},
    {"before": "S1", "after": "S2", "customers": 20},
    {"before": "S2", "after": "S2", "customers": 15},
    {"before": "S2", "after": "dormant", "customers": 5},
]


def test_the_flow_names_segments_and_their_shares_on_both_days() -> None:
    drawn = flow("flow", MOVES, ORDER, ("2025-03-31", "2025-06-30"))
    assert drawn == flow("flow", MOVES, ORDER, ("2025-03-31", "2025-06-30"))
    assert "<b>" not in drawn
    for said in ("80%", "60%", "20%", "35%", "5%", "2025-03-31", "Spenders"):
        assert said in drawn


def test_a_group_that_is_nearly_nobody_is_not_said_to_be_none() -> None:
    few = [{"before": "S1", "after": "S1", "customers": 9990}, {"before": "S2", "after": "S2", "customers": 10}]
    drawn = flow("flow", few, ORDER, ("2025-03-31", "2025-06-30"))
    assert drawn.count("under 1%") == 2
    assert ">0%" not in drawn
    assert " 0%" not in drawn


def test_silhouettes_are_drawn_with_their_median() -> None:
    drawn = silhouettes("outlines", {"Savers": [-0.2, 0.1, 0.42], "Spenders": [0.5, 0.61, 0.7]})
    assert "0.10" in drawn
    assert "0.61" in drawn
    assert "Spenders" in drawn


def test_a_fact_is_short_beside_an_arrow() -> None:
    assert [short(each) for each in ("share_channel_direct_debit_365d", "ticket_mean_365d", "cash_advance")] == [
        "direct debit", "size of bookings", "cash advance",
    ]  # fmt: skip


def test_a_card_says_what_is_known_and_nothing_else() -> None:
    row = {
        "name": "Savers", "share": 0.3, "customers": 300, "hidden": False, "share_of_inflow": 0.5, "grown": -0.012,
        "effects": {"a": -0.5, "b": 0.2, "c": 0.1}, "medians": {"a": 3.0, "b": 40.0, "c": 1.0},
        "others": {"a": 9.0, "b": None, "c": 1.0},
        "p_default": {"mean": 0.614, "product": "Car loan"},
        "day": {"bookings": 1.25, "weekend": 0.3, "part": "night", "part_share": 0.6},
    }  # fmt: skip
    card = card_of(row, {"a": "bookings"})
    assert card.lines == (
        "300 customers, 50% of the bank’s inflow", "its share of customers moved by −1.2 points in a quarter",
        "PD today of a usual Car loan: 61.4% on average",
    )  # fmt: skip
    assert card.lists == (
        ("Stands out by", ("bookings: far lower, median 3 (others 9)", "b: somewhat higher, median 40")),
        ("Usual day", ("1.2 bookings on a day with any, 30% at weekends, most at night (60%)",)),
    )
