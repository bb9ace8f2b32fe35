"""Segments that keep who they are: a refit is compared with the segmentation before it, customer by customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from guilder.errors import ModelError
from guilder.segments.facts import read_facts

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

KEPT = 0.3
"""Customers in both of those in either (Jaccard) from which a segment is still the one it was."""
PART = 0.5
"""The share of a segment that must come from, or go to, another for it to be a part of it."""
MUCH = 0.2
"""The share of a segment that must go to each part for it to be split."""


@dataclass(frozen=True)
class Before:
    """The segmentation before this one, as it places the same customers today.

    Attributes
    ----------
    segments : ndarray of shape (n,)
        The id of each customer's segment, in the order of the rows to be fitted.
    names : mapping
        The automatic name of each segment by id.
    last : int
        The highest number that an id has ever had.
    """

    segments: NDArray[Any]
    names: Mapping[str, str]
    last: int

    def centres(self, points: Floats, rows: Labels) -> Floats | None:
        """Where the segments lie today by some of their customers; shape (segments, facts), None where nobody is.

        `points` holds the customers of those `rows`.
        """
        if not self.names:
            return None
        was = self.segments[rows]
        return np.array([points[was == each].mean(axis=0) for each in sorted(set(was))])

    @classmethod
    def of(cls, segmenter: Any, frame: pd.DataFrame) -> Before:
        """Let a fitted segmenter place customers, without its rules.

        `frame` holds raw facts by name. Where it has other facts than the segmenter knows, nobody is placed: no segment
        goes on, and only the numbers do.
        """
        try:
            labels = segmenter.predict(read_facts(frame, list(segmenter.feature_names_in_)))
        except ModelError:
            return cls(np.empty(0, dtype=object), {}, segmenter.last_)
        ids = list(segmenter.ids_)
        names = dict(zip(ids, segmenter.automatic_names_, strict=True))
        return cls(np.array(ids, dtype=object)[labels], names, segmenter.last_)


@dataclass(frozen=True)
class Identity:
    """What became of each segment.

    Attributes
    ----------
    ids : tuple of str
        The id of each new segment, in order.
    kept : mapping
        The share of customers (Jaccard) that a segment that stayed shares with itself before, by id.
    split : mapping
        Into which segments one was divided, by its id before.
    merged : mapping
        Of which segments one was made, by its id now.
    new, gone : tuple of str
        Ids that appear for the first time, and that are not used any more.
    last : int
        The highest number that an id has ever had: a new segment never takes the id of another.
    """

    ids: tuple[str, ...]
    kept: Mapping[str, float]
    split: Mapping[str, tuple[str, ...]]
    merged: Mapping[str, tuple[str, ...]]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    last: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "ids": list(self.ids), "kept": dict(self.kept), "new": list(self.new), "gone": list(self.gone),
            "split": {each: list(parts) for each, parts in self.split.items()},
            "merged": {each: list(parts) for each, parts in self.merged.items()},
        }  # fmt: skip


def first_ids(k: int) -> Identity:
    """Number segments that have no past: S1, S2, …"""
    ids = tuple(f"S{place + 1}" for place in range(k))
    return Identity(ids, {}, {}, {}, ids, (), k)


def align(before: Before | None, labels: Labels, k: int) -> Identity:
    """Give new segments their ids.

    Parameters
    ----------
    before : Before, optional
        The segmentation before; without one the ids are S1, S2, …
    labels : ndarray of shape (n,)
        The new segment of the same customers, from 0.
    k : int
        How many new segments there are.

    Returns
    -------
    Identity
        New segments and old ones are paired so that as many customers as possible stay (Kuhn 1955); a pair that shares
        `KEPT` of its customers keeps the id.
    """
    if before is None:
        return first_ids(k)
    old = sorted(before.names, key=_number)
    place = {each: row for row, each in enumerate(old)}
    cells = np.zeros((len(old), k))
    if old:
        np.add.at(cells, (pd.Categorical(before.segments, categories=old).codes, labels), 1)
    rows, columns = cells.sum(axis=1, keepdims=True), cells.sum(axis=0, keepdims=True)
    jaccard = cells / np.maximum(rows + columns - cells, 1)
    given: dict[int, str] = {}
    paired, with_column = (each.tolist() for each in linear_sum_assignment(-cells))
    for row, column in zip(paired, with_column, strict=True):
        if jaccard[row, column] >= KEPT:
            given[column] = old[row]
    last = before.last
    for column in range(k):
        if column not in given:
            last += 1
            given[column] = f"S{last}"
    ids = tuple(given[column] for column in range(k))
    leaves, comes = cells / np.maximum(rows, 1), cells / np.maximum(columns, 1)
    split = {
        each: parts for row, each in enumerate(old)
        if len(parts := _chosen(ids, (comes[row] >= PART) & (leaves[row] >= MUCH))) > 1
    }  # fmt: skip
    merged = {
        each: parts for column, each in enumerate(ids)
        if len(parts := _chosen(old, (leaves[:, column] >= PART) & (comes[:, column] >= MUCH))) > 1
    }  # fmt: skip
    kept = {each: float(jaccard[place[each], column]) for column, each in enumerate(ids) if each in place}
    new = tuple(each for each in ids if each not in place)
    gone = tuple(each for each in old if each not in ids)
    return Identity(ids, kept, split, merged, new, gone, last)


def _chosen(ids: Sequence[str], which: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(each for each, one in zip(ids, which, strict=True) if one)


def _number(identity: str) -> tuple[int, str]:
    digits = identity.removeprefix("S")
    return (int(digits), "") if digits.isdigit() else (0, identity)
