"""How customers get their segment, as plain numbers and words: what an engine needs, whatever learned it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

How = Literal["share of the first", "total", "breadth"]
Test = Literal["below", "above", "missing", "none"]

DECIMALS = 9
"""Squared distances that agree to so many decimals are equal, and the first segment has the customer."""


@dataclass(frozen=True)
class Derived:
    """A fact worked out from others: a / (a + b), a + b + …, or one minus the sum of squared shares, the rest too."""

    name: str
    how: How
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Condition:
    """A test of one fact: below or above a limit, missing, or none (missing or zero). What is missing is not below."""

    fact: str
    test: Test
    limit: float = 0.0


@dataclass(frozen=True)
class Rule:
    """A segment by rule: a customer for whom any condition holds is in it."""

    id: str
    name: str
    any_of: tuple[Condition, ...]


@dataclass(frozen=True)
class Scale:
    """How one fact is put on the ruler: filled, shaped by its kind, centred, divided, clipped."""

    fact: str
    kind: str
    """One of `guilder.segments.transforms.KINDS`."""
    unit: float
    fill: float
    center: float
    scale: float


@dataclass(frozen=True)
class Group:
    """One segment and where it lies on the ruler, in the order of the scales."""

    id: str
    name: str
    centre: tuple[float, ...]
    metric: tuple[tuple[float, ...], ...] = ()
    """Rows of a matrix: the squared distance is the squared length of (x - centre) · metric; Euclidean when empty."""
    offset: float = 0.0
    """Added to the squared distance."""

    def axes(self) -> list[dict[int, float]]:
        """Give the directions along which the distance is measured: the weight of each fact that takes part."""
        if not self.metric:
            return [{place: 1.0} for place in range(len(self.centre))]
        return [
            {place: row[axis] for place, row in enumerate(self.metric) if row[axis] != 0.0}
            for axis in range(len(self.metric))
        ]


@dataclass(frozen=True)
class Assignment:
    """Rules first, in their order; then the nearest centre, the first of equals."""

    rules: tuple[Rule, ...]
    derived: tuple[Derived, ...]
    scales: tuple[Scale, ...]
    groups: tuple[Group, ...]
    clip: float

    def columns(self) -> tuple[str, ...]:
        """Name the columns that a table of facts must have, beside ``customer_id``."""
        made = {each.name for each in self.derived}
        tested = [test.fact for rule in self.rules for test in rule.any_of]
        parts = [part for each in self.derived for part in each.parts]
        return tuple(sorted({*tested, *parts, *(each.fact for each in self.scales)} - made))
