"""The proof of time for the policy on offers: other campaigns, answers, deaths and arrears to come change nothing."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.offers.contact import contacts, known_campaigns, refusals
from guilder.offers.echo import flagged
from guilder.offers.eligibility import Policy, eligible
from guilder.offers.policy import Standing
from guilder.offers.uplift import uplift

CUT = pd.Timestamp("2024-03-01")
PEOPLE, PRODUCTS = ("c1", "c2", "c3", "c4"), ("p1", "p2")
KINDS = ("view", "click", "apply", "hold", "close")


@dataclass
class Tables:
    """What the policy looks at."""

    customers: pd.DataFrame
    interactions: pd.DataFrame
    campaigns: pd.DataFrame


def _moment(rng: random.Random, low: int, high: int) -> pd.Timestamp:
    return CUT + pd.Timedelta(days=rng.randint(low, high), minutes=rng.choice((0, 0, 1, 700)))


def _offer(rng: random.Random, at: pd.Timestamp) -> dict[str, Any]:
    taken = rng.random() < 0.4
    answered = rng.choice((None, (at + pd.Timedelta(days=rng.randint(0, 40))).date()))
    return {
        "customer_id": rng.choice(PEOPLE), "product_id": rng.choice(PRODUCTS), "at": at, "taken": taken,
        "treated": rng.choice((True, False, None)), "refused": not taken and rng.random() < 0.5,
        "answered_on": answered, "campaign": rng.choice(("a", "b", None)), "position": rng.choice((1, 2)), "cost": 1.0,
    }  # fmt: skip


def _met(rng: random.Random, at: pd.Timestamp) -> dict[str, Any]:
    return {"customer_id": rng.choice(PEOPLE), "product_id": rng.choice(PRODUCTS), "kind": rng.choice(KINDS), "at": at}


def _person(rng: random.Random, name: str) -> dict[str, Any]:
    days = {key: rng.choice((None, _moment(rng, -30, 30).date())) for key in ("deceased_on", "arrears_since")}
    return {"customer_id": name, "deceased": rng.choice((True, False, None)), **days}


def random_tables(seed: int) -> Tables:
    """Return tables made by a seed, dense around the cut."""
    rng = random.Random(seed)
    return Tables(
        pd.DataFrame([_person(rng, name) for name in PEOPLE]),
        pd.DataFrame([_met(rng, _moment(rng, -60, 30)) for _ in range(25)]),
        pd.DataFrame([_offer(rng, _moment(rng, -60, 30)) for _ in range(25)]),
    )


def scrambled(was: Tables, seed: int) -> Tables:
    """Return the same past with another future."""
    rng = random.Random(seed)
    people = was.customers.copy()
    for key in ("deceased_on", "arrears_since"):
        later = people[key].map(lambda day: day is not None and day >= CUT.date())
        # A day that had not come is another one, or none; a flag that goes with it says what the day says.
        people.loc[later, key] = [CUT.date() + dt.timedelta(days=rng.randint(0, 90)) for _ in range(int(later.sum()))]
    log = was.campaigns[was.campaigns["at"] < CUT].copy()
    late = log["answered_on"].map(lambda day: day is not None and day >= CUT.date())
    for row in log.index[late]:
        taken = rng.random() < 0.5
        day = CUT.date() + dt.timedelta(days=rng.randint(0, 50))
        log.loc[row, ["taken", "refused", "answered_on"]] = [taken, not taken, day]
    extra = [_offer(rng, _moment(rng, 0, 60)) for _ in range(rng.randint(0, 9))]
    met = was.interactions[was.interactions["at"] < CUT]
    come = [_met(rng, _moment(rng, 0, 60)) for _ in range(rng.randint(0, 9))]
    return Tables(people, _joined(met, come), _joined(log, extra))


def _joined(frame: pd.DataFrame, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame([*frame.to_dict("records"), *rows], columns=frame.columns)


def computed(tables: Tables) -> list[pd.DataFrame]:
    """Everything the policy works out at the cut."""
    log = known_campaigns(tables.campaigns, CUT)
    met = tables.interactions[tables.interactions["at"] < CUT].reset_index(drop=True)
    marked = flagged(met, log)
    made = contacts(log, CUT, 30)
    refused = refusals(log, tables.interactions, CUT)
    nothing = pd.DataFrame(False, index=list(PEOPLE), columns=list(PRODUCTS))
    products = pd.DataFrame({"product_id": PRODUCTS, "name": PRODUCTS, "is_credit": [True, False]})
    policy = Policy(0.1, CUT, max_contacts=2, contact_days=30, cool_off_days=20)
    standing = Standing(made, refused)
    may = eligible(PEOPLE, tables.customers, products, nothing, pd.Series(0.05, index=PEOPLE), policy, standing)
    measured = uplift(log, CUT)
    counted = pd.DataFrame([{**row["treated"], **row["control"]} for row in measured["campaigns"]]).astype(str)
    return [marked, made.to_frame("n"), refused, may.rule, counted, pd.DataFrame(measured["positions"]).astype(str)]


def assert_future_changes_nothing(tables: Tables, seed: int, make: Callable[[Tables], list[pd.DataFrame]]) -> None:
    for before, after in zip(make(tables), make(scrambled(tables, seed)), strict=True):
        pd.testing.assert_frame_equal(before, after, check_dtype=False)


@settings(max_examples=40, deadline=None)
@given(bank=st.integers(0, 2**32 - 1), seed=st.integers(0, 2**32 - 1))
def test_the_policy_on_offers_does_not_know_the_future(bank: int, seed: int) -> None:
    assert_future_changes_nothing(random_tables(bank), seed, computed)


def _rules(tables: Tables, today: pd.Timestamp) -> pd.DataFrame:
    nothing = pd.DataFrame(False, index=list(PEOPLE), columns=list(PRODUCTS))
    products = pd.DataFrame({"product_id": PRODUCTS, "name": PRODUCTS, "is_credit": [True, False]})
    return eligible(PEOPLE, tables.customers, products, nothing, None, Policy(0.1, today)).rule


LEAKS: dict[str, Callable[[Tables], list[pd.DataFrame]]] = {
    "the day itself": lambda tables: [known_campaigns(tables.campaigns, CUT + pd.Timedelta(minutes=1))],
    "answers to come": lambda tables: [known_campaigns(tables.campaigns.drop(columns="answered_on"), CUT)[["taken"]]],
    "deaths to come": lambda tables: [_rules(tables, CUT + pd.Timedelta(days=20))],
    "closings to come": lambda tables: [refusals(None, tables.interactions, CUT + pd.Timedelta(days=20))],
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_policy_that_lets_a_little_through_is_caught(leak: str) -> None:
    def changed(seed: int) -> bool:
        try:
            assert_future_changes_nothing(random_tables(seed), seed, LEAKS[leak])
        except AssertionError:
            return True
        return False

    assert any(changed(seed) for seed in range(20))
