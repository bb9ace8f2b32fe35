"""Reasons: the few facts that raised a PD most, those that move together said once, and none that may not be said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.risk.contributions import Contributions

Floats = NDArray[np.float64]
Words = Mapping[str, str] | Callable[[str], str]

MOST = 4
"""Reasons of one loan at the most."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact that raised a PD: what it is, by how much it raised the score, and its value for this loan.

    The contribution is in calibrated log-odds, and that of all facts that move together with this one.
    """

    fact: str
    contribution: float
    value: float | str | None
    meaning: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"fact": self.fact, "contribution": self.contribution, "value": self.value, "meaning": self.meaning}


@dataclass(frozen=True)
class Strongest:
    """The strongest reasons of many loans as arrays of shape (n, top), strongest first."""

    fact: NDArray[np.intp]
    """Number of the fact; -1 where there are no more."""
    contribution: Floats


def strongest(
    parts: Contributions, group: NDArray[np.intp], top: int = MOST, silent: Collection[str] = ()
) -> Strongest:
    """Find of each row the groups of facts that raised its score most, each by the fact that did most of it.

    Parameters
    ----------
    parts : Contributions
        Scores taken apart.
    group : array of shape (facts,)
        Facts of one number are one reason.
    top : int
        Reasons of a row at the most.
    silent : collection of str
        Facts that are never said: their part of a score stands in no reason.
    """
    rows = len(parts.values)
    said = [np.flatnonzero(group == one) for one in np.unique(group).tolist()]
    said = [kept for one in said if len(kept := np.array([f for f in one if parts.facts[f] not in silent], np.intp))]
    if not said:
        return Strongest(np.full((rows, 0), -1), np.zeros((rows, 0)))
    sums, facts = np.empty((rows, len(said))), np.empty((rows, len(said)), dtype=np.intp)
    for place, members in enumerate(said):
        if len(members) == 1:
            sums[:, place], facts[:, place] = parts.values[:, members[0]], members[0]
        else:
            own = parts.values[:, members]
            sums[:, place], facts[:, place] = own.sum(axis=1), members[own.argmax(axis=1)]
    order = np.argsort(-sums, axis=1, kind="stable")[:, :top]
    most = np.take_along_axis(sums, order, axis=1)
    return Strongest(np.where(most > 0, np.take_along_axis(facts, order, axis=1), -1), most)


def joined(parts: Sequence[Strongest]) -> Strongest:
    """Put blocks of rows one after the other."""
    facts, weights = [part.fact for part in parts], [part.contribution for part in parts]
    return Strongest(np.concatenate(facts), np.concatenate(weights))


def in_words(found: Strongest, facts: tuple[str, ...], X: Any, describe: Words | None = None) -> list[list[Reason]]:
    """List the reasons of each row, with the values of its facts; ``describe`` turns a fact's name into plain words."""
    words = describe.get if isinstance(describe, Mapping) else describe
    meanings = [(words(fact) or "") if words else "" for fact in facts]
    used = np.unique(found.fact[found.fact >= 0]).tolist()
    values = {fact: plain(X.iloc[:, fact] if isinstance(X, pd.DataFrame) else X[:, fact]) for fact in used}
    return [
        [
            Reason(facts[fact], weight, values[fact][row], meanings[fact])
            for fact, weight in zip(places, weights, strict=True) if fact >= 0
        ]
        for row, (places, weights) in enumerate(zip(found.fact.tolist(), found.contribution.tolist(), strict=True))
    ]  # fmt: skip


def plain(column: Any) -> list[float | str | None]:
    """Values of one fact as plain numbers and texts, None where it is not known."""
    if isinstance(column, pd.Series) and not pd.api.types.is_numeric_dtype(column):
        return [None if pd.isna(one) else str(one) for one in column.tolist()]
    numbers = column.to_numpy(np.float64, na_value=np.nan) if isinstance(column, pd.Series) else column
    return [None if one != one else one for one in np.asarray(numbers, dtype=np.float64).tolist()]
