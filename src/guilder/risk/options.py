"""Options: the words a default classifier may be told, and those that do not go together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from guilder.errors import UsageError
from guilder.risk.balancing import BALANCINGS, level_shift
from guilder.risk.boosters import EXTRAS
from guilder.risk.calibration import CALIBRATIONS
from guilder.risk.learners import LEARNERS

ENSEMBLE = "ensemble"


def check_options(learner: Any, balancing: str, calibration: str) -> None:
    """Refuse an unknown word, a learner that gives no scores, and a balancing that the rest cannot repair.

    Raises
    ------
    UsageError
        Naming the words that are known.
    """
    own = not isinstance(learner, str)
    known = (*LEARNERS, *EXTRAS, ENSEMBLE)
    told = {"learner": learner, "balancing": balancing, "calibration": calibration}
    for (name, word), words in zip(told.items(), (known, BALANCINGS, CALIBRATIONS), strict=True):
        if not (own and name == "learner") and word not in words:
            raise UsageError(f"unknown {name} {word!r}", known=f"known: {', '.join(words)}")
    if own and not (hasattr(learner, "predict_proba") or hasattr(learner, "decision_function")):
        raise UsageError(
            f"{type(learner).__name__} gives no probabilities and no scores",
            todo="pass a classifier that has predict_proba or decision_function",
        )
    inner = own and any(name.split("__")[-1] == "cv" for name in learner.get_params())
    if inner and balancing in ("smote", "oversample"):
        raise UsageError(
            f"{type(learner).__name__} makes folds of its own, and is not balanced by {balancing}",
            known="rows made up or repeated in training would lie on both sides of its folds",
            todo='take balancing="none" or "class_weight", or a learner without folds',
        )
    if not own and learner == ENSEMBLE and balancing != "none":
        raise UsageError(
            f"an ensemble is not made of learners balanced by {balancing}",
            known="rows made up or repeated in training would teach the weights that easy rows are all rows",
            todo='take balancing="none", or one learner',
        )
    if not own and calibration == "prior":
        level_shift(np.array([0, 1]), balancing, learner)


def signs_of(monotone: Mapping[str, int | str] | None) -> dict[str, int]:
    """Read directions, in words or numbers, as +1, -1 or 0."""
    words: dict[int | str, int] = {"increasing": 1, "decreasing": -1, 1: 1, -1: -1, 0: 0}
    wrong = {fact: sign for fact, sign in (monotone or {}).items() if sign not in words}
    if wrong:
        raise UsageError(f"unknown direction: {wrong}", known='known: "increasing", "decreasing", +1, -1')
    return {fact: words[sign] for fact, sign in (monotone or {}).items()}
