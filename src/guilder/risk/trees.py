"""Trees as plain arrays: read out of a fitted forest or boosting, walked, and taken apart into what each split did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Tree:
    """One binary tree: node 0 is the root, a leaf has ``left`` -1; values at or under the threshold go left."""

    feature: Places
    threshold: Floats
    left: Places
    right: Places
    missing_left: NDArray[np.bool_]
    value: Floats
    """What the tree adds to the score; at an inner node the mean over the training rows that passed it."""
    cover: Floats
    """Training rows (weighted) that passed."""


@dataclass(frozen=True)
class Trees:
    """An additive model of trees: score = base + sum of leaf values."""

    base: float
    trees: tuple[Tree, ...]
    single: bool
    """Whether the model compares in single precision."""
    space: str
    """What the sum is: "probability" or "log-odds"."""


def read_trees(model: Any) -> Trees:
    """Read the trees out of a fitted random forest or histogram gradient boosting of two classes."""
    if isinstance(model, RandomForestClassifier):
        return _forest(model)
    if isinstance(model, HistGradientBoostingClassifier):
        return _boosting(model)
    raise TypeError(f"{type(model).__name__} is not made of trees")


def _forest(model: Any) -> Trees:
    share = 1 / len(model.estimators_)
    return Trees(0.0, tuple(_tree(one.tree_, share) for one in model.estimators_), True, "probability")


def _tree(tree: Any, share: float) -> Tree:
    votes = np.asarray(tree.value[:, 0, :], dtype=np.float64)
    return Tree(
        np.asarray(tree.feature, dtype=np.intp), np.asarray(tree.threshold), np.asarray(tree.children_left),
        np.asarray(tree.children_right), np.asarray(tree.missing_go_to_left, dtype=bool),
        share * votes[:, 1] / votes.sum(axis=1), np.asarray(tree.weighted_n_node_samples),
    )  # fmt: skip


def _boosting(model: Any) -> Trees:
    trees = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        left = np.where(leaf, -1, nodes["left"].astype(np.intp))
        right = np.where(leaf, -1, nodes["right"].astype(np.intp))
        value, cover = nodes["value"].astype(np.float64), nodes["count"].astype(np.float64)
        # scikit-learn stores children after their parents; going backwards each mean is ready when it is needed.
        for node in range(len(nodes) - 1, -1, -1):
            if not leaf[node]:
                pair = [left[node], right[node]]
                value[node] = np.average(value[pair], weights=cover[pair])
        missing = nodes["missing_go_to_left"].astype(bool)
        feature = nodes["feature_idx"].astype(np.intp)
        trees.append(Tree(feature, nodes["num_threshold"].copy(), left, right, missing, value, cover))
    return Trees(float(np.ravel(model._baseline_prediction)[0]), tuple(trees), False, "log-odds")


def leaves(tree: Tree, X: NDArray[np.floating[Any]]) -> Places:
    """Find the leaf of each row."""
    node = np.zeros(len(X), dtype=np.intp)
    moving = np.arange(len(X))
    while len(moving):
        at = node[moving]
        inner = tree.left[at] >= 0
        moving, at = moving[inner], at[inner]
        seen = X[moving, tree.feature[at]]
        left = np.where(np.isnan(seen), tree.missing_left[at], seen <= tree.threshold[at])
        node[moving] = np.where(left, tree.left[at], tree.right[at])
    return node


def path_contributions(trees: Trees, X: Floats) -> tuple[float, Floats]:
    """Credit each split on a row's path with the change of the mean value it brought.

    Exactly additive: score = base + sum over columns. The change at a split goes to the column it asks about, as in
    Saabas, "Interpreting random forests", 2014; the base is the mean over the training rows. Unlike Shapley values
    the credit depends on the order of the questions.

    Returns
    -------
    base : float
    found : array of shape (n, columns)
    """
    seen = X.astype(np.float32) if trees.single else X
    found = np.zeros(X.shape)
    base = trees.base
    for tree in trees.trees:
        base += float(tree.value[0])
        table = _leaf_table(tree, X.shape[1])
        found += table[leaves(tree, seen)]
    return base, found


def _leaf_table(tree: Tree, width: int) -> Floats:
    """Build, for every node, the sums per column of all changes on the way to it."""
    table = np.zeros((len(tree.value), width))
    todo = [0]
    while todo:
        node = todo.pop()
        if tree.left[node] < 0:
            continue
        for child in (int(tree.left[node]), int(tree.right[node])):
            table[child] = table[node]
            table[child, tree.feature[node]] += tree.value[child] - tree.value[node]
            todo.append(child)
    return table
