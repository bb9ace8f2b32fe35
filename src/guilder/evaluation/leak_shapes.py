"""Shapes of a leak that hide in a fact's last digits, its extremes and its codes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, rankdata

from guilder.evaluation.discrimination import auc

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Outcomes = NDArray[np.intp]

PARTS = 5
FEWEST, FEWEST_BADS = 100, 20
"""Rows, and bads among them, below which nothing is said."""


def code_area(code: Codes, y: Outcomes) -> float:
    """AUC of the bad rate of each row's code, learned on other rows; codes that occur once say nothing."""
    part = np.random.default_rng(0).permutation(len(y)) % PARTS
    cell, size = code * PARTS + part, (int(code.max(initial=0)) + 1) * PARTS
    rows = np.bincount(cell, minlength=size).reshape(-1, PARTS)
    bads = np.bincount(cell, weights=y, minlength=size).reshape(-1, PARTS)
    other = rows.sum(axis=1, keepdims=True) - rows
    rate = (bads.sum(axis=1, keepdims=True) - bads + y.mean()) / (other + 1)
    told = other[code, part] > 0
    some = y[told]
    if len(some) < FEWEST or not FEWEST_BADS <= some.sum() < len(some):
        return 0.5
    return auc(some, rate[code, part][told])


def last_digits(x: Floats) -> Codes | None:
    """Last two digits of numbers that have more: cents, or tens and ones of whole numbers; None where there are none.

    Numbers may be NaN no longer.
    """
    whole = bool((x == np.floor(x)).all())
    if not len(x) or np.abs(x).max() > 1e12 or np.ptp(x) < (1000 if whole else 10):
        return None
    return (np.round(np.abs(x) * (1 if whole else 100)) % 100).astype(np.intp)


def too_smooth(x: Floats, y: Outcomes) -> tuple[float, float]:
    """Say how far bad rates of a fact's values stray from a smooth curve, in units of what chance makes them stray.

    Returns
    -------
    strays, log_p : float
        Near 1 and 0 for an honest fact; near 0 and far below 0 where the values were made of the outcomes.
    """
    kinds, place, rows = np.unique(x, return_inverse=True, return_counts=True)
    if len(kinds) < 8 or len(x) < 2 * len(kinds):
        return 1.0, 0.0
    rate = np.bincount(place, weights=y) / rows
    z = (rankdata(x) if np.isinf(x).any() else x)[np.unique(place, return_index=True)[1]]
    z = z - np.average(z, weights=rows)
    powers = np.vander(z / max(float(np.sqrt(np.average(z * z, weights=rows))), 1e-300), 4)
    weight = np.sqrt(rows)
    line = powers @ np.linalg.lstsq(powers * weight[:, None], rate * weight, rcond=None)[0]
    line = np.clip(line, 1e-6, 1 - 1e-6)
    chance = rows * line * (1 - line)
    told = chance > 0.25  # of rarer outcomes hardly any are seen, which is no sign
    if (free := int(told.sum()) - 4) < 4:
        return 1.0, 0.0
    strayed = float((rows**2 * (rate - line) ** 2 / chance)[told].sum())
    return strayed / free, float(chi2.logcdf(strayed, free))


def ends(x: Floats, y: Outcomes) -> Iterator[tuple[Floats, Floats]]:
    """Bads and goods from the lowest value, and from the highest, up to each of the values."""
    place = np.unique(x, return_inverse=True)[1]
    bads, goods = (np.bincount(place, weights=y == outcome).astype(np.float64) for outcome in (1, 0))
    yield bads.cumsum(), goods.cumsum()
    yield bads[::-1].cumsum(), goods[::-1].cumsum()
