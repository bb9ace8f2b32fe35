"""Balancing: what is done about few bads (none, class weights, SMOTE), on training rows only."""

from __future__ import annotations

from typing import Literal

import numpy as np
from imblearn.over_sampling import SMOTE, SMOTEN, SMOTENC
from numpy.typing import NDArray

from guilder.errors import ModelError

Floats = NDArray[np.float64]
Balancing = Literal["none", "class_weight", "smote"]

BALANCINGS: tuple[Balancing, ...] = ("none", "class_weight", "smote")
"""Every balancing, the simplest first."""

NEIGHBOURS = 5


def class_weight(balancing: str) -> str | None:
    """What a learner is told: scikit-learn's inverse-frequency weights, or nothing."""
    return "balanced" if balancing == "class_weight" else None


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
