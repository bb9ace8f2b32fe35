"""Pairs of facts that tell the outcome together, though neither does alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from guilder.evaluation.discrimination import auc
from guilder.evaluation.leak_shapes import FEWEST, FEWEST_BADS

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Outcomes = NDArray[np.intp]

CELLS = 4
"""Ranges of each of two facts that are looked at together."""
PAIR_ROWS = 6000
"""Rows on which pairs of facts are looked at: a hundred and fifty facts have eleven thousand."""
CLOSE = 0.9
"""Correlation of ranks from which the difference of two facts is looked at."""


def pairs(values: dict[str, Floats], y: Outcomes) -> list[tuple[str, str, float, float]]:
    """Rank outcomes by two facts together: names, AUC of the two, and the better AUC of one, the best pair first.

    A pair is told by the bad rate of its cells, four ranges of each fact, missing one more; or, where the facts lie
    close together, by their difference. Rates of cells come from other rows.
    """
    rows = np.sort(np.random.default_rng(0).permutation(len(y))[:PAIR_ROWS])
    truth = y[rows]
    if len(values) < 2 or len(rows) < FEWEST or not FEWEST_BADS <= truth.sum() <= len(rows) - FEWEST_BADS:
        return []
    names = list(values)
    cut = [_ranges(values[name][rows]) for name in names]
    part = np.random.default_rng(0).permutation(len(rows)) % 2
    alone = [_cells_area(code, part, truth) for code in cut]
    ranks = np.array([_ranked(values[name][rows]) for name in names])
    close = np.abs(np.corrcoef(ranks))
    found = []
    for i in range(len(names)):
        for j in range(i):
            area, best = _cells_area(cut[i] * (CELLS + 1) + cut[j], part, truth), max(alone[i], alone[j])
            if close[i, j] > CLOSE:
                area = max(area, _difference_area(values[names[i]][rows], values[names[j]][rows], truth))
            found.append((names[j], names[i], area, best))
    return sorted(found, key=lambda one: one[3] - one[2])


def _ranges(x: Floats) -> Codes:
    known = np.isfinite(x)
    inside = np.quantile(x[known], np.arange(1, CELLS) / CELLS) if known.any() else np.zeros(0)
    return np.where(np.isnan(x), CELLS, np.searchsorted(inside, x, side="right")).astype(np.intp)


def _ranked(x: Floats) -> Floats:
    ranks = np.asarray(rankdata(np.where(np.isnan(x), -np.inf, x)), dtype=np.float64)
    return ranks if np.ptp(ranks) else np.random.default_rng(0).random(len(x))


def _cells_area(code: Codes, part: Codes, y: Outcomes) -> float:
    """AUC of the bad rates of cells, each half of the rows told by the other."""
    size = (CELLS + 1) ** 2
    cell = code * 2 + part
    rows = np.bincount(cell, minlength=2 * size).reshape(size, 2)
    bads = np.bincount(cell, weights=y, minlength=2 * size).reshape(size, 2)
    rate = ((bads + y.mean()) / (rows + 1))[:, ::-1].ravel()
    # Each half is ranked on its own cells, so that two numbers a cell give the area: no row is sorted.
    areas = []
    for half in (0, 1):
        order = np.argsort(-rate.reshape(size, 2)[:, half], kind="stable")
        bad, good = bads[order, half], (rows - bads)[order, half]
        areas.append(float(((bad.cumsum() - bad / 2) * good).sum() / max(bad.sum() * good.sum(), 1)))
    return float(np.mean(areas))


def _difference_area(a: Floats, b: Floats, y: Outcomes) -> float:
    with np.errstate(invalid="ignore"):
        gap = a - b
    known = np.isfinite(gap)
    if known.sum() < FEWEST or not FEWEST_BADS <= y[known].sum() < known.sum():
        return 0.5
    area = auc(y[known], gap[known])
    return max(area, 1 - area)
