"""Weights: the step of a pipeline that turns each fact into the weight of evidence of its bin."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from guilder.risk.binning import Bins, bin_categories, bin_numbers

Floats = NDArray[np.float64]

LEAST_IV = 0.01
"""Facts with less information value are left out, as are those with no more than chance gives to so many bins."""
NEAR = 0.95
"""Of two facts whose weights correlate this much the one of less information value is left out."""


class WeightOfEvidence(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Replace each fact by the weight of evidence of its bin; what training did not hold weighs 0.

    Parameters
    ----------
    categorical : list of int
        Columns of codes, 0 where missing.
    signs : list of int, optional
        +1 or -1 where the bad rate must rise or fall with the fact, 0 where the data choose; one for each column.

    Attributes
    ----------
    bins_ : list of Bins
        Of every column, those left out too.
    source_ : array of int
        The column each output came from.
    """

    def __init__(self, categorical: list[int] | None = None, signs: list[int] | None = None) -> None:
        self.categorical = categorical
        self.signs = signs

    def fit(self, X: Floats, y: NDArray[np.intp]) -> Self:
        """Cut every column into bins, and choose the columns that say something of their own."""
        codes, signs = set(self.categorical or []), self.signs or [0] * X.shape[1]
        self.bins_: list[Bins] = [
            bin_categories(X[:, place], y) if place in codes else bin_numbers(X[:, place], y, sign=signs[place])
            for place in range(X.shape[1])
        ]
        self.source_ = self._chosen(X, y)
        return self

    def transform(self, X: Floats) -> Floats:
        """Return the weights of the chosen columns, shape (rows, chosen)."""
        return np.column_stack([self.bins_[place].transform(X[:, place]) for place in self.source_.tolist()])

    def _chosen(self, X: Floats, y: NDArray[np.intp]) -> NDArray[np.intp]:
        bads, rows = float(y.sum()), len(y)
        chance = 1 / bads + 1 / (rows - bads)  # of the information value that each bin more has by chance, its mean
        iv = np.array([one.iv for one in self.bins_])
        bar = np.array([max(LEAST_IV, (len(one.bads) - 1) * chance) for one in self.bins_])
        order = [place for place in np.argsort(-iv, kind="stable").tolist() if iv[place] >= bar[place]]
        kept: list[int] = []
        weights: list[Floats] = []
        for place in order:
            one = self.bins_[place].transform(X[:, place])
            one = (one - one.mean()) / max(float(one.std()), 1e-12)
            if all(abs(float(one @ other)) / rows < NEAR for other in weights):
                kept.append(place)
                weights.append(one)
        # A learner needs a column, even one that says nothing.
        return np.array(sorted(kept) or [int(iv.argmax())], dtype=np.intp)
