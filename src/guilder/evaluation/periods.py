"""Periods: whether a model ranks and says as well in each month as in the one before."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from guilder.evaluation.delong import auc_interval
from guilder.evaluation.intervals import LEVEL, Figure

Floats = NDArray[np.float64]

LEAST_BADS = 5
"""Fewest bads, and goods, of a period whose ranking is measured."""
LENGTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


def periods(when: ArrayLike, y: ArrayLike) -> tuple[str, NDArray[np.intp], list[str]] | None:
    """Cut rows into the shortest periods of which at least three, and most, hold enough bads and goods.

    Parameters
    ----------
    when : array of dates of shape (n,)
        When each decision was made.
    y : array of shape (n,)
        1 is a bad, 0 a good.

    Returns
    -------
    tuple or None
        The length's name, the number of each row's period, and the periods' names ("2024-03", "2024-Q1", …). None
        where a date is missing, or no length will do.
    """
    moments, truth = np.asarray(when, dtype="datetime64[us]"), np.asarray(y).astype(bool)
    if not len(moments) or np.isnat(moments).any():
        return None
    month = moments.astype("datetime64[M]").astype(np.int64)
    for name, length in LENGTHS.items():
        number = month // length
        part = (number - number.min()).astype(np.intp)
        bads, goods = np.bincount(part, weights=truth), np.bincount(part, weights=~truth)
        enough = (bads >= LEAST_BADS) & (goods >= LEAST_BADS)
        if enough.sum() >= 3 and enough.sum() * 2 > len(enough):
            first = int(number.min())
            return name, part, [_name(first + step, length) for step in range(len(enough))]
    return None


def _name(number: int, length: int) -> str:
    year, place = 1970 + number * length // 12, number * length % 12
    if length == 12:
        return str(year)
    return f"{year}-{place + 1:02d}" if length == 1 else f"{year}-{'Q' if length == 3 else 'H'}{place // length + 1}"


def gini_by_period(
    y: ArrayLike, score: ArrayLike, part: NDArray[np.intp], groups: ArrayLike | None = None
) -> list[Figure]:
    """Compute the Gini of each period with its DeLong interval; NaN where there are too few bads or goods."""
    truth, value = np.asarray(y).astype(bool), np.asarray(score, dtype=np.float64)
    found = []
    for place in range(int(part.max(initial=-1)) + 1):
        rows = part == place
        if min(int(truth[rows].sum()), int((~truth[rows]).sum())) < LEAST_BADS:
            found.append(Figure(math.nan, math.nan, math.nan))
            continue
        area = auc_interval(truth[rows], value[rows], None if groups is None else np.asarray(groups)[rows])
        found.append(Figure(*(2 * end - 1 for end in (area.value, area.low, area.high))))
    return found


def trend(figures: Sequence[Figure]) -> Figure | None:
    """Slope a period of figures that have intervals, weighted by their precision; None with fewer than three.

    The standard error takes the intervals at their word, and is widened where the figures scatter more than those say.

    Notes
    -----
    Weighted least squares with known variances; the widening is Birge's ratio.
    """
    known = [(place, one) for place, one in enumerate(figures) if math.isfinite(one.low) and one.high > one.low]
    if len(known) < 3:
        return None
    x = np.array([place for place, _ in known], dtype=np.float64)
    value = np.array([one.value for _, one in known])
    z = float(norm.ppf((1 + LEVEL) / 2))
    weight = (2 * z / np.array([one.high - one.low for _, one in known])) ** 2
    centre, level = float(weight @ x / weight.sum()), float(weight @ value / weight.sum())
    spread = float(weight @ (x - centre) ** 2)
    slope = float(weight @ ((x - centre) * (value - level))) / spread
    scatter = float(weight @ (value - level - slope * (x - centre)) ** 2) / (len(x) - 2)
    half = z * math.sqrt(max(scatter, 1.0) / spread)
    return Figure(slope, slope - half, slope + half)
