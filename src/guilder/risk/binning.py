"""Binning: a fact cut into few bins whose bad rates keep one order, missing and special values apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guilder.risk.merging import best_bins
from guilder.risk.woe import HALF, information_value, weight_of_evidence

Floats = NDArray[np.float64]

PRE_BINS = 50
"""Quantiles that bins are put together from."""
SPIKE = 0.1
"""A number held by this share of the rows may be a code of its own."""
CONTINUOUS = 20
"""Other values that a fact with spikes must have."""
LEAST_OF_PERIOD = 30
"""Rows from which a bin's bad rate in one period is looked at."""
GROUPS = "groups"
"""Shape of categories: bins in the order of their bad rates."""


@dataclass(frozen=True)
class Bins:
    """The bins of one fact.

    Bins are numbered: first those in order, then one for each special value, and the last is for missing values.

    Parameters
    ----------
    cuts : array of shape (ordered bins - 1,)
        A number is in the bin after each cut it reaches: bin i holds cuts[i-1] ≤ x < cuts[i].
    specials : array
        Values with a bin of their own.
    codes : list of array
        Codes of categories in each ordered bin; empty for numbers.
    bads, goods : array of shape (bins,)
        Training rows.
    shape : str
        "rising", "falling", "peak", "valley" or "groups".
    """

    cuts: Floats
    specials: Floats
    codes: list[Floats]
    bads: Floats
    goods: Floats
    shape: str

    @property
    def ordered(self) -> int:
        """How many bins stand in order."""
        return len(self.codes) or len(self.cuts) + 1

    @property
    def woe(self) -> Floats:
        """Weight of evidence of each bin; 0 where training had no row, for nothing is known of it."""
        return weight_of_evidence(self.bads, self.goods)

    @property
    def iv(self) -> float:
        """Information value."""
        return float(information_value(self.bads, self.goods).sum())

    def place(self, x: Floats) -> NDArray[np.intp]:
        """Number the bin of each value; -1 for a category that training did not hold."""
        last = len(self.bads) - 1
        if self.codes:
            found = np.full(len(x), -1, dtype=np.intp)
            for number, codes in enumerate(self.codes):
                found[np.isin(x, codes)] = number
            found[x == 0] = last
            return found
        found = np.searchsorted(self.cuts, x, side="right")
        for number, value in enumerate(self.specials.tolist(), start=self.ordered):
            found[x == value] = number
        found[np.isnan(x)] = last
        return found

    def transform(self, x: Floats) -> Floats:
        """Weight of evidence of each value; 0 for what training did not hold."""
        return np.append(self.woe, 0.0)[self.place(x)]


def bin_numbers(
    x: Floats, y: NDArray[np.intp], *, sign: int = 0, specials: Sequence[float] | None = None
) -> Bins:
    """Cut numbers into bins: quantiles first, then the neighbours are put together that keep most information value.

    Parameters
    ----------
    x : array of shape (n,)
        NaN where missing.
    y : array of shape (n,)
        1 is a bad, 0 a good; both must be there.
    sign : {+1, -1, 0}
        The bad rate must rise (+1) or fall (-1) with the fact; 0 lets the data choose, a peak or a valley too.
    specials : sequence of float, optional
        Values with a bin of their own. When not given and without a sign: the lowest, the highest and 0, where they are
        held by a tenth of the rows of a fact with many values.
    """
    known = np.flatnonzero(~np.isnan(x))
    known = known[np.argsort(x[known], kind="stable")]
    value = x[known]
    starts = np.flatnonzero(np.r_[True, value[1:] != value[:-1]]) if len(value) else np.zeros(0, dtype=np.intp)
    apart = np.asarray(_spikes(value, starts) if specials is None and not sign else specials or [], dtype=np.float64)
    if len(apart):
        usual = ~np.isin(value, apart)
        known, value = known[usual], value[usual]
        starts = np.flatnonzero(np.r_[True, value[1:] != value[:-1]]) if len(value) else starts[:0]
    starts = _pre_bins(value, starts)
    bads, goods = _counts(y[known], starts)
    ends, shape = best_bins(bads, goods, int(y.sum()), len(y), sign)
    first = starts[ends[:-1]]
    # Halfway to the value below, so that a cut does not hang on the last digit of a value.
    below, above = value[first - 1], value[first]
    cuts = np.maximum(below / 2 + above / 2, np.nextafter(below, above))
    rest = [y[x == one] for one in apart.tolist()] + [y[np.isnan(x)]]
    return Bins(cuts, apart, [], *_with(bads, goods, ends, rest), shape)


