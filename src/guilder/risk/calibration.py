"""Calibration: from a learner's log-odds to a PD whose level is right, learned on rows the learner has not seen."""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression

from guilder.errors import UsageError
from guilder.evaluation.calibration import TINY, log_odds

Floats = NDArray[np.float64]
Calibration = Literal["sigmoid", "isotonic", "none"]

CALIBRATIONS: tuple[Calibration, ...] = ("sigmoid", "isotonic", "none")

_LEAST_SLOPE = 0.01
"""Learners that know nothing have slopes about zero; the sign is never turned, for it would turn the reasons too."""


class Calibrator:
    """A curve from raw log-odds to calibrated log-odds; plain arrays, so that it can be stored.

    Parameters
    ----------
    method : {"sigmoid", "isotonic", "none"}
        Platt's line on the log-odds, a rising staircase, or nothing.
    """

    def __init__(self, method: str = "sigmoid") -> None:
        if method not in CALIBRATIONS:
            raise UsageError(f"unknown calibration {method!r}", known=f"known: {', '.join(CALIBRATIONS)}")
        self.method = method
        self.slope, self.intercept = 1.0, 0.0
        self.knots, self.values = np.zeros(0), np.zeros(0)

    def fit(self, raw: Floats, y: NDArray[np.intp]) -> Self:
        """Learn the curve from held-out log-odds and their outcomes."""
        if self.method == "sigmoid":
            self.slope, self.intercept = platt(raw, y)
        elif self.method == "isotonic":
            stairs = IsotonicRegression(out_of_bounds="clip").fit(raw, y)
            self.knots = np.asarray(stairs.X_thresholds_, dtype=np.float64)
            self.values = log_odds(stairs.y_thresholds_)
        return self

    def log_odds(self, raw: Floats) -> Floats:
        """Calibrated log-odds, kept within those of 1e-6 and 1 - 1e-6."""
        if self.method == "isotonic":
            found = np.interp(raw, self.knots, self.values)
        else:
            found = self.slope * raw + self.intercept
        edge = float(logit(1 - TINY))
        return np.clip(found, -edge, edge)

    def probabilities(self, raw: Floats) -> Floats:
        """Calibrated PD."""
        return np.asarray(expit(self.log_odds(raw)))


def platt(raw: Floats, y: NDArray[np.intp]) -> tuple[float, float]:
    """Fit Platt's line: slope and intercept of the log-odds, with his smoothed targets, by damped Newton.

    Source: Platt, "Probabilistic outputs for support vector machines", 1999; targets (n+ + 1)/(n+ + 2) and
    1/(n- + 2) keep the line finite under complete separation. Where the slope would fall under 0.01 it stays there
    and only the level is fitted: a learner that knows nothing then gives everyone nearly the base rate.
    """
    bads, goods = float(np.sum(y)), float(len(y) - np.sum(y))
    target = np.where(np.asarray(y) == 1, (bads + 1) / (bads + 2), 1 / (goods + 2))
    centre, spread = float(raw.mean()), float(raw.std())
    level = float(logit(target.mean()))
    if spread < 1e-12:
        return 1.0, level - centre
    x = (raw - centre) / spread
    slope, level = _newton(x, target, 0.0, level, bend=True)
    if slope / spread < _LEAST_SLOPE:
        slope = _LEAST_SLOPE * spread
        slope, level = _newton(x, target, slope, level, bend=False)
    return slope / spread, level - slope / spread * centre


def _newton(x: Floats, target: Floats, slope: float, level: float, *, bend: bool) -> tuple[float, float]:
    def loss(a: float, b: float) -> float:
        z = a * x + b
        return float(np.sum(np.logaddexp(0, z) - target * z))

    now = loss(slope, level)
    for _ in range(100):
        mu = expit(slope * x + level)
        short, curve = target - mu, mu * (1 - mu) + 1e-12
        if bend:
            hessian = np.array([[curve @ (x * x), curve @ x], [curve @ x, curve.sum()]])
            step = np.linalg.solve(hessian + 1e-9 * np.eye(2), np.array([short @ x, short.sum()]))
        else:
            step = np.array([0.0, short.sum() / curve.sum()])
        size = 1.0
        while (then := loss(slope + size * step[0], level + size * step[1])) > now and size > 1e-6:
            size /= 2
        slope, level = slope + size * float(step[0]), level + size * float(step[1])
        if now - then < 1e-12 * max(1.0, abs(now)):
            break
        now = then
    return slope, level
