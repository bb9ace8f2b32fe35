"""The ensemble: several fitted learners whose log-odds are added with weights that held-out rows have set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from guilder.risk.calibration import platt

Floats = NDArray[np.float64]

PULL = 10.0
"""Strength of the pull towards equal weights, in rows: it decides on few rows, and says nothing on many."""


class Ensemble:
    """Fitted pipelines and what each counts.

    Parameters
    ----------
    parts : sequence of Pipeline
        Fitted learners with their preparation.
    weights : array of shape (parts,)
        At least 0; log-odds = intercept + sum of weight × log-odds of the part.
    intercept : float
        Log-odds.
    """

    def __init__(self, parts: Sequence[Any], weights: Floats, intercept: float) -> None:
        self.parts = list(parts)
        self.weights = np.asarray(weights, dtype=np.float64)
        self.intercept = float(intercept)


def fit_weights(raw: Floats, y: NDArray[np.intp]) -> tuple[Floats, float]:
    """Find the weights of least log loss, none below 0.

    Each part is brought to scale by Platt's line first. Then this is a logistic regression with non-negative
    coefficients on the parts' log-odds, pulled lightly to equal ones (stacking: Wolpert, "Stacked generalization",
    1992; non-negative: Breiman, "Stacked regressions", 1996).

    Parameters
    ----------
    raw : array of shape (n, parts)
        Log-odds of rows that the parts have not seen.
    y : array of shape (n,)
        1 is a bad, 0 a good.

    Returns
    -------
    weights : array of shape (parts,)
        Of the log-odds as they came.
    intercept : float
    """
    rows, parts = raw.shape
    slope, level = np.array([platt(raw[:, part], y) for part in range(parts)]).T
    scaled, equal = raw * slope + level, np.full(parts, 1 / parts)

    def loss(at: Floats) -> tuple[float, Floats]:
        z = scaled @ at[:-1] + at[-1]
        off, away = expit(z) - y, at[:-1] - equal
        value = float(np.mean(np.logaddexp(0, z) - y * z)) + PULL * float(away @ away) / rows
        return value, np.append(scaled.T @ off + 2 * PULL * away, off.sum()) / rows

    found = minimize(
        loss, np.append(equal, 0.0), jac=True, method="L-BFGS-B", bounds=[(0, None)] * parts + [(None, None)],
        options={"ftol": 1e-12, "gtol": 1e-8},
    ).x  # fmt: skip
    return np.asarray(found[:-1] * slope, dtype=np.float64), float(found[-1] + found[:-1] @ level)
