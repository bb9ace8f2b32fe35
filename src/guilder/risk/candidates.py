"""Candidates: every learner with every balancing, fitted once on train and measured on the validation slice."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from guilder.evaluation.calibration import row_log_loss
from guilder.evaluation.discrimination import ks_cut_off
from guilder.evaluation.intervals import Figure
from guilder.risk.balancing import BALANCINGS
from guilder.risk.calibration import Calibrator
from guilder.risk.classifier import folds
from guilder.risk.learners import LEARNERS, fit_pipeline, raw_log_odds
from guilder.risk.measures import measure, to_dict

Floats = NDArray[np.float64]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Candidate:
    """One learner with one balancing, and its PDs on the validation slice before and after calibration."""

    learner: str
    balancing: str
    raw_p: Floats
    p: Floats
    raw: Mapping[str, Figure]
    calibrated: Mapping[str, Figure]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; ``seconds`` is for a caller with a clock to fill, this room has none."""
        return {
            "learner": self.learner, "balancing": self.balancing, "seconds": None,
            "raw": to_dict(self.raw), "calibrated": to_dict(self.calibrated),
        }  # fmt: skip

    def chart(self) -> dict[str, Any]:
        """The line the report draws about what balancing did to the level of the PD."""
        raw, fair = self.raw, self.calibrated
        return {
            "learner": self.learner, "balancing": self.balancing,
            "auc": fair["auc"].value, "pr_auc": fair["pr_auc"].value,
            "brier_raw": raw["brier"].value, "brier": fair["brier"].value,
            "mean_p_raw": raw["mean_p"].value, "mean_p": fair["mean_p"].value,
            "observed": fair["observed_rate"].value,
        }  # fmt: skip


@dataclass(frozen=True)
class Slice:
    """The rows of one slice: facts, outcomes (1 is a bad) and customers."""

    X: pd.DataFrame
    y: NDArray[np.intp]
    groups: NDArray[np.intp] | None = None


def try_candidates(
    train: Slice,
    valid: Slice,
    learners: Sequence[str],
    balancings: Sequence[str],
    *,
    monotone: Mapping[str, int] | None,
    cut_off: float | None,
    random_state: int,
    progress: Progress,
) -> list[Candidate]:
    """Fit the grid. Each candidate's own best cut-off (KS) on these rows is used where the bank sets none."""
    found = []
    y = valid.y
    halves = folds(y, valid.groups, 2, random_state)
    for learner in sorted(learners, key=LEARNERS.index):
        for balancing in sorted(balancings, key=BALANCINGS.index):
            progress(f"Training {learner}, balancing {balancing}")
            fitted = fit_pipeline(
                train.X, train.y, learner, balancing, monotone=monotone, random_state=random_state
            )
            raw = raw_log_odds(fitted, valid.X)
            scores = {"raw": np.asarray(expit(raw)), "calibrated": cross_calibrate(raw, y, halves)}
            offs = {name: ks_cut_off(y, p) if cut_off is None else cut_off for name, p in scores.items()}
            figures, _ = measure(y, scores, offs, groups=valid.groups, random_state=random_state)
            found.append(
                Candidate(
                    learner, balancing, scores["raw"], scores["calibrated"], figures["raw"], figures["calibrated"]
                )
            )
    return found


def cross_calibrate(
    raw: Floats, y: NDArray[np.intp], halves: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]]
) -> Floats:
    """Calibrate each half of the validation slice by the other, so that no row calibrates itself."""
    p = np.zeros(len(raw))
    for learn, apply in halves:
        p[apply] = Calibrator("sigmoid").fit(raw[learn], y[learn]).probabilities(raw[apply])
    return p


def choose(candidates: Sequence[Candidate], y: ArrayLike) -> tuple[Candidate, str]:
    """Choose the simplest candidate whose log loss is within one standard error of the best, and say why.

    The standard error is that of the paired difference of row losses. Simpler is: no balancing before class weights
    before SMOTE, then logistic before forest before boosting.
    """
    loss = [row_log_loss(y, one.p) for one in candidates]
    best = min(range(len(candidates)), key=lambda place: float(loss[place].mean()))

    def tied(place: int) -> bool:
        gap = loss[place] - loss[best]
        return float(gap.mean()) <= float(gap.std()) / math.sqrt(len(gap))

    order = sorted(
        (BALANCINGS.index(one.balancing), LEARNERS.index(one.learner), place)
        for place, one in enumerate(candidates)
        if tied(place)
    )
    champion, leader = candidates[order[0][2]], candidates[best]
    own = float(loss[order[0][2]].mean())
    why = f"log loss {own:.4f} on the validation slice, calibrated"
    if champion is leader:
        return champion, f"lowest {why}"
    return champion, (
        f"{why}; {leader.learner} with {leader.balancing} has {float(loss[best].mean()):.4f}, "
        "which is within one standard error, and the simpler candidate is taken"
    )
