"""Facts on one ruler: each fact is made roughly symmetric, standardised and clipped, so that no unit or tail rules.

Every step is an expression that SQL has too: logarithm, arcsine, subtraction, division, least and greatest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

KINDS = ("count", "money", "balance", "share", "plain")
CLIP = 3.0
_SKEWED = 1.0  # |skewness| above this is a tail that would rule a squared distance


@dataclass(frozen=True)
class Ruler:
    """How raw facts become comparable numbers; one entry a fact.

    Attributes
    ----------
    kinds : tuple of str
        One of `KINDS`: ``log1p(x)``, ``log1p(x / unit)``, ``sign(x) log1p(|x| / unit)``, ``asin(sqrt(x))``, ``x``.
    unit, fill, center, scale : ndarray of shape (facts,)
        The unit inside the logarithm, the median for missing values (raw), and the mean and spread (transformed).
    """

    kinds: tuple[str, ...]
    unit: Floats
    fill: Floats
    center: Floats
    scale: Floats

    def apply(self, raw: Floats) -> Floats:
        """Turn raw facts of shape (n, facts) into standardised ones within ±3; missing values become the median."""
        placed = np.empty(raw.shape, order="F")  # a fact at a time, side by side in memory
        for column, kind in enumerate(self.kinds):
            values = raw[:, column]
            shaped = shape(np.where(np.isnan(values), self.fill[column], values), kind, self.unit[column])
            np.clip((shaped - self.center[column]) / self.scale[column], -CLIP, CLIP, out=placed[:, column])
        return placed


def learn_ruler(raw: Floats, kinds: tuple[str, ...]) -> Ruler:
    """Learn the ruler of raw facts.

    Parameters
    ----------
    raw : ndarray of shape (n, facts)
        Raw facts; NaN is missing.
    kinds : tuple of str
        The kind of each fact.

    Returns
    -------
    Ruler
        Every number of it is independent of the order of the rows.
    """
    unit, fill, center, scale = (np.empty(len(kinds)) for _ in range(4))
    for column, kind in enumerate(kinds):
        values = np.sort(raw[:, column])  # sorted, so that sums do not depend on the order of the rows
        known = values[~np.isnan(values)]
        fill[column] = np.median(known) if known.size else 0.0
        unit[column] = _unit(known, kind)
        shaped = shape(np.where(np.isnan(values), fill[column], values), kind, unit[column])
        center[column], spread = shaped.mean(), shaped.std()
        # Rounding noise of a constant is no spread.
        scale[column] = spread if spread > 1e-9 * max(1.0, abs(center[column])) else 1.0
    return Ruler(tuple(kinds), unit, fill, center, scale)


def shape(values: Floats, kind: str, unit: float) -> Floats:
    """Make one fact roughly symmetric; monotone in the value."""
    if kind == "count":
        return np.asarray(np.log1p(np.maximum(values, 0.0)))
    if kind == "money":
        return np.asarray(np.log1p(np.maximum(values, 0.0) / unit))
    if kind == "balance":
        return np.asarray(np.sign(values) * np.log1p(np.abs(values) / unit))
    if kind == "share":
        return np.asarray(np.arcsin(np.sqrt(np.clip(values, 0.0, 1.0))))
    return values


def guess_kind(values: Floats) -> str:
    """Tell the kind of a fact from its values, where its name does not say."""
    known = np.sort(values[~np.isnan(values)])
    if not known.size or known[0] == known[-1]:
        return "plain"
    if known[0] >= 0 and known[-1] <= 1:
        return "share"
    if abs(_skewness(known)) <= _SKEWED:
        return "plain"
    if known[0] < 0:
        return "balance"
    return "count" if bool(np.all(known == np.floor(known))) else "money"


def ranks(points: Floats) -> Floats:
    """Rank each column, ties sharing their mean rank; shape as given."""
    ranked = np.empty(points.shape)
    for column in range(points.shape[1]):
        _, inverse, counts = np.unique(points[:, column], return_inverse=True, return_counts=True)
        last = np.cumsum(counts)
        ranked[:, column] = (last - (counts - 1) / 2)[inverse]
    return ranked


def rank_correlation(points: Floats) -> Floats:
    """Spearman's rank correlation of each pair of columns; 0 beside a constant. Shape (facts, facts)."""
    ranked = ranks(points)
    ranked -= ranked.mean(axis=0)
    length: Any = np.sqrt((ranked**2).sum(axis=0))
    ranked = np.divide(ranked, length, out=np.zeros_like(ranked), where=length > 0)
    correlation = ranked.T @ ranked
    np.fill_diagonal(correlation, 1.0)
    return np.asarray(np.clip(correlation, -1.0, 1.0))


def _unit(known: Floats, kind: str) -> float:
    """Take the unit from the data, so that a bank that counts in cents gets the same segments."""
    size = np.abs(known[known != 0])
    if kind not in ("money", "balance") or not size.size:
        return 1.0
    # Amounts: a tenth of the usual one is small change. Balances: around zero the logarithm must stay gentle.
    return float(np.median(size)) / (10.0 if kind == "money" else 1.0)


def _skewness(known: Floats) -> float:
    known = known / np.abs(known).max()  # squares of the largest numbers there are would be infinite
    spread = known.std()
    if spread == 0:
        return 0.0
    return float(np.mean(((known - known.mean()) / spread) ** 3))
