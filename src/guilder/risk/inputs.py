"""Inputs: steps that make a matrix of facts fit for a learner, each knowing which fact every output came from."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from sklearn.base import BaseEstimator, TransformerMixin

from guilder.risk.columns import FIRST, LEAST_ROWS, OTHER

Floats = NDArray[np.float64]

_KNOTS = 256


class NormalScores(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Replace each number by the normal score of its rank, so that skew and outliers carry no weight.

    Equal values get the middle of their ranks: a fact that is mostly zero is not thrown to the far left, as it is
    where ranks are taken from the ends. Missing numbers become the median (score 0 by construction of the rank)
    and, where training had any, a flag column of their own is appended. Codes of categories pass untouched.

    Parameters
    ----------
    categorical : list of int
        Columns of codes.
    """

    def __init__(self, categorical: list[int] | None = None) -> None:
        self.categorical = categorical

    def fit(self, X: Floats, y: object = None) -> Self:
        """Learn each number's knots: at most 256 values and their normal scores."""
        self.knots_: list[Floats] = []
        self.scores_: list[Floats] = []
        skip = set(self.categorical or [])
        for place in range(X.shape[1]):
            known = X[:, place][~np.isnan(X[:, place])]
            knots, scores = (np.zeros(0), np.zeros(0)) if place in skip or not len(known) else _scores(known)
            self.knots_.append(knots)
            self.scores_.append(scores)
        self.flags_ = np.flatnonzero(np.isnan(X).any(axis=0))
        self.source_ = np.r_[np.arange(X.shape[1]), self.flags_]
        return self

    def transform(self, X: Floats) -> Floats:
        """Return scores and flags, shape (rows, columns + flags)."""
        facts = X.shape[1]
        found = np.empty((len(X), facts + len(self.flags_)))
        found[:, :facts] = X
        found[:, facts:] = np.isnan(X[:, self.flags_])
        skip = set(self.categorical or [])
        for place, (knots, scores) in enumerate(zip(self.knots_, self.scores_, strict=True)):
            if place in skip:
                continue
            missing = np.isnan(X[:, place])
            found[:, place] = np.interp(X[:, place], knots, scores) if len(knots) else 0.0
            found[missing, place] = 0.0
        return found


def _scores(known: Floats) -> tuple[Floats, Floats]:
    value, rows = np.unique(known, return_counts=True)
    middle = (np.cumsum(rows) - rows / 2) / len(known)
    if len(value) > _KNOTS:
        # Knots lie at even ranks; both ends are kept, so that new extremes get the score of the old ones.
        keep = np.unique(np.searchsorted(middle, np.linspace(middle[0], middle[-1], _KNOTS)))
        value, middle = value[keep], middle[keep]
    return value, np.asarray(ndtri(middle), dtype=np.float64)


class Curves(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Append to each normal score two bends, so that a linear learner can follow a curve.

    The bends are ``max(z - 0.7, 0)`` and ``max(-0.7 - z, 0)``: with the line itself they let the slope differ in the
    lowest quarter, the middle half and the highest quarter of the customers.

    Parameters
    ----------
    numeric : list of int
        Columns that hold normal scores.
    """

    def __init__(self, numeric: list[int] | None = None) -> None:
        self.numeric = numeric

    def fit(self, X: Floats, y: object = None) -> Self:
        """Bend only columns that take values beyond the bends on both sides of them."""
        columns = list(self.numeric or [])
        self.high_ = np.array([c for c in columns if len(np.unique(X[X[:, c] > 0.7, c])) > 2], dtype=np.intp)
        self.low_ = np.array([c for c in columns if len(np.unique(X[X[:, c] < -0.7, c])) > 2], dtype=np.intp)
        self.source_ = np.r_[np.arange(X.shape[1]), self.high_, self.low_]
        return self

    def transform(self, X: Floats) -> Floats:
        """Return the columns and their bends."""
        return np.hstack([X, np.maximum(X[:, self.high_] - 0.7, 0), np.maximum(-0.7 - X[:, self.low_], 0)])


class OneHot(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Replace columns of codes by one flag a code; codes that training did not hold give no flag at all.

    The numbers come first, in their order, then the flags.

    Parameters
    ----------
    categorical : list of int
        Columns of codes.
    """

    def __init__(self, categorical: list[int] | None = None) -> None:
        self.categorical = categorical

    def fit(self, X: Floats, y: object = None) -> Self:
        """Learn the codes of each column; "other" gets a flag only where it is common enough to be learned from."""
        categorical = list(self.categorical or [])
        self.numbers_ = np.array([c for c in range(X.shape[1]) if c not in categorical], dtype=np.intp)
        pairs = []
        for column in categorical:
            codes, rows = np.unique(X[:, column], return_counts=True)
            pairs += [(column, code) for code, n in zip(codes, rows, strict=True) if code >= FIRST or n >= LEAST_ROWS]
        if len(self.numbers_) == 0 and not pairs:  # a learner needs a column, even one that says nothing
            pairs = [(categorical[0], float(OTHER))]
        self.flags_ = np.array([column for column, _ in pairs], dtype=np.intp)
        self.codes_ = np.array([code for _, code in pairs], dtype=np.float64)
        self.source_ = np.r_[self.numbers_, self.flags_]
        return self

    def transform(self, X: Floats) -> Floats:
        """Return numbers and flags."""
        return np.hstack([X[:, self.numbers_], (X[:, self.flags_] == self.codes_).astype(np.float64)])
