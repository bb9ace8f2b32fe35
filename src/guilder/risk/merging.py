"""Merging: which neighbouring pre-bins make up the bins of most information value whose bad rates keep an order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guilder.risk.woe import HALF

Floats = NDArray[np.float64]
Ends = NDArray[np.intp]

LEAST_SHARE = 0.04
"""Fewest rows of a bin, as a share of all rows."""
LEAST_OF_CLASS = 5
"""Fewest bads, and fewest goods, of a bin."""
ALIKE = 0.1
"""Neighbours whose bad rates differ by a chi-square under this (1 degree of freedom, p = 0.75) are one bin."""
EARNED = 1.1
"""A peak or a valley must have this many times the information value of the best straight order."""

RISING, FALLING, PEAK, VALLEY = "rising", "falling", "peak", "valley"


def best_bins(bads: Floats, goods: Floats, total: float, everyone: float, sign: int) -> tuple[Ends, str]:
    """Find the bins of most information value among those whose bad rates keep an order and that hold enough rows.

    They are found exactly, by dynamic programming over the last bin; of a peak or a valley every turning point is
    weighed. Neighbours that do not differ are put together afterwards.

    Parameters
    ----------
    bads, goods : array of shape (pre-bins,)
        Rows of each class, in the order of the fact.
    total, everyone : float
        Bads, and rows, of the whole fact: missing and special values too.
    sign : {+1, -1, 0}
        The bad rate must rise (+1) or fall (-1); 0 tries both, and a peak and a valley.

    Returns
    -------
    ends : array of int
        Where each bin ends, as a number of pre-bins; the last is their number.
    shape : str
        "rising", "falling", "peak" or "valley".
    """
    runs, last = Runs.of(bads, goods, total, everyone), len(bads)
    if sign:
        rates = sign * runs.rate[None]
        ends = _back(rates[0], _chains(rates, runs.term[None])[0], last)
        return runs.merged(ends), RISING if sign > 0 else FALLING
    back = runs.turned()
    rates = np.stack([runs.rate, -runs.rate, back.rate, -back.rate])
    best = _chains(rates, np.stack([runs.term, runs.term, back.term, back.term]))
    straight = [runs.merged(_back(rates[way], best[way], last)) for way in (0, 1)]
    ends, shape = max(zip(straight, (RISING, FALLING), strict=True), key=lambda one: runs.value(one[0]))
    bar, reach = EARNED * runs.value(ends), best.max(axis=1)
    for way, bent in ((0, PEAK), (1, VALLEY)):
        both = (reach[way] + reach[way + 2][::-1])[1:last]
        turn = int(both.argmax()) + 1 if len(both) else 0
        if turn and np.isfinite(both[turn - 1]):
            right = last - np.r_[0, _back(rates[way + 2], best[way + 2], last - turn)[:-1]]
            found = runs.merged(np.r_[_back(rates[way], best[way], turn), right[::-1]])
            if runs.value(found) > bar:
                ends, shape, bar = found, bent, runs.value(found)
    return ends, shape


@dataclass(frozen=True)
class Runs:
    """Every run of neighbouring pre-bins: arrays of shape (start, end), the end not in it."""

    bads: Floats
    goods: Floats
    rate: Floats
    term: Floats
    """What it adds to the information value; -inf where it holds too few rows."""

    @classmethod
    def of(cls, bads: Floats, goods: Floats, total: float, everyone: float) -> Runs:
        """Add up pre-bins."""
        sums = [np.r_[0.0, counts.cumsum()] for counts in (bads, goods)]
        bad, good = (found[None, :] - found[:, None] for found in sums)
        rest = everyone - total
        p, q, more = bad / total, good / rest, HALF / min(total, rest)
        enough = (bad + good >= LEAST_SHARE * everyone) & (np.minimum(bad, good) >= LEAST_OF_CLASS)
        enough[0, -1] = True
        with np.errstate(divide="ignore", invalid="ignore"):
            term = np.where(enough, (p - q) * np.log((p + more) / (q + more)), -np.inf)
            return cls(bad, good, bad / (bad + good), term)

    def turned(self) -> Runs:
        """See the same from the other end."""
        return Runs(*(one[::-1, ::-1].T for one in (self.bads, self.goods, self.rate, self.term)))

    def value(self, ends: Ends) -> float:
        """Information value of bins."""
        return float(self.term[np.r_[0, ends[:-1]], ends].sum())

    def merged(self, ends: Ends) -> Ends:
        """Put neighbours together that do not differ, the most alike first."""
        while len(ends) > 1:
            starts = np.r_[0, ends[:-1]]
            bad, good = self.bads[starts, ends], self.goods[starts, ends]
            apart = chi_square(bad[:-1], good[:-1], bad[1:], good[1:])
            place = int(apart.argmin())
            if apart[place] >= ALIKE:
                break
            ends = np.delete(ends, place)
        return ends


def _chains(rates: Floats, terms: Floats) -> Floats:
    """Best sum of terms over chains of runs whose rates never fall, by their last run; shape (orders, start, end)."""
    best = np.full(terms.shape, -np.inf)
    best[:, 0] = terms[:, 0]
    for start in range(1, terms.shape[1] - 1):
        keeps = rates[:, :start, start, None] <= rates[:, start, None, start + 1 :]
        before = np.where(keeps, best[:, :start, start, None], -np.inf).max(axis=1)
        best[:, start, start + 1 :] = terms[:, start, start + 1 :] + before
    return best


def _back(rate: Floats, best: Floats, end: int) -> Ends:
    """Follow the best chain that ends there back to its start."""
    ends, limit = [end], np.inf
    while True:
        column = np.where(rate[:end, end] <= limit, best[:end, end], -np.inf)
        start = int(column.argmax())
        if start == 0:
            return np.array(ends[::-1], dtype=np.intp)
        limit, end = float(rate[start, end]), start
        ends.append(end)


def chi_square(a: Floats, b: Floats, c: Floats, d: Floats) -> Floats:
    """Pearson's chi-square, 1 degree of freedom, of a bads and b goods beside c bads and d goods; 0 without both."""
    below = (a + b) * (c + d) * (a + c) * (b + d)
    return np.divide((a * d - b * c) ** 2 * (a + b + c + d), below, out=np.zeros_like(below), where=below > 0)
