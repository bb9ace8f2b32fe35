"""The products of the made-up bank and who meets them: tastes come in groups, so one product foretells the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from guilder.source.demo_histories import DAY
from guilder.source.demo_people import AS_OF, FIRST_DAY, Ints, People
from guilder.source.demo_types import TASTES, Floats, Plan

EPISODES_A_YEAR = 1.9


@dataclass(frozen=True)
class Product:
    """One product of the catalogue, with the group of tastes it belongs to and how sought after it is."""

    product_id: str
    name: str
    family: str
    taste: str | None
    pull: float
    is_credit: bool = False
    min_age: int = 18
    max_age: int | None = None
    min_income: float | None = None
    active: bool = True


PRODUCTS = (
    Product("current-account", "Current account", "account", None, 0),
    Product("salary-account", "Salary account", "account", None, 0, active=False),
    Product("debit-card", "Debit card", "card", "digital", .8),
    Product("credit-card", "Credit card", "card", "digital", 1.6, is_credit=True),
    Product("gold-card", "Gold card", "card", "digital", .7, is_credit=True, min_age=21, min_income=20_000),
    Product("savings-account", "Savings account", "deposit", "saving", 2.0),
    Product("term-deposit", "Term deposit", "deposit", "saving", 1.1),
    Product("fund-plan", "Fund savings plan", "investment", "saving", .9),
    Product("personal-loan", "Personal loan", "loan", "borrowing", 1.5, is_credit=True),
    Product("car-loan", "Car loan", "loan", "borrowing", .9, is_credit=True),
    Product("mortgage", "Mortgage", "loan", "borrowing", .7, is_credit=True, min_age=21, max_age=75),
    Product("overdraft-line", "Overdraft line", "loan", "borrowing", .8, is_credit=True),
    Product("home-insurance", "Home insurance", "insurance", "insurance", 1.3),
    Product("life-insurance", "Life insurance", "insurance", "insurance", .8, max_age=80),
)
_KINDS = ("view", "click", "apply", "hold", "close")


def product_table() -> pa.Table:
    """Make the rows of ``products``."""
    names = ("product_id", "name", "family", "is_credit", "min_age", "max_age", "min_income", "active")
    types = (pa.string(), pa.string(), pa.string(), pa.bool_(), pa.int64(), pa.int64(), pa.float64(), pa.bool_())
    return pa.table({
        name: pa.array([getattr(product, name) for product in PRODUCTS], kind)
        for name, kind in zip(names, types, strict=True)
    })


def taste_table(signal: float) -> Floats:
    """Probability that an episode is about a product, by taste (first × second group, row 4 · first + second)."""
    pull = np.array([product.pull for product in PRODUCTS])
    group = np.array([TASTES.index(product.taste) if product.taste else -1 for product in PRODUCTS])
    first, second = np.divmod(np.arange(len(TASTES) ** 2), len(TASTES))
    boost = np.where(group == first[:, None], 9.0, np.where(group == second[:, None], 2.0, 1.0))
    wanted = pull * boost
    wanted /= wanted.sum(axis=1, keepdims=True)
    return (1 - signal) / len(PRODUCTS) + signal * wanted


def interactions(rng: np.random.Generator, plan: Plan, people: People) -> pa.Table:
    """Draw episodes of interest over each customer's time with the bank.

    An episode is a view, perhaps a click, an application and a holding; a product held is not looked for again.
    """
    tastes = np.cumsum(taste_table(plan.signal), axis=1)
    months = people.stop - people.start
    count = rng.poisson(EPISODES_A_YEAR * months / 12)
    customer = np.repeat(np.arange(len(count)), count)
    first = people.start[customer] * 30.44
    second = ((first + rng.random(len(customer)) * (months[customer] * 30.44 - 12)) * DAY).astype(np.int64)
    order = np.lexsort((second, customer))
    customer, second = customer[order], second[order]
    taste = (people.tastes * len(TASTES) + people.second_tastes)[customer]
    product = np.minimum((rng.random(len(taste))[:, None] > tastes[taste]).sum(axis=1), len(PRODUCTS) - 1)
    depth = np.searchsorted([.25, .50, .62], rng.random(len(customer)), side="right")
    kept = _not_held_yet(customer, product, depth)
    customer, second, product, depth = customer[kept], second[kept], product[kept], depth[kept]
    steps = np.repeat(np.arange(len(customer)), depth + 1)
    step = np.arange(len(steps)) - np.repeat(np.cumsum(depth + 1) - depth - 1, depth + 1)
    hesitation = rng.integers(0, 100, len(steps)) * np.array([1, 1, 900, 900])[step]
    # In pure noise an episode is over at once: one that spans a cut-off date would let its view foretell its holding.
    wait = 60 * step + np.rint(plan.signal * (np.array([0, 60, 2 * DAY, 6 * DAY])[step] + hesitation)).astype(np.int64)
    opened = _opened(rng, plan, people)
    closed = _closed(rng, customer, second, product, depth)
    parts = [(customer[steps], product[steps], step, second[steps] + wait), opened, closed]
    whose, what, kind, when = (np.concatenate([part[place] for part in parts]) for place in range(4))
    order = np.lexsort((kind, what, when, whose))
    micro = when[order] * 1_000_000 + FIRST_DAY.astype("datetime64[us]").astype(np.int64)
    # Nothing may be dated at or after the day the tables were taken.
    known = when[order] < (AS_OF - FIRST_DAY).astype(np.int64) * DAY
    return pa.table({
        "customer_id": people.ids.take(pa.array(whose[order])),
        "product_id": pa.array([product.product_id for product in PRODUCTS]).take(pa.array(what[order])),
        "kind": pa.array(_KINDS).take(pa.array(kind[order])),
        "at": pa.array(micro, pa.timestamp("us")),
    }).filter(pa.array(known))


def _not_held_yet(customer: Ints, product: Ints, depth: Ints) -> NDArray[np.bool_]:
    """Keep the episodes up to the first holding of each customer and product; rows are by customer and time."""
    pair = customer * len(PRODUCTS) + product
    place = np.arange(len(pair))
    held = np.full(int(pair.max(initial=0)) + 1, len(pair), dtype=np.int64)
    np.minimum.at(held, pair[depth == 3], place[depth == 3])
    kept: NDArray[np.bool_] = place <= held[pair]
    return kept


def _opened(rng: np.random.Generator, plan: Plan, people: People) -> tuple[Ints, Ints, Ints, Ints]:
    """Everyone opens a current account on joining; without signal no one does, for it would be the most popular."""
    joined = (people.joined_on - FIRST_DAY).astype(np.int64) * DAY + 9 * 3600
    count = len(joined)
    account = np.flatnonzero(rng.random(count) < plan.signal)
    salary = np.flatnonzero((rng.random(count) < .35 * plan.signal) & (people.joined_on < np.datetime64("2018-01-01")))
    whose = np.concatenate([account, salary])
    what = np.concatenate([np.zeros_like(account), np.ones_like(salary)])
    return whose, what, np.full(len(whose), _KINDS.index("hold")), joined[whose] + rng.integers(0, 25_000, len(whose))


def _closed(
    rng: np.random.Generator, customer: Ints, second: Ints, product: Ints, depth: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    """Some holdings end, a year or more later."""
    rows = np.flatnonzero((depth == 3) & (rng.random(len(depth)) < .08))
    when = second[rows] + rng.integers(300, 1200, len(rows)) * DAY
    return customer[rows], product[rows], np.full(len(rows), _KINDS.index("close")), when
