"""DeLong: the variance of an AUC, its interval, and the test of two AUCs on the same rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm, rankdata

from guilder.evaluation.intervals import LEVEL, Figure

Floats = NDArray[np.float64]


def auc_covariance(y: ArrayLike, scores: ArrayLike, groups: ArrayLike | None = None) -> tuple[Floats, Floats]:
    """Compute the AUCs of several scores of the same rows and their covariance.

    Parameters
    ----------
    y : array of shape (n,)
        1 is a bad, 0 a good.
    scores : array of shape (m, n)
        Higher is riskier.
    groups : array of shape (n,), optional
        Rows of one group (customer) may depend on each other.

    Returns
    -------
    auc : array of shape (m,)
    covariance : array of shape (m, m)
        NaN with fewer than two groups of bads, or of goods.

    Notes
    -----
    DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating
    characteristic curves", Biometrics 44 (1988); by ranks, Sun and Xu (2014). With groups, Obuchowski, "Nonparametric
    analysis of clustered ROC curve data", Biometrics 53 (1997), which is DeLong's where every group is one row.
    """
    truth, value = np.asarray(y).astype(bool), np.atleast_2d(np.asarray(scores, dtype=np.float64))
    bads, goods = int(truth.sum()), int((~truth).sum())
    if not bads or not goods:
        return np.full(len(value), np.nan), np.full((len(value), len(value)), np.nan)
    everyone = rankdata(value, axis=1)
    beaten = (everyone[:, truth] - rankdata(value[:, truth], axis=1)) / goods
    beating = 1 - (everyone[:, ~truth] - rankdata(value[:, ~truth], axis=1)) / bads
    area = beaten.mean(axis=1)
    codes = np.arange(len(truth)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1].ravel()
    size = int(codes.max()) + 1
    above, below = (
        np.stack([np.bincount(codes[rows], weights=line, minlength=size) for line in part - area[:, None]])
        for rows, part in ((truth, beaten), (~truth, beating))
    )
    in_bads, in_goods = len(np.unique(codes[truth])), len(np.unique(codes[~truth]))
    if in_bads < 2 or in_goods < 2:
        return area, np.full((len(value), len(value)), np.nan)
    cross = above @ below.T * size / (size - 1)
    covariance = (
        above @ above.T * (in_bads / (in_bads - 1)) / bads**2
        + below @ below.T * (in_goods / (in_goods - 1)) / goods**2
        + (cross + cross.T) / (bads * goods)
    )
    return area, covariance


def auc_interval(y: ArrayLike, score: ArrayLike, groups: ArrayLike | None = None) -> Figure:
    """Compute an AUC with DeLong's 95 % interval, closed on the scale of log-odds so that it stays within 0 and 1."""
    area, covariance = auc_covariance(y, score, groups)
    value, variance = float(area[0]), float(covariance[0, 0])
    if not (0 < value < 1 and variance > 0):
        return Figure(value, math.nan, math.nan)
    half = float(norm.ppf((1 + LEVEL) / 2)) * math.sqrt(variance) / (value * (1 - value))
    centre = math.log(value / (1 - value))
    low, high = (1 / (1 + math.exp(-(centre + side * half))) for side in (-1, 1))
    return Figure(value, low, high)


@dataclass(frozen=True)
class Contrast:
    """The difference of two AUCs on the same rows, and the p-value of there being none."""

    difference: Figure
    z: float
    p: float


def auc_test(
    y: ArrayLike, first: ArrayLike, second: ArrayLike, groups: ArrayLike | None = None
) -> Contrast:
    """Test whether two scores of the same rows rank equally well (two-sided, DeLong).

    The difference is the first's AUC less the second's; scores that rank alike have z = 0 and p = 1.
    """
    area, covariance = auc_covariance(y, np.vstack([np.asarray(first), np.asarray(second)]), groups)
    gap = float(area[0] - area[1])
    variance = float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    if not math.isfinite(variance):
        return Contrast(Figure(gap, math.nan, math.nan), math.nan, math.nan)
    error = math.sqrt(max(variance, 0.0))
    if error < 1e-12:
        return Contrast(Figure(gap, gap, gap), 0.0, 1.0)
    half = float(norm.ppf((1 + LEVEL) / 2)) * error
    z = gap / error
    return Contrast(Figure(gap, gap - half, gap + half), z, float(2 * norm.sf(abs(z))))
