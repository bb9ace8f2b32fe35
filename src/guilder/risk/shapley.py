"""Exact Shapley values of trees: what each column added to a score, given how training rows went through each tree."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guilder.risk.row_blocks import blocks, in_threads
from guilder.risk.tree_blocks import Bundle, answers, bundles_of, codes, every_code, ranked
from guilder.risk.trees import Flags, Floats, Paths, Trees, seen

FEW, AT_ONCE = 400, 8
"""Rows that are taken apart one by one, so many by a thread at a time; more are taken together, tree by tree.

What is worked out for a tree before its first row costs as much as 200 rows of small trees and 500 of large ones."""
PATTERNS = 10
"""Columns of a leaf up to which all of its patterns are worked out beforehand."""


def tree_contributions(trees: Trees, paths: Paths, X: Floats) -> tuple[float, Floats]:
    """Take scores of trees apart, exactly: score = base + sum over columns.

    Parameters
    ----------
    trees, paths
        As `trees.read_trees` gives them.
    X : array of shape (n, columns)
        What the model sees; NaN where not known.

    Returns
    -------
    base : float
        Mean score over the training rows, tree by tree.
    found : array of shape (n, columns)
    """
    base = trees.base + paths.mean
    return base, (_few if len(X) <= FEW else _many)(trees, paths, X)


def terms(value: Floats, share: Floats, inside: NDArray[Any]) -> Floats:
    """Take the values of leaves apart among the columns asked about on their way.

    A leaf is the game ``v × prod_j (inside_j if j is known else share_j)`` of its columns j. Its Shapley values are
    ``v × (inside_i - share_i) × ∫ prod_{j≠i} (t × inside_j + (1 - t) × share_j) dt`` over t from 0 to 1 (Owen's
    multilinear extension, 1972). The integrand is a polynomial of degree m - 1, for which Gauss-Legendre with m / 2
    points is exact. Summed over the leaves these are the path-dependent values of Lundberg et al., "From local
    explanations to global understanding with explainable AI for trees", 2020.

    Parameters
    ----------
    value : array of shape (leaves,)
    share : array of shape (m, leaves)
        Share of the training rows that meet a leaf's conditions on a column, above 0.
    inside : array of shape (m, leaves) or (m, leaves, patterns)
        1 where a row meets them, else 0.

    Returns
    -------
    array of the shape of ``inside``
    """
    if inside.ndim > share.ndim:
        share, value = share[..., None], value[:, None]
    gain = inside - share
    total = np.zeros(np.broadcast_shapes(gain.shape, share.shape))
    for point, weight in zip(*_gauss(len(share)), strict=True):
        mixed = share + point * gain
        product = weight * mixed[0]
        for one in mixed[1:]:
            product *= one
        total += product / mixed
    return np.asarray(total * gain * value)


@cache
def _gauss(m: int) -> tuple[Floats, Floats]:
    points, weights = np.polynomial.legendre.leggauss((m + 1) // 2)
    return (points + 1) / 2, weights / 2


def _few(trees: Trees, paths: Paths, X: Floats) -> Floats:
    """Shapley values of few rows, each by itself."""
    rounded, found = seen(trees, X), np.zeros(X.shape)

    def work(rows: slice) -> None:
        for row in range(rows.start, rows.stop):
            found[row] = _one(paths, rounded[row])

    in_threads(work, blocks(len(X), AT_ONCE))
    return found


def _one(paths: Paths, x: Floats) -> Floats:
    """Shapley values of one row, shape (columns,): the leaves of all trees at once."""
    if not len(paths.node):
        return np.zeros(len(x))
    inside = paths.met(x)
    own = [terms(paths.value[leaves], paths.share[slots], inside[slots]).ravel() for leaves, slots in paths.by_size]
    found = np.bincount(paths.columns, weights=np.concatenate(own), minlength=len(x))
    return np.asarray(found, dtype=np.float64)


def _many(trees: Trees, paths: Paths, X: Floats) -> Floats:
    """Shapley values of many rows: rows that answer a bundle's questions alike are worked out once."""
    bundles = bundles_of(paths)
    found = np.zeros((X.shape[1], len(X)))

    def work(rows: slice) -> None:
        ranks = ranked(trees, seen(trees, X[rows]))
        own, part = found[:, rows], np.empty(rows.stop - rows.start)
        for tree in bundles:
            ready = _tables(paths, tree)
            for bundle in tree:
                patterns, which = codes(answers(paths, trees, bundle, ranks))
                table = _table(paths, bundle, patterns, ready)
                for place, column in enumerate(bundle.columns.tolist()):
                    np.take(table[place], which, out=part, mode="clip")
                    own[column] += part

    in_threads(work, blocks(len(X)))
    return found.T


def _tables(paths: Paths, tree: list[Bundle]) -> dict[int, Floats]:
    """Work out, for the leaves of a tree, the terms of every pattern of conditions met: (slots, patterns) by leaf."""
    found: dict[int, Floats] = {}
    first, last = tree[0].leaves.start, tree[-1].leaves.stop
    size = np.diff(paths.first_slot[first : last + 1])
    for m in np.unique(size).tolist():
        if not 0 < m <= PATTERNS:
            continue
        leaves = first + np.flatnonzero(size == m)
        slots = paths.first_slot[leaves] + np.arange(m)[:, None]
        own = terms(paths.value[leaves], paths.share[slots], every_code(m)[:, None, :])
        found.update({leaf: own[:, place] for place, leaf in enumerate(leaves.tolist())})
    return found


def _table(paths: Paths, bundle: Bundle, patterns: Flags, ready: dict[int, Floats]) -> Floats:
    """Sum a bundle's terms for each pattern of answers: shape (columns, patterns)."""
    inside = patterns
    if bundle.by_node:
        starts = paths.first_step[bundle.slots.start : bundle.slots.stop + 1]
        right = patterns[bundle.asks] == paths.goes_left[starts[0] : starts[-1], None]
        inside = np.logical_and.reduceat(right, starts[:-1] - starts[0], axis=0)
    table = np.zeros((len(bundle.columns), patterns.shape[1]))
    for leaf in range(bundle.leaves.start, bundle.leaves.stop):
        slots = slice(int(paths.first_slot[leaf]), int(paths.first_slot[leaf + 1]))
        here = slice(slots.start - bundle.slots.start, slots.stop - bundle.slots.start)
        if leaf in ready:
            pattern = np.zeros(patterns.shape[1], dtype=np.intp)
            for met in inside[here]:
                pattern += pattern
                pattern += met
            own = ready[leaf].take(pattern, axis=1)
        else:
            own = terms(paths.value[[leaf]], paths.share[slots, None], inside[here][:, None, :])[:, 0]
        table[bundle.places[here]] += own  # the slots of a leaf are of different columns
    return table
