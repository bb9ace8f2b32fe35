"""Scores of many rows by trees: small trees by codes of their answers, large ones by scikit-learn in two threads."""

from __future__ import annotations

from typing import Any

import numpy as np

from guilder.risk.row_blocks import blocks, in_threads
from guilder.risk.tree_blocks import Bundle, answers, bundles_of, codes, ranked
from guilder.risk.trees import Floats, Paths, Trees, has_trees, read_trees, seen

MANY = 20_000
"""Rows from which this takes less time than the model's own way on one thread."""
FEW = 24
"""Rows up to which it does too: all trees are walked at once, and not each by a call of its own."""


def worth(model: Any, rows: int) -> bool:
    """Whether `tree_scores` should score so many rows with a model."""
    return has_trees(model) and not FEW < rows < MANY


def tree_scores(model: Any, X: Floats) -> Floats:
    """Scores of a fitted forest (probabilities) or boosting (log-odds), to the last digit those of the model itself.

    Parameters
    ----------
    model : forest or histogram gradient boosting
    X : array of shape (n, columns)

    Returns
    -------
    array of shape (n,)
    """
    trees, paths = read_trees(model)
    if len(X) <= FEW:
        return _walked(trees, X)
    found = np.empty(len(X))
    base = trees.base + float(paths.value[np.diff(paths.first_slot) == 0].sum())  # trees that ask nothing
    bundles = [] if trees.probability else bundles_of(paths)

    def by_codes(rows: slice) -> None:
        ranks = ranked(trees, X[rows])
        own = np.full(rows.stop - rows.start, base)
        for (bundle,) in bundles:
            patterns, which = codes(answers(paths, trees, bundle, ranks))
            own += _values(paths, bundle, patterns).take(which)
        found[rows] = own

    def by_model(rows: slice) -> None:
        part = X[rows]
        found[rows] = model.predict_proba(part)[:, 1] if trees.probability else model.decision_function(part)

    small = bool(bundles) and all(len(tree) == 1 and tree[0].by_node for tree in bundles)
    in_threads(by_codes if small else by_model, blocks(len(X)))
    return found


def _walked(trees: Trees, X: Floats) -> Floats:
    """Go down all trees together, level by level, and add their values in the model's own order."""
    X, rows = seen(trees, X), np.arange(len(X))[:, None]
    node = np.repeat(trees.roots[None], len(X), axis=0)
    while (inner := trees.left[node] >= 0).any():
        asked = X[rows, np.maximum(trees.feature[node], 0)]  # a leaf asks about no column
        left = np.where(np.isnan(asked), trees.missing_left[node], asked <= trees.threshold[node])
        node = np.where(inner, np.where(left, trees.left[node], trees.right[node]), node)
    start = np.full((len(X), 1), trees.base)
    return np.asarray(np.add.accumulate(np.hstack([start, trees.value[node]]), axis=1)[:, -1] / trees.over)


def _values(paths: Paths, bundle: Bundle, patterns: Any) -> Floats:
    """Value of the leaf that each pattern of answers leads to."""
    starts = paths.first_step[paths.first_slot[bundle.leaves.start : bundle.leaves.stop + 1]]
    right = patterns[bundle.asks] == paths.goes_left[starts[0] : starts[-1], None]
    reached = np.logical_and.reduceat(right, starts[:-1] - starts[0], axis=0)
    return np.asarray(paths.value[bundle.leaves][reached.argmax(axis=0)])
