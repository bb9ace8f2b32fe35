"""Slices: where a model's PDs are off, among many slices of the facts, and whether chance alone would look so bad."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import expit

from guilder.evaluation.calibration import log_odds

Floats = NDArray[np.float64]
Members = NDArray[np.bool_]

BINS = 4
KINDS = 6
"""Most categories of a fact that are slices of their own."""
LEAST_ROWS, LEAST_BADS = 30, 5
"""Fewest rows of a slice, and fewest bads and goods that are expected of it."""
REPEATS = 500


@dataclass(frozen=True)
class Slice:
    """Rows that share a fact, or two: the facts and what they are there (``"> 3"``, ``"rent"``, ``"not known"``)."""

    facts: tuple[str, ...]
    values: tuple[str, ...]
    rows: Members


@dataclass(frozen=True)
class Excess:
    """What happened in a slice beyond its PDs: in standard errors, and how often the worst of all would by chance."""

    z: float
    p: float


def cut(facts: Mapping[str, ArrayLike], *, paired: int = 6) -> list[Slice]:
    """Cut rows into slices: quarters of each number, the commonest categories, what is missing, and pairs of these.

    Parameters
    ----------
    facts : mapping of name to array of shape (n,)
        Numbers with NaN for missing, or categories, the most important first.
    paired : int
        How many of the first facts are crossed with each other.
    """
    single = {name: list(_cut_one(name, np.asarray(values))) for name, values in facts.items()}
    found = [one for parts in single.values() for one in parts]
    for first, second in combinations(list(single)[:paired], 2):
        for left in single[first]:
            for right in single[second]:
                rows = left.rows & right.rows
                found.append(Slice(left.facts + right.facts, left.values + right.values, rows))
    return [one for one in found if one.rows.sum() >= LEAST_ROWS and not one.rows.all()]


def _cut_one(name: str, values: NDArray[np.generic]) -> Iterator[Slice]:
    if values.dtype.kind not in "biuf":
        words = np.array(["" if pd.isna(word) else str(word) for word in values.tolist()], dtype=object)
        kinds, rows = np.unique(words[words != ""].astype(str), return_counts=True)
        for kind in kinds[np.lexsort((kinds, -rows))][:KINDS].tolist():
            yield Slice((name,), (kind,), np.asarray(words == kind))
        yield Slice((name,), ("not known",), np.asarray(words == ""))
        return
    number = values.astype(np.float64)
    known = number[~np.isnan(number)]
    edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS)) if len(known) else np.zeros(0)
    part = np.where(np.isnan(number), -1, np.searchsorted(edges, number, side="left"))
    for place in range(len(edges) + 1):
        low = f"> {edges[place - 1]:.4g}" if place else ""
        high = f"≤ {edges[place]:.4g}" if place < len(edges) else ""
        yield Slice((name,), (" and ".join(end for end in (low, high) if end) or "any",), np.asarray(part == place))
    yield Slice((name,), ("not known",), np.asarray(part == -1))


def levelled(y: ArrayLike, p: ArrayLike) -> Floats:
    """Shift all PDs alike, in log-odds, so that they add up to the defaults seen.

    What is wrong everywhere is then wrong nowhere in particular. With one class only the PDs stay as they are.
    """
    truth, odds = np.asarray(y, dtype=np.float64), log_odds(p)
    if not 0 < truth.sum() < len(truth):
        return np.asarray(expit(odds))
    shift = brentq(lambda step: float(expit(odds + step).sum() - truth.sum()), -40.0, 40.0)
    return np.asarray(expit(odds + shift))


def excesses(
    y: ArrayLike, p: ArrayLike, members: Members, *, repeats: int = REPEATS, random_state: int = 0
) -> list[Excess | None]:
    """Measure how far the defaults of each slice are from its PDs.

    Parameters
    ----------
    y : array of shape (n,)
        1 is a bad, 0 a good.
    p : array of shape (n,)
        PDs; they are levelled first, so that only differences between slices count.
    members : array of bool of shape (n, slices)
        Which rows are in each.
    repeats, random_state : int
        How often the outcomes are drawn anew from the PDs, and the seed.

    Returns
    -------
    list of Excess or None
        ``z`` is defaults less the sum of the PDs over its standard deviation: above 0 the PDs are too low. ``p`` is
        the share of draws in which any slice at all lies that far out, so that among many slices of right PDs one is
        named in 5 of 100 runs. None where too few bads or goods are expected.
    """
    truth, chance = np.asarray(y, dtype=np.float64), levelled(y, p)
    part = members.astype(np.float32)
    expected, rows = chance @ part, part.sum(axis=0)
    enough = (expected >= LEAST_BADS) & (rows - expected >= LEAST_BADS) & (rows >= LEAST_ROWS)
    if not enough.any():
        return [None] * members.shape[1]
    part, expected = part[:, enough], expected[enough]
    error = np.sqrt((chance * (1 - chance)) @ part)
    z = (truth @ part - expected) / error
    rng = np.random.default_rng(random_state)
    drawn = (rng.random((repeats, len(chance)), dtype=np.float32) < chance.astype(np.float32)).astype(np.float32)
    # The level of each draw is put right as that of the outcomes was, to the first order: by its share of the variance.
    share = error**2 / float(chance @ (1 - chance))
    gap = drawn @ part - expected - np.outer(drawn.sum(axis=1) - chance.sum(), share)
    worst = np.sort(np.abs(gap / error).max(axis=1))
    beyond = (1 + repeats - np.searchsorted(worst, np.abs(z) - 1e-9)) / (repeats + 1)
    found: list[Excess | None] = [None] * members.shape[1]
    for place, one, chance_of in zip(np.flatnonzero(enough).tolist(), z.tolist(), beyond.tolist(), strict=True):
        found[place] = Excess(float(one), float(chance_of))
    return found
