"""The champion: what the contest chose, fitted again on all that was known before the test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guilder.risk.candidates import Candidate, Slice, Spec
from guilder.risk.classifier import DefaultClassifier

FOLDS = 3
"""Folds that calibrate the champion: enough rows each, and half the time of five."""


@dataclass(frozen=True)
class Known:
    """All that was known before the test: rows to learn from, then rows for the level only; and what scored them."""

    rows: Slice
    learners: int
    """How many rows, the first ones, learners may see."""
    finalists: Sequence[Candidate]
    all_judged: bool
    """Whether the finalists were judged on just these rows, in this order."""
    folds: int
    """How many folds judged them."""

    def two(
        self, spec: Spec, signs: dict[str, int], cut_off: float, random_state: int
    ) -> tuple[DefaultClassifier, DefaultClassifier]:
        """Fit the champion and the logistic regression that stands beside it, which may be the same."""
        plain = Spec("logistic")
        champion = self.refit(spec, signs, cut_off, random_state)
        return champion, champion if spec == plain else self.refit(plain, signs, cut_off, random_state)

    def refit(self, spec: Spec, signs: dict[str, int], cut_off: float, random_state: int) -> DefaultClassifier:
        """Fit a specification on these rows; a scorecard is calibrated by a line, so that its points still add up."""
        held = self._held(spec)
        model = DefaultClassifier(
            spec.learner, spec.balancing, calibration="sigmoid" if spec.learner == "scorecard" else "auto",
            cv=FOLDS if held is None else self.folds, monotone=signs or None, cut_off=cut_off,
            settings=spec.settings or None, parts=[(one.learner, one.settings) for one in spec.parts] or None,
            random_state=random_state,
        )  # fmt: skip
        learn = np.arange(len(self.rows.y)) < self.learners
        return model.fit(self.rows.X, self.rows.y, groups=self.rows.groups, learn=learn, held=held)

    def _held(self, spec: Spec) -> NDArray[np.float64] | None:
        """Log-odds of all rows by models that have not seen them, where the folds of the contest were of all rows."""
        # By what is fitted itself, for two classifiers of the bank's own may bear one name.
        wanted = [[one.raw for one in self.finalists if one.spec == part] for part in spec.parts or (spec,)]
        return np.column_stack([found[0] for found in wanted]) if self.all_judged and all(wanted) else None
