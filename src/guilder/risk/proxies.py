"""Proxies: facts of a model that tell which group of a protected column a customer belongs to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from guilder.evaluation.delong import auc_interval
from guilder.evaluation.intervals import Figure
from guilder.risk.columns import is_category
from guilder.risk.fairness import LEAST_ROWS
from guilder.risk.folds import folds
from guilder.risk.learners import fit_pipeline, raw_log_odds

Floats = NDArray[np.float64]

REPEATS = 200
ROWS = 1500
FOLDS = 3
NAMED = 8
TELLS = 0.2
"""A fact is a proxy where it has at least this correlation ratio with the group, and more than chance gives any."""


def proxies(X: pd.DataFrame, labels: ArrayLike, *, random_state: int = 0) -> dict[str, Any]:
    """Find the facts that tell the group, and how well all of them together do.

    Parameters
    ----------
    X : DataFrame of shape (n, facts)
        The model's facts, one row a customer; at most 1,500 rows are used.
    labels : array of shape (n,)
        Each customer's group.

    Returns
    -------
    dict
        ``facts``: the strongest eight above chance, each with ``eta`` (the correlation ratio of its ranks, 0 to 1; of
        a category, its best one's) and ``proxy`` (whether it is as much as .2); ``chance``: the eta that the best of
        all facts stays under 95 times of 100 when the groups are shuffled; ``auc``: how well a logistic regression on
        all facts tells the largest group from the rest, cross-validated, None with too few rows.

    Notes
    -----
    The correlation ratio of ranks is the Kruskal–Wallis statistic over ``n - 1``, squared root taken.
    """
    rng = np.random.default_rng(random_state)
    rows = np.sort(rng.permutation(len(X))[:ROWS])
    frame, label = X.iloc[rows].reset_index(drop=True), np.asarray(labels)[rows]
    names, codes, size = np.unique(label, return_inverse=True, return_counts=True)
    if len(names) < 2 or np.sort(size)[-2] < LEAST_ROWS or not len(X.columns):
        return {"facts": [], "chance": None, "auc": None}
    ranks, owner = _ranks(frame)
    own = _eta(ranks, codes[None], len(names))[0]
    shuffled = _eta(ranks, np.array([rng.permutation(codes) for _ in range(REPEATS)]), len(names))
    chance = float(np.quantile(shuffled.max(axis=1), 0.95))
    best = np.zeros(frame.shape[1])
    np.maximum.at(best, owner, own)
    found = [
        {"fact": str(frame.columns[place]), "eta": float(best[place]), "proxy": bool(best[place] >= TELLS)}
        for place in np.argsort(-best, kind="stable").tolist()[:NAMED] if best[place] > chance
    ]  # fmt: skip
    told = _together(frame, (codes == int(size.argmax())).astype(np.intp), random_state)
    return {"facts": found, "chance": chance, "auc": told.to_dict()}


def _ranks(X: pd.DataFrame) -> tuple[Floats, NDArray[np.intp]]:
    """Standardised ranks of numbers, flags of categories and of what is missing, and the fact each came from."""
    made, owner = [], []
    for place, name in enumerate(X.columns):
        column = X[name]
        missing = column.isna().to_numpy(dtype=bool)
        if is_category(column):
            words = column.astype("str").to_numpy(dtype=object)
            sides = [np.asarray((words == kind) & ~missing) for kind in sorted(set(words[~missing]))[:50]]
        else:
            number = column.to_numpy(dtype=np.float64, na_value=np.nan)
            filled = np.where(missing, np.median(number[~missing]) if (~missing).any() else 0.0, number)
            sides = [rankdata(filled)]
        for side in (*sides, missing):
            value = side.astype(np.float64)
            if np.ptp(value) > 0:
                made.append((value - value.mean()) / value.std())
                owner.append(place)
    return np.column_stack(made) if made else np.zeros((len(X), 1)), np.array(owner or [0], dtype=np.intp)


def _eta(ranks: Floats, codes: NDArray[np.intp], groups: int) -> Floats:
    """Correlation ratio of each column with each of several groupings, shape (groupings, columns)."""
    member = (codes[:, None, :] == np.arange(groups)[:, None]).astype(np.float64)
    totals = (member.reshape(-1, len(ranks)) @ ranks).reshape(len(codes), groups, -1)
    return np.asarray(np.sqrt((totals**2 / member.sum(axis=2)[..., None]).sum(axis=1) / len(ranks)))


def _together(X: pd.DataFrame, inside: NDArray[np.intp], seed: int) -> Figure:
    score = np.zeros(len(X))
    for learn, rest in folds(inside, None, FOLDS, seed):
        model = fit_pipeline(X.iloc[learn], inside[learn], "logistic", "none", random_state=seed)
        score[rest] = raw_log_odds(model, X.iloc[rest])
    return auc_interval(inside, score)
