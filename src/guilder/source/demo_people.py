"""The people of the made-up bank: value pools made once by Faker, sampled by NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from guilder.source.demo_types import TASTES, Floats, Plan

Ints = NDArray[np.int64]
Strings = NDArray[np.str_]

FIRST_MONTH = np.datetime64("2019-01", "M")
"""The bank's bookings begin here."""
MONTHS = 78
AS_OF = np.datetime64("2025-06-30", "D")
"""Everything made up happens strictly before this day."""
FIRST_DAY = np.datetime64("2019-01-01", "D")

REGIONS = (
    "North", "North East", "East", "South East", "South", "South West", "West", "North West", "Centre", "Capital",
)
OCCUPATIONS = (
    "clerical", "construction", "education", "health care", "hospitality", "information technology", "management",
    "manufacturing", "public service", "retail", "retired", "self-employed", "student", "transport",
)
_WORK = np.array([  # by type, in the order of OCCUPATIONS
    [.12, .08, .12, .12, .05, .09, .09, .12, .11, .06, .0, .01, .0, .03],
    [.08, .05, .04, .08, .16, .10, .01, .06, .02, .16, .0, .02, .18, .04],
    [.01, .0, .01, .01, .0, .0, .0, .01, .01, .01, .94, .0, .0, .0],
    [.02, .12, .02, .03, .10, .10, .02, .02, .0, .10, .0, .41, .0, .06],
    [.04, .02, .06, .10, .02, .14, .28, .04, .10, .02, .13, .05, .0, .0],
])
_MARITAL = ("divorced", "married", "single", "widowed")


@dataclass(frozen=True)
class Pools:
    """Values to draw from, each a few hundred long."""

    women: Strings
    men: Strings
    surnames: Strings
    employers: Strings
    """As the part of an e-mail address under the reserved domain example.org."""


@dataclass(frozen=True)
class People:
    """A piece of the customers: what the tables show and what only the truth knows; all arrays are by customer."""

    first: int
    """Number of the first customer of the piece."""
    types: Ints
    tastes: Ints
    """Group of ``TASTES`` the customer is drawn to most."""
    second_tastes: Ints
    start: Ints
    """First month with bookings, counted from ``FIRST_MONTH``."""
    stop: Ints
    """Month in which the customer has fallen silent; ``MONTHS`` for one who has not."""
    money_in: Floats
    income: Floats
    joined_on: NDArray[np.datetime64]
    ids: pa.Array
    table: pa.Table
    """The rows of ``customers``."""


def pools(seed: int) -> Pools:
    """Make the value pools: the only place where Faker is called."""
    from faker import Faker

    fake = Faker("en_GB")
    fake.seed_instance(seed)

    def distinct(make: object, count: int) -> Strings:
        assert callable(make)  # noqa: S101
        return np.array(sorted({str(make()) for _ in range(count)}))

    slugs = {"".join(sign if sign.isalnum() else "-" for sign in fake.company().lower()) for _ in range(300)}
    return Pools(
        women=distinct(fake.first_name_female, 300),
        men=distinct(fake.first_name_male, 300),
        surnames=distinct(fake.last_name, 400),
        employers=np.array(sorted({"-".join(part for part in slug.split("-") if part) for slug in slugs})),
    )


def customer_ids(first: int, count: int) -> pa.Array:
    """Name `count` customers from number `first` on: C00000001, C00000002, …"""
    return pa.array([f"C{number:08d}" for number in range(first + 1, first + count + 1)])


def people(rng: np.random.Generator, plan: Plan, pools: Pools, first: int, count: int) -> People:
    """Draw a piece of the customers."""
    types = rng.choice(len(plan.habits), count, p=plan.shares)
    tastes, second = _tastes(rng, plan, types)
    start, stop, joined = _membership(rng, count)
    ages = np.array([habit.ages for habit in plan.habits])[types]
    age = ages[:, 0] + (ages[:, 1] - ages[:, 0]) * rng.beta(1.6, 1.6, count)
    at_join = (AS_OF - joined).astype(np.int64) / 365.25
    born = AS_OF - days(np.round(np.maximum(age, 18.1 + at_join) * 365.25))
    level = plan.spread * rng.standard_normal(count)
    money_in = plan.of("money_in", types) * np.exp(level)
    income = plan.of("income", types) * np.exp(level + .30 * rng.standard_normal(count))
    ids = customer_ids(first, count)
    known = {"customer_id": ids, "birth_date": pa.array(born), "joined_on": pa.array(joined)}
    table = _table(rng, plan, pools, types, known, income)
    return People(first, types, tastes, second, start, stop, money_in, income, joined, ids, table)


