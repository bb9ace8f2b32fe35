"""Chances are read from what came after a cut, never fall along the ranking, and hold in the weeks that follow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from guilder.offers.chances import chances
from guilder.offers.conditional import ConditionalRecommender
from guilder.offers.popular import PopularRecommender

TODAY = pd.Timestamp("2025-06-30")


def planted(seed: int, customers: int = 4000) -> pd.DataFrame:
    """Half of the customers hold a salary account: they take the card in a quarter in 20 of 100 cases, others in 2."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"c{number:05d}" for number in range(customers)])
    salary = np.arange(customers) % 2 == 0
    rows = [pd.DataFrame({"customer_id": ids, "product_id": np.where(salary, "salary", "basic"),
                          "at": TODAY - pd.Timedelta(days=700)})]  # fmt: skip
    left = np.ones(customers, dtype=bool)
    for quarter in range(6, -1, -1):  # the last quarter begins today: what a chance is about
        takes = left & (rng.random(customers) < np.where(salary, 0.2, 0.02))
        left &= ~takes
        day = TODAY - pd.Timedelta(days=90 * quarter - 30)
        rows.append(pd.DataFrame({"customer_id": ids[takes], "product_id": "card", "at": day}))
    return pd.concat(rows, ignore_index=True).assign(kind="hold")


def test_chances_hold_in_the_quarter_that_follows() -> None:
    every = planted(1)
    past, later = every[every["at"] < TODAY], every[every["at"] >= TODAY]
    fitted = ConditionalRecommender().fit(past, now=TODAY)
    read = chances(ConditionalRecommender(), every, [], TODAY)
    assert read is not None
    assert read.days == 90
    owned = fitted.owned(fitted.customers_)
    said = read.of(fitted.affinity(fitted.customers_), owned)["card"].dropna()
    assert len(said) == (~owned["card"]).sum()
    took = pd.Series(said.index.isin(later["customer_id"]), index=said.index)
    salary = said.index.isin(past.loc[past["product_id"] == "salary", "customer_id"])
    for group in (salary, ~salary):
        assert said[group].sum() == pytest.approx(took[group].sum(), rel=0.25)
    assert said[salary].mean() > 4 * said[~salary].mean()


def test_a_wide_catalogue_is_read_from_as_many_customers_as_fit_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guilder.offers.chances.MOST_CELLS", 3 * 900)
    read = chances(ConditionalRecommender(), planted(4, 2000), [], TODAY)
    assert read is not None
    assert (read.customers, len(read.products)) == (900, 3)


def test_what_comes_after_today_changes_nothing() -> None:
    every = planted(2, 1000)
    both = [chances(ConditionalRecommender(), table, [], TODAY) for table in (every, every[every["at"] < TODAY])]
    assert both[0] is not None
    assert both[1] is not None
    assert both[0].taken == both[1].taken
    for one, other in zip(both[0].rates, both[1].rates, strict=True):
        assert one.tolist() == other.tolist()


def test_a_curve_never_falls_and_a_ranking_that_says_nothing_gives_everyone_the_same() -> None:
    read = chances(PopularRecommender(), planted(3, 2000), [], TODAY)
    assert read is not None
    assert all((np.diff(rates) >= 0).all() for rates in read.rates)
    card = read.rates[read.products.tolist().index("card")]
    assert card.max() < 3 * card.min()


def test_without_dates_or_uptake_there_is_no_chance() -> None:
    every = planted(4, 500)
    assert chances(PopularRecommender(), every.drop(columns="at"), [], TODAY) is None
    assert chances(PopularRecommender(), every[every["product_id"] != "card"], [], TODAY) is None
