"""Sentences from elsewhere reach the page in its own words."""

from __future__ import annotations

import pytest

from guilder.report import prose

KNOWN = {
    "transactions_count_365d": "number of bookings in the last year",
    "category_breadth_365d": "spread of spending",
}


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("balance: 2.311e+04", "balance: 23,110"),
        ("balance: -1.5e+03", "balance: −1,500"),
        ("a share of 2e-05", "a share of 0.00002"),
        ("above this bank's 10 %, and 27 % of it", "above this bank's 10%, and 27% of it"),
        ("correlation -0.96", "correlation −0.96"),
        ("from 2025-06-30 as %Y-%m-%d, run 12e-b", "from 2025-06-30 as %Y-%m-%d, run 12e-b"),
    ],
)
def test_numbers_in_a_sentence_are_plain(said: str, plain: str) -> None:
    assert prose.plainly(said) == plain


def test_facts_are_named_by_their_meaning_and_settings_stay_as_they_are() -> None:
    tree = {
        "dropped_facts": {"a_30d": "orders customers as transactions_count_365d does"},
        "why": "income_total_90d is set, undated_ok is not",
        "axes": ["more category breadth 365d"],
        "name": "transactions_count_365d",
    }
    assert prose.tidied(tree, KNOWN) == {
        "dropped_facts": {"a_30d": "orders customers as “number of bookings in the last year” does"},
        "why": "“income total, 90 days” is set, undated_ok is not",
        "axes": ["more spread of spending"],
        "name": "transactions_count_365d",
    }


def test_meanings_come_from_the_list_and_else_from_the_figures() -> None:
    figures = {
        "data": {"meanings": {"a": "listed"}, "distributions": [{"fact": "b", "meaning": "drawn"}]},
        "risk": {"importance": [{"fact": "a", "meaning": "drawn"}, {"fact": "c", "meaning": None}]},
    }
    known = prose.meanings(figures)
    assert known == {"a": "listed", "b": "drawn"}
    assert [prose.fact(name, known) for name in ("a", "money_in_90d")] == ["listed", "money in, 90 days"]
