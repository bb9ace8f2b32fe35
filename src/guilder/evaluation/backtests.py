"""Backtests: whether as many loans defaulted as the PDs said, over all, band by band, and as a whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta, binom, chi2, norm

from guilder.evaluation.calibration import jeffreys, quantile_bins
from guilder.evaluation.intervals import Figure

Floats = NDArray[np.float64]
Light = Literal["green", "amber", "red"]

AMBER, RED = 0.05, 0.01
"""A p-value below these turns a light."""


def light(p: float) -> Light:
    """Turn a p-value into a traffic light: red below 1 %, amber below 5 %."""
    return "red" if p < RED else "amber" if p < AMBER else "green"


def binomial_test(bads: ArrayLike, rows: ArrayLike, p: ArrayLike) -> Floats:
    """Exact one-sided p-value of a PD that is not too low: the chance of so many defaults or more.

    Loans are taken to default independently of each other.
    """
    return np.asarray(binom.sf(np.asarray(bads) - 1, np.asarray(rows), np.asarray(p)), dtype=np.float64)


def jeffreys_test(bads: ArrayLike, rows: ArrayLike, p: ArrayLike) -> Floats:
    """Jeffreys' one-sided p-value of a PD that is not too low: the chance that the true rate is at most the PD.

    The true rate has the distribution Beta(bads + ½, goods + ½). One less it is the p-value of a PD that is not too
    high.

    Notes
    -----
    European Central Bank, "Instructions for reporting the validation results of internal models" (2019), 2.5.3.1.
    """
    k, n = np.asarray(bads, dtype=np.float64), np.asarray(rows, dtype=np.float64)
    return np.asarray(beta.cdf(np.asarray(p, dtype=np.float64), k + 0.5, n - k + 0.5), dtype=np.float64)


def hosmer_lemeshow(y: ArrayLike, p: ArrayLike, bins: int = 10) -> dict[str, float]:
    """Compare defaults seen and expected over bins of equal count, as one chi-square.

    Returns
    -------
    dict
        ``statistic``, ``df`` and ``p``. On rows the model has not seen nothing was estimated from them, so there are
        as many degrees of freedom as bins.

    Notes
    -----
    Hosmer, Lemeshow and Sturdivant, "Applied Logistic Regression" (2013), 5.2.2.
    """
    truth, chance = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    part = quantile_bins(chance, bins)
    rows = np.bincount(part)
    seen, expected = (np.bincount(part, weights=value) for value in (truth, chance))
    statistic = float(((seen - expected) ** 2 / (expected * (1 - expected / rows))).sum())
    return {"statistic": statistic, "df": float(len(rows)), "p": float(chi2.sf(statistic, len(rows)))}


def spiegelhalter(y: ArrayLike, p: ArrayLike) -> dict[str, float]:
    """Test whether the Brier score is what right PDs would give.

    Returns
    -------
    dict
        ``z`` (above 0: worse than right PDs would do) and its two-sided ``p``; NaN where every PD is one half.

    Notes
    -----
    Spiegelhalter, "Probabilistic prediction in patient management and clinical trials", Statistics in Medicine 5
    (1986).
    """
    truth, chance = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    lean = 1 - 2 * chance
    variance = float(np.sum(lean**2 * chance * (1 - chance)))
    if variance <= 0:
        return {"z": math.nan, "p": math.nan}
    z = float(np.sum((truth - chance) * lean)) / math.sqrt(variance)
    return {"z": z, "p": float(2 * norm.sf(abs(z)))}


def backtest(y: ArrayLike, p: ArrayLike, part: ArrayLike, names: Sequence[str]) -> list[dict[str, Any]]:
    """Tabulate parts of the rows: what the PDs said, what happened, and the tests.

    Parameters
    ----------
    y, p : arrays of shape (n,)
        Outcomes and PDs.
    part : array of int of shape (n,)
        The number of each row's part.
    names : sequence of str
        The parts' names; one without rows is left out.

    Returns
    -------
    list of dict
        ``name``, ``rows``, ``bads``, ``mean_p``, ``observed`` (with its Jeffreys interval), ``binomial_p`` and
        ``jeffreys_p`` (PD not too low), ``too_high_p`` (PD not too high) and ``light``: that of Jeffreys' test, at the
        most amber where the PD is too high.
    """
    where = np.asarray(part, dtype=np.intp)
    rows = np.bincount(where, minlength=len(names))
    bads, said = (np.bincount(where, weights=np.asarray(value, dtype=np.float64), minlength=len(names))
                  for value in (y, p))  # fmt: skip
    found = []
    for place, name in enumerate(names):
        if not (n := int(rows[place])):
            continue
        k, mean = round(bads[place]), float(said[place] / n)
        low, high = jeffreys(k, n)
        lower = float(jeffreys_test(k, n, mean))
        found.append({
            "name": name, "rows": n, "bads": k, "mean_p": mean,
            "observed": Figure(k / n, float(low), float(high)).to_dict(),
            "binomial_p": float(binomial_test(k, n, mean)), "jeffreys_p": lower, "too_high_p": 1 - lower,
            "light": "amber" if light(lower) == "green" and 1 - lower < AMBER else light(lower),
        })  # fmt: skip
    return found


def deciles(p: ArrayLike) -> tuple[NDArray[np.intp], list[str]]:
    """Number each row's tenth of the PDs, lowest first, and name the tenths by their place."""
    part = quantile_bins(p, 10)
    return part, [str(place + 1) for place in range(int(part.max(initial=-1)) + 1)]


def holm(p: ArrayLike) -> Floats:
    """Adjust p-values so that the smallest of many is not taken for more than it is (Holm, 1979); NaN stays NaN."""
    raw = np.asarray(p, dtype=np.float64)
    known = np.flatnonzero(np.isfinite(raw))
    order = known[np.argsort(raw[known], kind="stable")]
    steps = np.maximum.accumulate(raw[order] * np.arange(len(order), 0, -1)) if len(order) else raw[order]
    adjusted = np.full(raw.shape, np.nan)
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted
