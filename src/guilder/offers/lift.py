"""How much oftener customers with the same products hold another one, and how many they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

FEWEST = 10
"""Customers below whom no number is told."""


class Lift:
    """Counts over the holdings a recommender was fitted on; each pair of products is counted once.

    Parameters
    ----------
    owned : csr_matrix of bool, shape (customers, products)
    """

    def __init__(self, owned: csr_matrix) -> None:
        self._rows = csr_matrix(owned, dtype=np.float64)
        self._columns = csc_matrix(self._rows)
        self._share = np.asarray(self._rows.sum(axis=0)).ravel() / max(owned.shape[0], 1)
        self._known: dict[tuple[int, int], tuple[int, NDArray[np.float64]]] = {}

    def words(self, one: int, two: int, product: int) -> str:
        """Say it in words; empty where it is not more often, or of too few. ``two`` is -1 where there is one."""
        size, both = self._counts(one, two)
        if both[product] < FEWEST:
            return ""
        times = both[product] / size / self._share[product]
        if round(times, 1) <= 1.0:
            return ""
        those = "it" if two < 0 else "both"
        return f": customers with {those} hold this {times:.1f} times as often, {int(both[product]):,} of them"

    def _counts(self, one: int, two: int) -> tuple[int, NDArray[np.float64]]:
        pair = (one, two)
        if pair not in self._known:
            who = self._holders(one)
            who = who if two < 0 else np.intersect1d(who, self._holders(two), assume_unique=True)
            self._known[pair] = len(who), np.asarray(self._rows[who].sum(axis=0), dtype=np.float64).ravel()
        return self._known[pair]

    def _holders(self, product: int) -> NDArray[np.int32]:
        return np.asarray(self._columns.indices[self._columns.indptr[product] : self._columns.indptr[product + 1]])
