"""What a gate does to a bank made by hand: whose offers go, what they were expected to bring, and in which group."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from guilder.offers.eligibility import Eligibility, Policy, eligible
from guilder.offers.gate import gate
from guilder.offers.popular import PopularRecommender

PRODUCTS = pd.DataFrame({
    "product_id": ["card", "loan", "save"], "name": ["Card", "Loan", "Save"], "is_credit": [True, True, False],
})  # fmt: skip
POLICY = Policy(0.1, datetime(2025, 6, 30))
MANY = 400


def bank() -> tuple[Eligibility, pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Half of the customers, the reds, have a PD of 30 %; all are offered two products, credit by liking."""
    ids = [f"c{number:03d}" for number in range(MANY)]
    red = np.arange(MANY) % 2 == 1
    risk = pd.DataFrame({"card": np.where(red, 0.3, 0.05), "loan": np.where(red, 0.3, 0.02)}, index=ids)
    nothing = pd.DataFrame(False, index=ids, columns=PRODUCTS["product_id"])
    may = eligible(ids, None, PRODUCTS, nothing, risk, POLICY)
    likes = pd.DataFrame({"customer_id": list("pqrstu"), "product_id": ["card"] * 3 + ["loan"] * 2 + ["save"]})
    fitted = PopularRecommender().fit(likes.assign(kind="hold"), products=PRODUCTS)
    offered, ungated = (fitted.recommend(ids, 2, allowed=allowed) for allowed in (may.allowed, may.ungated()))
    return may, offered, ungated, np.where(red, "red", "blue")


def test_the_gate_is_compared_with_the_same_bank_without_it() -> None:
    may, offered, ungated, colour = bank()
    chance = pd.DataFrame({"card": 0.1, "loan": 0.05, "save": 0.02}, index=may.allowed.index)
    found = gate(offered, ungated, may, chance, {"colour": colour})
    assert found["credit_offers"] == {"with": MANY, "without": 2 * MANY}
    assert found["mean_p_default"]["with"] == pytest.approx(0.035)
    assert found["mean_p_default"]["without"] == pytest.approx((0.3 * 2 + 0.05 + 0.02) / 4)
    assert found["highest_mean_p_default"] == pytest.approx(0.035)
    assert found["highest_mean_p_default"] <= found["limit"] == 0.1
    assert found["customers_above_a_limit"] == 0
    assert gate(ungated, ungated, may, None, {})["customers_above_a_limit"] == MANY / 2  # without it, the reds
    # The reds have the savings product in place of a card and a loan: 150 against 20 a thousand, half of the customers.
    uptake = found["expected_uptake"]
    assert uptake["without"]["value"] == pytest.approx(150)
    assert uptake["with"]["value"] == pytest.approx((150 + 20) / 2)
    assert uptake["cost"]["value"] == pytest.approx(65)
    assert uptake["cost"]["low"] < 65 < uptake["cost"]["high"]
    groups = {row["name"]: row for row in found["exposure"]["colour"]["groups"]}
    assert found["exposure"]["colour"]["largest"] == "blue"
    assert groups["blue"]["with"] == groups["blue"]["without"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert groups["red"]["with"]["value"] == groups["red"]["kept"]["value"] == groups["red"]["ratio"]["value"] == 0.0
    assert groups["red"]["without"]["value"] == 1.0


def test_intervals_are_those_of_a_bootstrap_of_customers_and_small_groups_are_only_counted() -> None:
    may, offered, ungated, _ = bank()
    some = np.where(np.arange(MANY) < 30, "few", "many")
    rows = gate(offered, ungated, may, None, {"size": some})["exposure"]["size"]["groups"]
    assert [row["name"] for row in rows] == ["many", "few"]
    assert rows[1] == {"name": "few", "customers": 30, "enough": False}
    share = rows[0]["with"]
    half = 1.96 * np.sqrt(share["value"] * (1 - share["value"]) / rows[0]["customers"])
    assert share["low"] == pytest.approx(share["value"] - half, abs=0.01)
    assert share["high"] == pytest.approx(share["value"] + half, abs=0.01)


def test_who_is_offered_nothing_and_has_no_pd_breaks_nothing() -> None:
    may, offered, ungated, colour = bank()
    found = gate(offered.iloc[:0], ungated.iloc[:0], may, None, {"colour": colour})
    assert found["credit_offers"] == {"with": 0, "without": 0}
    assert found["mean_p_default"] == {"with": None, "without": None}
    assert found["highest_mean_p_default"] is None
    assert found["expected_uptake"] is None
