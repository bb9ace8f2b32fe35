"""Candidates: every learner with every balancing, measured on rows they have not seen, and the choice among them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from guilder.evaluation.calibration import reliability, row_log_loss
from guilder.evaluation.discrimination import ks_cut_off
from guilder.evaluation.intervals import Figure, resample_counts
from guilder.risk.balancing import BALANCINGS
from guilder.risk.boosters import EXTRAS
from guilder.risk.calibration import Calibrator
from guilder.risk.ensemble import fit_weights
from guilder.risk.folds import folds
from guilder.risk.learners import LEARNERS, at_once
from guilder.risk.measures import REPEATS, measure, to_dict
from guilder.risk.options import ENSEMBLE
from guilder.risk.settings import Settings

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
Progress = Callable[[str], None]

ORDER = (*LEARNERS, *EXTRAS)
"""Learners, the simplest first; then those of the caller's own, then the ensemble."""
TREES = (*LEARNERS[2:], *EXTRAS)
"""Learners of many trees, which nobody reads."""
CROSS = 5
"""Parts of the held-out rows: each is calibrated by the others."""
LIGHTEST = 0.05
"""A part of an ensemble that counts less than this share of all is left out."""
CLOSE = 0.001
"""Candidates within this share of the lowest log loss, and within its standard error, count as equal to it."""


@dataclass(frozen=True)
class Spec:
    """What is to be fitted: a learner with its settings and balancing, or an ensemble of such."""

    learner: Any
    balancing: str = "none"
    settings: Settings = field(default_factory=dict)
    parts: tuple[Spec, ...] = ()

    @property
    def name(self) -> str:
        """The learner's name, or its class."""
        return self.learner if isinstance(self.learner, str) else type(self.learner).__name__

    @property
    def plain(self) -> bool:
        """Whether nothing is done about few bads."""
        return self.balancing == "none"

    @property
    def simplicity(self) -> tuple[int, int]:
        """A number to sort by, the simplest first."""
        if self.learner == ENSEMBLE:
            return BALANCINGS.index(self.balancing), len(ORDER) + 1
        place = ORDER.index(self.learner) if isinstance(self.learner, str) else len(ORDER)
        return BALANCINGS.index(self.balancing), place

    @property
    def key(self) -> str:
        """A text that tells it from every other."""
        return repr(sorted(self.to_dict().items()))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        parts = [one.to_dict() for one in self.parts]
        made = {"learner": self.name, "balancing": self.balancing, "settings": dict(self.settings)}
        return made | ({"parts": parts} if parts else {})


