"""Survival: how many months a loan has been seen, and the share that has defaulted by then (Kaplan–Meier)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from guilder.evaluation.intervals import LEVEL

Floats = NDArray[np.float64]
Months = NDArray[np.int64]

NEVER = -1
"""Whole months where either end has no date."""


def whole_months(start: ArrayLike, end: ArrayLike) -> Months:
    """Count the whole months from one moment to another; a month ends on the same day, or on a shorter month's last.

    Parameters
    ----------
    start, end : array of dates of shape (n,), or one date
        A blank one gives `NEVER`, as does an end before its start.

    Returns
    -------
    array of shape (n,)
        The largest number of months that can be added to ``start`` without passing ``end``.
    """
    first, last = (np.atleast_1d(np.asarray(each, dtype="datetime64[us]")) for each in (start, end))
    first, last = np.broadcast_arrays(first, last)
    dated = ~(np.isnat(first) | np.isnat(last))
    first, last = (np.where(dated, each, np.datetime64("2000-01-01", "us")) for each in (first, last))
    begun, ended = first.astype("datetime64[M]"), last.astype("datetime64[M]")
    latest = (ended + 1).astype("datetime64[us]") - ended.astype("datetime64[us]") - np.timedelta64(1, "D")
    into = first - begun.astype("datetime64[us]")
    day = np.timedelta64(1, "D")
    into = np.minimum(into // day * day, latest) + into % day
    found = (ended - begun).astype(np.int64) - (last - ended.astype("datetime64[us]") < into)
    return np.where(dated, np.maximum(found, NEVER), NEVER)


@dataclass(frozen=True)
class Survival:
    """Kaplan–Meier by month 1, 2, …; arrays of shape (months,)."""

    at_risk: Months
    events: Months
    cumulative: Floats
    """Share that has defaulted by the end of the month."""
    low: Floats
    high: Floats
    """95 % interval of ``cumulative``; NaN before the first default."""


def kaplan_meier(months: ArrayLike, event: ArrayLike) -> Survival:
    """Estimate the share that has had its event by each month, when not everyone has been seen for as long.

    Parameters
    ----------
    months : array of int of shape (n,)
        The month of the event, or the last month through which one was seen without it. Below 1 says nothing.
    event : array of bool of shape (n,)
        Whether there was an event.

    Returns
    -------
    Survival
        As many months as anyone was seen.

    Notes
    -----
    Kaplan and Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958); the interval is
    Greenwood's variance on the scale log(-log S), which keeps it within 0 and 1.
    """
    seen, fell = np.asarray(months, dtype=np.int64), np.asarray(event, dtype=bool)
    last = int(seen.max(initial=0))
    inside = seen > 0
    left = np.bincount(seen[inside], minlength=last + 1)[1:]
    events = np.bincount(seen[inside & fell], minlength=last + 1)[1:]
    at_risk = np.cumsum(left[::-1])[::-1]
    survival = np.asarray(np.cumprod(1 - events / at_risk), dtype=np.float64)
    spared = at_risk - events
    # From the month in which the last one at risk falls there is nobody left, and no variance.
    greenwood = np.cumsum(np.divide(events, at_risk * spared, out=np.full(last, np.nan), where=spared > 0))
    inner = np.where((survival > 0) & (survival < 1), survival, np.nan)
    width = float(norm.ppf((1 + LEVEL) / 2)) * np.sqrt(greenwood) / -np.log(inner)
    low, high = (np.asarray(1 - inner ** np.exp(side * width), dtype=np.float64) for side in (-1, 1))
    return Survival(at_risk, events, 1 - survival, low, high)
