"""Signs of a leak: names from after the decision, row numbers, outcomes turned into numbers, rows on both sides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.evaluation.discrimination import auc
from guilder.evaluation.leak_shapes import code_area, ends, last_digits, too_smooth
from guilder.evaluation.leakage import Suspicion, suspicions

Severity = Literal["warn", "stop", "accepted"]
Outcomes = NDArray[np.intp]

STOP_MISSING = 0.9
"""Being missing ranks outcomes this well by itself: a form filled in after the default. Honest banks reach 0.79."""
TOO_MUCH, MUCH = 3.0, 1.5
"""Information value of a fact that stops, and of one that is asked about; the largest honest one is 1.9."""
LIFT, LIFT_WARNS = 40.0, 20.0
"""Odds of one bin over those of all, beyond which it holds hardly anything but bads; honest bins reach 8."""
BY_VALUE, BY_CODE = 0.95, 0.8
"""AUC at which bad rates of values, learned on other rows, stop, and of words are asked about; honest: 0.71."""
DIGITS, DIGITS_WARN = 0.85, 0.75
"""AUC at which the last two digits of a fact stop, and are asked about; honest ones reach 0.69."""
SMOOTH, SMOOTH_CHANCE = 0.4, -14.0
"""How near bad rates of values lie to a curve, and the log chance of it, before they were made of outcomes; honest
facts stray by 0.9 and more."""
PURE_SHARE, PURE_WARNS, PURE_BADS = 0.2, 0.1, 20
"""Bads (share that stops, share that is asked about, rows) that hold hardly a good; HMEQ has honest ones of 0.09."""
ID_AUC = 0.6
"""A row number that ranks outcomes this well stops."""
ENCODED = 0.001
"""Mean distance of a fact from the bad rate of the rows that share its value, under which it was made of outcomes."""
LEVELS = 100
"""Categories with more levels are near to being names."""
TWINS_STOP, TWINS_WARN, TWINS_LEAST = 0.05, 0.01, 10
"""Share of the test rows with a twin in training, and how many such rows at the least."""
SINGULAR = 3.0
"""Entropies of the facts together, in multiples of that of the row's number, before twins are no chance."""
MANY = 20
"""Values of a number that a row is told by."""
AFTER = re.compile(
    r"(^|_)(dpd\d*|arrears|overdue|past_due|days_late|late_fees?|collections?|collector|recover(y|ies|ed)|write_?offs?|"
    r"writeoff\w*|written_off|charged?_?offs?|default(ed)?|npl|delinquen\w*|foreclos\w*|repossess\w*|settle(d|ment)|"
    r"closed|loss|lgd|outcome|bad|target|after|bailiffs?|legal_action|litigation|insolven\w*|debt_sale|hardship|"
    r"forbearance|paid_off|payoff|repaid|payments_made|(last|next|total)_(pymnt|payment)\w*|(loan|final)_status|"
    r"out(standing)?_(prncp|principal)|total_rec|performance)(_|$)"
)
"""Words in a name that speak of what comes after the decision; a name alone only warns."""


@dataclass(frozen=True)
class Finding:
    """One sign of a leak: of what kind, in which fact, how bad, on what evidence, and what to do."""

    id: str
    fact: str
    severity: Severity
    message: str
    evidence: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "id": self.id, "fact": self.fact, "severity": self.severity, "message": self.message,
            "evidence": dict(self.evidence),
        }  # fmt: skip


class Binned(Protocol):
    """A fact cut into bins, missing values one of them."""

    @property
    def iv(self) -> float:
        """Information value."""

    @property
    def bads(self) -> NDArray[np.float64]:
        """Bads by bin."""

    @property
    def goods(self) -> NDArray[np.float64]:
        """Goods by bin."""


