"""Calibration: whether a PD of 10 % means that 10 % default (Brier, log loss, slope, reliability)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit
from scipy.stats import beta

Floats = NDArray[np.float64]

TINY = 1e-6
"""Probabilities are kept this far from 0 and 1 wherever their log-odds are taken."""

_STEPS = 50
ONE_STEP = 400
"""Bads, and goods, from which one step of Newton's from the line of all rows is close enough for a resample's line."""


def log_odds(p: ArrayLike) -> Floats:
    """Turn probabilities into log-odds, kept finite."""
    return np.asarray(logit(np.clip(np.asarray(p, dtype=np.float64), TINY, 1 - TINY)))


def row_log_loss(y: ArrayLike, p: ArrayLike) -> Floats:
    """Log loss of each row, in nats."""
    truth, chance = np.asarray(y, dtype=np.float64), np.clip(np.asarray(p, dtype=np.float64), TINY, 1 - TINY)
    return -(truth * np.log(chance) + (1 - truth) * np.log1p(-chance))


def log_loss(y: ArrayLike, p: ArrayLike) -> float:
    """Mean log loss, in nats."""
    return float(row_log_loss(y, p).mean())


def brier(y: ArrayLike, p: ArrayLike) -> float:
    """Brier score: the mean squared distance between outcome and probability."""
    return float(np.mean((np.asarray(p, dtype=np.float64) - np.asarray(y, dtype=np.float64)) ** 2))


def quantile_bins(p: ArrayLike, bins: int = 10) -> NDArray[np.intp]:
    """Number the bin of each row: about equally many rows a bin, equal values always together."""
    value = np.asarray(p, dtype=np.float64)
    edges = np.unique(np.quantile(value, np.arange(1, bins) / bins))
    return np.unique(np.searchsorted(edges, value, side="left"), return_inverse=True)[1].ravel()


def calibration_errors(y: ArrayLike, p: ArrayLike, weights: Floats, bins: int = 10) -> Floats:
    """Expected calibration error of each resample (a row of ``weights``): mean distance of PD and rate over bins."""
    gap = np.asarray(p, dtype=np.float64) - np.asarray(y, dtype=np.float64)
    part = np.eye(bins)[quantile_bins(p, bins)] * gap[:, None]
    return np.asarray(np.abs(weights @ part).sum(axis=1) / weights.sum(axis=1))


def calibration_error(y: ArrayLike, p: ArrayLike, bins: int = 10) -> float:
    """Expected calibration error over ``bins`` bins with about equally many rows."""
    return float(calibration_errors(y, p, np.ones((1, len(np.asarray(p)))), bins)[0])


def calibration_lines(
    y: ArrayLike, p: ArrayLike, weights: Floats, start: tuple[float, float] | None = None
) -> tuple[Floats, Floats]:
    """Fit ``log-odds of a bad = intercept + slope × log-odds of p`` once per row of ``weights``, by Newton's method.

    Cox's calibration line: slope 1 and intercept 0 are perfect; a slope under 1 means too extreme probabilities.
    Where the line does not exist (one class, one probability, complete separation) both are NaN. With a ``start``, the
    line of all rows, and many rows, one step is taken: the one-step bootstrap (Davison and Hinkley, "Bootstrap Methods
    and their Application", 1997), which moves the ends of an interval by some hundredths of its width.

    Returns
    -------
    slope, intercept : arrays of shape (r,)
    """
    truth, x = np.asarray(y, dtype=np.float64), log_odds(p)
    centre = float(x.mean()) if len(x) else 0.0
    x = x - centre  # centred, the two parameters hardly depend on each other and Newton needs few steps
    rate = np.clip((weights @ truth) / weights.sum(axis=1), TINY, 1 - TINY)
    slope = np.zeros(len(weights)) if start is None else np.full(len(weights), start[0])
    level = np.asarray(logit(rate)) if start is None else np.full(len(weights), start[1] + start[0] * centre)
    if x.max(initial=0) - x.min(initial=0) < 1e-12:
        return np.full(len(weights), np.nan), np.full(len(weights), np.nan)
    if start is not None and ONE_STEP <= truth.sum() <= len(truth) - ONE_STEP:
        return _one_step(truth, x, weights, start[0], start[1] + start[0] * centre, centre)
    moving = np.ones(len(weights), dtype=bool)
    with np.errstate(all="ignore"):
        for _ in range(_STEPS):
            w = weights[moving]
            mu = expit(slope[moving, None] * x + level[moving, None])
            short, curve = w * (truth - mu), w * mu * (1 - mu)
            g0, g1 = short.sum(axis=1), short @ x
            h00, h01, h11 = curve.sum(axis=1), curve @ x, curve @ (x * x)
            size = h00 * h11 - h01 * h01
            d_slope, d_level = (h00 * g1 - h01 * g0) / size, (h11 * g0 - h01 * g1) / size
            # No step may leap: far from the answer Newton on a logistic curve can overshoot and diverge.
            d_slope, d_level = np.clip(d_slope, -1.0, 1.0), np.clip(d_level, -2.0, 2.0)
            slope[moving] += d_slope
            level[moving] += d_level
            still = ~(np.maximum(np.abs(d_slope), np.abs(d_level)) < 1e-9) & np.isfinite(slope[moving])
            moving[moving] = still
            if not moving.any():
                break
    lost = moving | ~np.isfinite(slope) | ~np.isfinite(level)
    slope[lost], level[lost] = np.nan, np.nan
    return slope, level - slope * centre


def _one_step(
    truth: Floats, x: Floats, weights: Floats, slope: float, level: float, centre: float
) -> tuple[Floats, Floats]:
    mu = expit(slope * x + level)
    short, curve = truth - mu, mu * (1 - mu)
    g0, g1, h00, h01, h11 = (weights @ np.column_stack([short, short * x, curve, curve * x, curve * x * x])).T
    size = h00 * h11 - h01 * h01
    slopes, levels = slope + (h00 * g1 - h01 * g0) / size, level + (h11 * g0 - h01 * g1) / size
    return slopes, levels - slopes * centre


def calibration_slope(y: ArrayLike, p: ArrayLike) -> tuple[float, float]:
    """Slope and intercept of Cox's calibration line; see :func:`calibration_lines`."""
    slope, intercept = calibration_lines(y, p, np.ones((1, len(np.asarray(p)))))
    return float(slope[0]), float(intercept[0])


def jeffreys(bads: ArrayLike, rows: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Jeffreys interval of a rate: quantiles of Beta(bads + ½, goods + ½), closed at 0 and 1.

    Source: Brown, Cai and DasGupta, "Interval Estimation for a Binomial Proportion", 2001.
    """
    k, n, tail = np.asarray(bads, dtype=np.float64), np.asarray(rows, dtype=np.float64), (1 - level) / 2
    low = np.where(k > 0, beta.ppf(tail, k + 0.5, n - k + 0.5), 0.0)
    high = np.where(k < n, beta.ppf(1 - tail, k + 0.5, n - k + 0.5), 1.0)
    return low, high


def reliability(y: ArrayLike, p: ArrayLike, bins: int = 10) -> dict[str, list[Any]]:
    """Tabulate mean PD against observed rate with its Jeffreys interval, bin by bin, lowest PD first."""
    part = quantile_bins(p, bins)
    rows = np.bincount(part)
    bads = np.bincount(part, weights=np.asarray(y, dtype=np.float64))
    low, high = jeffreys(bads, rows)
    mean = np.bincount(part, weights=np.asarray(p, dtype=np.float64)) / rows
    return {
        "mean_p": mean.tolist(),
        "observed": (bads / rows).tolist(),
        "low": low.tolist(),
        "high": high.tolist(),
        "count": rows.tolist(),
    }


def is_calibrated(y: ArrayLike, p: ArrayLike) -> bool:
    """Say whether the mean PD lies inside the Jeffreys interval of the observed rate."""
    truth = np.asarray(y, dtype=np.float64)
    low, high = jeffreys(truth.sum(), len(truth))
    mean = float(np.asarray(p, dtype=np.float64).mean())
    return math.isfinite(mean) and float(low) <= mean <= float(high)
