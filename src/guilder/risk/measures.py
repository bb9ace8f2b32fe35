"""Measures: every figure of one set of PDs with its interval, from one set of resamples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guilder.evaluation.calibration import calibration_errors, calibration_lines, row_log_loss
from guilder.evaluation.discrimination import confusion_figures, rank_figures, tallies
from guilder.evaluation.intervals import Figure, interval, resample_counts

Floats = NDArray[np.float64]

RANKING = ("auc", "gini", "ks", "pr_auc")
LEVEL = ("brier", "log_loss", "calibration_error", "calibration_slope", "mean_p", "observed_rate")
DECIDING = ("accuracy", "precision", "recall", "f1")
NAMES = (*RANKING, *LEVEL, *DECIDING)
REPEATS = 200
TALLIES = 2000
"""Tallies of the scores in a resample: more would move the ends of an AUC's interval in the fifth digit, of a KS's in
the fourth, and those of an average precision by a fiftieth of its width."""


def weighted(
    y: Floats, p: Floats, cut_off: float, weights: Floats, line: tuple[float, float] | None = None,
    most: int | None = None,
) -> dict[str, Floats]:  # fmt: skip
    """Compute every measure once per row of ``weights``, those of ranking on ``most`` tallies of the scores."""
    total = weights.sum(axis=1)
    deciding = confusion_figures(y, p >= cut_off, weights)
    return {
        **rank_figures(*tallies(y, p, weights, most)),
        "brier": weights @ (p - y) ** 2 / total,
        "log_loss": weights @ row_log_loss(y, p) / total,
        "calibration_error": calibration_errors(y, p, weights),
        "calibration_slope": calibration_lines(y, p, weights, line)[0],
        "mean_p": weights @ p / total,
        "observed_rate": weights @ y / total,
        **{name: deciding[name] for name in DECIDING},
    }


def measure(
    y: ArrayLike,
    scores: Mapping[str, Floats],
    cut_offs: Mapping[str, float],
    *,
    groups: ArrayLike | None = None,
    repeats: int = REPEATS,
    random_state: int = 0,
    counts: Iterable[NDArray[Any]] | None = None,
) -> tuple[dict[str, dict[str, Figure]], dict[str, dict[str, Figure]]]:
    """Measure several sets of PDs on the same rows and the same resamples, and their differences.

    Parameters
    ----------
    y : array of shape (n,)
        1 is a bad, 0 a good.
    scores : mapping of name to array of shape (n,)
        PDs; differences are taken of the first less each other.
    cut_offs : mapping of name to float
        A PD at or above it is called bad.
    groups, repeats, random_state
        Of the bootstrap; customers are resampled whole.
    counts : iterable of arrays of shape (r, n), optional
        The resamples themselves, where the caller measures on the same rows again: how often each row is drawn.

    Returns
    -------
    figures, differences : dict of name to dict of measure to Figure
    """
    truth = np.asarray(y, dtype=np.float64)
    whole = np.ones((1, len(truth)))
    value, shift, lines = {}, {}, {}
    for name, p in scores.items():
        slope, intercept = calibration_lines(truth, p, whole)
        lines[name] = (float(slope[0]), float(intercept[0])) if np.isfinite(slope[0]) else None
        value[name] = weighted(truth, p, cut_offs[name], whole)
        coarse = weighted(truth, p, cut_offs[name], whole, None, TALLIES)
        shift[name] = {one: value[name][one] - coarse[one] for one in RANKING}
    drawn: dict[str, dict[str, list[Floats]]] = {name: {one: [] for one in NAMES} for name in scores}
    if counts is None:
        counts = resample_counts(len(truth), groups=groups, repeats=repeats, random_state=random_state)
    for block in counts:
        often = block.astype(np.float64, copy=False)
        for name, p in scores.items():
            for one, found in weighted(truth, p, cut_offs[name], often, lines[name], TALLIES).items():
                drawn[name][one].append(found + shift[name].get(one, 0.0))
    repeated = {name: {one: np.concatenate(parts) for one, parts in all_.items()} for name, all_ in drawn.items()}
    figures = {
        name: {one: interval(float(value[name][one][0]), repeated[name][one]) for one in NAMES} for name in scores
    }
    first, *others = scores
    differences = {
        name: {
            one: interval(
                float(value[first][one][0] - value[name][one][0]), repeated[first][one] - repeated[name][one]
            )
            for one in NAMES
        }
        for name in others
    }
    return figures, differences


def to_dict(figures: Mapping[str, Figure]) -> dict[str, dict[str, float | None]]:
    """Plain JSON."""
    return {name: figure.to_dict() for name, figure in figures.items()}