@dataclass(frozen=True)
class Candidate:
    """One specification and its PDs on rows it has not seen, before and after calibration."""

    spec: Spec
    raw: Floats
    """Log-odds."""
    p: Floats
    before: Mapping[str, Figure]
    after: Mapping[str, Figure]
    reliability: Mapping[str, Any]
    """Mean PD against observed rate by tenths of the rows, ``raw`` and ``calibrated``."""

    @property
    def learner(self) -> str:
        """The learner's name."""
        return self.spec.name

    @property
    def balancing(self) -> str:
        """What was done about few bads."""
        return self.spec.balancing

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; ``seconds`` is for a caller with a clock to fill, this room has none."""
        return {
            **self.spec.to_dict(), "seconds": None, "rows": len(self.p),
            "raw": to_dict(self.before), "calibrated": to_dict(self.after),
        }  # fmt: skip

    def chart(self) -> dict[str, Any]:
        """The line the report draws about what balancing did to the level of the PD."""
        raw, fair = self.before, self.after
        return {
            "learner": self.learner, "balancing": self.balancing,
            "auc": fair["auc"].value, "pr_auc": fair["pr_auc"].value,
            "brier_raw": raw["brier"].value, "brier": fair["brier"].value,
            "log_loss_raw": raw["log_loss"].value, "log_loss": fair["log_loss"].value,
            "mean_p_raw": raw["mean_p"].value, "mean_p": fair["mean_p"].value,
            "observed": fair["observed_rate"].value, "reliability": dict(self.reliability),
        }  # fmt: skip


@dataclass(frozen=True)
class Slice:
    """The rows of one slice: facts, outcomes (1 is a bad) and customers."""

    X: pd.DataFrame
    y: NDArray[np.intp]
    groups: NDArray[np.intp] | None = None


@dataclass(frozen=True)
class Panel:
    """Rows that candidates are judged on, and how."""

    held: Slice
    parts: Sequence[tuple[Rows, Rows]]
    cut_off: float | None
    resamples: Sequence[NDArray[np.uint8]]
    """How often each row is drawn in each resample, the same for all candidates."""

    @classmethod
    def of(cls, held: Slice, cut_off: float | None, random_state: int) -> Panel:
        """Divide the rows so that each part can be calibrated by the others, customers whole."""
        drawn = resample_counts(len(held.y), groups=held.groups, repeats=REPEATS, random_state=random_state)
        parts = folds(held.y, held.groups, CROSS, random_state)
        return cls(held, parts, cut_off, [block.astype(np.uint8) for block in drawn])

    def judge(self, spec: Spec, raw: Floats) -> Candidate:
        """Measure one candidate. Its own best cut-off (KS) on these rows is used where the bank sets none."""
        scores = {"raw": np.asarray(expit(raw)), "calibrated": cross_calibrate(raw, self.held.y, self.parts)}
        return self._measured(spec, raw, scores)

    def together(self, candidates: Sequence[Candidate]) -> Candidate | None:
        """Judge the ensemble of these, or of those among them that count; None where one alone does."""
        raw = np.column_stack([one.raw for one in candidates])
        weights, _ = fit_weights(raw, self.held.y)
        kept = np.flatnonzero(weights >= LIGHTEST * weights.sum())
        if len(kept) < 2:
            return None
        blended, kept_raw = np.zeros(len(raw)), raw[:, kept]
        found = at_once([partial(fit_weights, kept_raw[learn], self.held.y[learn]) for learn, _ in self.parts])
        for (_, rest), (part, level) in zip(self.parts, found, strict=True):
            blended[rest] = kept_raw[rest] @ part + level
        spec = Spec(ENSEMBLE, parts=tuple(candidates[place].spec for place in kept.tolist()))
        p = np.asarray(expit(blended))
        return self._measured(spec, blended, {"raw": p})  # the weights calibrate

    def _measured(self, spec: Spec, raw: Floats, scores: Mapping[str, Floats]) -> Candidate:
        y = self.held.y
        offs = {name: ks_cut_off(y, p) if self.cut_off is None else self.cut_off for name, p in scores.items()}
        figures, _ = measure(y, scores, offs, counts=self.resamples)
        curves = {name: reliability(y, p) for name, p in scores.items()}
        last = "calibrated" if "calibrated" in scores else "raw"
        curves["calibrated"] = curves[last]
        return Candidate(spec, raw, scores[last], figures["raw"], figures[last], curves)


def cross_calibrate(
    raw: Floats, y: NDArray[np.intp], halves: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]]
) -> Floats:
    """Calibrate each half of the validation slice by the other, so that no row calibrates itself."""
    p = np.zeros(len(raw))
    for learn, apply in halves:
        p[apply] = Calibrator("sigmoid").fit(raw[learn], y[learn]).probabilities(raw[apply])
    return p


def choose(candidates: Sequence[Candidate], y: ArrayLike) -> tuple[Candidate, str]:
    """Choose the candidate of least log loss, or a simpler one that is as good, and say why.

    As good is: within one standard error of the paired difference of row losses, and within a tenth of a percent of the
    loss itself, for on few rows the error alone would call everything equal. Simpler is: logistic, scorecard, forest,
    boosting, and the ensemble last. But where no learner that can be read is as good, and the ensemble is within one
    standard error of the one that is, the ensemble is taken: it is no harder to read than many trees, and the best of
    several is partly the luckiest. A balanced learner must beat what is not balanced by a whole standard error: it
    changes what the PD means until it is calibrated, and a winner among many is often only lucky.
    """
    loss = {place: row_log_loss(y, one.p) for place, one in enumerate(candidates)}
    mean = {place: float(losses.mean()) for place, losses in loss.items()}
    plain = [place for place, one in enumerate(candidates) if one.spec.plain] or list(loss)

    def behind(place: int, other: int) -> tuple[float, float]:
        gap = loss[place] - loss[other]
        return float(gap.mean()), float(gap.std()) / math.sqrt(len(gap))

    best = min(plain, key=lambda place: mean[place])
    tied = [place for place in plain if behind(place, best)[0] <= min(behind(place, best)[1], CLOSE * mean[best])]
    taken = min(tied, key=lambda place: (candidates[place].spec.simplicity, place))
    single, surer = taken, [place for place in plain if candidates[place].spec.learner == ENSEMBLE]
    if candidates[taken].spec.learner in TREES and surer:
        further, error = behind(surer[0], taken)
        taken = surer[0] if further <= error else taken
    why = f"log loss {mean[taken]:.4f} on held-out rows, calibrated"
    leader = min(loss, key=lambda place: mean[place])
    ahead, error = behind(taken, leader)
    if not candidates[leader].spec.plain and candidates[taken].spec.plain:
        if ahead > error:
            clear = f"log loss {mean[leader]:.4f} on held-out rows, calibrated, {ahead:.4f} below any without balancing"
            return candidates[leader], f"lowest {clear}"
        return candidates[taken], (
            f"{why}; {candidates[leader].learner} with {candidates[leader].balancing} has {mean[leader]:.4f}, "
            "which is within one standard error, and balancing has to earn its place"
        )
    if taken == leader:
        return candidates[taken], f"lowest {why}"
    if taken != single:
        return candidates[taken], (
            f"{why}; {candidates[single].learner} alone has {mean[single]:.4f}, which is within one standard error, "
            "and several together are surer than the luckiest of them"
        )
    return candidates[taken], (
        f"{why}; {candidates[leader].learner} with {candidates[leader].balancing} has {mean[leader]:.4f}, "
        "which is within one standard error and a tenth of a percent, and the simpler candidate is taken"
    )
