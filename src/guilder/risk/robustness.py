"""Robustness: what a little noise in the facts, or one fact gone missing, does to the PDs and to their ranking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from guilder.evaluation.discrimination import auc
from guilder.risk.columns import is_category

Floats = NDArray[np.float64]

NOISE = (0.02, 0.1)
"""Standard deviation of the noise, as a share of all ranks."""
FACTS = 8
ROWS = 1000


def robustness(
    predict: Callable[[pd.DataFrame], Floats],
    X: pd.DataFrame,
    y: ArrayLike,
    facts: Sequence[str],
    cut_off: float,
    *,
    random_state: int = 0,
) -> list[dict[str, Any]]:
    """Score rows as they are, with noise on every number, and with one fact missing at a time.

    Parameters
    ----------
    predict : callable
        PDs of a frame of facts, shape (n,).
    X : DataFrame of shape (n, facts)
        At most 1,000 of its rows are used.
    y : array of shape (n,)
        1 is a bad, 0 a good.
    facts : sequence of str
        The most important first; the first eight are taken away in turn.
    cut_off : float
        A PD at or above it is declined.

    Returns
    -------
    list of dict
        ``change``, ``fact``, ``auc_change``, ``mean_change`` and ``size`` (mean change of a PD, signed and not) and
        ``flipped`` (share of loans on the other side of the cut-off). AUC changes are NaN with one class only.

    Notes
    -----
    Noise moves each number to the value that stands some ranks away among those known: it knows no units, invents no
    value and leaves what everyone shares where it is.
    """
    rng = np.random.default_rng(random_state)
    rows = np.sort(rng.permutation(len(X))[:ROWS])
    truth, base = np.asarray(y)[rows], X.iloc[rows]
    changed = [(f"noise of {share:.0%} of the ranks", "", _noisy(base, share, rng)) for share in NOISE]
    changed += [("not known", name, _without(base, name)) for name in list(facts)[:FACTS]]
    scores = predict(pd.concat([base, *(frame for _, _, frame in changed)], ignore_index=True))
    before, *after = np.split(scores, len(changed) + 1)
    area = auc(truth, before) if 0 < truth.sum() < len(truth) else float("nan")
    return [
        {
            "change": change, "fact": name,
            "auc_change": (auc(truth, p) if np.isfinite(area) else float("nan")) - area,
            "mean_change": float((p - before).mean()), "size": float(np.abs(p - before).mean()),
            "flipped": float(np.mean((p >= cut_off) != (before >= cut_off))),
        }
        for (change, name, _), p in zip(changed, after, strict=True)
    ]  # fmt: skip


def _noisy(X: pd.DataFrame, share: float, rng: np.random.Generator) -> pd.DataFrame:
    moved = {}
    for name in X.columns:
        if is_category(X[name]):
            continue
        value = X[name].to_numpy(dtype=np.float64, copy=True)
        known = np.flatnonzero(~np.isnan(value))
        order = known[np.argsort(value[known], kind="stable")]
        ranks = np.arange(len(order)) + np.rint(rng.normal(0, share * len(order), len(order))).astype(np.intp)
        # Past either end the walk turns back, or the ends would draw a crowd.
        last = max(len(order) - 1, 1)
        ranks = last - np.abs(last - np.abs(ranks) % (2 * last))
        value[order] = value[order][np.minimum(ranks, len(order) - 1)]
        moved[name] = value
    return X.assign(**moved)


def _without(X: pd.DataFrame, name: str) -> pd.DataFrame:
    if not is_category(X[name]):
        return X.assign(**{name: np.nan})
    return X.assign(**{name: pd.Categorical([None] * len(X), pd.Categorical(X[name]).categories)})
