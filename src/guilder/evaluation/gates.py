"""Gates before a score is used: facts and scores of today held against those of the day of training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from guilder.evaluation.reference import binned, is_number, levels_of
from guilder.evaluation.shift import MOVED, counted_shift

Floats = NDArray[np.float64]
Severity = Literal["stop", "warn", "accepted"]

UNSEEN_WARN, UNSEEN_STOP = 0.05, 0.20
"""Share of rows whose category training did not know, beyond the share that was rare there."""
FEWEST = 5
"""Rows with an unseen category from which a run stops for them: one of three customers is no trend."""
APART = 2.0
"""Population stability index from which two samples hardly overlap: another unit, another sign, another file."""
SCORE_APART, TIMES, ERRORS = 1.0, 3.0, 5.0
"""Index of the scores, ratio of their means and standard errors between them from which nothing is published."""


@dataclass(frozen=True)
class Gate:
    """One thing that a gate found."""

    id: str
    severity: Severity
    fact: str
    message: str
    value: float

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


def judge_facts(known: Mapping[str, Any], X: pd.DataFrame, of: str) -> list[Gate]:
    """Find the facts that are not what they were.

    Parameters
    ----------
    known : mapping
        What `reference` counted on the day of training.
    X : DataFrame of shape (m, facts)
        Facts of today; those that training did not count are not looked at.
    of : str
        Whose facts they are, for the message.
    """
    facts = {name: counts for name, counts in known["facts"].items() if name in X.columns}
    found: list[Gate] = []
    for name, counts in facts.items():
        if not len(X):
            break
        found += _number(name, counts, X[name], of, len(facts)) if is_number(counts) else _category(
            name, counts, X[name], of, len(facts)
        )
    return sorted(found, key=lambda gate: (("stop", "accepted", "warn").index(gate.severity), -gate.value))


def judge_scores(known: Mapping[str, Any], p: ArrayLike) -> list[Gate]:
    """Stop scores that are none, and scores whose level or spread is not that of training.

    Parameters
    ----------
    known : mapping
        What `numbers_reference` counted of scores that the model had not learned from.
    p : array of shape (m,)
        Scores of today.
    """
    now = np.asarray(p, dtype=np.float64).ravel()
    wrong = int((~np.isfinite(now) | (now < 0) | (now > 1)).sum())
    if wrong:
        said = f"{wrong:,} of {len(now):,} scores are no probability (not a number, or outside 0 to 1)"
        return [Gate("G-SCORE-004", "stop", "p_default", said, float(wrong))]
    then = float(known["mean"])
    if not len(now) or not then:
        return []
    mean = float(now.mean())
    rows = float(sum(known["counts"]))
    error = float(np.sqrt(now.var() / len(now) + known["spread"] ** 2 / max(rows, 1)))
    moved = counted_shift(np.asarray(known["counts"]), binned(now, known["edges"]))
    clear = abs(mean - then) > ERRORS * max(error, 1e-12)
    said = (f"the mean score is {mean:.4f}, and was {then:.4f} on the loans of the test "
            f"(population stability index {moved.psi:.2f}; chance stays under {moved.noise:.2f})")
    if (clear and not then / TIMES <= mean <= then * TIMES) or moved.over(SCORE_APART):
        return [Gate("G-SCORE-003", "stop", "p_default", said, moved.psi)]
    return [Gate("G-SCORE-003", "warn", "p_default", said, moved.psi)] if moved.over(MOVED) else []


def _number(name: str, counts: Mapping[str, Any], column: pd.Series[Any], of: str, tests: int) -> list[Gate]:
    if not pd.api.types.is_numeric_dtype(column):
        if column.isna().all():
            column = pd.Series(np.nan, index=column.index)
        else:
            return [Gate("G-SCORE-008", "stop", name, f"{name} of {of} was a number and is text now", 0.0)]
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    moved = counted_shift(np.asarray(counts["counts"]), binned(values, counts["edges"]), tests=tests)
    if not moved.over(MOVED):
        return []
    known = values[np.isfinite(values)]
    today = _figure(float(np.mean(known))) if len(known) else "nothing"
    said = (f"{name} of {of} has moved (population stability index {moved.psi:.2f}; chance stays under "
            f"{moved.noise:.2f}): its mean is {today} and was {_figure(float(counts['mean']))}")
    return [Gate("G-SCORE-002", "stop" if moved.over(APART) else "warn", name, said, moved.psi)]


def _figure(value: float) -> str:
    """Write a number of any size without powers of ten: whole from a thousand, else four figures."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _category(name: str, counts: Mapping[str, Any], column: pd.Series[Any], of: str, tests: int) -> list[Gate]:
    now, levels = levels_of(column), counts["levels"]
    known, rows = sum(levels.values()) + counts["other"], int(now.sum())
    strange = int(now[~now.index.isin(list(levels))].sum())
    rate = strange / rows - counts["other"] / known if rows and known else 0.0
    found = []
    if rate > UNSEEN_WARN:
        said = (f"{strange:,} of {rows:,} values of {name} of {of} are in no category that training had "
                f"({rate:.0%} more than were rare there)")
        stops = rate > UNSEEN_STOP and strange >= FEWEST
        found.append(Gate("G-SCORE-001", "stop" if stops else "warn", name, said, rate))
    before = np.array([*levels.values(), counts["other"], counts["missing"]], dtype=np.float64)
    after = np.array([*(int(now.get(level, 0)) for level in levels), strange, int(column.isna().sum())], dtype=float)
    moved = counted_shift(before, after, tests=tests)
    if not found and moved.over(MOVED):
        said = (f"the shares of {name} of {of} have moved (population stability index {moved.psi:.2f}; chance stays "
                f"under {moved.noise:.2f})")
        found.append(Gate("G-SCORE-002", "stop" if moved.over(APART) else "warn", name, said, moved.psi))
    return found
