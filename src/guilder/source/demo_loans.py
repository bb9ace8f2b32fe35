"""The loans of the made-up bank: applications, the true odds of default, and outcomes that keep those odds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from guilder.source.demo_histories import DAY, LATE_FEE, Bookings, Ledger, balances, key_of
from guilder.source.demo_people import AS_OF, FIRST_DAY, Ints, People, days, months
from guilder.source.demo_types import TASTES, Floats, Plan

BASE_RATE = .12
MOST_LOANS = 4
HORIZON_MONTHS = 12
_LEAST_HISTORY = 200
"""Days of bookings before a first application."""
_END = int((AS_OF - FIRST_DAY).astype(np.int64))
_FEES = 3
LATE_FEE_CENTS = 3500

PURPOSES = ("household", "holiday", "debts", "car", "home", "overdraft")
_PRODUCTS = ("personal-loan", "personal-loan", "personal-loan", "car-loan", "mortgage", "overdraft-line")
_PURPOSE_SHARES = np.array([.28, .14, .16, .22, .10, .10])
_TERMS = np.array([[12, 24, 36], [6, 12, 24], [24, 36, 60], [36, 48, 72], [120, 180, 240], [12, 12, 24]])
_RATES = np.array([.069, .074, .089, .054, .036, .109])
_BURDENS = np.array([.12, .08, .16, .18, .30, .06])


@dataclass(frozen=True)
class Applications:
    """The loans applied for, sorted by customer and day; arrays are by loan."""

    customer: Ints
    """Place of the customer in the piece."""
    nth: Ints
    """0 for the customer's first loan, 1 for the second, …"""
    day: Ints
    """Days since the history began."""
    purpose: Ints
    term: Ints
    rate: Floats
    amount: Floats
    instalment: Floats
    default_after: Ints
    """Days from application to default, should it default within the horizon."""
    late_default_after: Ints
    """The same beyond the horizon, 0 for never."""
    secret: Floats
    """What no table shows."""

    def __len__(self) -> int:
        """Count the loans."""
        return len(self.customer)


@dataclass(frozen=True)
class Outcomes:
    """What became of the loans, by loan."""

    p_default: Floats
    defaults: NDArray[np.bool_]
    """Within the horizon, whether or not the bank has seen it yet."""
    settled: Ledger
    """The bookings, with the late fees of the loans that defaulted and no others."""


def applications(rng: np.random.Generator, plan: Plan, people: People) -> Applications:
    """Draw who applies for what and when: only after some months of bookings, and while the customer is active."""
    first = people.start * 30.44 + _LEAST_HISTORY
    last = np.minimum(people.stop * 30.44 - 1, _END)
    borrower = people.tastes == TASTES.index("borrowing")
    likely = .80 + plan.signal * np.where(borrower, .15, -.02)
    count = np.where(rng.random(len(first)) < likely, rng.choice([1, 2, 3, 4], len(first), p=[.16, .22, .27, .35]), 0)
    count = np.where(last - first > 30, count, 0)
    customer = np.repeat(np.arange(len(first)), count)
    nth = np.arange(len(customer)) - np.repeat(np.cumsum(count) - count, count)
    day = np.floor(first[customer] + rng.random(len(customer)) * (last - first)[customer]).astype(np.int64)
    day = day[np.lexsort((day, customer))]
    purpose = rng.choice(len(PURPOSES), len(customer), p=_PURPOSE_SHARES)
    term = _TERMS[purpose, rng.integers(0, 3, len(customer))]
    rate = np.round(_RATES[purpose] + .004 * rng.integers(-2, 3, len(customer)), 4)
    wished = _BURDENS[purpose] * np.exp(.45 * rng.standard_normal(len(customer))) * people.money_in[customer]
    monthly = rate / 12
    annuity = (1 - (1 + monthly) ** -term) / monthly
    amount = np.maximum(np.round(wished * annuity, -2), 300)
    horizon = rng.integers(92, 355, len(customer))
    late = np.where(rng.random(len(customer)) < .02, rng.integers(380, 1100, len(customer)), 0)
    late = np.where(late < 30 * term, late, 0)
    return Applications(
        customer, nth, day, purpose, term, rate, amount, np.round(amount / annuity, 2), horizon, late,
        rng.standard_normal(len(customer)),
    )


def fees(asked: Applications) -> Bookings:
    """Book the late fees each loan would have if it defaulted, all after the application: none may be learned from."""
    loan = np.repeat(np.arange(len(asked)), _FEES)
    back = np.tile(np.array([60, 30, 0]), len(asked))
    day = asked.day[loan] + asked.default_after[loan] - back
    # A placeholder beyond the history is moved to the last day and never charged.
    second = np.minimum(day, _END - 1) * DAY + 20 * 3600 + loan % 3600
    cents = np.where(day < _END, -(loan + 1), 0)
    return Bookings(asked.customer[loan], second, cents, np.full(len(loan), LATE_FEE, np.uint8))


def outcomes(rng: np.random.Generator, plan: Plan, people: People, asked: Applications, book: Ledger) -> Outcomes:
    """Draw the outcomes from the true odds, in the order in which each customer applies.

    The odds of a loan follow from what its tables show strictly before the application, among it the defaults of
    the customer's earlier loans that had happened by then, and from a small part that nothing shows.
    """
    placeholder = np.flatnonzero((book.kind == LATE_FEE) & (book.cents < 0))
    loan_of = -book.cents[placeholder] - 1
    # Fees have been carrying the number of their loan; they are nothing until it defaults.
    cents = np.where(book.kind == LATE_FEE, 0, book.cents)
    facts = _observed(Ledger(book.key, cents, book.kind, book.opening), asked.customer, asked.day)
    odds, defaults = np.zeros(len(asked)), np.zeros(len(asked), dtype=bool)
    # The day of each customer's first default so far, counted like the day of application; 0 for none.
    fallen = np.zeros(len(people.types), dtype=np.int64)
    for nth in range(MOST_LOANS):
        rows = np.flatnonzero(asked.nth == nth)
        again = rows[fallen[asked.customer[rows]] > 0]
        if len(again):
            # Only those who have been charged late fees have other balances than at first.
            part = _only(Ledger(book.key, cents, book.kind, book.opening), fallen > 0)
            facts[:, again] = _observed(part, asked.customer[again], asked.day[again])
        day = fallen[asked.customer[rows]]
        known = (day > 0) & (day < asked.day[rows])
        odds[rows] = _true_odds(plan, people, asked, rows, facts[:, rows], known)
        defaults[rows] = systematic(rng, odds[rows], asked.day[rows] // 91)
        bad = rows[defaults[rows]]
        day = asked.day[bad] + asked.default_after[bad]
        earlier = fallen[asked.customer[bad]]
        fallen[asked.customer[bad]] = np.where(earlier > 0, np.minimum(earlier, day), day)
        cents[placeholder[defaults[loan_of] & (asked.nth[loan_of] == nth)]] = -LATE_FEE_CENTS
    kept = cents != 0
    return Outcomes(odds, defaults, Ledger(book.key[kept], cents[kept], book.kind[kept], book.opening))


def _only(book: Ledger, customers: NDArray[np.bool_]) -> Ledger:
    kept = customers[book.customer]
    return Ledger(book.key[kept], book.cents[kept], book.kind[kept], book.opening)


def systematic(rng: np.random.Generator, odds: Floats, block: Ints) -> NDArray[np.bool_]:
    """Draw outcomes that keep every loan's own odds and leave little luck in any period or band of odds.

    Loans are laid end to end, by block of time and within it by odds, each as long as its odds; marks stand one apart
    from a uniform start, and a loan defaults when it holds a mark. Each loan then defaults with exactly its own
    probability (systematic sampling with unequal probabilities; Madow 1949), and the defaults of any run of loans
    differ from their expectation by less than one.

    Parameters
    ----------
    rng : numpy.random.Generator
        Gives the start, and an order to loans with equal odds.
    odds : array of float, shape (n,)
        Probabilities, each below 1.
    block : array of int, shape (n,)
        Block of time.
    """
    up = np.where(block % 2 == 0, odds, -odds)
    order = np.lexsort((rng.random(len(odds)), up, block))
    marks = np.floor(np.cumsum(odds[order]) + rng.random())
    drawn = np.empty(len(odds), dtype=bool)
    drawn[order] = np.diff(marks, prepend=0) > 0
    return drawn


def _true_odds(
    plan: Plan, people: People, asked: Applications, rows: Ints, facts: Floats, known_default: NDArray[np.bool_]
) -> Floats:
    customer, day = asked.customer[rows], asked.day[rows]
    received, below_90, below_365 = facts
    observed = np.minimum(365, day - people.start[customer] * 30.44)
    burden = asked.instalment[rows] / np.maximum(received / observed * 30.44, 20)
    tenure = (day - (people.joined_on[customer] - FIRST_DAY).astype(np.int64)) / 365.25
    score = (
        1.25 * np.log(np.clip(burden, .01, 3) / .12)
        + .55 * np.log1p(below_90)
        + .35 * np.log1p(below_365)
        - .8 * np.log(people.income[customer] / 35_000)
        + .9 * np.exp(-tenure / 1.5)
        + 1.2 * known_default
        + plan.of("odds", people.types[customer])
        + .15 * asked.secret[rows]
    )
    shift = np.log(BASE_RATE / (1 - BASE_RATE))
    logit = shift + plan.signal * (.92 * score - 1.75)
    odds: Floats = np.clip(1 / (1 + np.exp(-logit)), .002, .95)
    return odds


def _observed(book: Ledger, customer: Ints, day: Ints) -> Floats:
    """Money in over the last 365 days, and days with a booking below zero over the last 90 and 365: 3 rows.

    All are of the bookings strictly before the day.
    """
    received = _sums(np.maximum(book.cents, 0))
    below = np.flatnonzero(balances(book) < 0)
    date = key_of(book.customer[below], book.second[below] // DAY)
    new = np.append(True, date[1:] != date[:-1])[: len(date)]
    dates = _sums(np.bincount(below[new], minlength=len(book.key)))
    now, quarter, year = (
        np.searchsorted(book.key, key_of(customer, np.maximum(day - back, 0) * DAY)) for back in (0, 90, 365)
    )
    return np.stack([(received[now] - received[year]) / 100, dates[now] - dates[quarter], dates[now] - dates[year]])


def _sums(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sum of all values before each place, and of all."""
    total = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=total[1:])
    return total


def loan_tables(people: People, asked: Applications, became: Outcomes, first: int) -> tuple[pa.Table, pa.Table]:
    """Make the rows of ``loans``, as the bank knows them, and the true odds of each.

    `first` is the number of the first loan. An outcome is blank where the horizon has not passed and the loan has
    neither defaulted nor ended.
    """
    count = len(asked)
    applied = FIRST_DAY + days(asked.day)
    after = np.where(became.defaults, asked.default_after, asked.late_default_after)
    bad_on = applied + days(after)
    bad = (after > 0) & (bad_on < AS_OF)
    month = applied.astype("datetime64[M]")
    within = (applied - month.astype("datetime64[D]")).astype(np.int64)
    matures = (month + months(HORIZON_MONTHS)).astype("datetime64[D]") + days(within)
    ends = (month + months(asked.term)).astype("datetime64[D]") + days(np.minimum(within, 27))
    # Some pay early; a loan that has defaulted stays open.
    part = .45 + .5 * (np.arange(count) * 7919 % 101) / 101
    early = applied + days((ends - applied).astype(np.int64) * part)
    closes = np.where(np.arange(count) % 5 == 0, early, ends)
    closed = (closes < AS_OF) & (after == 0)
    ids = pa.array([f"L{number:08d}" for number in range(first + 1, first + count + 1)])
    loans = pa.table({
        "loan_id": ids,
        "customer_id": people.ids.take(pa.array(asked.customer)),
        "applied_on": pa.array(applied),
        "amount": pa.array(asked.amount),
        "term_months": pa.array(asked.term),
        "annual_rate": pa.array(asked.rate),
        "instalment": pa.array(asked.instalment),
        "purpose": pa.array(np.asarray(PURPOSES)[asked.purpose].tolist()),
        "product_id": pa.array(np.asarray(_PRODUCTS)[asked.purpose].tolist()),
        "defaulted": pa.array(bad, mask=~bad & ~closed & (matures >= AS_OF)),
        "defaulted_on": pa.array(bad_on, mask=~bad),
        "closed_on": pa.array(closes, mask=~closed),
    })
    return loans, pa.table({"loan_id": ids, "p_default": pa.array(became.p_default)})
