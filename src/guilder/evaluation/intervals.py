"""Intervals: a figure with its 95 % bootstrap interval, resampling whole customers where they have several rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

LEVEL = 0.95
"""Coverage of every interval Guilder prints."""

_BLOCK = 1 << 22
"""Cells of resampling counts held in memory at once (32 MB)."""


@dataclass(frozen=True)
class Figure:
    """A value with the two ends of its interval."""

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float | None]:
        """Plain JSON: a figure that does not exist is null."""
        return {name: _plain(getattr(self, name)) for name in ("value", "low", "high")}

    def holds(self, value: float) -> bool:
        """Say whether the interval holds ``value``; an interval that does not exist holds everything."""
        return not (self.low > value or self.high < value)


def _plain(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def interval(value: float, repeats: ArrayLike) -> Figure:
    """Close a percentile interval around ``value`` from its bootstrap repeats.

    Parameters
    ----------
    value : float
        The figure on the sample itself.
    repeats : array of shape (r,)
        The figure on each resample; those that do not exist (NaN) are left out.
    """
    drawn = np.asarray(repeats, dtype=np.float64)
    drawn = drawn[np.isfinite(drawn)]
    if drawn.size == 0:
        return Figure(float(value), math.nan, math.nan)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    # A biased figure (calibration error) is larger on resamples than on the sample: the interval holds it all the same.
    return Figure(float(value), min(float(low), float(value)), max(float(high), float(value)))


def _codes(n: int, groups: ArrayLike | None) -> NDArray[np.intp]:
    if groups is None:
        return np.arange(n)
    return np.unique(np.asarray(groups), return_inverse=True)[1].ravel()


def resample_counts(
    n: int, *, groups: ArrayLike | None = None, repeats: int = 200, random_state: int = 0
) -> Iterator[Floats]:
    """Yield how often each row is drawn, in blocks of shape (r, n) that add up to ``repeats`` resamples.

    A resample draws as many groups (customers) as there are, with replacement, and takes all rows of each.
    """
    codes = _codes(n, groups)
    size = int(codes.max()) + 1 if n else 0
    rng = np.random.default_rng(random_state)
    step = max(1, min(repeats, _BLOCK // max(n, 1)))
    for start in range(0, repeats, step):
        rows = min(step, repeats - start)
        drawn = rng.integers(0, size, size=(rows, size)) + np.arange(rows)[:, None] * size
        counts = np.bincount(drawn.ravel(), minlength=rows * size).reshape(rows, size)
        yield counts[:, codes].astype(np.float64)


def bootstrap(
    statistic: Callable[..., float],
    arrays: ArrayLike | Sequence[Any],
    *,
    groups: ArrayLike | None = None,
    repeats: int = 200,
    random_state: int = 0,
) -> Figure:
    """Compute any statistic with its percentile interval.

    Parameters
    ----------
    statistic : callable
        Called with each of ``arrays`` cut to the rows drawn; returns one number.
    arrays : array of shape (n, ...) or tuple of such arrays
        What is resampled, row by row; a tuple is resampled together.
    groups : array of shape (n,), optional
        Rows of one group are drawn together.
    repeats, random_state : int
        How many resamples, and their seed.
    """
    parts = tuple(np.asarray(part) for part in arrays) if isinstance(arrays, tuple) else (np.asarray(arrays),)
    n = len(parts[0])
    value = float(statistic(*parts))
    drawn: list[float] = []
    for counts in resample_counts(n, groups=groups, repeats=repeats, random_state=random_state):
        for row in counts.astype(np.intp):
            rows = np.repeat(np.arange(n), row)
            drawn.append(float(statistic(*(part[rows] for part in parts))))
    return interval(value, drawn)