def fact_signs(
    X: pd.DataFrame, y: Outcomes, seen: NDArray[np.intp], binned: Mapping[str, Binned]
) -> list[Finding]:
    """Look at every fact by itself.

    Parameters
    ----------
    X : DataFrame of shape (n, facts)
        All rows, in the order of the bank's loans.
    y : array of shape (n,)
        1 is a bad, 0 a good.
    seen : array of int
        Rows of training and validation: what ranks outcomes is looked for there.
    binned : mapping of fact to Binned
        Its bins on those rows.
    """
    found = [_of_suspicion(one) for one in suspicions({str(n): X[n].to_numpy()[seen] for n in X}, y[seen])]
    for name in map(str, X.columns):
        column = X[name]
        if AFTER.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()):
            found.append(_warn("name", name, "its name speaks of what comes after the decision", {}))
        if name in binned:
            pure = _of_bins(name, binned[name])
            binned_shows = any(one.id == "hardly a good" for one in pure)
            found += pure if binned_shows else [*pure, *_of_levels(name, column.iloc[seen], y[seen])]
        numbers = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
        found += (_of_numbers if numbers else _of_words)(name, column, y, seen)
    return found


def _of_suspicion(one: Suspicion) -> Finding:
    how = "alone ranks" if one.kind == "value" else "being missing alone ranks"
    said = f"{how} outcomes with AUC {one.auc:.3f}"
    stops = one.kind == "value" or one.auc > STOP_MISSING
    return (_stop if stops else _warn)(one.kind, one.fact, said, {"auc": one.auc})


def _of_bins(name: str, bins: Binned) -> list[Finding]:
    found = []
    if bins.iv > MUCH:
        make = _stop if bins.iv > TOO_MUCH else _warn
        found.append(make("information", name, f"its information value is {bins.iv:.2f}", {"iv": bins.iv}))
    return found + _of_purest(name, bins.bads, bins.goods)


def _of_levels(name: str, column: pd.Series[Any], y: Outcomes) -> list[Finding]:
    """Look at each value, at being missing and at both ends by themselves: bins join values that hold few goods.

    The end of a strong and honest fact is nearly pure too: it is only asked about.
    """
    code, kinds = pd.factorize(column, use_na_sentinel=False)
    tallies = [_tally(code, y, len(kinds)), _tally(column.isna().to_numpy(dtype=bool).astype(np.intp), y, 2)]
    bads, goods = (np.concatenate(side) for side in zip(*tallies, strict=True))
    found = _of_purest(name, bads, goods, y)
    known = column.notna().to_numpy(dtype=bool)
    if found or not pd.api.types.is_numeric_dtype(column) or not known.any():
        return found
    both = ends(column.to_numpy(dtype=np.float64, na_value=np.nan)[known], y[known])
    bads, goods = (np.concatenate(side) for side in zip(*both, strict=True))
    return [replace(one, severity="warn") for one in _of_purest(name, bads, goods, y)]


