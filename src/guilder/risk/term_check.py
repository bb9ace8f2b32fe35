"""The term structure against what happened: cumulative defaults by group and month, and how many were expected."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import gamma

from guilder.evaluation.intervals import LEVEL, Figure
from guilder.evaluation.survival import kaplan_meier
from guilder.risk.exposure import Exposure
from guilder.risk.hazard import BINS
from guilder.risk.term_structure import TermStructure

Floats = NDArray[np.float64]

LEAST_LOANS = 30
"""A month with fewer loans at risk is not drawn."""


def curves(structure: TermStructure, p: Floats, exposure: Exposure, groups: ArrayLike) -> list[dict[str, Any]]:
    """Set the share that had defaulted by each month, by Kaplan–Meier, beside the mean curve of the same loans.

    Parameters
    ----------
    structure : TermStructure
        The curves.
    p : array of shape (n,)
        PD at the horizon.
    exposure : Exposure
        What was seen of each loan.
    groups : array of text of shape (n,)
        Band or vintage; one entry each, sorted.

    Returns
    -------
    list of dict
        ``group``, ``loans``, and arrays by month: ``months``, ``observed``, ``low``, ``high``, ``predicted``.
    """
    found = []
    for name, inside in _groups(exposure, groups):
        seen = exposure.take(inside)
        steps = kaplan_meier(seen.months, seen.event)
        drawn = min(int((steps.at_risk >= LEAST_LOANS).sum()), structure.last)
        if not drawn:
            continue
        chance, weight = _binned(p[inside])
        mean = [float(weight @ structure.cumulative(chance, month)) for month in range(1, drawn + 1)]
        found.append({
            "group": name, "loans": int(inside.sum()), "months": list(range(1, drawn + 1)),
            "observed": steps.cumulative[:drawn].tolist(), "low": steps.low[:drawn].tolist(),
            "high": steps.high[:drawn].tolist(), "predicted": mean,
        })  # fmt: skip
    return found


def expected(structure: TermStructure, p: Floats, exposure: Exposure, groups: ArrayLike) -> list[dict[str, Any]]:
    """Count the defaults seen so far beside those expected in the months each loan was seen, by group.

    Expected is the sum of each loan's monthly hazards while it was at risk, so that loans seen for a few months count
    for these months (the martingale of counting processes). The ratio's interval is Jeffreys' for a Poisson count.

    Returns
    -------
    list of dict
        ``group``, ``loans``, ``observed``, ``expected`` and their ``ratio``, where 1 is right.
    """
    hoped = expected_events(structure, p, exposure.months)
    rows = []
    for name, inside in _groups(exposure, groups):
        events, mean = int(exposure.event[inside].sum()), float(hoped[inside].sum())
        rows.append({
            "group": name, "loans": int(inside.sum()), "observed": events, "expected": mean,
            "ratio": poisson_ratio(events, mean).to_dict(),
        })  # fmt: skip
    return rows


def poisson_ratio(events: int, mean: float) -> Figure:
    """Observed over expected with Jeffreys' interval: quantiles of a gamma with shape events + ½."""
    if mean <= 0:
        return Figure(np.nan, np.nan, np.nan)
    tail = (1 - LEVEL) / 2
    low, high = (float(gamma.ppf(end, events + 0.5)) / mean for end in (tail, 1 - tail))
    return Figure(events / mean, low if events else 0.0, high)  # nothing seen excludes no low rate


def expected_events(structure: TermStructure, p: Floats, months: ArrayLike) -> Floats:
    """Sum each loan's monthly hazards through the month it was seen; shape (n,)."""
    seen = np.minimum(np.asarray(months, dtype=np.int64), structure.last)
    total = np.zeros(len(p))
    spared = np.ones(len(p))
    for month in range(1, int(seen.max(initial=0)) + 1):
        rows = np.flatnonzero(seen >= month)
        left = 1 - structure.cumulative(p[rows], month)
        total[rows] += 1 - left / spared[rows]
        spared[rows] = left
    return total


def _groups(exposure: Exposure, groups: ArrayLike) -> list[tuple[str, NDArray[np.bool_]]]:
    names = np.asarray(groups).astype(str)
    seen = exposure.months > 0
    pairs = [(str(name), seen & (names == name)) for name in np.unique(names)]
    return [(name, inside) for name, inside in pairs if inside.any()]


def _binned(p: Floats) -> tuple[Floats, Floats]:
    """Means of about equal PDs and the share of loans at each: the mean curve without a curve for every loan."""
    ordered = np.sort(p)
    parts = np.array_split(ordered, min(len(ordered), 10 * BINS))
    return np.array([part.mean() for part in parts]), np.array([len(part) for part in parts]) / len(ordered)
