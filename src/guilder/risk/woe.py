"""Weight of evidence and information value: one definition of each, from counts of bads and goods."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

HALF = 0.5
"""Rows of the rarer class added to each bin, and as many of the other as keeps the odds: no weight is infinite."""


def weight_of_evidence(bads: ArrayLike, goods: ArrayLike, smoothing: float = HALF) -> Floats:
    """Compute the weight of evidence of each bin: ln(share of the bads / share of the goods); above 0 is riskier.

    Both shares are raised by ``smoothing`` / (rows of the rarer class), which pulls small bins towards 0, keeps every
    weight finite, and never turns its sign. Siddiqi, "Intelligent Credit Scoring" (2017), writes the reverse ratio.

    Parameters
    ----------
    bads, goods : array of shape (bins,)
        Rows of each class.
    smoothing : float
        Rows of the rarer class added to each bin.
    """
    bad, good, more = _shares(bads, goods, smoothing)
    return np.asarray(np.log((bad + more) / (good + more)))


def information_value(bads: ArrayLike, goods: ArrayLike, smoothing: float = HALF) -> Floats:
    """Compute what each bin adds to the information value: (share of the bads - share of the goods) × its weight.

    The sum over bins is the information value of the fact; no term is below 0. Without smoothing it is Jeffreys'
    divergence (Kullback and Leibler, "On information and sufficiency", 1951), which merging bins never raises.
    """
    bad, good, more = _shares(bads, goods, smoothing)
    return np.asarray((bad - good) * np.log((bad + more) / (good + more)))


def _shares(bads: ArrayLike, goods: ArrayLike, smoothing: float) -> tuple[Floats, Floats, float]:
    bad, good = np.asarray(bads, dtype=np.float64), np.asarray(goods, dtype=np.float64)
    return bad / bad.sum(), good / good.sum(), smoothing / min(bad.sum(), good.sum())