def bin_categories(x: Floats, y: NDArray[np.intp]) -> Bins:
    """Group categories by their bad rates, rare ones together with those nearest to them.

    Parameters
    ----------
    x : array of shape (n,)
        Codes of `Columns`: 0 is missing.
    y : array of shape (n,)
        1 is a bad, 0 a good.
    """
    known = x > 0
    codes, place = np.unique(x[known], return_inverse=True)
    if not len(codes):
        return Bins(np.zeros(0), np.zeros(0), [codes], *_with(*_counts(y[:0], codes), [1], [y]), GROUPS)
    rows = np.bincount(place).astype(np.float64)
    bads = np.bincount(place, weights=y[known]).astype(np.float64)
    order = np.lexsort((codes, (bads + HALF * y.mean()) / (rows + HALF)))
    bads, goods = bads[order], (rows - bads)[order]
    ends, _ = best_bins(bads, goods, float(y.sum()), len(y), 1)
    groups = [np.sort(part) for part in np.split(codes[order], ends[:-1])]
    return Bins(np.zeros(0), np.zeros(0), groups, *_with(bads, goods, ends, [y[~known]]), GROUPS)


def _spikes(value: Floats, starts: NDArray[np.intp]) -> list[float]:
    """Find the values that many rows hold at an end or at 0, of a fact that takes many values besides."""
    if len(starts) <= CONTINUOUS:
        return []
    each, rows = value[starts], np.diff(np.r_[starts, len(value)])
    ends = (each == 0) | (each == value[0]) | (each == value[-1])
    return [float(one) for one in each[ends & (rows >= SPIKE * len(value))]]


def _pre_bins(value: Floats, starts: NDArray[np.intp]) -> NDArray[np.intp]:
    """First row of each pre-bin: at even ranks, or one for each value where they are few."""
    if len(starts) <= PRE_BINS:
        return starts
    even = np.searchsorted(starts, (np.arange(PRE_BINS) * len(value)) // PRE_BINS, side="right") - 1
    return starts[np.unique(even)]


def _counts(y: NDArray[np.intp], starts: NDArray[Any]) -> tuple[Floats, Floats]:
    """Bads and goods of each pre-bin; one that is empty where no row is left."""
    if not len(starts):
        return np.zeros(1), np.zeros(1)
    bads = np.add.reduceat(y, starts).astype(np.float64)
    return bads, np.diff(np.r_[starts, len(y)]) - bads


def _with(
    bads: Floats, goods: Floats, ends: Any, rest: list[NDArray[np.intp]]
) -> tuple[Floats, Floats]:
    """Bads and goods of the bins that end there, and of those that stand apart."""
    more = [float(part.sum()) for part in rest], [float(len(part) - part.sum()) for part in rest]
    sums = (np.diff(np.r_[0.0, np.r_[0.0, counts.cumsum()][ends]]) for counts in (bads, goods))
    found = [np.r_[known, apart] for known, apart in zip(sums, more, strict=True)]
    return found[0], found[1]


def orders_kept(bins: Bins, x: Floats, y: NDArray[np.intp], period: NDArray[Any]) -> tuple[int, int]:
    """Count the periods (vintages) in which the order of the bins' bad rates is that of training.

    A period counts when at least two bins hold ``LEAST_OF_PERIOD`` of its rows; bins with fewer are passed over there.

    Parameters
    ----------
    bins : Bins
        As fitted.
    x, y : arrays of shape (n,)
        Values and outcomes.
    period : array of shape (n,)
        Anything that names the period of a row; rows without one (None, NaN) are left out by the caller.

    Returns
    -------
    kept, periods : int
    """
    place, ordered = bins.place(x), np.arange(bins.ordered)
    rate = bins.bads[ordered] / np.maximum(bins.bads[ordered] + bins.goods[ordered], 1)
    kept = periods = 0
    for one in np.unique(period):
        here = (period == one) & (place >= 0) & (place < bins.ordered)
        rows = np.bincount(place[here], minlength=bins.ordered)
        enough = rows >= LEAST_OF_PERIOD
        if enough.sum() > 1:
            now = np.bincount(place[here], weights=y[here], minlength=bins.ordered)[enough] / rows[enough]
            periods += 1
            kept += bool((np.diff(now) * np.diff(rate[enough]) >= 0).all())
    return kept, periods
