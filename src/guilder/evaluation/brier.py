"""The Brier score in parts: what is lost to wrong levels, what is won by telling loans apart, what chance leaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from guilder.evaluation.calibration import brier, quantile_bins


def brier_parts(y: ArrayLike, p: ArrayLike, bins: int = 10) -> dict[str, float]:
    """Decompose the Brier score over bins of equal count.

    Parameters
    ----------
    y : array of shape (n,)
        1 is a bad, 0 a good.
    p : array of shape (n,)
        PDs.
    bins : int
        How many bins; equal PDs are never parted.

    Returns
    -------
    dict
        ``brier`` = ``reliability`` - ``resolution`` + ``uncertainty`` + ``within_variance`` - ``within_covariance``
        to the last digit, and ``skill``, the share of the uncertainty that the PDs take away (1 - brier /
        uncertainty; NaN where all outcomes are alike).

    Notes
    -----
    Murphy, "A new vector partition of the probability score", Journal of Applied Meteorology 12 (1973), with the terms
    within bins of Stephenson, Coelho and Jolliffe, "Two extra components in the Brier score decomposition", Weather
    and Forecasting 23 (2008).
    """
    truth, chance = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    part = quantile_bins(chance, bins)
    rows = np.bincount(part)
    seen, said = (np.bincount(part, weights=value) / rows for value in (truth, chance))
    rate, share = truth.mean(), rows / len(truth)
    uncertainty = float(rate * (1 - rate))
    within = chance - said[part]
    score = brier(truth, chance)
    return {
        "brier": score,
        "reliability": float(share @ (said - seen) ** 2),
        "resolution": float(share @ (seen - rate) ** 2),
        "uncertainty": uncertainty,
        "within_variance": float(np.mean(within**2)),
        "within_covariance": float(2 * np.mean(within * (truth - seen[part]))),
        "skill": 1 - score / uncertainty if uncertainty > 0 else float("nan"),
    }
