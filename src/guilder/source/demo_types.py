"""The planted behaviours of the made-up bank: five latent types of customer and how they differ."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TASTES = ("digital", "saving", "borrowing", "insurance")
"""The groups of products that go together: a customer who takes one of a group is drawn to the others."""

BOOKINGS: tuple[tuple[str, str], ...] = (
    ("groceries", "card"), ("restaurants", "card"), ("online shopping", "online"), ("travel", "online"),
    ("subscriptions", "mobile"), ("utilities", "direct debit"), ("cash", "atm"), ("cash", "branch"),
    ("suppliers", "transfer"), ("taxes", "transfer"), ("to savings", "transfer"), ("securities", "branch"),
    ("securities", "online"),
)
"""What money is spent on and by which channel: (category, channel), in the order of ``Habit.spent_on``."""


@dataclass(frozen=True)
class Habit:
    """How one type of customer behaves; money in euros, rates a month."""

    name: str
    share: float
    """Of all customers."""
    money_in: float
    """Median money in a month."""
    regular: float
    """Share of months with a regular payment in."""
    regular_part: float
    """Share of the money in that comes as the regular payment."""
    irregular: float
    """Other payments in, a month."""
    spending: float
    """Payments out, a month, without rent."""
    rent: float
    """Share of customers who pay a rent from this account."""
    cushion: float
    """Median balance kept, in months of money in."""
    income: float
    """Median declared income a year."""
    odds: float
    """Effect on the log-odds of default."""
    ages: tuple[float, float]
    spent_on: tuple[float, ...]
    tastes: tuple[float, ...]
    """Share of customers drawn to each group of ``TASTES``."""


HABITS = (
    Habit("salaried family", .28, 3300, .98, .92, .10, 2.7, .55, 0.95, 45_000, .10, (28, 56),
          (.20, .05, .05, .02, .06, .50, .05, .0, .0, .0, .07, .0, .0), (.15, .15, .40, .30)),
    Habit("young card spender", .22, 400, .90, .80, .35, 5.6, .00, 0.85, 28_000, .35, (18, 35),
          (.17, .28, .26, .09, .17, .01, .02, .0, .0, .0, .0, .0, .0), (.65, .05, .25, .05)),
    Habit("pensioner", .20, 560, 1.0, 1.0, .00, 1.0, .00, 1.10, 17_000, -.10, (62, 86),
          (.10, .0, .0, .0, .0, .08, .50, .32, .0, .0, .0, .0, .0), (.02, .38, .10, .50)),
    Habit("self-employed", .15, 6200, .00, .00, .70, 1.9, .00, 1.40, 56_000, .30, (27, 62),
          (.03, .03, .0, .04, .0, .08, .02, .0, .58, .22, .0, .0, .0), (.20, .10, .50, .20)),
    Habit("saver", .15, 5000, .00, .00, .30, .42, .00, 3.00, 70_000, -.50, (38, 76),
          (.0, .0, .0, .02, .0, .0, .0, .0, .0, .02, .44, .27, .25), (.10, .65, .05, .20)),
)

PENSIONER, SELF_EMPLOYED = 2, 3
"""Places in ``HABITS``."""

SPREAD_WITHIN_TYPE = .14
SPREAD_OF_NOISE = .50
_LOGGED = ("money_in", "spending", "cushion", "income")
_LINEAR = ("regular", "regular_part", "irregular", "rent", "odds")


@dataclass(frozen=True)
class Plan:
    """The habits at a strength of signal, as arrays by type."""

    signal: float
    habits: tuple[Habit, ...]
    spread: float
    """Log standard deviation of customers around their type."""

    def of(self, name: str, types: NDArray[np.int64]) -> Floats:
        """Give the number called `name` of each customer's type."""
        return np.array([getattr(habit, name) for habit in self.habits], dtype=np.float64)[types]

    @property
    def shares(self) -> Floats:
        """Share of customers of each type."""
        return np.array([habit.share for habit in self.habits])


def plan(signal: float) -> Plan:
    """Make the habits at a strength of signal.

    Parameters
    ----------
    signal : float
        1 keeps the types apart, 0 gives every type the same habits and a wide continuous spread.
    """
    shares = np.array([habit.share for habit in HABITS])

    def mixed(name: str, *, logged: bool) -> Floats:
        values = np.array([getattr(habit, name) for habit in HABITS])
        values = np.log(values) if logged else values
        values = (shares @ values) + signal * (values - shares @ values)
        made: Floats = np.exp(values) if logged else values
        return made

    numbers = {name: mixed(name, logged=True) for name in _LOGGED}
    numbers |= {name: mixed(name, logged=False) for name in _LINEAR}
    vectors = {name: mixed(name, logged=False) for name in ("ages", "spent_on")}
    even = np.full(len(TASTES), 1 / len(TASTES))
    habits = tuple(
        replace(
            habit,
            **{name: float(values[row]) for name, values in numbers.items()},  # type: ignore[arg-type]
            ages=(float(vectors["ages"][row][0]), float(vectors["ages"][row][1])),
            spent_on=tuple(vectors["spent_on"][row].tolist()),
            tastes=tuple((even + signal * (np.array(habit.tastes) - even)).tolist()),
        )
        for row, habit in enumerate(HABITS)
    )
    return Plan(signal, habits, SPREAD_OF_NOISE + signal * (SPREAD_WITHIN_TYPE - SPREAD_OF_NOISE))
