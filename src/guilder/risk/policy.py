"""Policy: where the cut-off lies, which band a PD falls in, and what is decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guilder.evaluation.calibration import jeffreys
from guilder.evaluation.discrimination import ks_cut_off
from guilder.evaluation.intervals import Figure

Floats = NDArray[np.float64]
Decision = Literal["approve", "refer", "decline"]

BANDS = "ABCDEFG"
EDGES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
"""Upper PDs of bands A to F; everything above is G. Fixed, so that a band means the same in every run."""


@dataclass(frozen=True)
class Policy:
    """What a bank decides for itself.

    Parameters
    ----------
    cut_off : float, optional
        PD at or above which a loan is declined; None lets the validation slice choose it.
    refer_from : float
        PDs from this share of the cut-off up to the cut-off are referred to a person.
    """

    cut_off: float | None = None
    refer_from: float = 0.8


@dataclass(frozen=True)
class CutOff:
    """A PD and the rule that gave it."""

    p: float
    rule: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"p": self.p, "rule": self.rule}


def choose_cut_off(policy: Policy, y: ArrayLike, p: ArrayLike) -> CutOff:
    """Take the bank's cut-off, or the PD that separates goods from bads most (KS) on these rows."""
    if policy.cut_off is not None:
        return CutOff(policy.cut_off, "set in bank.toml")
    return CutOff(ks_cut_off(y, p), "separates goods from bads most on the validation slice (KS)")


def band(p: ArrayLike) -> NDArray[np.str_]:
    """Letter of the band each PD falls in, A the safest."""
    return np.array(list(BANDS))[np.searchsorted(EDGES, np.asarray(p, dtype=np.float64), side="right")]


def decide(p: ArrayLike, cut_off: float, policy: Policy | None = None) -> NDArray[np.str_]:
    """Say of each PD "approve", "refer" or "decline"."""
    chance, near = np.asarray(p, dtype=np.float64), (policy or Policy()).refer_from * cut_off
    return np.select([chance >= cut_off, chance >= near], ["decline", "refer"], "approve")


def band_table(y: ArrayLike, p: ArrayLike) -> list[dict[str, Any]]:
    """Tabulate the bands that hold loans: how many, how many bad, mean PD and observed rate with its interval."""
    truth, chance = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    letters, edges = band(chance), (0.0, *EDGES, 1.0)
    table = []
    for place, letter in enumerate(BANDS):
        inside = letters == letter
        if not inside.any():
            continue
        bads, loans = int(truth[inside].sum()), int(inside.sum())
        low, high = jeffreys(bads, loans)
        table.append({
            "band": letter, "low": edges[place], "high": edges[place + 1], "loans": loans, "bads": bads,
            "mean_p": float(chance[inside].mean()),
            "observed": Figure(bads / loans, float(low), float(high)).to_dict(),
        })  # fmt: skip
    return table