def _tally(code: NDArray[np.intp], y: Outcomes, kinds: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    bads = np.bincount(code, weights=y, minlength=kinds).astype(np.float64)
    return bads, np.bincount(code, minlength=kinds) - bads


def _of_purest(
    name: str, bads: NDArray[np.float64], goods: NDArray[np.float64], y: Outcomes | None = None
) -> list[Finding]:
    """Name the purest of several sets of rows, which are all rows unless ``y`` says what those hold."""
    every, honest = (float(bads.sum()), float(goods.sum())) if y is None else (float(y.sum()), float((1 - y).sum()))
    # Half a row in each keeps a bin without goods finite.
    lift = (bads + 0.5) / (goods + 0.5) * honest / max(every, 1.0)
    lift = np.where(bads >= max(PURE_BADS, PURE_WARNS * every), lift, 0.0)
    stops = (lift > LIFT) & (bads >= PURE_SHARE * every)
    worst = int((lift + stops * lift.max()).argmax())
    if lift[worst] <= LIFT_WARNS:
        return []
    evidence = {"bads": float(bads[worst]), "goods": float(goods[worst]), "lift": float(lift[worst])}
    held = f"{bads[worst]:.0f} of {every:.0f} bads and {goods[worst]:.0f} goods"
    make = _stop if stops[worst] else _warn
    return [make("hardly a good", name, f"rows alike in it are {held}, {lift[worst]:.0f} times the odds", evidence)]


def _of_numbers(name: str, column: pd.Series[Any], y: Outcomes, seen: NDArray[np.intp]) -> list[Finding]:
    value = column.to_numpy(dtype=np.float64, na_value=np.nan)
    known = ~np.isnan(value)
    if known.sum() < LEVELS:
        return []
    found = []
    x, outcome = value[known], y[known]
    kinds, place = np.unique(x, return_inverse=True)
    if len(kinds) == len(x) and (x == np.floor(x)).all() and np.ptp(x) < 3 * len(value):
        area = _area(outcome, x)
        order = abs(float(np.corrcoef(np.arange(len(x)), x)[0, 1]))
        make = _stop if area > ID_AUC else _warn
        said = f"it numbers the rows (all different, correlation with their order {order:.2f}), ranks outcomes "
        found.append(make("row number", name, f"{said}with AUC {area:.3f}", {"auc": area, "order": order}))
    if x.min() >= 0 and x.max() <= 1 and 2 < len(kinds) <= len(x) / 2:
        both = (np.flatnonzero(known), seen[known[seen]])
        off = min(_distance(value[rows], y[rows]) for rows in both if len(rows))
        if off < ENCODED:
            found.append(_stop("encoded", name, "its values are the bad rates of the rows that hold them",
                               {"distance": off, "values": len(kinds)}))  # fmt: skip
    if not any(one.id == "encoded" for one in found):
        strays, chance = min(too_smooth(value[rows], y[rows]) for rows in (np.flatnonzero(known), seen[known[seen]]))
        if strays < SMOOTH and chance < SMOOTH_CHANCE:
            said = f"bad rates of its values lie on a curve, nearer ({strays:.2f}) than chance lets them"
            found.append(_stop("encoded", name, said, {"strays": strays, "log_p": chance}))
    found += _of_digits(name, x, outcome, float(kinds[np.bincount(place).argmax()]), len(kinds))
    if 2 < len(kinds) <= len(x) / 5:
        area = code_area(place, outcome)
        if area > BY_VALUE and _area(outcome, x) <= BY_VALUE:
            said = f"bad rates of its {len(kinds)} values, learned on other rows, rank them with AUC {area:.3f}"
            found.append(_stop("code", name, said, {"auc": area, "values": len(kinds)}))
    usual = int(np.bincount(place).argmax())
    apart = known & (value != kinds[usual])
    apart = apart if (~apart).sum() >= len(value) / 2 else np.zeros(len(value), dtype=bool)
    bads, goods = int(y[apart].sum()), int(apart.sum() - y[apart].sum())
    if bads >= max(PURE_BADS, PURE_SHARE * y.sum()) and goods <= bads / 50:
        found.append(_stop("only bads", name, f"{bads} of {int(y.sum())} bads, {goods} goods hold another value than "
                           f"{kinds[usual]:g}", {"bads": bads, "goods": goods}))  # fmt: skip
    return found


def _of_digits(name: str, x: NDArray[np.float64], y: Outcomes, usual: float, kinds: int) -> list[Finding]:
    """Look at the last two digits of numbers that are neither nothing nor the usual one."""
    some = (x != 0) & (x != usual) & np.isfinite(x)
    code = last_digits(x[some]) if kinds > LEVELS and some.any() else None
    if code is None:
        return []
    area = code_area(code, y[some])
    pure = [
        replace(one, id="digits", message=one.message.replace("alike in it", "alike in its last two digits"))
        for one in _of_purest(name, *_tally(code, y[some], LEVELS), y)
    ]
    if area <= DIGITS_WARN or any(one.severity == "stop" for one in pure):
        return pure
    make = _stop if area > DIGITS else _warn
    return [make("digits", name, f"its last two digits alone rank outcomes with AUC {area:.3f}", {"auc": area})]


def _of_words(name: str, column: pd.Series[Any], y: Outcomes, seen: NDArray[np.intp]) -> list[Finding]:
    kinds, rows = int(column.nunique()), int(column.notna().sum())
    if kinds * 20 <= len(seen) and kinds <= LEVELS:  # `suspicions` ranks those
        return []
    code = pd.factorize(column.iloc[seen], use_na_sentinel=False)[0]
    if (area := code_area(code, y[seen])) > BY_CODE:
        said = f"bad rates of its {kinds} levels, learned on other rows, rank them with AUC {area:.3f}"
        return [(_stop if area > BY_VALUE else _warn)("code", name, said, {"auc": area, "values": kinds})]
    if kinds <= LEVELS:
        return []
    evidence = {"levels": kinds, "rows_a_level": rows / kinds}
    return [_warn("nearly a name", name, f"it has {kinds} levels, {rows / kinds:.1f} rows each", evidence)]


def _distance(value: NDArray[np.float64], y: Outcomes) -> float:
    kinds, place, rows = np.unique(value, return_inverse=True, return_counts=True)
    return float(np.abs(np.bincount(place, weights=y) / rows - kinds) @ rows / max(len(value), 1))


def _area(y: Outcomes, x: NDArray[np.float64]) -> float:
    if not 0 < y.sum() < len(y):
        return 0.5
    area = auc(y, x)
    return max(area, 1 - area)


def twins(X: pd.DataFrame, train: NDArray[np.intp], test: NDArray[np.intp]) -> list[Finding]:
    """Find test rows that are, to three digits, rows of training; only where rows hold enough to tell them apart."""
    numbers = [n for n in X if pd.api.types.is_numeric_dtype(X[n])]
    if sum(_entropy(X[n]) for n in X) < SINGULAR * np.log(len(X)):
        return []
    rich = [n for n in numbers if X[n].nunique() > MANY]
    rounded = {str(n): _three_digits(X[n]) if n in numbers else X[n].astype("str").to_numpy() for n in X}
    # A row that is mostly one value everywhere, such as an account never used, has honest twins.
    used = np.array([(X[n].notna() & (X[n] != 0)).to_numpy(dtype=np.intp) for n in rich]).reshape(len(rich), len(X))
    said = used.sum(axis=0) >= len(rich) / 2
    keys = pd.util.hash_pandas_object(pd.DataFrame(rounded, index=X.index), index=False).to_numpy()
    same = int((np.isin(keys[test], keys[train]) & said[test]).sum())
    share = same / max(len(test), 1)
    if same < TWINS_LEAST or share < TWINS_WARN:
        return []
    make = _stop if share >= TWINS_STOP else _warn
    told = f"{same} test rows ({share:.1%}) are, to three digits, rows of training"
    return [make("twins", "rows", told, {"rows": same, "share": share})]


def _entropy(column: pd.Series[Any]) -> float:
    share = column.value_counts(normalize=True, dropna=False).to_numpy(dtype=np.float64)
    share = share[share > 0]
    return float(-share @ np.log(share))


def _three_digits(column: pd.Series[Any]) -> NDArray[np.float64]:
    value = column.to_numpy(dtype=np.float64, na_value=np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = 10.0 ** (np.floor(np.log10(np.abs(value))) - 2)
        return np.where((value == 0) | ~np.isfinite(value), value, np.round(value / size) * size) + 0.0


ADVICE = {
    "twins": "take the copies out, or give all loans of one customer one customer_id",
    "row number": "leave it out of attributes; it says in what order the loans were written down",
    "nearly a name": "leave it out, or bring a coarser grouping",
}


def _stop(kind: str, fact: str, said: str, evidence: Mapping[str, float]) -> Finding:
    return _finding(kind, fact, "stop", said, evidence)


def _warn(kind: str, fact: str, said: str, evidence: Mapping[str, float]) -> Finding:
    return _finding(kind, fact, "warn", said, evidence)


def _finding(kind: str, fact: str, severity: Severity, said: str, evidence: Mapping[str, float]) -> Finding:
    todo = ADVICE.get(kind, "check that it is known before the decision")
    plain = {name: float(value) for name, value in evidence.items()}
    return Finding(kind, fact, severity, f"{fact}: {said}; {todo}", plain)
