"""Many rows through trees: facts as small whole numbers, trees cut into bundles of few questions, answers as codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from guilder.risk.trees import Flags, Floats, Paths, Places, Trees

QUESTIONS = 14
"""Questions of a bundle of several leaves at the most: their answers make a code under 16,384."""


@dataclass(frozen=True)
class Bundle:
    """Neighbouring leaves of one tree whose ways ask few questions together."""

    leaves: slice
    slots: slice
    nodes: Places
    """The questions; the answer of the first is the highest bit of the code."""
    asks: Places
    """Place, among these questions, of each step on the ways to the leaves."""
    by_node: bool
    """Whether the code's bits are the questions; those of a single leaf that asks more are its slots."""
    columns: Places
    places: Places
    """Place, among these columns, of each slot."""


@dataclass(frozen=True)
class Ranks:
    """Facts of a block of rows as ranks among a model's thresholds, by column."""

    of: dict[int, NDArray[Any]]
    """Number of thresholds below the value; as many as there are where it is not known."""
    missing_first: dict[int, NDArray[Any]]
    """One more than that, and 0 where it is not known; only columns that have such a row."""
    at: Places
    """Rank of each node's threshold."""


def bundles_of(paths: Paths) -> list[list[Bundle]]:
    """Cut each tree with a question into bundles, from left to right, once for each model."""
    found = _BUNDLES.get(paths)
    if found is None:
        found = _BUNDLES[paths] = _cut(paths)
    return found


_BUNDLES: WeakKeyDictionary[Paths, list[list[Bundle]]] = WeakKeyDictionary()


def _cut(paths: Paths) -> list[list[Bundle]]:
    steps_of = paths.first_step[paths.first_slot]
    node, trees = paths.node.tolist(), []
    ends = np.flatnonzero(np.r_[np.diff(paths.tree) != 0, True]) + 1
    first = 0
    for last in ends.tolist():
        tree: list[Bundle] = []
        start, asked = first, set[int]()
        for leaf in range(first, last):
            own = node[steps_of[leaf] : steps_of[leaf + 1]]
            if leaf > start and len(asked.union(own)) > QUESTIONS:
                tree.append(_bundle(paths, start, leaf))
                start, asked = leaf, set()
            asked.update(own)
        if asked:
            tree.append(_bundle(paths, start, last))
        if tree:
            trees.append(tree)
        first = last
    return trees


def _bundle(paths: Paths, first: int, last: int) -> Bundle:
    slots = slice(int(paths.first_slot[first]), int(paths.first_slot[last]))
    steps = slice(int(paths.first_step[slots.start]), int(paths.first_step[slots.stop]))
    nodes, asks = np.unique(paths.node[steps], return_inverse=True)
    columns, places = np.unique(paths.column[slots], return_inverse=True)
    return Bundle(slice(first, last), slots, nodes, asks, len(nodes) <= QUESTIONS, columns, places)


def ranked(trees: Trees, X: Floats) -> Ranks:
    """Replace the facts of a block of rows by their ranks among the model's thresholds."""
    inner = np.flatnonzero(trees.left >= 0)
    at = np.zeros(len(trees.left), dtype=np.intp)
    of: dict[int, NDArray[Any]] = {}
    missing_first: dict[int, NDArray[Any]] = {}
    for column in np.unique(trees.feature[inner]).tolist():
        own = inner[trees.feature[inner] == column]
        edges, at[own] = np.unique(trees.threshold[own], return_inverse=True)
        kind = np.min_scalar_type(len(edges) + 1)
        seen = np.ascontiguousarray(X[:, column])
        missing = np.isnan(seen)
        of[column] = np.searchsorted(edges, seen).astype(kind)
        if missing.any():
            of[column][missing] = len(edges)  # NaN is sorted behind infinity, which may itself be a threshold
            missing_first[column] = np.where(missing, 0, of[column] + 1).astype(kind)
    return Ranks(of, missing_first, at)


def answers(paths: Paths, trees: Trees, bundle: Bundle, ranks: Ranks) -> Iterator[Flags]:
    """Answer for every row of a block, one after the other, a bundle's questions (1: goes left) or slots (1: met)."""
    rows = len(next(iter(ranks.of.values())))
    answer = np.empty(rows, dtype=bool)

    def ask(node: int) -> Flags:
        column, rank = int(trees.feature[node]), int(ranks.at[node])
        if trees.missing_left[node] and column in ranks.missing_first:
            np.less_equal(ranks.missing_first[column], rank + 1, out=answer)
        else:
            np.less_equal(ranks.of[column], rank, out=answer)
        return answer

    if bundle.by_node:
        for node in bundle.nodes.tolist():
            yield ask(node)
        return
    for slot in range(bundle.slots.start, bundle.slots.stop):
        met = np.ones(rows, dtype=bool)
        for step in range(int(paths.first_step[slot]), int(paths.first_step[slot + 1])):
            met &= ask(int(paths.node[step])) == paths.goes_left[step]
        yield met


def codes(bits: Iterable[Flags]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Put rows of equal answers together.

    Returns
    -------
    patterns : array of shape (bits, patterns)
        The different answers.
    which : array of shape (n,)
        Pattern of each row.
    """
    # Eight answers fill a byte, whose sums take an eighth of the time of those of a whole number.
    code: NDArray[np.intp] | None = None
    byte, many = None, 0
    for many, answer in enumerate(bits, start=1):
        if byte is None:
            byte = answer.astype(np.uint8)
        else:
            byte += byte
            byte += answer
        if many % 8 == 0:
            code, byte = _appended(code, byte, 8), None
    if byte is not None:
        code = _appended(code, byte, many % 8)
    assert code is not None  # noqa: S101 - a bundle asks something
    if many <= QUESTIONS:
        occurs = np.flatnonzero(np.bincount(code, minlength=1 << many))
        place = np.zeros(1 << many, dtype=np.intp)
        place[occurs] = np.arange(len(occurs))
        which = place[code]
    else:
        occurs, which = np.unique(code, return_inverse=True)
    return ((occurs >> np.arange(many)[::-1, None]) & 1).astype(bool), which


def _appended(code: NDArray[np.intp] | None, byte: NDArray[np.uint8], bits: int) -> NDArray[np.intp]:
    if code is None:
        return byte.astype(np.intp)
    code <<= bits
    code |= byte
    return code


@cache
def every_code(bits: int) -> NDArray[np.float64]:
    """All patterns of so many bits, the highest bit first: shape (bits, 2**bits)."""
    numbers = np.arange(1 << bits)
    return ((numbers >> np.arange(bits)[::-1, None]) & 1).astype(np.float64)
