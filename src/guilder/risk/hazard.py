"""Hazard: the monthly chance of a first default by month and score, fitted on counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guilder.risk.exposure import Exposure

Floats = NDArray[np.float64]

BINS = 100
"""Groups of equal size that loans are counted in by score; within one the scores differ by next to nothing."""
_STEPS = 50


@dataclass(frozen=True)
class Counts:
    """Loan-months and defaults by score and month; arrays of shape (bins, months)."""

    at_risk: Floats
    events: Floats
    x: Floats
    """Log of the mean cumulative hazard to the horizon by bin, ``log(mean(-log(1 - PD)))``; shape (bins,)."""

    def months(self, first: int, last: int) -> Counts:
        """Keep the months from ``first`` to ``last``, counted from 1."""
        return Counts(self.at_risk[:, first - 1 : last], self.events[:, first - 1 : last], self.x)

    def pooled(self, interval: NDArray[np.intp]) -> Counts:
        """Add up the months of each interval; with one hazard for all of them the likelihood stays the same."""
        into = np.eye(int(interval.max()) + 1)[interval]
        return Counts(self.at_risk @ into, self.events @ into, self.x)


def count(exposure: Exposure, hazard: Floats) -> Counts:
    """Count loan-months and defaults, without a row for each loan-month.

    Parameters
    ----------
    exposure : Exposure
        What was seen of each loan.
    hazard : array of shape (n,)
        Each loan's cumulative hazard to the horizon, ``-log(1 - PD)``.
    """
    edges = np.unique(np.quantile(hazard, np.arange(1, BINS) / BINS)) if len(hazard) else np.zeros(0)
    place = np.unique(np.searchsorted(edges, hazard, side="left"), return_inverse=True)[1].ravel()
    bins, width = int(place.max(initial=0)) + 1, int(exposure.months.max(initial=0)) + 1
    cell = place * width + exposure.months
    left = np.bincount(cell, minlength=bins * width).reshape(bins, width)
    events = np.bincount(cell[exposure.event], minlength=bins * width).reshape(bins, width)
    at_risk = np.cumsum(left[:, ::-1], axis=1)[:, ::-1]
    size = np.bincount(place, minlength=bins)
    x = np.log(np.bincount(place, weights=hazard, minlength=bins) / np.maximum(size, 1))
    return Counts(at_risk[:, 1:].astype(np.float64), events[:, 1:].astype(np.float64), x)


def intervals(counts: Counts, least: float) -> NDArray[np.intp]:
    """Number the interval of each month: adjacent months are pooled until defaults enough may be expected in each.

    Expected is under one hazard for all months, so that months without a default among many loans stay as they are:
    that there was none is known of them.
    """
    exposed = counts.at_risk.sum(axis=0)
    expected = exposed * counts.events.sum() / max(float(exposed.sum()), 1.0)
    number, held, found = 0, 0.0, []
    for share in expected.tolist():
        found.append(number)
        held += share
        if held >= least:
            number, held = number + 1, 0.0
    if held and number:  # what is left at the end is too little for an interval of its own
        found = [min(each, number - 1) for each in found]
    return np.asarray(found, dtype=np.intp)


@dataclass(frozen=True)
class Hazards:
    """A fitted model: monthly hazard of a loan with score x in interval k is ``1 - exp(-rate[k] * exp(slope * x))``."""

    rate: Floats
    slope: float
    rate_variance: Floats
    """Of the log rate; infinite where there was no default."""
    slope_error: float


def fit_hazards(counts: Counts, slope: float | None = None) -> Hazards:
    """Fit the rates of all intervals, and the slope where it is not given, by maximum likelihood.

    Parameters
    ----------
    counts : Counts
        Columns are intervals.
    slope : float, optional
        Given, it is not fitted.

    Notes
    -----
    Grouped proportional hazards: binomial counts with the complementary log-log link (Prentice and Gloeckler,
    "Regression analysis of grouped survival data", Biometrics 34 (1978)), by Fisher scoring. An interval without a
    default has rate 0, its maximum, and says nothing about the slope.
    """
    fell = counts.events.sum(axis=0) > 0
    rate, variance = np.zeros(len(fell)), np.full(len(fell), np.inf)
    n, d = counts.at_risk[:, fell], counts.events[:, fell]
    if not fell.any():
        return Hazards(rate, 0.0 if slope is None else slope, variance, np.inf)
    centre = float(np.average(counts.x, weights=n.sum(axis=1)))
    x = counts.x - centre
    free = slope is None and float(np.ptp(x)) > 0
    bend = 0.0 if slope is None else slope
    level = np.log(d.sum(axis=0) / (n * np.exp(bend * x)[:, None]).sum(axis=0))
    now, information = _likelihood(n, d, x, level, bend), np.eye(len(level) + 1)
    for _ in range(_STEPS):
        score, information = _slopes(n, d, x, level, bend)
        step = np.zeros(len(level) + 1)
        keep = slice(None) if free else slice(-1)
        step[keep] = np.linalg.solve(information[keep, keep], score[keep])
        size = 1.0
        while (then := _likelihood(n, d, x, level + size * step[:-1], bend + size * step[-1])) < now and size > 1e-6:
            size /= 2
        level, bend, gain = level + size * step[:-1], bend + size * float(step[-1]), then - now
        now = then
        if gain < 1e-12 * max(1.0, abs(now)):
            break
    keep = slice(None) if free else slice(-1)
    spread = np.linalg.inv(information[keep, keep])
    rate[fell] = np.exp(level - bend * centre)
    variance[fell] = np.diag(spread)[: len(level)]
    return Hazards(rate, bend, variance, float(np.sqrt(spread[-1, -1])) if free else np.inf)


def _likelihood(n: Floats, d: Floats, x: Floats, level: Floats, bend: float) -> float:
    hazard = np.exp(np.minimum(level + bend * x[:, None], 30.0))
    fallen = np.log(-np.expm1(-np.maximum(hazard, 1e-300)))
    return float(np.sum(d * fallen - (n - d) * hazard))


def _slopes(n: Floats, d: Floats, x: Floats, level: Floats, bend: float) -> tuple[Floats, Floats]:
    """Gradient and expected information over the levels and, last, the slope."""
    hazard = np.exp(np.minimum(level + bend * x[:, None], 30.0))
    chance = -np.expm1(-np.maximum(hazard, 1e-300))
    turn = hazard * np.exp(-hazard)
    pull = turn * (d - n * chance) / np.maximum(chance * (1 - chance), 1e-300)
    weight = n * turn**2 / np.maximum(chance * (1 - chance), 1e-300)
    many = len(level)
    information = np.zeros((many + 1, many + 1))
    information[np.arange(many), np.arange(many)] = weight.sum(axis=0)
    information[:many, many] = information[many, :many] = x @ weight
    information[many, many] = float((x**2) @ weight.sum(axis=1))
    return np.append(pull.sum(axis=0), (x @ pull).sum()), information
