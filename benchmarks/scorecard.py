"""Our binner beside optbinning, in one run: information value, AUC of a logistic on the weights, and seconds.

    GUILDER_DATA=… python -m benchmarks scorecard [german|taiwan|hmeq …]

The information value is of all rows, by one formula from the bins' counts; since that rewards bins that follow chance,
the AUC is out of fold, binning inside 5 folds, the same logistic regression on both, folds drawn several times.
"""

from __future__ import annotations

import logging
import sys
import time

import numpy as np
import pandas as pd
from benchmarks.risk import load
from optbinning import BinningProcess
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from guilder.evaluation.discrimination import auc
from guilder.risk.binning import bin_categories, bin_numbers
from guilder.risk.columns import Columns, category_names
from guilder.risk.woe import information_value

REPEATS = {"german": 10, "taiwan": 1, "hmeq": 3}
SHOWN = {"metric": "woe", "metric_missing": "empirical"}
Pair = tuple[np.ndarray, np.ndarray]


def ours(learn: pd.DataFrame, y: np.ndarray, other: pd.DataFrame) -> tuple[Pair, float]:
    """Weights of both slices, and the seconds that the bins took."""
    columns = Columns(category_names(learn)).fit(learn)
    Z, rest, codes = columns.transform(learn), columns.transform(other), set(columns.categorical_)
    start = time.perf_counter()
    bins = [bin_categories(Z[:, j], y) if j in codes else bin_numbers(Z[:, j], y) for j in range(Z.shape[1])]
    used = time.perf_counter() - start
    made = [np.column_stack([one.transform(part[:, j]) for j, one in enumerate(bins)]) for part in (Z, rest)]
    return (made[0], made[1]), used


def theirs(learn: pd.DataFrame, y: np.ndarray, other: pd.DataFrame) -> tuple[Pair, float]:
    """The same by optbinning, shapes chosen automatically."""
    words = category_names(learn)
    kinds = dict.fromkeys(words, object)
    start = time.perf_counter()
    process = BinningProcess(list(learn.columns), categorical_variables=words).fit(learn.astype(kinds), y)
    used = time.perf_counter() - start
    made = [process.transform(part.astype(kinds), **SHOWN).to_numpy() for part in (learn, other)]
    return (made[0], made[1]), used


def values(weights: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Information value of each column; rows of one weight are one bin."""
    found = []
    for column in weights.T:
        place = np.unique(column.round(12), return_inverse=True)[1]
        bads = np.bincount(place, weights=y)
        found.append(information_value(bads, np.bincount(place) - bads).sum())
    return np.array(found)


def out_of_fold(X: pd.DataFrame, y: np.ndarray, bins: object, repeat: int) -> float:
    score = np.zeros(len(y))
    for learn, rest in StratifiedKFold(5, shuffle=True, random_state=repeat).split(X, y):
        (inputs, others), _ = bins(X.iloc[learn], y[learn], X.iloc[rest])
        score[rest] = LogisticRegression(max_iter=1000).fit(inputs, y[learn]).decision_function(others)
    return auc(y, score)


def main(names: list[str]) -> None:
    logging.getLogger("optbinning").setLevel(logging.ERROR)
    for name in names or list(REPEATS):
        X, y = load(name)
        (mine, _), fast = ours(X, y, X)
        (other, _), slow = theirs(X, y, X)
        own, known = values(mine, y), values(other, y)
        areas = np.array([[out_of_fold(X, y, one, r) for one in (ours, theirs)] for r in range(REPEATS[name])])
        mean, gap = areas.mean(axis=0), areas[:, 0] - areas[:, 1]
        print(f"{name}: IV {own.sum():.4f}, optbinning {known.sum():.4f}: {own.sum() / known.sum():.1%}; "
              f"AUC out of fold {mean[0]:.4f}, optbinning {mean[1]:.4f}: {gap.mean():+.4f} (from {gap.min():+.4f} to "
              f"{gap.max():+.4f}); {fast:.3f} s, optbinning {slow:.3f} s: {fast / slow:.1%}")  # fmt: skip
        for fact, one, two in zip(X.columns, own, known, strict=True):
            print(f"    {fact!s:28}{one:8.4f}{two:8.4f}{'' if one >= 0.98 * two else '  under 98 %'}")


if __name__ == "__main__":
    main(sys.argv[1:])
