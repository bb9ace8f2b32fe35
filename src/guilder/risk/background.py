"""The background of a model: what its training loans looked like, which reasons and changes are measured against."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from scipy.stats import rankdata

Floats = NDArray[np.float64]

SAMPLE = 16
"""Training loans kept as the reference of learners that cannot be taken apart exactly."""
ROWS = 5000
"""Training loans that correlations and quantiles are measured on, at the most."""
QUANTILES = 101
TOGETHER = 0.7
"""Rank correlation, of either sign, from which facts are one reason."""

_WINDOW = re.compile(r"(_(30d|90d|365d|all|last\d+))+$")


class Background:
    """Plain arrays about the rows a model learned from, so that they can be stored with it.

    Parameters
    ----------
    centres : list of array
        For each part of the model, the mean of its learner's inputs over the training rows.
    sample : array of shape (rows, facts)
        Training rows drawn by the seed, categories as codes.
    quantiles : array of shape (facts, 101)
        Of each number, from its least to its largest value; NaN for categories and for facts never known.
    group : array of shape (facts,)
        Facts of one number are one reason.
    seed : int
        Of the draws.
    """

    def __init__(
        self, centres: list[Floats], sample: Floats, quantiles: Floats, group: NDArray[np.intp], seed: int
    ) -> None:
        self.centres = centres
        self.sample = sample
        self.quantiles = quantiles
        self.group = group
        self.seed = seed


def background(parts: Sequence[Any], X: Any, names: Sequence[str], seed: int) -> Background:
    """Describe the rows that fitted pipelines learned from.

    Parameters
    ----------
    parts : sequence of Pipeline
        Each begins with the step that makes numbers of facts.
    X : DataFrame or array of shape (n, facts)
        Training rows.
    names : sequence of str
        The facts.
    seed : int
        Of the rows drawn.
    """
    columns = parts[0][0]
    matrix = columns.transform(X)
    order = np.random.default_rng(seed).permutation(len(matrix))
    few, categorical = matrix[np.sort(order[:ROWS])], columns.categorical_
    quantiles = np.full((len(names), QUANTILES), np.nan)
    for place in range(len(names)):
        known = few[~np.isnan(few[:, place]), place]
        if place not in categorical and len(known):
            quantiles[place] = np.quantile(known, np.linspace(0, 1, QUANTILES))
            quantiles[place, [0, -1]] = np.nanmin(matrix[:, place]), np.nanmax(matrix[:, place])
    centres = [np.asarray(part[:-1].transform(X).mean(axis=0), dtype=np.float64) for part in parts]
    sample, group = matrix[np.sort(order[:SAMPLE])], together(few, names, categorical)
    return Background(centres, sample, quantiles, group, seed)


def together(matrix: Floats, names: Sequence[str], categorical: Sequence[int]) -> NDArray[np.intp]:
    """Number the facts so that those of one number are one reason.

    These are one fact over several windows of time (``money_in_30d`` and ``money_in_365d``), and numbers any two of
    which have a rank correlation of 0.7 or more, of either sign (complete linkage, so that no chain of neighbours ties
    what has little in common). What is not known takes the middle rank.
    """
    facts = matrix.shape[1]
    if facts < 2:
        return np.zeros(facts, dtype=np.intp)
    ranks = rankdata(matrix, axis=0, nan_policy="omit")
    ranks -= np.nanmean(np.where(np.isnan(matrix).all(axis=0), 0.0, ranks), axis=0)
    ranks = np.nan_to_num(ranks)
    ranks[:, list(categorical)] = 0.0
    length = np.sqrt((ranks**2).sum(axis=0))
    unit = np.divide(ranks, length, out=np.zeros_like(ranks), where=length > 0)
    apart = np.clip(1 - np.abs(unit.T @ unit), 0, 1)
    ideas = np.array([_WINDOW.sub("", name) for name in names], dtype=object)
    apart[ideas[:, None] == ideas[None, :]] = 0.0
    tree = linkage(squareform(apart, checks=False), "complete")
    return np.asarray(fcluster(tree, 1 - TOGETHER, "distance") - 1, dtype=np.intp)
