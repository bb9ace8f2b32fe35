"""Agreement: how often a loan's first reason stays when the model is fitted again."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.evaluation.intervals import bootstrap
from guilder.risk.classifier import DefaultClassifier
from guilder.risk.contributions import method
from guilder.risk.ensemble import Ensemble
from guilder.risk.reasons import strongest

REFITS = 2
"""Refits of each kind: few, for each costs as much as the champion."""
DECLINES = 200
"""Declined loans looked at, at the most."""

Refit = Callable[[NDArray[np.intp], int], DefaultClassifier]
"""Fit the champion's settings again on these rows with this seed."""


def agreement(
    model: DefaultClassifier,
    refit: Refit,
    rows: int,
    X: pd.DataFrame,
    groups: NDArray[np.intp] | None,
    *,
    silent: Collection[str] = (),
    random_state: int = 0,
) -> dict[str, Any]:
    """Fit a model again and compare the first reason of loans; plain JSON.

    Parameters
    ----------
    model : DefaultClassifier
        The model whose reasons are given.
    refit : callable
        Fits its settings on given training rows with a seed.
    rows : int
        Training rows: a bootstrap draws as many, with replacement; "seed" takes all with another seed.
    X : DataFrame of shape (n, facts)
        Declined loans; at most 200 of them are looked at.
    groups : array of shape (n,), optional
        Their customers.
    silent : collection of str
        Facts that are never given as a reason.
    random_state : int
        Seed.

    Returns
    -------
    dict
        ``method``, ``reference``, ``seed``, ``refits``, ``declines``, and ``other_seed`` and ``bootstrap``: the
        share of declines whose first reason stays, with its interval over customers; None without declines.
    """
    rng = np.random.default_rng(random_state)
    kept = np.sort(rng.permutation(len(X))[:DECLINES])
    X, who = X.iloc[kept], None if groups is None else groups[kept]
    group = model.background_.group
    parts = model.pipeline_.parts if isinstance(model.pipeline_, Ensemble) else [model.pipeline_]
    found: dict[str, Any] = {
        "method": method(model.pipeline_), "parts": len(parts), "seed": model.background_.seed,
        "reference": "training loans: their mean for linear learners, the rows that grew them for trees",
        "refits": REFITS, "declines": len(X), "other_seed": None, "bootstrap": None,
    }  # fmt: skip
    if not len(X):
        return found

    def first(one: DefaultClassifier) -> NDArray[np.intp]:
        """Group of the first reason, by the grouping of the model that is judged; -1 where there is none."""
        place = strongest(one.contributions(X), group, 1, silent).fact[:, 0]
        return np.where(place >= 0, group[place], -1)

    own = first(model)
    for kind in ("other_seed", "bootstrap"):
        same = np.zeros(len(X))
        for turn in range(REFITS):
            drawn = np.arange(rows) if kind == "other_seed" else np.sort(rng.integers(0, rows, rows))
            same += (first(refit(drawn, random_state + 1 + turn)) == own) / REFITS
        found[kind] = bootstrap(np.mean, same, groups=who, random_state=random_state).to_dict()
    return found
