"""Balancing: what is done about few bads (nothing, weights, SMOTE, drawing rows again), on training rows only."""

from __future__ import annotations

from typing import Literal

import numpy as np
from imblearn.over_sampling import SMOTE, SMOTEN, SMOTENC, RandomOverSampler
from imblearn.under_sampling import RandomUnderSampler
from numpy.typing import NDArray

from guilder.errors import ModelError

Floats = NDArray[np.float64]
Balancing = Literal["none", "class_weight", "smote", "oversample", "undersample"]

BALANCINGS: tuple[Balancing, ...] = ("none", "class_weight", "smote", "oversample", "undersample")
"""Every balancing, the simplest first."""

USUAL: tuple[Balancing, ...] = ("none", "class_weight", "smote")
"""What is compared unless a bank asks for more: drawing rows again does what weights do, with more noise."""

RESAMPLINGS = ("oversample", "undersample")

NEIGHBOURS = 5


def class_weight(balancing: str) -> str | None:
    """What a learner is told: scikit-learn's inverse-frequency weights, or nothing."""
    return "balanced" if balancing == "class_weight" else None


def resampled(y: NDArray[np.intp], balancing: str, *, random_state: int) -> NDArray[np.intp]:
    """Draw rows until both classes are as many: bads again and again, or only as many goods as there are bads.

    Returns
    -------
    array of int
        Row numbers, in their order.
    """
    sampler = RandomOverSampler if balancing == "oversample" else RandomUnderSampler
    drawn = sampler(random_state=random_state)
    drawn.fit_resample(np.arange(len(y), dtype=np.float64)[:, None], y)
    return np.sort(np.asarray(drawn.sample_indices_, dtype=np.intp))


def level_shift(y: NDArray[np.intp], balancing: str, learner: object) -> float:
    """Log-odds to add to a balanced learner's so that its mean PD is again that of the bank, worked out, not fitted.

    Balanced, a learner sees half bads; the true share is known, and Bayes' rule moves the log-odds by their difference
    (Saerens et al., "Adjusting the outputs of a classifier to new a priori probabilities", 2002).

    Raises
    ------
    ModelError
        After SMOTE with anything but a logistic regression: trees see made-up bads that are easier than real ones, and
        the corrected mean PD was measured at a third to a half of the truth.
    """
    if balancing == "none":
        return 0.0
    if balancing == "smote" and learner != "logistic":
        raise ModelError(
            f"the prior correction does not hold for SMOTE with {learner}",
            known="made-up bads lie closer together than real ones; trees then call real ones good",
            todo='calibrate on held-out rows: calibration="sigmoid"',
        )
    bads = float(np.mean(y))
    return float(np.log(bads / (1 - bads)))


def smote(
    X: Floats, y: NDArray[np.intp], categorical: NDArray[np.intp], *, random_state: int
) -> tuple[Floats, NDArray[np.intp]]:
    """Add made-up bads between neighbouring bads until there are as many as goods.

    Parameters
    ----------
    X : array of shape (n, d)
        Scaled and complete rows.
    y : array of shape (n,)
        Classes 0 and 1; the rarer one is added to.
    categorical : array of int
        Columns that are copied from the neighbours' majority rather than interpolated (SMOTE-NC).
    random_state : int
        Seed.

    Raises
    ------
    ModelError
        With a single row of the rarer class, which has no neighbour.
    """
    rare = int(np.bincount(y, minlength=2).min())
    if rare < 2:
        raise ModelError(
            f"SMOTE needs at least 2 rows of the rarer class; this training slice has {rare} sample of that class",
            todo='leave "smote" out of balancing, or bring more outcomes',
        )
    neighbours = min(NEIGHBOURS, rare - 1)
    if len(categorical) == 0:
        sampler = SMOTE(k_neighbors=neighbours, random_state=random_state)
    elif len(categorical) == X.shape[1]:
        sampler = SMOTEN(k_neighbors=neighbours, random_state=random_state)
    else:
        sampler = SMOTENC(categorical.tolist(), k_neighbors=neighbours, random_state=random_state)
    more, outcome = sampler.fit_resample(X, y)
    return np.asarray(more, dtype=np.float64), np.asarray(outcome, dtype=np.intp)
