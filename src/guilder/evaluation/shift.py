"""Shift: how far one fact has moved between two samples, beside what chance alone would give."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2

from guilder.evaluation.stability import share_stability

Floats = NDArray[np.float64]

STILL, MOVED = 0.1, 0.25
"""A PSI under the first is usually read as still, over the second as moved."""
ERROR = 0.05


@dataclass(frozen=True)
class Shift:
    """A population stability index and the one that two samples of a single distribution stay under."""

    psi: float
    noise: float

    def over(self, limit: float) -> bool:
        """Say whether the index is over a limit, and over what chance gives."""
        return self.psi > limit and self.psi > self.noise


def shift(then: ArrayLike, now: ArrayLike, *, bins: int = 10, tests: int = 1) -> Shift:
    """Measure how far numbers or categories have moved.

    Parameters
    ----------
    then, now : array-like of shape (n,) and (m,)
        Numbers (NaN where missing), cut at the quantiles of ``then``, or categories (None where missing). Missing is
        a bin of its own.
    bins : int
        Most bins of a number.
    tests : int
        How many shifts are looked at together; the noise is what their largest stays under.

    Returns
    -------
    Shift
        NaN where one side is empty.

    Notes
    -----
    Where nothing has moved PSI is about chi-square with one degree of freedom less than bins, times 1 / n + 1 / m:
    Yurdakul, "Statistical properties of population stability index" (2018). The noise is the 95 % quantile of the
    largest of ``tests`` such (Bonferroni).
    """
    return counted_shift(*_counts(np.asarray(then), np.asarray(now), bins), tests=tests)


def counted_shift(before: Floats, after: Floats, *, tests: int = 1) -> Shift:
    """Measure how far the rows of each bin have moved; see `shift`."""
    if not before.sum() or not after.sum():
        return Shift(math.nan, math.nan)
    cells = int(((before > 0) | (after > 0)).sum())
    spread = 1 / float(before.sum()) + 1 / float(after.sum())
    noise = float(chi2.isf(ERROR / tests, max(cells - 1, 1))) * spread
    return Shift(share_stability(before, after), noise)


def _counts(then: NDArray[np.generic], now: NDArray[np.generic], bins: int) -> tuple[Floats, Floats]:
    if then.dtype.kind in "biuf":
        first, second = then.astype(np.float64), now.astype(np.float64)
        known = first[~np.isnan(first)]
        edges = np.unique(np.quantile(known, np.arange(1, bins) / bins)) if len(known) else np.zeros(0)
        codes = [
            np.where(np.isnan(side), len(edges) + 1, np.searchsorted(edges, side, side="left"))
            for side in (first, second)
        ]
        size = len(edges) + 2
    else:
        words = [["" if pd.isna(word) else f"={word}" for word in side.tolist()] for side in (then, now)]
        kinds, joined = np.unique([*words[0], *words[1]], return_inverse=True)
        codes, size = [joined[: len(then)], joined[len(then) :]], len(kinds)
    before, after = (np.bincount(side, minlength=size).astype(np.float64) for side in codes)
    return before, after
