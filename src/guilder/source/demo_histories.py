"""The bookings of the made-up bank: vectorised histories with a balance that follows from the amounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guilder.source.demo_people import AS_OF, FIRST_DAY, FIRST_MONTH, MONTHS, Ints, People, months
from guilder.source.demo_types import BOOKINGS, PENSIONER, SELF_EMPLOYED, Floats, Plan

DAY = 86_400
_SECOND_BITS, _ROW_BITS = 28, 22
_SECONDS = (1 << _SECOND_BITS) - 1
_ROWS = (1 << _ROW_BITS) - 1

KINDS: tuple[tuple[str, str], ...] = (
    *BOOKINGS, ("salary", "transfer"), ("pension", "transfer"), ("invoices", "transfer"), ("transfers in", "transfer"),
    ("rent", "direct debit"), ("late fee", "internal"),
)
"""Every kind of booking: (category, channel); a booking keeps its place in this list."""
SALARY, PENSION, INVOICE, TRANSFER_IN, RENT, LATE_FEE = range(len(BOOKINGS), len(KINDS))

_FIRST_DAYS = (FIRST_MONTH + months(np.arange(MONTHS))).astype("datetime64[D]")
_MONTH_START = (_FIRST_DAYS - FIRST_DAY).astype(np.int64)
_MONTH_DAYS: Ints = np.append(_MONTH_START[1:], (AS_OF - FIRST_DAY).astype(np.int64)) - _MONTH_START
_GROWTH = 1.025 ** (np.arange(MONTHS) / 12)
_SEASON = np.array([.93, .92, .97, .98, 1., 1.02, 1.06, 1.05, .98, .99, 1.02, 1.25])[np.arange(MONTHS) % 12]
_SIZES = np.array([.6, .5, .7, 1.6, .35, .9, .9, 1.2, 1.2, 1.5, 1.1, 1.3, 1.])
"""Relative size of a booking by ``BOOKINGS``."""


def _hours() -> NDArray[np.int64]:
    """Second of the day at 1,024 even steps of probability: quiet nights, a peak at noon and one after work."""
    weight = np.array([1, 1, 1, 1, 1, 2, 5, 10, 16, 20, 22, 24, 28, 24, 20, 20, 24, 30, 30, 24, 16, 10, 6, 3], float)
    share = np.append(0, np.cumsum(weight)) / weight.sum()
    return np.interp((np.arange(1024) + .5) / 1024, share, np.arange(25) * 3600).astype(np.int64)


_HOURS = _hours()


@dataclass(frozen=True)
class Bookings:
    """Bookings in any order: customer (place in the piece), second since the history began, cents and kind."""

    customer: NDArray[np.int64]
    second: NDArray[np.int64]
    cents: NDArray[np.int64]
    kind: NDArray[np.uint8]


@dataclass(frozen=True)
class Ledger:
    """Bookings sorted by customer and time."""

    key: NDArray[np.int64]
    """Customer and second in one number, as ``key_of`` makes it."""
    cents: NDArray[np.int64]
    kind: NDArray[np.uint8]
    opening: NDArray[np.int64]
    """Balance of each customer before the first booking, in cents."""

    @property
    def customer(self) -> NDArray[np.int64]:
        """Whose booking it is: place in the piece."""
        return self.key >> _SECOND_BITS

    @property
    def second(self) -> NDArray[np.int64]:
        """Seconds since the history began."""
        return self.key & _SECONDS


def key_of(customer: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put customer and second in one number that sorts by customer, then time."""
    return (customer << _SECOND_BITS) | second


