"""Policy: the one rule that says where the cut-off lies, and what is decided at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guilder.errors import ModelError, UsageError
from guilder.evaluation.discrimination import ks_cut_off
from guilder.risk.bands import EDGES

Decision = Literal["approve", "refer", "decline"]


@dataclass(frozen=True)
class Policy:
    """What a bank decides for itself: at most one rule for the cut-off, and how its answers are worded.

    Parameters
    ----------
    cut_off : float, optional
        PD at or above which a loan is declined.
    target_approval : float, optional
        Share of the loans to be approved or referred, at the least.
    target_bad_rate : float, optional
        Mean PD that the loans below the cut-off may have together, at the most.
    lgd, margin : float, optional
        Loss given default, as a share of what is then outstanding, and what a good loan earns, as a share of its
        amount; both together make the cut-off the PD at which a loan earns nothing.
    ead : float
        Exposure at default: the share of the amount that is outstanding when a loan defaults.
    refer_from : float
        PDs from this share of the cut-off up to the cut-off are referred to a person.
    edges : tuple of float
        Upper PDs of the bands, lowest first.

    Raises
    ------
    UsageError
        With two rules, or half of one.
    """

    cut_off: float | None = None
    target_approval: float | None = None
    target_bad_rate: float | None = None
    lgd: float | None = None
    margin: float | None = None
    ead: float = 1.0
    refer_from: float = 0.8
    edges: tuple[float, ...] = EDGES

    def __post_init__(self) -> None:
        if (self.lgd is None) != (self.margin is None):
            raise UsageError("a cut-off by profit needs both lgd and margin", todo="give the other one too")
        targets = ("cut_off", "target_approval", "target_bad_rate", "margin")
        given = [name for name in targets if getattr(self, name) is not None]
        if len(given) > 1:
            raise UsageError(f"one cut-off, {len(given)} rules for it: {' and '.join(given)}", todo="keep one of them")

    @property
    def break_even(self) -> float | None:
        """PD at which a loan is expected to earn nothing; None where lgd and margin are not given.

        A good loan earns ``margin × amount``, a bad one loses ``lgd × ead × amount``. The expected profit
        ``(1 - p) × margin × amount - p × lgd × ead × amount`` is above zero for every PD under
        ``margin / (margin + lgd × ead)``, whatever the amount.
        """
        if self.lgd is None or self.margin is None:
            return None
        return self.margin / (self.margin + self.lgd * self.ead)


@dataclass(frozen=True)
class CutOff:
    """A PD and the rule that gave it."""

    p: float
    rule: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"p": self.p, "rule": self.rule}


def choose_cut_off(policy: Policy, y: ArrayLike, p: ArrayLike) -> CutOff:
    """Find the cut-off by the bank's rule on these rows (those of validation, never of the test).

    Without a rule it is the PD that separates goods from bads most (KS). What a target counts as approved is every
    loan below the cut-off, those that are referred included.

    Raises
    ------
    ModelError
        When not even the safest loan meets the bank's bad rate.
    """
    if policy.cut_off is not None:
        return CutOff(policy.cut_off, "set in bank.toml")
    if policy.break_even is not None:
        return CutOff(policy.break_even, "a loan at this PD is expected to earn nothing (margin, lgd, ead)")
    chance = np.sort(np.asarray(p, dtype=np.float64))
    if policy.target_approval is not None:
        loans = int(np.ceil(policy.target_approval * len(chance) - 1e-9))
        rule = f"approves {policy.target_approval:.4g} of the validation slice"
        return CutOff(_above(chance, chance[max(loans, 1) - 1]), rule)
    if policy.target_bad_rate is not None:
        value, rows = np.unique(chance, return_counts=True)
        mean = np.cumsum(value * rows) / np.cumsum(rows)  # rises, so the last that keeps the target is the largest
        kept = int(np.sum(mean <= policy.target_bad_rate * (1 + 1e-12)))
        if kept == 0:
            raise ModelError(
                f"no cut-off has a bad rate of {policy.target_bad_rate:.4g}: the safest PD is {value[0]:.4g}",
                known=f"all loans of the validation slice together have {mean[-1]:.4g}",
                todo="raise target_bad_rate, or set cut_off",
            )
        return CutOff(
            _above(chance, value[kept - 1]),
            f"the largest share of the validation slice with a mean PD of {policy.target_bad_rate:.4g} at the most",
        )
    return CutOff(ks_cut_off(y, p), "separates goods from bads most on the validation slice (KS)")


def _above(chance: NDArray[np.float64], last: float) -> float:
    """The middle between the last PD that is approved and the next one; 1 where there is none."""
    over = chance[chance > last]
    # Between two neighbours there is no middle: it would round down to the one that is approved.
    return max(float((last + over[0]) / 2), float(np.nextafter(last, 1.0))) if len(over) else 1.0


def decide(p: ArrayLike, cut_off: float, refer_from: float = Policy.refer_from) -> NDArray[np.str_]:
    """Say of each PD "approve", "refer" or "decline"."""
    chance = np.asarray(p, dtype=np.float64)
    return np.select([chance >= cut_off, chance >= refer_from * cut_off], ["decline", "refer"], "approve")
