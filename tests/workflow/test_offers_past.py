"""What is known at a cut of the past: another future changes none of it, and one that betrays offers is not seen."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from guilder.contract.bank_file import BankFile
from guilder.offers.evaluate import evaluate
from guilder.source.bank import Bank
from guilder.workflow.offers import catalogue, contacts
from guilder.workflow.offers_past import known_at, who_they_are

CUT, LATER, END = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-07-01"), dt.date(2025, 1, 1)
PRODUCTS = ("p0", "p1", "p2", "p3", "p4", "p5")
CUSTOMERS = 600


def _frames(seed: int = 0) -> dict[str, pd.DataFrame]:
    """Customers who take by chance, and after each uptake book, earn and move as only its takers do."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"c{i:04d}" for i in range(CUSTOMERS)])
    start = pd.Timestamp("2022-01-01")
    took = pd.DataFrame({
        "customer_id": np.tile(ids, 2), "product_id": rng.choice(PRODUCTS, 2 * CUSTOMERS), "kind": "hold",
        "at": start + pd.to_timedelta(rng.integers(60, 1090, 2 * CUSTOMERS), "D"),
    })  # fmt: skip
    last = took.sort_values("at").drop_duplicates("customer_id", keep="last").set_index("customer_id").reindex(ids)
    size = 30
    booked = pd.DataFrame({
        "customer_id": np.repeat(ids, size), "amount": rng.lognormal(4, 0.5, CUSTOMERS * size).round(2),
        "at": start + pd.to_timedelta(rng.integers(0, 1090, CUSTOMERS * size), "D"), "channel": "card",
    })  # fmt: skip
    code = np.repeat(last["product_id"].str[1].astype(int).to_numpy(), size)
    after = booked["at"].to_numpy() >= np.repeat(last["at"].to_numpy(), size)
    booked["amount"] = booked["amount"] * np.where(after, 10.0 ** (code - 2), 1.0)
    booked["amount"] = booked["amount"].round(2).clip(lower=0.01)
    people = pd.DataFrame({
        "customer_id": ids, "joined_on": start.date(), "birth_date": dt.date(1980, 1, 1),
        "region": last["product_id"].to_numpy(), "annual_income": 10_000.0 * (1 + np.arange(CUSTOMERS) % 3),
    })  # fmt: skip
    people["birth_date"] = [dt.date(1950 + int(year), 5, 1) for year in rng.integers(0, 50, CUSTOMERS)]
    return {"customers": people, "transactions": booked, "interactions": took}


def _bank(frames: dict[str, pd.DataFrame]) -> Bank:
    settings = BankFile(name="Past", currency="EUR", segments={"dormant_days": 400, "k": 4})  # type: ignore[arg-type]
    return Bank.from_frames(as_of=END, settings=settings, now=dt.datetime(2025, 1, 2), **frames)


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    return _frames()


def test_another_future_changes_nothing_that_was_known_at_the_cut(frames) -> None:
    rng = np.random.default_rng(1)
    other = {name: frame.copy() for name, frame in frames.items()}
    for name in ("transactions", "interactions"):
        late = other[name]["at"] >= CUT
        assert late.sum() > 100
        other[name].loc[late, "customer_id"] = rng.permutation(other[name].loc[late, "customer_id"].to_numpy())
        other[name] = other[name].loc[~late | (rng.random(len(late)) < 0.5)]
    other["transactions"].loc[other["transactions"]["at"] >= CUT, "amount"] = 7.0
    other["transactions"].loc[other["transactions"]["at"] >= CUT, "channel"] = "another"
    other["customers"]["region"] = rng.permutation(other["customers"]["region"].to_numpy())
    other["customers"]["annual_income"] = 1.0
    one, two = (known_at(_bank(each), 0)([CUT, LATER])[CUT] for each in (frames, other))
    assert one[0] is not None
    assert one[0].nunique() > 2
    pd.testing.assert_series_equal(one[0], two[0])
    pd.testing.assert_frame_equal(one[1], two[1])
    assert list(one[1].columns) == ["age_years", "tenure_days"]


def test_cuts_worked_out_together_are_those_worked_out_alone(frames) -> None:
    bank = _bank(frames)
    both = known_at(bank, 0)([LATER, CUT])
    assert set(both) == {CUT, LATER}
    for cut, (segments, facts) in both.items():
        alone = known_at(bank, 0)([cut])[cut]
        pd.testing.assert_series_equal(segments, alone[0])
        pd.testing.assert_frame_equal(facts, alone[1])
    assert not both[CUT][0].equals(both[LATER][0])


def test_a_future_that_betrays_what_is_taken_is_not_seen(frames) -> None:
    bank = _bank(frames)
    met, products = contacts(bank), catalogue(bank)
    at = known_at(bank, 0)
    honest = evaluate(met, products, known_at=at, facts=who_they_are(bank), now=bank.as_of)
    assert "segment_popular" in honest.metrics["methods"]
    assert honest.metrics["verdict"] == "no signal"
    assert honest.metrics["beats_decayed_popularity"] != "yes"
    assert honest.metrics["by_segment"]
    # The same with segments and facts of today, where each follows from what was taken last: such a leak shows.
    of_today = frames["customers"].set_index("customer_id")[["region"]]
    today = at([pd.Timestamp(END)])[pd.Timestamp(END)][0], of_today
    later = evaluate(met, products, known_at=lambda cuts: dict.fromkeys(cuts, today), now=bank.as_of)
    gain = {
        name: [result.metrics["methods"][name]["map_at_7"]["value"] for result in (honest, later)]
        for name in ("segment_popular", "propensity")
    }
    assert all(leaking > clean + 0.05 for clean, leaking in gain.values()), gain
