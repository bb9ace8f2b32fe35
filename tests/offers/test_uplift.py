"""Uplift by published figures and by hand; campaigns are set against their own control, whatever share that is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from guilder.offers.contact import known_campaigns
from guilder.offers.uplift import newcombe, uplift, wilson

TODAY = pd.Timestamp("2025-06-30")


def campaign(
    name: str, treated: tuple[int, int], control: tuple[int, int], first: int = 0, **more: object
) -> pd.DataFrame:
    """So many taken of so many, in either arm."""
    took = [1] * treated[0] + [0] * (treated[1] - treated[0]) + [1] * control[0] + [0] * (control[1] - control[0])
    told = [True] * treated[1] + [False] * control[1]
    ids = [f"c{first + number}" for number in range(len(took))]
    return pd.DataFrame({"customer_id": ids, "product_id": "card", "campaign": name, "at": pd.Timestamp("2025-01-10"),
                         "treated": told, "taken": np.array(took, dtype=bool), **more})  # fmt: skip


def known(*parts: pd.DataFrame) -> pd.DataFrame:
    return known_campaigns(pd.concat(parts, ignore_index=True), TODAY)


@pytest.mark.parametrize(
    ("taken", "of", "held_taken", "held", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (10, 10, 0, 20, 0.6791, 1.0),
        (0, 29, 0, 20, -0.1611, 0.1168),
    ],
)  # fmt: skip
def test_the_interval_is_the_published_one(taken, of, held_taken, held, low, high) -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table II, method 10.
    found = newcombe(taken, of, held_taken, held)
    assert found.low == pytest.approx(low, abs=2e-4)
    assert found.high == pytest.approx(high, abs=2e-4)


@pytest.mark.parametrize(("taken", "of"), [(0, 20), (3, 50), (50, 50), (700, 10_000)])
def test_a_share_has_wilson_s_interval(taken, of) -> None:
    ours, theirs = wilson(taken, of), binomtest(taken, of).proportion_ci(method="wilson")
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_a_campaign_adds_what_its_control_did_not_take() -> None:
    found = uplift(known(campaign("spring", (50, 500), (10, 500), cost=2.0)), TODAY)
    row = found["campaigns"][0]
    assert row["treated"]["taken"] == 50
    assert row["uplift"]["value"] == pytest.approx(0.08)
    assert row["verdict"] == "adds"
    assert not row["open"]
    assert row["cost_of_one_more"] == pytest.approx(2000 / 40)
    assert found["uplift"]["value"] == pytest.approx(0.08)


def test_campaigns_with_other_shares_held_out_do_not_mix() -> None:
    """Pooled, a popular product with a small control and a rare one with a large would show an uplift that is none."""
    popular, rare = campaign("a", (360, 900), (40, 100)), campaign("b", (5, 100), (45, 900), first=2000)
    found = uplift(known(popular, rare), TODAY)
    both = known(popular, rare)
    pooled = both.groupby("treated")["taken"].mean()
    assert pooled[True] - pooled[False] > 0.25
    assert found["uplift"]["value"] == pytest.approx(0.0, abs=1e-12)
    assert found["uplift"]["low"] < 0 < found["uplift"]["high"]
    assert [row["verdict"] for row in found["campaigns"]] == ["cannot tell", "cannot tell"]


def test_the_interval_of_all_holds_the_truth_and_widens_with_customers_who_come_again() -> None:
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(200):
        arms = [campaign(name, (rng.binomial(400, 0.1), 400), (rng.binomial(150, 0.06), 150), first=1000 * place)
                for place, name in enumerate("ab")]  # fmt: skip
        found = uplift(known(*arms), TODAY)["uplift"]
        held += found["low"] <= 0.04 <= found["high"]
    assert 180 <= held <= 199
    once = campaign("a", (50, 400), (20, 200))
    again = [uplift(known(once, once.assign(campaign="b", customer_id=once["customer_id"] + tail)), TODAY)["uplift"]
             for tail in ("", "-another")]  # fmt: skip
    assert again[0]["high"] - again[0]["low"] > 1.3 * (again[1]["high"] - again[1]["low"])


def test_a_control_of_which_nobody_took_it_is_not_certain() -> None:
    found = uplift(known(campaign("a", (4, 150), (0, 40)), campaign("b", (4, 150), (0, 40), first=1000)), TODAY)
    assert found["uplift"]["low"] < 0 < found["uplift"]["value"] < found["uplift"]["high"]


def test_without_a_control_or_with_few_nothing_is_claimed() -> None:
    found = uplift(known(campaign("a", (50, 500), (0, 0)), campaign("b", (5, 29), (1, 29))), TODAY)
    assert found["uplift"] is None
    assert [row["uplift"] for row in found["campaigns"]] == [None, None]
    assert found["campaigns"][0]["control"] == {
        "customers": 0, "taken": 0, "share": {"value": None, "low": None, "high": None},
    }  # fmt: skip


def test_places_are_shown_where_there_are_several() -> None:
    shown = campaign("a", (10, 100), (0, 50), position=1)
    second = campaign("b", (2, 100), (0, 50), first=500, position=2)
    found = uplift(known(shown, second), TODAY)["positions"]
    told = [(row["position"], row["customers"], row["share"]["value"]) for row in found]
    assert told == [(1, 100, 0.1), (2, 100, 0.02)]
    assert uplift(known(shown), TODAY)["positions"] == []
    assert uplift(known(shown.drop(columns="position")), TODAY)["positions"] == []


def test_a_young_campaign_is_still_open() -> None:
    found = uplift(known(campaign("a", (50, 500), (10, 500)).assign(at=TODAY - pd.Timedelta(days=20))), TODAY)
    assert found["campaigns"][0]["open"]
