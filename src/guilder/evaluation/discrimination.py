"""Discrimination: how well scores rank bads above goods (AUC, Gini, KS, average precision, curves, confusion)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def tallies(
    y: ArrayLike, score: ArrayLike, weights: Floats | None = None, most: int | None = None
) -> tuple[Floats, Floats]:
    """Count the bads and goods at each distinct score, highest score first.

    Parameters
    ----------
    y : array of shape (n,)
        1 is a bad, 0 a good.
    score : array of shape (n,)
        Higher is riskier; equal scores share one tally, so that ties are counted as ties.
    weights : array of shape (r, n), optional
        How often each row counts, once per resample.
    most : int, optional
        Tallies at the most: where there are more distinct scores, neighbours share one.

    Returns
    -------
    bad, good : arrays of shape (r, tallies)
    """
    truth, value = np.asarray(y, dtype=np.float64), np.asarray(score, dtype=np.float64)
    order = np.argsort(-value, kind="stable")
    value, truth = value[order], truth[order]
    starts = np.flatnonzero(np.r_[True, value[1:] != value[:-1]]) if len(value) else np.zeros(0, dtype=np.intp)
    if most is not None and len(starts) > most:
        starts = starts[np.linspace(0, len(starts), most, endpoint=False).astype(np.intp)]
    drawn = np.ones((1, len(value))) if weights is None else np.take(np.atleast_2d(weights), order, axis=1)
    bad = drawn * truth
    if len(starts) < len(value):
        drawn, bad = np.add.reduceat(drawn, starts, axis=1), np.add.reduceat(bad, starts, axis=1)
    return bad, drawn - bad


def rank_figures(bad: Floats, good: Floats) -> dict[str, Floats]:
    """Compute ``auc``, ``gini``, ``ks`` and ``pr_auc`` of each row of :func:`tallies`; NaN without both classes."""
    with np.errstate(divide="ignore", invalid="ignore"):
        bads, goods = bad.sum(axis=1), good.sum(axis=1)
        above, passed = bad.cumsum(axis=1), good.cumsum(axis=1)
        auc = ((above - bad / 2) * good).sum(axis=1) / (bads * goods)
        ks = np.abs(above / bads[:, None] - passed / goods[:, None]).max(axis=1)
        precision = above / np.where(above + passed > 0, above + passed, 1)
        average = (bad * precision).sum(axis=1) / bads
    return {"auc": auc, "gini": 2 * auc - 1, "ks": ks, "pr_auc": average}


def auc(y: ArrayLike, score: ArrayLike) -> float:
    """Area under the ROC curve: the chance that a bad scores above a good, ties counting half."""
    return float(rank_figures(*tallies(y, score))["auc"][0])


def gini(y: ArrayLike, score: ArrayLike) -> float:
    """Gini coefficient (accuracy ratio): twice the AUC less one."""
    return 2 * auc(y, score) - 1


def ks(y: ArrayLike, score: ArrayLike) -> float:
    """Kolmogorov–Smirnov distance between the scores of bads and of goods."""
    return float(rank_figures(*tallies(y, score))["ks"][0])


def pr_auc(y: ArrayLike, score: ArrayLike) -> float:
    """Average precision: the precision at each bad found, averaged over the bads (no interpolation)."""
    return float(rank_figures(*tallies(y, score))["pr_auc"][0])


def confusion_figures(y: ArrayLike, flagged: ArrayLike, weights: Floats | None = None) -> dict[str, Floats]:
    """Compute ``tn``, ``fp``, ``fn``, ``tp``, ``accuracy``, ``precision``, ``recall`` and ``f1`` per resample.

    ``flagged`` marks the rows called bad. A ratio over nothing is 0, as in scikit-learn.
    """
    truth, called = np.asarray(y, dtype=np.float64), np.asarray(flagged, dtype=np.float64)
    drawn = np.ones((1, len(truth))) if weights is None else np.atleast_2d(weights)
    tp, positive, claimed, total = drawn @ (truth * called), drawn @ truth, drawn @ called, drawn.sum(axis=1)
    fp, fn = claimed - tp, positive - tp
    tn = total - tp - fp - fn
    return {
        "tn": tn, "fp": fp, "fn": fn, "tp": tp,
        "accuracy": _share(tp + tn, total),
        "precision": _share(tp, claimed),
        "recall": _share(tp, positive),
        "f1": _share(2 * tp, claimed + positive),
    }  # fmt: skip


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def confusion(y: ArrayLike, score: ArrayLike, cut_off: float) -> dict[str, Any]:
    """Count goods and bads called good and bad when a score at or above ``cut_off`` is called bad."""
    found = confusion_figures(y, np.asarray(score) >= cut_off)
    counts = {name: round(float(found[name][0])) for name in ("tn", "fp", "fn", "tp")}
    return {**counts, **{name: float(found[name][0]) for name in ("accuracy", "precision", "recall", "f1")}}


def roc_curve(y: ArrayLike, score: ArrayLike) -> tuple[Floats, Floats]:
    """Trace false and true positive rates from (0, 0) to (1, 1), one point per distinct score."""
    bad, good = tallies(y, score)
    fpr = np.r_[0.0, good[0].cumsum() / good.sum()]
    return fpr, np.r_[0.0, bad[0].cumsum() / bad.sum()]


def pr_curve(y: ArrayLike, score: ArrayLike) -> tuple[Floats, Floats]:
    """Trace recall and precision from the highest score down, starting at recall 0 and precision 1."""
    bad, good = tallies(y, score)
    found, called = bad[0].cumsum(), (bad[0] + good[0]).cumsum()
    return np.r_[0.0, found / bad.sum()], np.r_[1.0, found / called]


def ks_curve(y: ArrayLike, score: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Trace the share of goods and of bads at or below each distinct score, lowest score first."""
    bad, good = tallies(y, score)
    value = np.unique(np.asarray(score, dtype=np.float64))
    return value, good[0][::-1].cumsum() / good.sum(), bad[0][::-1].cumsum() / bad.sum()


def ks_cut_off(y: ArrayLike, score: ArrayLike) -> float:
    """Find the score at which "this score or more is a bad" separates bads from goods most."""
    bad, good = tallies(y, score)
    gap = bad[0].cumsum() / bad.sum() - good[0].cumsum() / good.sum()
    return float(np.unique(np.asarray(score, dtype=np.float64))[::-1][int(gap.argmax())])
