"""The campaigns of the made-up bank, its deaths and its arrears: drawn apart, so that nothing else of it moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from guilder.source.demo_people import AS_OF, FIRST_MONTH, MONTHS, People, days, months
from guilder.source.demo_types import Plan

CHOSEN, TREATED, REFUSED, COST = 0.25, 0.75, 0.15, 1.2
"""Shares of customers chosen for a campaign, of those offered it, of those offered who say no; euros an offer."""
WINDOW_DAYS = 90
"""Days after an offer in which a product that is taken counts as taken."""
LIFT = 0.2
"""Planted: so much likelier than others are those who take it to have been offered it."""


@dataclass(frozen=True)
class Campaign:
    """One product, offered to a part of the customers on one day."""

    name: str
    product_id: str
    day: np.datetime64


CAMPAIGNS = (
    Campaign("autumn savings", "savings-account", np.datetime64("2024-09-16")),
    Campaign("winter cards", "credit-card", np.datetime64("2025-02-03")),
    Campaign("spring insurance", "home-insurance", np.datetime64("2025-04-14")),
    Campaign("summer funds", "fund-plan", np.datetime64("2025-06-02")),
)


def with_status(rng: np.random.Generator, people: People, loans: pa.Table) -> pa.Table:
    """Add ``deceased_on`` (a part of those who fell silent) and ``arrears_since`` to the rows of ``customers``.

    In arrears is whose loan defaulted in the last year before the day the tables were taken.
    """
    silent = (people.stop < MONTHS) & (rng.random(len(people.stop)) < 0.3)
    died = (FIRST_MONTH + months(people.stop)).astype("datetime64[D]") + days(rng.integers(0, 28, len(silent)))
    silent &= died < AS_OF
    behind = np.full(len(silent), np.datetime64("NaT"), dtype="datetime64[D]")
    fell = loans["defaulted_on"].to_numpy().astype("datetime64[D]")
    recent = np.flatnonzero(~np.isnat(fell) & (fell >= AS_OF - days(365)))
    places = pc.index_in(loans["customer_id"].take(pa.array(recent)), value_set=people.ids).to_numpy()
    behind[places] = fell[recent]
    return people.table.append_column("deceased_on", pa.array(died, mask=~silent)).append_column(
        "arrears_since", pa.array(behind, mask=np.isnat(behind))
    )


def campaigns(rng: np.random.Generator, plan: Plan, people: People, interactions: pa.Table) -> pa.Table:
    """Make the rows of ``campaigns``; whoever took the product then is in ``interactions`` already.

    Who takes it is a little likelier to have been offered it, which is how an offer that works looks in a log.
    """
    return pa.concat_tables([_one(rng, plan, people, interactions, campaign) for campaign in CAMPAIGNS])


def _one(
    rng: np.random.Generator, plan: Plan, people: People, interactions: pa.Table, campaign: Campaign
) -> pa.Table:
    count = len(people.ids)
    took = _taken(people, interactions, campaign)
    sent = campaign.day.astype("datetime64[us]") + rng.integers(9 * 3600, 17 * 3600, count) * np.timedelta64(1, "s")
    member = (people.joined_on < campaign.day) & ~_held(people, interactions, campaign)
    chosen = np.flatnonzero(member & (rng.random(count) < CHOSEN))
    taken = ~np.isnat(took)
    treated = rng.random(count) < TREATED + LIFT * plan.signal * taken
    said_no = campaign.day + days(rng.integers(1, 21, count))
    refused = treated & ~taken & (rng.random(count) < REFUSED) & (said_no < AS_OF)
    # Those who take it saw it first more often: not because of the place alone, as the places went by taste.
    place = 1 + np.where(taken, rng.choice(3, count, p=[0.55, 0.27, 0.18]), rng.integers(0, 3, count))
    answered = np.where(taken, took, said_no)
    return pa.table({
        "customer_id": people.ids,
        "product_id": pa.array([campaign.product_id] * count),
        "at": pa.array(sent, pa.timestamp("us")),
        "taken": pa.array(taken),
        "campaign": pa.array([campaign.name] * count),
        "treated": pa.array(treated),
        "position": pa.array(place, mask=~treated),
        "refused": pa.array(refused),
        "answered_on": pa.array(answered, mask=~(taken | refused)),
        "cost": pa.array(np.where(treated, COST, 0.0)),
    }).take(pa.array(chosen))


def _rows(people: People, interactions: pa.Table, campaign: Campaign, kinds: tuple[str, ...]) -> pa.Table:
    named = pc.and_(
        pc.equal(interactions["product_id"], campaign.product_id), pc.is_in(interactions["kind"], pa.array(kinds))
    )
    found = interactions.filter(named)
    return found.append_column("place", pc.index_in(found["customer_id"], value_set=people.ids))


def _taken(people: People, interactions: pa.Table, campaign: Campaign) -> NDArray[np.datetime64]:
    """Day on which each customer applied for or got the product within the window; NaT for those who did not."""
    found = _rows(people, interactions, campaign, ("apply", "hold"))
    day = found["at"].to_numpy().astype("datetime64[D]")
    inside = (day > campaign.day) & (day <= campaign.day + days(WINDOW_DAYS))
    first = np.full(len(people.ids), np.datetime64("9999-01-01"), dtype="datetime64[D]")
    np.minimum.at(first, found["place"].to_numpy()[inside], day[inside])
    return np.where(first < AS_OF, first, np.datetime64("NaT"))


def _held(people: People, interactions: pa.Table, campaign: Campaign) -> NDArray[np.bool_]:
    """Who had the product before the campaign: they are not chosen."""
    found = _rows(people, interactions, campaign, ("hold",))
    held = np.zeros(len(people.ids), dtype=bool)
    held[found["place"].to_numpy()[found["at"].to_numpy() < campaign.day.astype("datetime64[us]")]] = True
    return held
