"""Uncertainty: the interval of probabilities that held-out outcomes allow for one loan (Venn–Abers)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guilder.risk.calibration import Calibrator

Floats = NDArray[np.float64]
Points = list[tuple[float, float]]

PARTS = 5
"""Parts of the held-out loans that each give an interval. All together they would give one so narrow that it says how
little a single outcome moves the rate, and nothing of how much the rate itself would differ among other loans."""


class VennAbers:
    """Inductive Venn–Abers predictor: the new loan is added to the held-out ones once as a good, once as a bad.

    Each time the best rising staircase through the outcomes (isotonic regression) is fitted, and its step at the new
    loan's score is read: ``low`` with the loan taken for a good, ``high`` for a bad. One of the two is calibrated
    whatever the scores are worth, provided that loans are exchangeable. Their distance says how much one more outcome
    would move the rate at this score: it is wide where few held-out loans score alike. It is *not* an interval that
    holds the loan's own true probability 95 times in 100.

    Both staircases are worked out once, in the order of the scores, and looked up: O(n log n) to fit, O(log n) a loan.
    Source: Vovk, Petej and Fedorova, "Large-scale probabilistic predictors with and without guarantees of validity",
    2015, algorithms 1 to 4.

    Attributes
    ----------
    scores : array of shape (k,)
        Distinct held-out scores, rising.
    low, high : arrays of shape (k,)
        The two probabilities of a loan with each of those scores.
    """

    def __init__(self) -> None:
        self.scores, self.low, self.high = np.zeros(0), np.zeros(0), np.zeros(0)

    def fit(self, scores: ArrayLike, y: ArrayLike) -> Self:
        """Learn both staircases from held-out scores and their outcomes (1 is a bad)."""
        value, place = np.unique(np.asarray(scores, dtype=np.float64), return_inverse=True)
        rows = np.bincount(place.ravel(), minlength=len(value)).astype(np.float64)
        taken = np.bincount(place.ravel(), weights=np.asarray(y, dtype=np.float64), minlength=len(value))
        bads = taken.astype(np.float64)
        high = _with_a_bad(rows, bads)
        # A good among these loans is a bad among the same loans with outcomes and order turned round.
        low = np.minimum(1 - _with_a_bad(rows[::-1], (rows - bads)[::-1])[::-1], high)
        return self._keep(value, low, high)

    def _keep(self, value: Floats, low: Floats, high: Floats) -> Self:
        """Keep where a step begins or ends: between two scores that share both probabilities nothing changes."""
        same = (low[1:] == low[:-1]) & (high[1:] == high[:-1])
        keep = ~(np.r_[False, same] & np.r_[same, False])
        self.scores, self.low, self.high = value[keep], low[keep], high[keep]
        return self

    @classmethod
    def around(cls, parts: Sequence[VennAbers]) -> VennAbers:
        """Join several into one that holds each: the lowest ``low`` and the highest ``high`` at every score."""
        value = np.unique(np.concatenate([part.scores for part in parts]))
        both = np.stack([part.interval(value) for part in parts])
        return cls()._keep(value, both[:, 0].min(axis=0), both[:, 1].max(axis=0))

    def interval(self, scores: ArrayLike) -> tuple[Floats, Floats]:
        """Probabilities of each score with the loan taken for a good and for a bad, ``low <= high``.

        Beyond the held-out scores nothing bounds the far side: below the lowest ``low`` is 0, above the highest
        ``high`` is 1. Before `fit` every score lies beyond them.
        """
        asked = np.asarray(scores, dtype=np.float64)
        before = np.searchsorted(self.scores, asked, side="right")
        after = np.searchsorted(self.scores, asked, side="left")
        return np.r_[0.0, self.low][before], np.r_[self.high, 1.0][after]

    def holding(self, p: ArrayLike) -> tuple[Floats, Floats]:
        """The same for scores that are PDs, each interval drawn out to its PD where that lies outside.

        A calibration curve may run beside the rates of the loans held out at one place: both are then in the interval.
        """
        low, high = self.interval(p)
        return np.minimum(low, p), np.maximum(high, p)


def widths(intervals: VennAbers, p: ArrayLike, cut_off: float) -> dict[str, float | int | str]:
    """Say how wide the intervals of these loans are, and how many of them hold the cut-off (plain JSON)."""
    low, high = intervals.holding(p)
    half, most = np.quantile(high - low, [0.5, 0.9])
    return {
        "method": f"Venn–Abers around {PARTS} parts of the held-out loans", "loans": len(low),
        "median_width": float(half), "width_90": float(most),
        "holds_cut_off": float(np.mean((low <= cut_off) & (cut_off <= high))),
    }


def held_out(raw: Floats, y: NDArray[np.intp], method: str) -> VennAbers:
    """Learn from what a calibration was learned from; where that is nothing, every interval is from 0 to 1.

    Scores are calibrated PDs, by the curve of the held-out rows' own models: those saw fewer rows than the model that
    is used, whose curve may have been carried further. The rows are dealt to five parts, all of them over the whole
    range of scores, and the interval is that around the five.
    """
    if np.ptp(raw) == 0:
        return VennAbers()
    p = Calibrator(method).fit(raw, y).probabilities(raw)
    order = np.lexsort((y, p))  # equal rows are equal whatever their order was
    return VennAbers.around([VennAbers().fit(p[rows], y[rows]) for rows in (order[k::PARTS] for k in range(PARTS))])


def _with_a_bad(rows: Floats, bads: Floats) -> Floats:
    """Step of the isotonic regression at each score when one bad is added there.

    The regression is the slope of the greatest convex minorant of the points (loans so far, bads so far); the added
    bad is a segment of slope 1 that wanders from the first score to the last, and what lies to its left sinks by it.
    """
    x, y = np.r_[0.0, np.cumsum(rows)].tolist(), np.r_[0.0, np.cumsum(bads)].tolist()
    points = list(zip(x, y, strict=True))
    corners: Points = []
    for point in [(-1.0, -1.0), *points]:
        while len(corners) > 1 and _turn(corners[-2], corners[-1], point) <= 0:
            corners.pop()
        corners.append(point)
    corners.reverse()  # the leftmost corner is now the last, where the wandering segment works
    found = np.empty(len(rows))
    left = (-1.0, -1.0)
    for place in range(len(rows)):
        (x0, y0), (x1, y1) = corners[-1], corners[-2]
        found[place] = (y1 - y0) / (x1 - x0)
        here, after = points[place], points[place + 1]
        left = (left[0] + after[0] - here[0], left[1] + after[1] - here[1])
        if _turn((x0, y0), (x1, y1), left) >= 0:
            continue
        corners.pop()
        while len(corners) > 1 and _turn(left, corners[-1], corners[-2]) <= 0:
            corners.pop()
        corners.append(left)
    return found


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Above zero where the way from a over b to c turns left."""
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
