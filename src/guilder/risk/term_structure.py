"""Term structure: from the PD at the horizon to the chance of a default by any month of a loan's life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guilder.errors import ModelError
from guilder.evaluation.calibration import TINY
from guilder.evaluation.intervals import Figure
from guilder.risk.exposure import Exposure
from guilder.risk.hazard import Hazards, count, fit_hazards, intervals

Floats = NDArray[np.float64]

LEAST_EVENTS = 10
"""Fewest defaults within the horizon that make a curve."""
POOL = 5.0
"""Expected defaults that a month, or adjacent months together, need for a rate of their own."""
LEAST_AT_RISK = 30
"""A month with fewer loans at risk says nothing; the curve ends before it."""
LEAST_FOR_SLOPE = 20
"""Fewest defaults after the horizon that say how much the score still matters there."""
_Z = 1.959963984540054


@dataclass(frozen=True)
class TermStructure:
    """How a PD is spread over months: S(t) = (1 - PD) ** within[t] to the horizon, and what is added after it.

    To the horizon this is proportional hazards with the PD as it is, so that every curve passes through the loan's own
    PD at the horizon. After it the hazard is ``rate * L ** slope`` with ``L = -log(1 - PD)``.
    """

    within: tuple[float, ...]
    """Share of the cumulative hazard to the horizon that has passed by month 1, 2, …; the last is 1."""
    after: tuple[float, ...] = ()
    """Cumulative rate from the horizon to each month after it."""
    slope: float = 1.0
    """How much the score still matters after the horizon: 1 as before, 0 not at all."""

    @property
    def horizon(self) -> int:
        """Months to the horizon."""
        return len(self.within)

    @property
    def last(self) -> int:
        """The last month the curve reaches."""
        return len(self.within) + len(self.after)

    def cumulative(self, p: ArrayLike, months: ArrayLike) -> Floats:
        """Chance of a default by the end of a month.

        Parameters
        ----------
        p : array of shape (n,)
            PD at the horizon.
        months : int or array of int of shape (n,)
            Below 1 gives 0; beyond the last month the curve stays where it was, for nothing is known of it.

        Returns
        -------
        array of shape (n,)
            Never falls with ``months``; at the horizon it is ``p``.
        """
        hazard = cumulative_hazard(p)
        at = np.clip(np.asarray(months, dtype=np.int64), 0, self.last)
        within = np.concatenate([[0.0], self.within])[np.minimum(at, self.horizon)]
        after = np.concatenate([[0.0], self.after])[np.maximum(at - self.horizon, 0)]
        return np.asarray(-np.expm1(-(hazard * within + after * hazard**self.slope)), dtype=np.float64)

    def lifetime(self, p: ArrayLike, term: ArrayLike) -> tuple[Floats, Floats]:
        """Chance of a default until a loan's term, or the horizon where that is later, and through which month.

        Parameters
        ----------
        p : array of shape (n,)
            PD at the horizon.
        term : array of shape (n,)
            Months for which the loan is granted; NaN gives NaN.

        Returns
        -------
        chance, months : array of shape (n,)
            ``months`` is the last month of the curve where the term is longer: beyond it nothing was seen.
        """
        granted = np.asarray(term, dtype=np.float64)
        months = np.clip(np.ceil(granted), self.horizon, self.last)
        found = self.cumulative(p, np.nan_to_num(months))
        return np.where(np.isnan(granted), np.nan, found), months

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"within": list(self.within), "after": list(self.after), "slope": self.slope}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Read what `to_dict` wrote."""
        return cls(tuple(plain["within"]), tuple(plain["after"]), float(plain["slope"]))


def cumulative_hazard(p: ArrayLike) -> Floats:
    """Cumulative hazard to the horizon, ``-log(1 - PD)``."""
    return np.asarray(-np.log1p(-np.clip(np.asarray(p, dtype=np.float64), TINY, 1 - TINY)), dtype=np.float64)


@dataclass(frozen=True)
class TermFit:
    """A term structure with what the data say about its two assumptions: the PD's level and its slope."""

    structure: TermStructure
    level: Figure
    """Cumulative hazard to the horizon over that of the PDs; 1 is right. The curve is anchored to the PDs instead."""
    slope: Figure
    """Slope of the score within the horizon; 1 is right."""
    slope_after: Figure | None
    """The same after the horizon, as fitted; None where there are too few defaults and 1 is taken."""
    events_after: int

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "level": self.level.to_dict(), "slope": self.slope.to_dict(),
            "slope_after": self.slope_after.to_dict() if self.slope_after else None,
            "events_after": self.events_after, "curve": self.structure.to_dict(),
        }  # fmt: skip


def fit_term_structure(p: ArrayLike, exposure: Exposure, horizon: int) -> TermFit:
    """Fit how defaults are spread over months, by a discrete-time hazard on counts of loan-months.

    Parameters
    ----------
    p : array of shape (n,)
        PD at the horizon of each loan, by a model that has not seen the loan.
    exposure : Exposure
        What was seen of each loan.
    horizon : int
        Months.

    Raises
    ------
    ModelError
        When fewer than 10 defaults, or no loan, were seen through the horizon.

    Notes
    -----
    Rates by month are pooled where few defaults are expected (`hazard.intervals`). Within the horizon the PD enters as
    an offset (slope 1) and the rates are scaled to add up to 1, which is the anchor: only the shape is taken from here.
    """
    counts = count(exposure, cumulative_hazard(p))
    at_risk = counts.at_risk.sum(axis=0)
    followed = int((at_risk >= LEAST_AT_RISK).sum())
    fallen = int(counts.events[:, :horizon].sum())
    if followed < horizon or fallen < LEAST_EVENTS:
        raise ModelError(
            f"{fallen} defaults within {horizon} months, and {followed} months with {LEAST_AT_RISK} loans at risk",
            known=f"a curve takes {LEAST_EVENTS} defaults, and {LEAST_AT_RISK} loans in every month to the horizon",
        )
    first = counts.months(1, horizon)
    place = intervals(first, POOL)
    pooled = first.pooled(place)
    anchored = fit_hazards(pooled, 1.0)
    passed = np.cumsum(anchored.rate[place])
    within = passed / passed[-1]
    within[-1] = 1.0
    free = fit_hazards(pooled)
    late = counts.months(horizon + 1, followed)
    slope_after, rates, bend = None, np.zeros(0), 1.0
    events_after = int(late.events.sum())
    if followed > horizon:
        place_after = intervals(late, POOL)
        pooled_after = late.pooled(place_after)
        if events_after >= LEAST_FOR_SLOPE:
            fitted = fit_hazards(pooled_after)
            slope_after = _slope(fitted)
            bend = max(fitted.slope, 0.0)  # the order of the PDs is never turned
        rates = fit_hazards(pooled_after, bend).rate[place_after]
    structure = TermStructure(tuple(within.tolist()), tuple(np.cumsum(rates).tolist()), bend)
    return TermFit(structure, _level(anchored, np.bincount(place)), _slope(free), slope_after, events_after)


def _level(fitted: Hazards, months: NDArray[np.intp]) -> Figure:
    """Add up the rates over their months, with the delta method's interval on the log scale."""
    parts = fitted.rate * months
    total = float(parts.sum())
    seen = parts > 0
    spread = float(np.sqrt(np.sum(parts[seen] ** 2 * fitted.rate_variance[seen]))) / total
    return Figure(total, total * float(np.exp(-_Z * spread)), total * float(np.exp(_Z * spread)))


def _slope(fitted: Hazards) -> Figure:
    width = _Z * fitted.slope_error
    return Figure(fitted.slope, fitted.slope - width, fitted.slope + width)
