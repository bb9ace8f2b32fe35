"""A scorecard as plain numbers and words: what an engine needs to score loans, whatever learned it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class PointScale:
    """How log-odds become points: more points are safer.

    Parameters
    ----------
    to_double : float
        Points that double the odds of goods to bads.
    points, odds : float
        So many points stand for so many goods to a bad.

    Notes
    -----
    Siddiqi, "Intelligent Credit Scoring" (2017), "Scaling": points = offset + factor × ln(odds of goods to bads), with
    factor = points to double / ln 2.
    """

    to_double: float = 20.0
    points: float = 600.0
    odds: float = 50.0

    @property
    def factor(self) -> float:
        """Points that a log-odds of a bad is worth."""
        return self.to_double / math.log(2)

    def of(self, log_odds: Any) -> Any:
        """Points of log-odds of a bad: a number, or an array of any shape."""
        return self.points - self.factor * (log_odds + math.log(self.odds))

    def log_odds(self, points: Any) -> Any:
        """Log-odds of a bad that points stand for."""
        return (self.points - points) / self.factor - math.log(self.odds)


@dataclass(frozen=True)
class PointBin:
    """One bin of a fact and its points.

    Parameters
    ----------
    label : str
        What it holds, in words.
    points : float
    low, high : float, optional
        Holds low ≤ x < high; None is open.
    values : tuple
        Holds these numbers, or these categories, and nothing between them; empty for a range.
    others : bool
        Holds the categories too that no bin names.
    missing : bool
        Holds what is missing, and only that.
    """

    label: str
    points: float
    low: float | None = None
    high: float | None = None
    values: tuple[float | str, ...] = ()
    others: bool = False
    missing: bool = False


@dataclass(frozen=True)
class FactPoints:
    """A fact's bins; ``neutral`` are the points of what no bin holds."""

    fact: str
    category: bool
    bins: tuple[PointBin, ...]
    neutral: float


@dataclass(frozen=True)
class Scorecard:
    """Points of a loan: ``base`` and one bin's points of each fact; never under ``base``."""

    scale: PointScale
    base: float
    facts: tuple[FactPoints, ...]

    @property
    def highest(self) -> float:
        """Points of a loan in the best bin of each fact."""
        return self.base + sum(max(one.points for one in fact.bins) for fact in self.facts)

    @classmethod
    def from_dict(cls, known: Mapping[str, Any]) -> Self:
        """Read one from a run's metrics, where every number is kept to the bit."""
        keys = ("label", "points", "low", "high", "others", "missing")
        return cls(
            PointScale(known["points_to_double"], *known["points_at_odds"]), known["base"],
            tuple(
                FactPoints(
                    fact["fact"], fact["category"],
                    tuple(PointBin(**{key: one[key] for key in keys}, values=tuple(one["values"]))
                          for one in fact["bins"]),
                    fact["neutral"],
                )
                for fact in known["points"]
            ),
        )  # fmt: skip
