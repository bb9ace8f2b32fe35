"""Trees as plain arrays: those of a fitted forest or boosting in one table of nodes, and the paths to their leaves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Trees:
    """An additive model of trees: score = base + sum of the values of the leaves a row falls into, over ``over``.

    The nodes of all trees stand in one table, each tree's after the last one's; a leaf has ``left`` -1. Values at or
    under the threshold go left.
    """

    base: float
    over: int
    """Trees of a forest, which is the mean of their votes; 1 for boosting."""
    single: bool
    """Whether the model compares in single precision."""
    probability: bool
    """Whether the sum is a probability; log-odds otherwise."""
    roots: Places
    feature: Places
    threshold: Floats
    left: Places
    right: Places
    missing_left: Flags
    value: Floats
    cover: Floats
    """Training rows (weighted) that passed."""


@dataclass(frozen=True, eq=False)
class Paths:
    """The way to every leaf, tree by tree and from left to right.

    A leaf's *slots* are the different columns asked about on its way, each with the product of the shares of the
    training rows that went on along the way; a slot's *steps* are its questions and the sides to be on.
    """

    value: Floats
    tree: Places
    """Tree of each leaf."""
    first_slot: Places
    """First slot of each leaf, and one number more: the end."""
    column: Places
    share: Floats
    first_step: Places
    """First step of each slot, and the end."""
    node: Places
    goes_left: Flags

    low: Floats
    """A slot is met by values above this, NaN where by any."""
    high: Floats
    """And at or under this."""
    missing: Flags
    """Whether it is met by what is not known."""

    @cached_property
    def by_size(self) -> list[tuple[Places, Places]]:
        """Leaves with the same number of slots, and these slots: arrays of shape (leaves,) and (slots, leaves)."""
        size = np.diff(self.first_slot)
        groups = ((m, np.flatnonzero(size == m)) for m in np.unique(size[size > 0]).tolist())
        return [(leaves, self.first_slot[leaves] + np.arange(m)[:, None]) for m, leaves in groups]

    @cached_property
    def columns(self) -> Places:
        """Columns of the slots as `by_size` lists them, one size after the other."""
        return np.concatenate([self.column[slots].ravel() for _, slots in self.by_size])

    def met(self, x: Floats) -> Flags:
        """Say of each slot whether a row, seen as the model sees it, meets it."""
        asked = x[self.column]
        met = ~(asked <= self.low) & (asked <= self.high)
        return np.where(np.isnan(asked), self.missing, met) if np.isnan(x).any() else met

    @cached_property
    def mean(self) -> float:
        """Sum over the trees of their mean over the training rows: each leaf by the shares that go its way."""
        whole = np.ones(len(self.value))
        for leaves, slots in self.by_size:
            whole[leaves] = self.share[slots].prod(axis=0)
        return float(self.value @ whole)


def has_trees(model: Any) -> bool:
    """Whether `read_trees` can read a model."""
    return isinstance(model, RandomForestClassifier | ExtraTreesClassifier | HistGradientBoostingClassifier)


def seen(trees: Trees, X: Floats) -> Floats:
    """Facts as the model compares them."""
    return X.astype(np.float32).astype(np.float64) if trees.single else X


_READ: WeakKeyDictionary[Any, tuple[Trees, Paths]] = WeakKeyDictionary()
"""What was read, while its model lives: kept outside the model, whose stored bytes stay as they are."""


def read_trees(model: Any) -> tuple[Trees, Paths]:
    """Read the trees of a fitted forest or histogram gradient boosting of two classes, once for each model."""
    found = _READ.get(model)
    if found is None:
        trees = _boosting(model) if isinstance(model, HistGradientBoostingClassifier) else _forest(model)
        found = _READ[model] = trees, paths(trees)
    return found


def _forest(model: Any) -> Trees:
    parts = []
    for one in model.estimators_:
        tree = one.tree_
        parts.append((
            tree.feature, tree.threshold, tree.children_left, tree.children_right, tree.missing_go_to_left,
            tree.value[:, 0, 1], tree.weighted_n_node_samples,
        ))  # fmt: skip
    return _joined(0.0, len(parts), parts, single=True, probability=True)


def _boosting(model: Any) -> Trees:
    parts = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        left = np.where(leaf, -1, nodes["left"].astype(np.intp))
        right = np.where(leaf, -1, nodes["right"].astype(np.intp))
        parts.append((
            nodes["feature_idx"], nodes["num_threshold"], left, right, nodes["missing_go_to_left"], nodes["value"],
            nodes["count"],
        ))  # fmt: skip
    return _joined(float(np.ravel(model._baseline_prediction)[0]), 1, parts, single=False, probability=False)


def _joined(base: float, over: int, parts: list[tuple[Any, ...]], *, single: bool, probability: bool) -> Trees:
    sizes = np.array([len(part[0]) for part in parts], dtype=np.intp)
    roots = np.cumsum(sizes) - sizes
    feature, threshold, left, right, missing, value, cover = (np.concatenate(one) for one in zip(*parts, strict=True))
    shift = np.repeat(roots, sizes)
    return Trees(
        base, over, single, probability, roots, feature.astype(np.intp), threshold.astype(np.float64),
        np.where(left < 0, -1, left + shift), np.where(left < 0, -1, right + shift), missing.astype(bool),
        value.astype(np.float64), cover.astype(np.float64),
    )  # fmt: skip


def paths(trees: Trees) -> Paths:
    """Follow every leaf up to its root."""
    levels = _levels(trees)
    parent = np.full(len(trees.left), -1)
    under = np.where(trees.left < 0, 1, 0)
    for nodes in reversed(levels):
        inner = nodes[trees.left[nodes] >= 0]
        parent[trees.left[inner]] = parent[trees.right[inner]] = inner
        under[inner] = under[trees.left[inner]] + under[trees.right[inner]]
    first = np.zeros(len(under), dtype=np.intp)  # number, from left to right, of the first leaf under a node
    first[trees.roots] = np.cumsum(under[trees.roots]) - under[trees.roots]
    for nodes in levels:
        inner = nodes[trees.left[nodes] >= 0]
        first[trees.left[inner]] = first[inner]
        first[trees.right[inner]] = first[inner] + under[trees.left[inner]]
    at = np.flatnonzero(trees.left < 0)
    at = at[np.argsort(first[at])]
    tree = np.searchsorted(trees.roots, at, side="right") - 1
    leaf, node, side, ratio = _steps(trees, parent, at)
    order = np.lexsort((node, trees.feature[node], leaf))
    leaf, node, side, ratio = leaf[order], node[order], side[order], ratio[order]
    column = trees.feature[node]
    new = np.flatnonzero(np.r_[True, (np.diff(leaf) != 0) | (np.diff(column) != 0)][: len(leaf)])
    edge, some = trees.threshold[node], len(new) > 0
    share = np.multiply.reduceat(ratio, new) if some else np.zeros(0)
    low = np.fmax.reduceat(np.where(side, np.nan, edge), new) if some else np.zeros(0)
    high = np.minimum.reduceat(np.where(side, edge, np.inf), new) if some else np.zeros(0)
    missing = np.logical_and.reduceat(trees.missing_left[node] == side, new) if some else np.zeros(0, dtype=bool)
    return Paths(
        trees.value[at] / trees.over, tree, np.searchsorted(leaf[new], np.arange(len(at) + 1)), column[new], share,
        np.r_[new, len(leaf)], node, side, low, high, missing,
    )  # fmt: skip


def _levels(trees: Trees) -> list[Places]:
    """List the nodes by their depth, the roots first."""
    found = [trees.roots]
    while len(inner := found[-1][trees.left[found[-1]] >= 0]):
        found.append(np.concatenate([trees.left[inner], trees.right[inner]]))
    return found


def _steps(trees: Trees, parent: Places, at: Places) -> tuple[Places, Places, Flags, Floats]:
    """List all steps to the leaves: leaf, node that asks, whether it goes left there, and the share that does."""
    leaf, here = np.arange(len(at)), at
    found: list[tuple[Any, ...]] = []
    while len(leaf := leaf[rising := parent[here] >= 0]):
        here = here[rising]
        above = parent[here]
        found.append((leaf, above, trees.left[above] == here, trees.cover[here] / trees.cover[above]))
        here = above
    if not found:
        return np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0, bool), np.zeros(0)
    one, two, three, four = (np.concatenate(part) for part in zip(*found, strict=True))
    return one, two, three, four
