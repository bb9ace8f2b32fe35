"""Levers: what of an application can be changed, by how much, and all that changes with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.risk.background import Background

Floats = NDArray[np.float64]
Direction = Literal["decrease", "increase", "either", "never"]

LENGTH = "term_months"
TERMS: Mapping[str, Direction] = {"amount": "decrease", "instalment": "decrease", LENGTH: "either"}
"""Terms of a loan that can be agreed on, unless the bank says otherwise."""
FOLLOWS: Mapping[str, Mapping[str, int]] = {
    "amount": {"instalment": 1, "amount_to_income": 1, "burden_inflow": 1, "burden_income": 1},
    "instalment": {"burden_inflow": 1, "burden_income": 1},
    "annual_income": {"burden_income": -1, "amount_to_income": -1},
    "monthly_inflow_365d": {"burden_inflow": -1},
}
"""Facts that are another one times (1) or divided by it (-1): they change in the same or in the inverse ratio."""
PAID = ("instalment", "burden_inflow", "burden_income")
"""What changes with the length of a loan."""

CUTS = (*np.arange(0.98, 0.69, -0.02).round(2).tolist(), *np.arange(0.65, 0.04, -0.05).round(2).tolist())
"""Shares of an amount that are tried, the largest first."""
LENGTHS = 12
STEPS = 20
"""Lengths and values of a declared fact that are tried at the most."""


@dataclass(frozen=True)
class Lever:
    """One fact that can be changed, and the values it may take, lowest first; none: shares of what was asked."""

    fact: str
    direction: Direction
    values: tuple[float, ...] = ()
    least: float = 0.0
    """The lowest value that training loans had."""

    def tries(self, now: Floats) -> Floats:
        """Give the values to try for each row, shape (tries, n), from the smallest change on; NaN where none is left.

        Shares of an amount are rounded down to three digits.
        """
        if not self.values:
            asked = np.array(CUTS)[:, None] * now
            unit = 10.0 ** (np.floor(np.log10(np.maximum(asked, 1e-9))) - 2)
            asked = np.floor(asked / unit + 1e-9) * unit
            return np.where((asked >= self.least) & (asked > 0), asked, np.nan)
        new = np.tile(np.array(self.values)[:, None], (1, len(now)))
        off = (new == now) | np.isnan(now)
        if self.direction == "decrease":
            off |= new > now
        if self.direction == "increase":
            off |= new < now
        new[off] = np.nan
        return np.take_along_axis(new, np.argsort(np.abs(new - now), axis=0, kind="stable"), axis=0)

    def moved(self, X: pd.DataFrame, new: Floats) -> pd.DataFrame:
        """Set the fact to its new values, and every fact that depends on it."""
        now = X[self.fact].to_numpy(dtype=np.float64, na_value=np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            made: dict[str, Floats] = {self.fact: new}
            if self.fact == LENGTH:
                ratio = repayment(now, X) / repayment(new, X)
                made |= {name: X[name].to_numpy(np.float64, na_value=np.nan) * ratio for name in PAID if name in X}
            for name, power in FOLLOWS.get(self.fact, {}).items():
                if name in X:
                    made[name] = X[name].to_numpy(np.float64, na_value=np.nan) * (new / now) ** power
        # What would be divided by nothing (a burden of no income) is not known, as it is in training.
        return X.assign(**{name: np.where(np.isinf(value), np.nan, value) for name, value in made.items()})


def repayment(months: Floats, X: pd.DataFrame) -> Floats:
    """Amount that is repaid by so many monthly payments of 1 at the loan's own rate (the annuity factor)."""
    rate = X["annual_rate"].to_numpy(np.float64, na_value=0.0) / 12 if "annual_rate" in X else np.zeros(len(X))
    owed = (1 - (1 + rate) ** -months) / np.where(rate == 0, 1.0, rate)
    return np.asarray(np.where(rate == 0, months, owed), dtype=np.float64)


def levers(
    names: Sequence[str], known: Background, signs: Mapping[str, int], can_change: Mapping[str, Direction] | None = None
) -> list[Lever]:
    """List what can be changed: the terms of the loan, and the facts that the bank names.

    Parameters
    ----------
    names : sequence of str
        The facts of the model.
    known : Background
        Of the model; no value outside of what training loans had is ever tried.
    signs : mapping of fact to +1 or -1
        A fact that the bank names is only moved the way that lowers the PD.
    can_change : mapping of fact to direction, optional
        The bank's own facts; "never" takes a term out.
    """
    wanted: dict[str, Direction] = {**TERMS, **(can_change or {})}
    if "amount" in names:
        wanted["instalment"] = "never"  # it follows from amount and length
    found = []
    for fact, direction in wanted.items():
        if fact not in names or direction == "never":
            continue
        seen = known.quantiles[list(names).index(fact)]
        if np.isnan(seen).any():
            continue
        if fact in ("amount", "instalment"):
            if direction != "increase" and signs.get(fact, 1) >= 0:
                found.append(Lever(fact, "decrease", least=float(seen[0])))
            continue
        if fact != LENGTH and (sign := signs.get(fact, 0)):
            good: Direction = "decrease" if sign > 0 else "increase"
            if direction not in ("either", good):
                continue
            direction = good
        values, most = np.unique(seen), LENGTHS if fact == LENGTH else STEPS
        values = values[np.unique(np.linspace(0, len(values) - 1, most).round().astype(int))]
        found.append(Lever(fact, direction, tuple(values.tolist())))
    return found