def histories(rng: np.random.Generator, plan: Plan, people: People) -> tuple[Bookings, Ints]:
    """Draw the bookings of a piece of the customers.

    Money in comes first: a regular payment and irregular ones, by month. What is spent follows it with a lag of three
    months, less what the customer puts by: the balance wanders around the customer's own cushion, in months of money
    in, and those with a thin cushion go below zero. A month's spending is shared out over its bookings.

    Returns
    -------
    Bookings
        In no order.
    array of int64
        Opening balances, in cents.
    """
    count = len(people.types)
    month = np.arange(MONTHS)
    active = (month >= people.start[:, None]) & (month < people.stop[:, None])
    incoming, received = _money_in(rng, plan, people, active)
    level = _cushion(rng, plan, people)
    outgoing = _money_out(rng, plan, people, active, received, level)
    opening = np.rint(level[np.arange(count), people.start] * people.money_in * 100).astype(np.int64)
    parts = [*incoming, *outgoing]
    return joined(*parts), opening


def joined(*parts: Bookings) -> Bookings:
    """Put bookings together."""
    return Bookings(
        np.concatenate([part.customer for part in parts]),
        np.concatenate([part.second for part in parts]),
        np.concatenate([part.cents for part in parts]),
        np.concatenate([part.kind for part in parts]),
    )


