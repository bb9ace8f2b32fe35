"""Calibration: from a learner's log-odds to a PD whose level is right, learned on rows the learner has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression

from guilder.errors import UsageError
from guilder.evaluation.calibration import TINY, log_odds, row_log_loss

Floats = NDArray[np.float64]
Calibration = Literal["auto", "sigmoid", "temperature", "beta", "isotonic", "prior", "none"]

CALIBRATIONS: tuple[Calibration, ...] = ("auto", "sigmoid", "temperature", "beta", "isotonic", "prior", "none")
CURVES = ("sigmoid", "temperature", "beta", "isotonic")
"""What "auto" chooses from, the first where another does not clearly win."""

_LEAST_SLOPE = 0.01
"""Learners that know nothing have slopes about zero; the sign is never turned, for it would turn the reasons too."""
_WORTH = 0.002
"""Share of the log loss by which a curve must beat the sigmoid to be taken instead."""


class Calibrator:
    """A curve from raw log-odds to calibrated log-odds; plain arrays, so that it can be stored.

    Parameters
    ----------
    method : {"sigmoid", "temperature", "beta", "isotonic", "prior", "none"}
        Platt's line on the log-odds; the same through zero; two lines, one for each end (beta calibration); a rising
        staircase; a shift that is worked out from the balancing; or nothing.
    shift : float
        Log-odds that "prior" adds.
    """

    def __init__(self, method: str = "sigmoid", shift: float = 0.0) -> None:
        if method not in CALIBRATIONS[1:]:
            raise UsageError(f"unknown calibration {method!r}", known=f"known: {', '.join(CALIBRATIONS[1:])}")
        self.method = method
        self.slope, self.intercept = 1.0, shift if method == "prior" else 0.0
        self.low_slope = 1.0
        self.error = 0.0
        self.knots, self.values = np.zeros(0), np.zeros(0)

    def fit(self, raw: Floats, y: NDArray[np.intp]) -> Self:
        """Learn the curve from held-out log-odds and their outcomes."""
        if self.method == "sigmoid":
            self.slope, self.intercept = platt(raw, y)
            self.error = _slope_error(raw, self.probabilities(raw))
        elif self.method == "temperature":
            self.slope = _bounded(raw[:, None], y, level=False)[0]
        elif self.method == "beta":
            self.slope, self.low_slope, self.intercept = _bounded(_ends(raw), y)
        elif self.method == "isotonic":
            stairs = IsotonicRegression(out_of_bounds="clip").fit(raw, y)
            self.knots = np.asarray(stairs.X_thresholds_, dtype=np.float64)
            self.values = log_odds(stairs.y_thresholds_)
        return self

    def grown(self, now: Calibrator, fewer: Calibrator, share: float, share_fewer: float) -> Self:
        """Carry a line to the rows it will be used with: it was learned of models that saw only a share of them.

        A learner that remembers rows tells more apart with more of them, so its log-odds need less damping. The line
        is taken to move in proportion to the rows: two sizes give its step, and the same step leads to all rows.
        Nothing moves where the two slopes do not clearly differ.

        Parameters
        ----------
        now, fewer : Calibrator
            Fitted on the same rows, of models that saw ``share`` and ``share_fewer`` of them.
        share, share_fewer : float
            Shares of all rows, ``share_fewer`` < ``share`` < 1.
        """
        apart = now.slope - fewer.slope
        if {self.method, fewer.method} == {"sigmoid"} and apart > 2 * np.hypot(now.error, fewer.error):
            step = (1 - share) / (share - share_fewer)
            self.intercept += step * (now.intercept - fewer.intercept)
            self.slope += step * apart
        return self

    def log_odds(self, raw: Floats) -> Floats:
        """Calibrated log-odds, kept within those of 1e-6 and 1 - 1e-6."""
        if self.method == "isotonic":
            found = np.interp(raw, self.knots, self.values)
        elif self.method == "beta":
            found = _ends(raw) @ np.array([self.slope, self.low_slope]) + self.intercept
        else:
            found = self.slope * raw + self.intercept
        edge = float(logit(1 - TINY))
        return np.asarray(np.clip(found, -edge, edge), dtype=np.float64)

    def probabilities(self, raw: Floats) -> Floats:
        """Calibrated PD."""
        return np.asarray(expit(self.log_odds(raw)))


def choose_calibration(
    raw: Floats, y: NDArray[np.intp], parts: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]]
) -> str:
    """Choose the curve of least log loss on rows it was not fitted on; the sigmoid unless another clearly wins.

    Parameters
    ----------
    raw, y : arrays of shape (n,)
        Held-out log-odds and outcomes.
    parts : sequence of (rows to fit on, rows to measure on)
    """
    losses = {}
    for method in CURVES:
        p = np.zeros(len(raw))
        for learn, held in parts:
            p[held] = Calibrator(method).fit(raw[learn], y[learn]).probabilities(raw[held])
        losses[method] = float(row_log_loss(y, p).mean())
    best = min(CURVES, key=lambda method: losses[method])
    return best if losses[best] < losses["sigmoid"] * (1 - _WORTH) else "sigmoid"


def _slope_error(raw: Floats, p: Floats) -> float:
    """Standard error of the slope of a logistic line: from the inverse of its information matrix."""
    curve = p * (1 - p)
    spread = float(curve @ raw**2 - (curve @ raw) ** 2 / max(curve.sum(), 1e-12))
    return float(1 / np.sqrt(max(spread, 1e-12)))


def _ends(raw: Floats) -> Floats:
    """Return ln p and -ln(1 - p) of log-odds, the two terms of beta calibration."""
    return np.column_stack([-np.logaddexp(0, -raw), np.logaddexp(0, raw)])


def _bounded(terms: Floats, y: NDArray[np.intp], *, level: bool = True) -> list[float]:
    """Fit a logistic regression whose slopes are not negative; the last number is its level.

    Source of the two-slope curve: Kull, Silva Filho, Flach, "Beyond sigmoids", 2017. Platt's smoothed targets keep it
    finite under complete separation.
    """
    bads, goods = float(np.sum(y)), float(len(y) - np.sum(y))
    target = np.where(np.asarray(y) == 1, (bads + 1) / (bads + 2), 1 / (goods + 2))
    count = terms.shape[1]

    def loss(at: Floats) -> tuple[float, Floats]:
        z = terms @ at[:count] + at[count]
        off = expit(z) - target
        return float(np.mean(np.logaddexp(0, z) - target * z)), np.append(terms.T @ off, off.sum()) / len(y)

    bounds = [(_LEAST_SLOPE, None)] * count + [(None, None) if level else (0.0, 0.0)]
    start = np.append(np.ones(count), 0.0)
    return [float(one) for one in minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x]


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
