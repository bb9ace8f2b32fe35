"""Curves: everything the report draws about one set of PDs, as plain lists."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guilder.evaluation.calibration import reliability
from guilder.evaluation.discrimination import confusion, ks_curve, pr_curve, roc_curve

Floats = NDArray[np.float64]

POINTS = 200
"""Most points of a drawn curve."""


def curves(y: ArrayLike, p: Floats, raw: Floats, cut_off: float) -> dict[str, Any]:
    """Make the ROC, precision–recall, KS, calibration, confusion and histogram figures.

    Parameters
    ----------
    y : array of shape (n,)
        1 is a bad, 0 a good.
    p, raw : arrays of shape (n,)
        PDs after and before calibration.
    cut_off : float
        A PD at or above it is called bad.
    """
    truth = np.asarray(y, dtype=np.float64)
    fpr, tpr = roc_curve(truth, p)
    recall, precision = pr_curve(truth, p)
    score, good, bad = ks_curve(truth, p)
    edges = np.linspace(0.0, min(1.0, float(p.max()) * 1.0001 + 1e-9), 26)
    counts = confusion(truth, p, cut_off)
    return {
        "roc": _thin(fpr=fpr, tpr=tpr),
        "pr": _thin(recall=recall, precision=precision),
        "ks": _thin(score=score, good=good, bad=bad),
        "calibration": reliability(truth, p),
        "calibration_raw": reliability(truth, raw),
        "confusion": {**{name: counts[name] for name in ("tn", "fp", "fn", "tp")}, "cut_off": cut_off},
        "score_histogram": {
            "edges": edges.tolist(),
            "good": np.histogram(p[truth == 0], edges)[0].tolist(),
            "bad": np.histogram(p[truth == 1], edges)[0].tolist(),
        },
    }


def _thin(**lines: Floats) -> dict[str, list[float]]:
    """Keep evenly spaced points of lines that belong together, always both ends."""
    length = len(next(iter(lines.values())))
    keep = np.unique(np.linspace(0, length - 1, min(length, POINTS)).round().astype(np.intp))
    return {name: line[keep].tolist() for name, line in lines.items()}
