"""Counterfactuals: the smallest change to an application that would have made it pass, tried on the model itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.risk.classifier import DefaultClassifier
from guilder.risk.levers import FOLLOWS, LENGTH, PAID, Direction, Lever, levers
from guilder.risk.options import signs_of

Floats = NDArray[np.float64]
Score = Callable[[pd.DataFrame], Floats]

ROWS = 2000
"""Loans looked at together."""
COARSE = 8
"""Values of each of two facts that are tried together."""


@dataclass(frozen=True)
class Change:
    """A fact as it is and as it would have to be; what follows from another change is marked so."""

    fact: str
    now: float
    new: float
    follows: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"fact": self.fact, "now": self.now, "new": self.new, "follows": self.follows}


@dataclass(frozen=True)
class Counterfactual:
    """Changes that, made together, bring the PD under the line, and the PD they bring it to."""

    changes: tuple[Change, ...]
    p_default: float


@dataclass(frozen=True)
class Choice:
    """The nearest change found so far for one loan."""

    far: float
    moves: tuple[Lever, ...]
    new: tuple[float, ...]


@dataclass(frozen=True)
class _Search:
    """What a search knows of its model."""

    score: Score
    line: float
    seen: Mapping[str, Floats]
    """Quantiles of the training loans, by fact."""

    def distance(self, fact: str, now: Floats, new: Floats) -> Floats:
        """Say how far apart values are: the share of the training loans that lie between them."""
        edges, step = self.seen[fact], 1 / (len(self.seen[fact]) - 1)
        ends = (np.searchsorted(edges, side, "left") + np.searchsorted(edges, side, "right") for side in (now, new))
        low, high = ends
        return np.abs(high - low) * (step / 2) + np.abs(new - now) / (np.abs(now) + np.abs(new) + 1e-12) * 1e-3


def counterfactuals(
    classifier: DefaultClassifier, X: pd.DataFrame, line: float, can_change: Mapping[str, Direction] | None = None
) -> list[Counterfactual | None]:
    """Find for each loan the smallest feasible change that brings its PD under a line.

    One fact is changed where that is enough, else two; facts that follow from it (the monthly payment from the amount,
    the burden from the monthly payment) are changed with it. The size of a change is the share of the training loans
    that lie between the two values. Amounts are tried in steps of 2 % (5 % below 70 %), lengths and declared facts at
    values that training loans had.

    Parameters
    ----------
    classifier : DefaultClassifier
        The model. Every change that is returned has been scored with it.
    X : DataFrame of shape (n, facts)
        Loans with a PD at or above the line.
    line : float
        PD under which a loan passes.
    can_change : mapping of fact to "decrease", "increase", "either" or "never", optional
        What can be changed besides the terms of the loan.

    Returns
    -------
    list
        None where no change within what training loans had is enough.
    """
    names, known = classifier.fact_names, classifier.background_
    moves = levers(names, known, signs_of(classifier.monotone), can_change)
    seen = {name: known.quantiles[place] for place, name in enumerate(names)}
    search = _Search(lambda frame: classifier.predict_proba(frame)[:, 1], line, seen)
    found: list[Counterfactual | None] = []
    for start in range(0, len(X), ROWS):
        found += _of_block(search, X.iloc[start : start + ROWS], moves)
    return found


def _of_block(search: _Search, X: pd.DataFrame, moves: Sequence[Lever]) -> list[Counterfactual | None]:
    best: dict[int, Choice] = {}
    for lever in moves:
        _try(search, X, np.arange(len(X)), [lever], best)
    left = np.array([row for row in range(len(X)) if row not in best], dtype=np.intp)
    if len(left):
        for pair in combinations(moves, 2):
            _try(search, X, left, list(pair), best)
    found: list[Counterfactual | None] = [None] * len(X)
    for used in dict.fromkeys(choice.moves for choice in best.values()):
        rows = [row for row, choice in best.items() if choice.moves == used]
        new = np.array([best[row].new for row in rows])
        for row, one in zip(rows, _checked(search, X.iloc[rows], used, new), strict=True):
            found[row] = one
    return found


def _try(
    search: _Search, X: pd.DataFrame, rows: NDArray[np.intp], moves: list[Lever],
    best: dict[int, Choice],
) -> None:  # fmt: skip
    """Try all values of one lever, or coarser ones of two, on some rows, and keep what is nearer than the best."""
    part = X.iloc[rows]
    now = [part[lever.fact].to_numpy(np.float64, na_value=np.nan) for lever in moves]
    tries = [lever.tries(value) for lever, value in zip(moves, now, strict=True)]
    if len(moves) == 2:
        tries = [one[np.unique(np.linspace(0, len(one) - 1, COARSE).round().astype(int))] for one in tries]
        tries = [np.repeat(tries[0], len(tries[1]), axis=0), np.tile(tries[1], (len(tries[0]), 1))]
    far = np.sum([
        search.distance(lever.fact, value, new) for lever, value, new in zip(moves, now, tries, strict=True)
    ], axis=0)  # fmt: skip
    usable = ~np.isnan(np.sum(tries, axis=0))
    which, row = np.nonzero(usable)
    if not len(row):
        return
    frame = part.iloc[row]
    for lever, new in zip(moves, tries, strict=True):
        frame = lever.moved(frame, new[which, row])
    passes = np.zeros(usable.shape, dtype=bool)
    passes[which, row] = search.score(frame) < search.line
    cost = np.where(passes, far, np.inf)
    nearest = cost.argmin(axis=0)
    for place, choice in enumerate(nearest.tolist()):
        price, at = float(cost[choice, place]), int(rows[place])
        if np.isfinite(price) and (at not in best or price < best[at].far - 1e-12):
            best[at] = Choice(price, tuple(moves), tuple(float(new[choice, place]) for new in tries))


def _checked(
    search: _Search, X: pd.DataFrame, moves: Sequence[Lever], new: Floats
) -> list[Counterfactual | None]:
    """Score the changed loans once more and say what changed; nothing where one does not pass."""
    frame = X
    for lever, values in zip(moves, new.T, strict=True):
        frame = lever.moved(frame, values)
    p = search.score(frame)
    own = [lever.fact for lever in moves]
    also = [name for fact in own for name in (*FOLLOWS.get(fact, ()), *(PAID if fact == LENGTH else ()))]
    values = {
        fact: [part[fact].to_numpy(np.float64, na_value=np.nan).tolist() for part in (X, frame)]
        for fact in dict.fromkeys([*own, *also]) if fact in X
    }  # fmt: skip
    return [
        Counterfactual(
            tuple(
                Change(fact, now[row], then[row], fact not in own)
                for fact, (now, then) in values.items() if now[row] == now[row] and now[row] != then[row]
            ),
            float(p[row]),
        )
        if p[row] < search.line else None
        for row in range(len(X))
    ]  # fmt: skip