def _tastes(rng: np.random.Generator, plan: Plan, types: Ints) -> tuple[Ints, Ints]:
    shares = np.cumsum(np.array([habit.tastes for habit in plan.habits]), axis=1)[types]
    first = np.minimum((rng.random(len(types))[:, None] > shares).sum(axis=1), len(TASTES) - 1)
    second = (first + rng.integers(1, len(TASTES), len(types))) % len(TASTES)
    return first, second


def days(count: ArrayLike) -> NDArray[Any]:
    """Whole days, to be added to dates."""
    return np.asarray(count).astype(np.int64).astype("timedelta64[D]")


def months(count: ArrayLike) -> NDArray[Any]:
    """Whole months, to be added to months."""
    return np.asarray(count).astype(np.int64).astype("timedelta64[M]")


def _membership(rng: np.random.Generator, count: int) -> tuple[Ints, Ints, NDArray[np.datetime64]]:
    """Some were customers before the bookings begin, some join late, some fall silent."""
    late = rng.random(count) < .34
    start = np.where(late, rng.integers(1, MONTHS - 4, count), 0)
    before = rng.exponential(6 * 365.25, count).clip(1, 30 * 365).astype(np.int64)
    first_days = (FIRST_MONTH + months(start)).astype("datetime64[D]")
    joined = first_days - days(np.where(late, rng.integers(0, 25, count), before))
    silent = rng.random(count) < .10
    stop = np.where(silent, start + 12 + rng.integers(0, MONTHS, count), MONTHS).clip(max=MONTHS)
    return start, stop, joined


def _pick(rng: np.random.Generator, values: Strings | tuple[str, ...], count: int) -> Strings:
    pool = np.asarray(values)
    return pool[rng.integers(0, len(pool), count)]


def _table(
    rng: np.random.Generator, plan: Plan, pools: Pools, types: Ints, known: dict[str, pa.Array], income: Floats
) -> pa.Table:
    count = len(types)
    woman = rng.random(count) < .51
    given = np.where(woman, _pick(rng, pools.women, count), _pick(rng, pools.men, count))
    surname = _pick(rng, pools.surnames, count)
    employer = _pick(rng, pools.employers, count)
    even = plan.shares @ _WORK
    shares = np.cumsum(even + plan.signal * (_WORK - even), axis=1)[types]
    work = np.minimum((rng.random(count)[:, None] > shares).sum(axis=1), len(OCCUPATIONS) - 1)
    marital = np.asarray(_MARITAL)[np.searchsorted([.14, .66, .93], rng.random(count))]
    numbers = rng.integers(0, 1_000_000, count)
    people = list(zip(given.tolist(), surname.tolist(), employer.tolist(), numbers.tolist(), strict=True))
    return pa.table({
        "customer_id": known["customer_id"],
        "name": pa.array([f"{first} {last}" for first, last, _, _ in people]),
        "email": pa.array([
            f"{first}.{last}{number % 1000}@{domain}.example.org".lower().replace(" ", "").replace("'", "")
            for first, last, domain, number in people
        ]),
        # 01632 960000 to 960999 is kept free for made-up people.
        "phone": pa.array([f"+44 1632 960{number % 1000:03d}" for _, _, _, number in people]),
        "birth_date": known["birth_date"],
        "gender": pa.array(np.where(woman, "female", "male").tolist()),
        "marital_status": pa.array(marital.tolist()),
        "region": pa.array(_pick(rng, REGIONS, count).tolist()),
        "occupation": pa.array(np.asarray(OCCUPATIONS)[work].tolist()),
        "annual_income": pa.array(np.round(income, -2), pa.float64()),
        "joined_on": known["joined_on"],
        "consent_marketing": pa.array(rng.random(count) < .8),
    })
