"""Profit: what approving up to each cut-off gives: share approved, bad rate among them, and money, with intervals."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from guilder.evaluation.intervals import Figure, interval, resample_counts
from guilder.risk.policy import Policy

Floats = NDArray[np.float64]

AMOUNT = "amount"
"""The fact that says how large a loan is; without it, or where it is not known, loans count alike."""
POINTS = 41
"""Most points of the drawn curve."""


@dataclass(frozen=True)
class Book:
    """Loans whose outcome is known: outcome (1 is a bad), PD, amount, and whose they are."""

    y: NDArray[np.intp]
    p: Floats
    lent: Floats
    groups: NDArray[np.intp] | None = None


def amounts(X: pd.DataFrame) -> Floats:
    """What each loan lends; where it is not known, what the middle loan does; 1 where no loan says."""
    known = X[AMOUNT].to_numpy(dtype=np.float64, na_value=np.nan) if AMOUNT in X else np.full(len(X), np.nan)
    known = np.where(known > 0, known, np.nan)
    return np.where(np.isnan(known), np.nanmedian(known) if np.isfinite(known).any() else 1.0, known)


def earned(book: Book, policy: Policy) -> Floats | None:
    """What each loan earned: its margin where it was repaid, less lgd × ead where it was not; None without both."""
    if policy.margin is None or policy.lgd is None:
        return None
    return book.lent * np.where(book.y == 0, policy.margin, -policy.lgd * policy.ead)


def at_cut_offs(
    book: Book, cut_offs: ArrayLike, policy: Policy, *, repeats: int = 200, random_state: int = 0
) -> dict[str, list[Figure]]:
    """Measure each cut-off on these loans, all on the same resamples of customers.

    Parameters
    ----------
    book : Book
        n loans.
    cut_offs : array of shape (k,)
        A loan is approved, or referred, when its PD is below.
    policy : Policy
        Gives margin, lgd and ead; without them there is no ``profit``.
    repeats, random_state : int
        Of the bootstrap.

    Returns
    -------
    dict
        ``approval``, ``bad_rate`` (of the approved; NaN where none is) and ``profit``, what the approved loans earned
        as a share of the money that all loans asked for; each a list of k figures.
    """
    gain = earned(book, policy)
    taken = (book.p[:, None] < np.asarray(cut_offs, dtype=np.float64)).astype(np.float64)

    def measured(weights: Floats) -> dict[str, Floats]:
        approved = weights @ taken
        bads = (weights * book.y) @ taken
        found = {
            "approval": approved / weights.sum(axis=1, keepdims=True),
            "bad_rate": np.divide(bads, approved, out=np.full_like(bads, np.nan), where=approved > 0),
        }
        if gain is not None:
            found["profit"] = (weights * gain) @ taken / (weights @ book.lent)[:, None]
        return found

    value = measured(np.ones((1, len(book.y))))
    resamples = resample_counts(len(book.y), groups=book.groups, repeats=repeats, random_state=random_state)
    drawn = [measured(counts) for counts in resamples]
    return {
        name: [
            interval(float(value[name][0, place]), np.concatenate([part[name][:, place] for part in drawn]))
            for place in range(taken.shape[1])
        ]
        for name in value
    }


def curve(book: Book, policy: Policy, random_state: int) -> dict[str, list[Any]]:
    """Measure up to 41 cut-offs, from nobody approved to everybody; plain JSON for the report to draw."""
    quantiles = np.quantile(book.p, np.linspace(0, 1, POINTS)[:-1])
    steps = np.unique(np.r_[quantiles, np.nextafter(book.p.max(), 2.0)])
    found = at_cut_offs(book, steps, policy, random_state=random_state)
    return {"cut_off": steps.tolist(), **{name: [one.to_dict() for one in row] for name, row in found.items()}}


def policy_figures(
    policy: Policy, cut_off: float, validation: Book, test: Book, random_state: int
) -> dict[str, Any]:
    """Say what the policy is and what its cut-off does, where it was chosen and where it was not; plain JSON."""

    def seen(book: Book) -> dict[str, Any]:
        found = at_cut_offs(book, [cut_off], policy, random_state=random_state)
        referred = np.mean((book.p >= policy.refer_from * cut_off) & (book.p < cut_off))
        return {**{name: row[0].to_dict() for name, row in found.items()}, "referred": float(referred)}

    return {**asdict(policy), "break_even": policy.break_even, "validation": seen(validation), "test": seen(test)}