def _spread(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Turn a (customer, month) table of counts into one row a booking: cell, customer, month."""
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    customer = cell // MONTHS
    return cell, customer, cell - customer * MONTHS


def _moments(rng: np.random.Generator, month: NDArray[np.int64], bits: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Draw moments within months, from 36 random bits of each booking."""
    day = ((bits & np.uint64(0xFFFFF)).astype(np.int64) * _MONTH_DAYS[month]) >> 20
    hour = _HOURS[((bits >> np.uint64(20)) & np.uint64(1023)).astype(np.int64)]
    second: Ints = (_MONTH_START[month] + day) * DAY + hour + ((bits >> np.uint64(30)) & np.uint64(63)).astype(np.int64)
    return second


def _money_in(
    rng: np.random.Generator, plan: Plan, people: People, active: NDArray[np.bool_]
) -> tuple[list[Bookings], Floats]:
    regular, part, irregular = (plan.of(name, people.types) for name in ("regular", "regular_part", "irregular"))
    pay = people.money_in * part / np.maximum(regular, .05)
    extra = people.money_in * (1 - part) / np.maximum(irregular, .02)
    paid = active & (rng.random(active.shape, dtype=np.float32) < regular[:, None]) & (pay[:, None] > 0)
    customer, month = np.nonzero(paid)
    payday = rng.integers(0, 27, len(people.types))[customer]
    size = 1 + .02 * rng.standard_normal(len(customer))
    cents = np.rint(pay[customer] * _GROWTH[month] * 100 * size).astype(np.int64)
    # Without signal nothing may give the type away, not even the word for a payment.
    typical = rng.random(len(people.types)) < plan.signal
    kind = np.where(typical & (people.types == PENSIONER), PENSION, SALARY).astype(np.uint8)[customer]
    second = (_MONTH_START[month] + payday) * DAY + 6 * 3600 + rng.integers(0, 7200, len(customer))
    first = Bookings(customer, second, cents, kind)
    cell, whose, when = _spread(rng.poisson(irregular[:, None] * active))
    size = np.exp(.45 * rng.standard_normal(len(cell)) - .45**2 / 2)
    cents = np.maximum(np.rint(extra[whose] * _GROWTH[when] * 100 * size), 100).astype(np.int64)
    kind = np.where(typical & (people.types == SELF_EMPLOYED), INVOICE, TRANSFER_IN).astype(np.uint8)[whose]
    bits = rng.bit_generator.random_raw(len(cell))
    second_part = Bookings(whose, _moments(rng, when, bits), cents, kind)
    received = np.bincount(customer * MONTHS + month, first.cents, active.size) + np.bincount(cell, cents, active.size)
    return [first, second_part], received.reshape(active.shape) / 100


def _cushion(rng: np.random.Generator, plan: Plan, people: People) -> Floats:
    """Draw the balance each customer keeps at the end of each month, in months of money in."""
    count = len(people.types)
    base = plan.of("cushion", people.types) * np.exp(.65 * rng.standard_normal(count)) - .45
    drift = np.empty((count, MONTHS))
    state = rng.standard_normal(count)
    for month in range(MONTHS):
        state = .9 * state + np.sqrt(1 - .9**2) * rng.standard_normal(count)
        drift[:, month] = state
    return base[:, None] + .45 * drift


def _money_out(
    rng: np.random.Generator, plan: Plan, people: People, active: NDArray[np.bool_], received: Floats, level: Floats
) -> list[Bookings]:
    count = len(people.types)
    rents = active & (rng.random(count) < plan.of("rent", people.types))[:, None]
    rent = np.rint(.30 * people.money_in)
    customer, month = np.nonzero(rents)
    second = (_MONTH_START[month] + 1) * DAY + 5 * 3600 + rng.integers(0, 3600, len(customer))
    rent_cents = (-100 * rent[customer]).astype(np.int64)
    standing = Bookings(customer, second, rent_cents, np.full(len(customer), RENT, np.uint8))
    rate = plan.of("spending", people.types) * np.exp(plan.spread * rng.standard_normal(count))
    counts = rng.poisson(rate[:, None] * _SEASON * active)
    budget = _budget(people, received, level, np.where(rents, rent[:, None], 0), counts > 0)
    cell, whose, when = _spread(counts)
    bits = rng.bit_generator.random_raw(len(cell))
    kind = _kinds(plan)[people.types[whose], (bits >> np.uint64(52)).astype(np.int64)]
    weight = np.exp(.5 * rng.standard_normal(len(cell), dtype=np.float32)) * _SIZES[kind]
    each = budget.ravel() / np.maximum(np.bincount(cell, weight, counts.size), 1e-9)
    cents = -np.maximum(np.rint(each[cell] * weight * 100), 300).astype(np.int64)
    return [standing, Bookings(whose, _moments(rng, when, bits), cents, kind)]


def _budget(people: People, received: Floats, level: Floats, rent: Floats, spends: NDArray[np.bool_]) -> Floats:
    """Share out what is to be spent by the end of each month over the months that have a booking."""
    before = people.start[:, None] - 1 - np.arange(-2, MONTHS)
    total = np.pad(np.cumsum(received, axis=1), ((0, 0), (2, 0)))
    total -= people.money_in[:, None] * np.clip(before, 0, 2)
    lagged = (total[:, 2:] + total[:, 1:-1] + total[:, :-2]) / 3
    at_start = level[np.arange(len(level)), people.start][:, None]
    target = lagged - (level - at_start - 1) * people.money_in[:, None] - np.cumsum(rent, axis=1)
    target = np.maximum.accumulate(np.maximum(target, 0), axis=1)
    spent = np.maximum.accumulate(np.where(spends, target, 0), axis=1)
    return np.diff(spent, axis=1, prepend=0)


def _kinds(plan: Plan) -> NDArray[np.uint8]:
    """Kind of an outgoing booking by type and by 4,096 even steps of probability."""
    steps = (np.arange(4096) + .5) / 4096
    shares = [np.cumsum(habit.spent_on) / np.sum(habit.spent_on) for habit in plan.habits]
    return np.stack([np.searchsorted(share, steps) for share in shares]).astype(np.uint8)


def ledger(bookings: Bookings, opening: Ints) -> Ledger:
    """Sort bookings by customer and time."""
    rows = len(bookings.customer)
    assert rows <= _ROWS, "a piece holds too many bookings for one sorting number"  # noqa: S101
    # One sort of one number (customer, second, row) is several times faster than an argsort, and has no ties.
    packed = (key_of(bookings.customer, bookings.second) << _ROW_BITS) | np.arange(rows)
    packed.sort()
    order = packed & _ROWS
    return Ledger(packed >> _ROW_BITS, bookings.cents[order], bookings.kind[order], opening)


def balances(book: Ledger) -> NDArray[np.int64]:
    """Balance after each booking, in cents: the opening balance and the sum of the customer's amounts so far."""
    total = np.cumsum(book.cents)
    first = np.searchsorted(book.key, np.arange(len(book.opening) + 1) << _SECOND_BITS)
    before = np.where(first[:-1] > 0, total[first[:-1] - 1], 0)
    total += np.repeat(book.opening - before, np.diff(first))
    return total
