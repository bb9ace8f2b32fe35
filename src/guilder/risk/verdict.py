"""The verdict: the champion on the test slice beside its challenger and the base rate, in figures and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from guilder.evaluation.calibration import is_calibrated
from guilder.evaluation.intervals import Figure
from guilder.evaluation.leakage import TOO_GOOD_MODEL
from guilder.risk.candidates import Candidate, Slice
from guilder.risk.classifier import DefaultClassifier
from guilder.risk.learners import raw_log_odds
from guilder.risk.measures import measure, to_dict

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """What the test slice said: the champion's PDs, and every figure with its interval."""

    y: NDArray[np.intp]
    p: Floats
    raw_p: Floats
    challenger_p: Floats
    champion: Mapping[str, Figure]
    challenger: Mapping[str, Figure]
    base_rate: Mapping[str, Figure]
    over_challenger: Mapping[str, Figure]
    over_base_rate: Mapping[str, Figure]

    def metrics(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "test": to_dict(self.champion),
            "baseline": to_dict(self.base_rate),
            "challenger": {
                "learner": "logistic", "test": to_dict(self.challenger), "difference": to_dict(self.over_challenger),
            },
            "verdict": verdict(self.champion["auc"], self.over_base_rate["log_loss"]),
        }  # fmt: skip

    def warnings(self, chosen: Candidate) -> list[str]:
        """Say what a reader must not overlook."""
        found = []
        area, mean, rate = self.champion["auc"], self.champion["mean_p"], self.champion["observed_rate"]
        if area.value > TOO_GOOD_MODEL:
            found.append(f"the test AUC is {area.value:.3f}: above {TOO_GOOD_MODEL}, a leak until explained")
        if not is_calibrated(self.y, self.p):
            found.append(
                f"the mean PD {mean.value:.4f} lies outside the interval of the observed rate "
                f"({rate.value:.4f}, {int(self.y.sum())} bads in {len(self.y)} loans)"
            )
        slope = self.champion["calibration_slope"]
        if not slope.holds(1.0):
            found.append(
                f"the calibration slope is {slope.value:.2f} ({slope.low:.2f} to {slope.high:.2f}): PDs are spread too "
                f"{'wide' if slope.value < 1 else 'narrowly'} on the test loans"
            )
        if area.holds(0.5):
            found.append("the AUC's interval holds 0.5: the model is not to be used")
        before = chosen.after["auc"].value
        if before > area.high:
            found.append(
                f"the AUC was {before:.3f} on validation and is {area.value:.3f} on the test: "
                "the choice was lucky, or the population moved"
            )
        return found


def measure_test(
    champion: DefaultClassifier, challenger: DefaultClassifier, test: Slice, cut_off: float, random_state: int
) -> Outcome:
    """Score the test slice with both models and the base rate, and measure all three on the same resamples."""
    scores = {
        "champion": champion.predict_proba(test.X)[:, 1],
        "challenger": challenger.predict_proba(test.X)[:, 1],
        "base rate": np.full(len(test.y), champion.base_rate_),
    }
    figures, over = measure(
        test.y, scores, dict.fromkeys(scores, cut_off), groups=test.groups, random_state=random_state
    )
    return Outcome(
        test.y, scores["champion"], np.asarray(expit(raw_log_odds(champion.pipeline_, test.X))),
        scores["challenger"], figures["champion"], figures["challenger"], figures["base rate"], over["challenger"],
        over["base rate"],
    )  # fmt: skip


def verdict(auc: Figure, log_loss_gain: Figure) -> str:
    """Say in words whether the champion beats the constant base rate (``log_loss_gain`` below zero is better)."""
    if auc.holds(0.5):
        return "no better than the base rate"
    if auc.high < 0.5:
        return "worse than the base rate"
    if log_loss_gain.high < 0:
        return "better than the base rate"
    return "ranks better than the base rate, but its probabilities are no better"
