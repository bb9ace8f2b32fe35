"""Scores of many rows by trees: small trees by codes of their answers, large ones by scikit-learn in two threads."""

from __future__ import annotations

from typing import Any

import numpy as np

from guilder.risk.row_blocks import blocks, in_threads
from guilder.risk.tree_blocks import Bundle, answers, bundles_of, codes, ranked
from guilder.risk.trees import Floats, Paths, has_trees, read_trees

MANY = 20_000
"""Rows from which this takes less time than the model's own way on one thread."""


def worth(model: Any, rows: int) -> bool:
    """Whether `tree_scores` should score so many rows with a model."""
    return rows >= MANY and has_trees(model)


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
    found = np.empty(len(X))
    trees, paths = read_trees(model)
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


def _values(paths: Paths, bundle: Bundle, patterns: Any) -> Floats:
    """Value of the leaf that each pattern of answers leads to."""
    starts = paths.first_step[paths.first_slot[bundle.leaves.start : bundle.leaves.stop + 1]]
    right = patterns[bundle.asks] == paths.goes_left[starts[0] : starts[-1], None]
    reached = np.logical_and.reduceat(right, starts[:-1] - starts[0], axis=0)
    return np.asarray(paths.value[bundle.leaves][reached.argmax(axis=0)])
