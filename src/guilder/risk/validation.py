"""Validation: every test of the champion on the test slice, beyond the measures it was compared by, as plain JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.evaluation.backtests import backtest, deciles, hosmer_lemeshow, spiegelhalter
from guilder.evaluation.brier import brier_parts
from guilder.evaluation.calibration import calibration_slope, log_loss
from guilder.evaluation.delong import auc_interval, auc_test
from guilder.evaluation.intervals import Figure
from guilder.evaluation.periods import gini_by_period, periods, trend
from guilder.evaluation.shift import MOVED, STILL, Shift, shift
from guilder.evaluation.slices import Excess, Slice, cut, excesses
from guilder.risk.bands import letters_of
from guilder.risk.robustness import robustness
from guilder.risk.validation_words import summary

Floats = NDArray[np.float64]

SLICED_FACTS, SLICED_ROWS = 30, 10_000
NAMED = 5
"""Most weak spots that are listed."""
PERIOD_BINS = 5
"""Bins of a fact from one period to the next: a month holds fewer loans than a training slice."""


@dataclass(frozen=True)
class Evidence:
    """What a validation looks at: the test slice as it was scored once, and what the model had learned from."""

    y: NDArray[np.intp]
    p: Floats
    challenger_p: Floats
    X: pd.DataFrame
    """Facts of the test rows."""
    learned: pd.DataFrame
    """Facts of the rows that the champion learned from."""
    held_p: Floats
    """PDs of those rows by models that had not seen them."""
    facts: Sequence[str]
    """The champion's facts, the most important first."""
    cut_off: float
    edges: tuple[float, ...]
    groups: NDArray[np.intp] | None = None
    when: NDArray[np.datetime64] | None = None
    """When the test loans were applied for."""


def validate(
    known: Evidence,
    predict: Callable[[pd.DataFrame], Floats],
    slope: Mapping[str, float | None],
    *,
    random_state: int = 0,
) -> dict[str, Any]:
    """Run the whole battery.

    Parameters
    ----------
    known : Evidence
        The test slice; nothing here chooses or changes anything.
    predict : callable
        PDs of changed facts, for the robustness only.
    slope : mapping
        The calibration slope with its bootstrap interval (``value``, ``low``, ``high``), as the test measured it.
    random_state : int
        Seed of the noise and of the draws behind the weak spots.

    Returns
    -------
    dict
        Plain JSON: ``discrimination``, ``brier``, ``calibration``, ``bands``, ``deciles``, ``periods``, ``stability``,
        ``weak_spots``, ``robustness`` and ``summary``, a light and a sentence for each family of tests.
    """
    spans = None if known.when is None else periods(known.when, known.y)
    part, names = deciles(known.p)
    letters, place = letters_of(known.p, known.edges)
    found: dict[str, Any] = {
        "rows": len(known.y), "bads": int(known.y.sum()),
        "discrimination": _discrimination(known),
        "brier": brier_parts(known.y, known.p),
        "calibration": _calibration(known, slope),
        "bands": backtest(known.y, known.p, place, letters),
        "deciles": backtest(known.y, known.p, part, names),
        "periods": _periods(known, spans),
        "stability": _stability(known, spans),
        "weak_spots": weak_spots(known, random_state),
        "robustness": robustness(
            predict, known.X, known.y, known.facts, known.cut_off, random_state=random_state
        ),
    }  # fmt: skip
    return {**found, "summary": summary(found)}


def _discrimination(known: Evidence) -> dict[str, Any]:
    area = auc_interval(known.y, known.p, known.groups)
    against = auc_test(known.y, known.p, known.challenger_p, known.groups)
    return {
        "auc": area.to_dict(), "gini": Figure(*(2 * end - 1 for end in (area.value, area.low, area.high))).to_dict(),
        "challenger": {"difference": against.difference.to_dict(), "z": against.z, "p": against.p},
    }  # fmt: skip


def _calibration(known: Evidence, slope: Mapping[str, float | None]) -> dict[str, Any]:
    whole = backtest(known.y, known.p, np.zeros(len(known.y), dtype=np.intp), ["all"])[0]
    said, seen = float(known.p.sum()), whole["observed"]
    return {
        "slope": dict(slope), "intercept": calibration_slope(known.y, known.p)[1],
        "in_the_large": {**whole, "observed_over_mean_p": {
            end: None if seen[end] is None or said <= 0 else seen[end] * len(known.y) / said for end in seen
        }},
        "hosmer_lemeshow": hosmer_lemeshow(known.y, known.p), "spiegelhalter": spiegelhalter(known.y, known.p),
    }  # fmt: skip


def _periods(known: Evidence, spans: tuple[str, NDArray[np.intp], list[str]] | None) -> dict[str, Any]:
    if spans is None:
        return {"length": None, "rows": [], "gini_slope": None}
    length, part, names = spans
    ginis = gini_by_period(known.y, known.p, part, known.groups)
    rows = {row["name"]: row for row in backtest(known.y, known.p, part, names)}
    for place, name in enumerate(names):
        if name not in rows:
            continue
        rows[name]["gini"] = ginis[place].to_dict()
        rows[name]["psi"] = _shifted(shift(known.held_p, known.p[part == place], tests=len(names)))
    slope = trend(ginis)
    return {"length": length, "rows": list(rows.values()), "gini_slope": slope and slope.to_dict()}


def _shifted(one: Shift) -> dict[str, float]:
    return {"psi": one.psi, "noise": one.noise}


def _stability(known: Evidence, spans: tuple[str, NDArray[np.intp], list[str]] | None) -> dict[str, Any]:
    score = shift(known.held_p, known.p)
    columns = {name: (_values(known.learned[name]), _values(known.X[name])) for name in known.facts}
    facts: list[dict[str, Any]] = []
    for name, (then, now) in columns.items():
        moved = shift(then, now, tests=len(columns))
        step = _restless(now, spans, len(columns))
        facts.append({"fact": name, **_shifted(moved), "moved": moved.over(MOVED), "restless": step})
    facts.sort(key=lambda row: -row["psi"])
    light = "red" if score.over(MOVED) else "amber" if score.over(STILL) else "green"
    return {"score": {**_shifted(score), "light": light}, "facts": facts}


def _restless(
    values: NDArray[Any], spans: tuple[str, NDArray[np.intp], list[str]] | None, many: int
) -> dict[str, Any] | None:
    """The largest step of one fact from one period to the next, where it is more than chance and moved."""
    if spans is None:
        return None
    _, part, names = spans
    held = [place for place in range(len(names)) if (part == place).any()]
    steps = [
        (shift(values[part == before], values[part == after], bins=PERIOD_BINS, tests=many * len(held)), names[after])
        for before, after in pairwise(held)
    ]
    over = [(step.psi, step.noise, name) for step, name in steps if step.over(MOVED)]
    return dict(zip(("psi", "noise", "period"), max(over), strict=True)) if over else None


def _values(column: pd.Series[Any]) -> NDArray[Any]:
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    return column.astype(object).where(column.notna(), None).to_numpy(dtype=object)


def weak_spots(known: Evidence, random_state: int) -> dict[str, Any]:
    """Look through quarters, categories and pairs of the first facts for slices whose defaults their PDs do not tell.

    Returns
    -------
    dict
        ``slices`` (how many were judged), ``rows`` (how many loans they were cut from), ``found`` (at most five that
        chance does not explain, the worst first, none of them mostly another) and ``nearest`` (the worst of all).
    """
    rng = np.random.default_rng(random_state)
    rows = np.sort(rng.permutation(len(known.y))[:SLICED_ROWS])
    y, p, X = known.y[rows], known.p[rows], known.X.iloc[rows]
    slices = cut({name: _values(X[name]) for name in list(known.facts)[:SLICED_FACTS]})
    empty = {"slices": 0, "rows": len(rows), "found": [], "nearest": None}
    if not slices:
        return empty
    judged = excesses(y, p, np.column_stack([one.rows for one in slices]), random_state=random_state)
    pairs = [(one, how) for one, how in zip(slices, judged, strict=True) if how is not None]
    # of two slices that are as far out, the one of a single fact says more
    pairs.sort(key=lambda pair: (-round(abs(pair[1].z), 6), len(pair[0].facts)))
    chosen: list[tuple[Slice, Excess]] = []
    for one, how in pairs:
        if how.p < 0.05 and len(chosen) < NAMED and all(_apart(one, other) for other, _ in chosen):
            chosen.append((one, how))
    return {
        **empty, "slices": len(pairs), "found": [_told(*pair, y, p) for pair in chosen],
        "nearest": _told(*pairs[0], y, p) if pairs else None,
    }  # fmt: skip


def _apart(one: Slice, other: Slice) -> bool:
    """Whether two slices share less than half of the smaller."""
    return int((one.rows & other.rows).sum()) < min(int(one.rows.sum()), int(other.rows.sum())) / 2


def _told(one: Slice, how: Excess, y: NDArray[np.intp], p: Floats) -> dict[str, Any]:
    inside = one.rows
    row = backtest(y[inside], p[inside], np.zeros(int(inside.sum()), dtype=np.intp), ["slice"])[0]
    return {
        "facts": list(one.facts), "values": list(one.values),
        **{key: row[key] for key in ("rows", "bads", "mean_p", "observed")},
        "z": how.z, "p": how.p, "log_loss": log_loss(y[inside], p[inside]),
    }  # fmt: skip
