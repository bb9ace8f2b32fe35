"""How far a segment differs from the other customers, fact by fact: Cliff's delta."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from guilder.segments.transforms import ranks

SIZES = ((0.474, "large"), (0.33, "medium"), (0.147, "small"), (0.0, "negligible"))
"""Names of the size of a delta, from these up: Romano et al. (2006)."""


def cliffs_delta(values: NDArray[np.float64], mine: NDArray[np.bool_]) -> float:
    """Measure how surely a customer of a group has more of a fact than a customer outside it.

    Parameters
    ----------
    values : ndarray of shape (n,)
        The fact; missing values are left out.
    mine : ndarray of shape (n,)
        Who is in the group.

    Returns
    -------
    float
        P(more) - P(less), from -1 to 1; NaN where either side has no known value.

    Notes
    -----
    Cliff (1993); two U / (m n) - 1 with Mann and Whitney's U, so one ranking gives it for any number of customers.
    """
    known = ~np.isnan(values)
    inside = mine[known]
    m, n = int(inside.sum()), int((~inside).sum())
    if not m or not n:
        return float("nan")
    ranked = ranks(values[known][:, None])[:, 0]
    u = float(ranked[inside].sum()) - m * (m + 1) / 2
    return 2.0 * u / (m * n) - 1.0


def size_of(delta: float) -> str:
    """Name the size of a delta: negligible, small, medium or large."""
    return next(word for least, word in SIZES if abs(delta) >= least)
