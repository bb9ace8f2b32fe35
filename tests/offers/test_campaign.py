"""A list by hand: value, volume, budget and control group, each doing what its name says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from guilder.offers.campaign import Limits, expected_value, next_best
from guilder.offers.policy import Policy, Terms

IDS = list("abcde")
POLICY = Policy(0.1, pd.Timestamp("2025-06-30"), products={
    "loan": Terms(margin=100.0, lgd=0.5, ead=1000.0), "save": Terms(margin=10.0),
})  # fmt: skip


def frame(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns, index=IDS)


CHANCE = frame(loan=[0.1, 0.1, 0.2, 0.0, 0.5], save=[0.5, 0.5, 0.1, 0.1, 0.9])
RISK = pd.DataFrame({"loan": [0.02, 0.1, 0.3, 0.0, np.nan]}, index=IDS)
ALL = frame(loan=[1, 1, 1, 1, 0], save=[1, 1, 1, 1, 1]).astype(bool)
NOBODY = np.zeros(5, dtype=bool)


def listed(value: pd.DataFrame, control: np.ndarray = NOBODY, cost: dict[str, float] | None = None, **limits: object):
    made = next_best(ALL, value, CHANCE, control, cost or {}, Limits(**limits))  # type: ignore[arg-type]
    return list(zip(made["customer_id"], made["product_id"], made["group"], strict=True))


def test_the_value_of_an_offer() -> None:
    value = expected_value(CHANCE, RISK, POLICY, {"loan": 1.0, "save": 0.5})
    assert value["loan"].tolist()[:4] == pytest.approx([0.1 * 90 - 1, 0.1 * 50 - 1, 0.2 * -50 - 1, -1.0])
    assert np.isnan(value.loc["e", "loan"]), "no PD, no value"
    assert value["save"].tolist() == pytest.approx([4.5, 4.5, 0.5, 0.5, 8.5])
    unknown = Policy(0.1, POLICY.as_of)
    assert expected_value(CHANCE, RISK, unknown, {}).isna().all().all()


def test_each_customer_once_by_value_and_never_what_is_not_worth_it() -> None:
    value = frame(loan=[8.0, 4.0, -11.0, -1.0, np.nan], save=[4.5, 4.5, 0.5, 0.0, 8.5])
    assert listed(value) == [
        ("e", "save", "contact"), ("a", "loan", "contact"), ("b", "save", "contact"), ("c", "save", "contact"),
    ]  # fmt: skip
    assert [who for who, _, _ in listed(value, top=2)] == ["e", "a"]


def test_volume_passes_a_customer_on_to_the_next_product() -> None:
    value = frame(loan=[8.0, 4.0, 1.0, -1.0, np.nan], save=[9.0, 4.5, 0.5, 0.1, 10.0])
    assert listed(value, volumes={"save": 1})[:2] == [("e", "save", "contact"), ("a", "loan", "contact")]
    assert [what for _, what, _ in listed(value, volumes={"save": 1})].count("save") == 1


def test_a_budget_is_never_exceeded_and_control_costs_nothing() -> None:
    value = frame(loan=[8.0, 7.0, 6.0, 5.0, np.nan], save=[1.0] * 5)
    cost = {"loan": 2.0, "save": 1.0}
    made = next_best(ALL, value, CHANCE, np.array([True, False, False, False, False]), cost, Limits(budget=5.0))
    assert made["cost"].sum() == 5.0
    assert made.loc[made["group"] == "control", "cost"].tolist() == [0.0]
    assert made["customer_id"].tolist() == ["a", "b", "c", "e"]
    assert listed(value, cost=cost, budget=0.5) == []


def test_the_control_group_takes_no_place() -> None:
    value = frame(loan=[8.0, 7.0, 6.0, 5.0, np.nan], save=[0.0] * 5)
    control = np.array([False, True, False, False, False])
    assert listed(value, control, top=2) == [
        ("a", "loan", "contact"), ("b", "loan", "control"), ("c", "loan", "contact"),
    ]  # fmt: skip


def test_without_a_value_the_affinity_decides_and_nobody_is_left_out() -> None:
    made = listed(CHANCE * np.nan)
    assert [who for who, _, _ in made] == ["e", "a", "b", "c", "d"]
    assert made[0][1] == "save"


def test_nothing_that_is_not_allowed_is_listed() -> None:
    nothing = next_best(ALL & False, CHANCE, CHANCE, NOBODY, {}, Limits(top=3))
    assert nothing.empty
    assert list(nothing.columns) == ["customer_id", "product_id", "group", "cost"]
