"""The first n allowed products of every customer: deterministic, never padded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def first(score: Floats, popularity: Floats, allowed: Flags, n: int) -> tuple[Ints, Floats, Flags]:
    """Rank the allowed products: those with evidence by score, then the others by popularity.

    A score of zero says nothing, so it never orders anything: such products follow by popularity, and a product
    that nobody took is not offered at all. Ties go to the smaller column, that is, the smaller product_id.

    Parameters
    ----------
    score, popularity : array, shape (customers, products)
        Both at or above zero; popularity at most 1.
    allowed : array of bool, shape (customers, products)
    n : int
        Offers a customer at most.

    Returns
    -------
    chosen : array of int, shape (customers, n)
        Columns, -1 where there is nothing left to offer.
    value : array, shape (customers, n)
        The score, or the popularity where there was no score (NaN where nothing is offered).
    scored : array of bool, shape (customers, n)
        Whether the value is a score.
    """
    linked = score > 0
    # Rounded, so that a sum taken in another order cannot change who comes first.
    key = np.round(np.where(linked, 1.0 + score, popularity / 2), 12)
    key[~allowed | (key <= 0)] = -np.inf
    rows = np.arange(len(key))
    n = min(n, key.shape[1])
    chosen = np.full((len(key), n), -1, dtype=np.int64)
    if n > 12:
        order = np.argsort(-key, axis=1, kind="stable")[:, :n]
        chosen[:] = np.where(np.take_along_axis(key, order, axis=1) > -np.inf, order, -1)
    else:
        for place in range(n):  # a few passes of argmax are cheaper than a sort
            best = key.argmax(axis=1)
            found = key[rows, best] > -np.inf
            chosen[found, place] = best[found]
            key[rows, best] = -np.inf
    safe = np.maximum(chosen, 0)
    scored = np.take_along_axis(linked, safe, axis=1) & (chosen >= 0) if n else np.zeros(chosen.shape, dtype=bool)
    if not n:
        return chosen, np.zeros(chosen.shape), scored
    value = np.where(scored, np.take_along_axis(score, safe, axis=1), np.take_along_axis(popularity, safe, axis=1))
    return chosen, np.where(chosen >= 0, value, np.nan), scored
