"""Fairness: what a model and its cut-off do to each group of a protected column that the model has never seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from guilder.evaluation.discrimination import rank_figures, tallies
from guilder.evaluation.intervals import Figure, interval, resample_counts
from guilder.evaluation.slices import Excess, excesses

Floats = NDArray[np.float64]
Labels = NDArray[np.str_]

LEAST_ROWS, LEAST_BADS = 50, 5
"""A group with fewer loans, or fewer bads or goods, is counted and not judged."""
MOST_GROUPS = 10
FOUR_FIFTHS = 0.8
UNKNOWN, OTHER = "not known", "other"
FIGURES = ("approval", "approval_ratio", "tpr", "fpr", "mean_p", "observed", "observed_over_mean_p", "auc")
REPEATS = 200


def audit(
    y: ArrayLike,
    p: ArrayLike,
    cut_off: float,
    columns: Mapping[str, ArrayLike],
    *,
    groups: ArrayLike | None = None,
    repeats: int = REPEATS,
    random_state: int = 0,
) -> dict[str, dict[str, Any]]:
    """Measure every group of every protected column.

    Parameters
    ----------
    y : array of shape (n,)
        1 is a bad, 0 a good.
    p : array of shape (n,)
        PDs.
    cut_off : float
        A PD at or above it is declined.
    columns : mapping of name to array of shape (n,)
        The group of each row as text, None where it is not known.
    groups : array of shape (n,), optional
        Customers; they are resampled whole.
    repeats, random_state : int
        Of the bootstrap and of the draws behind the verdict.

    Returns
    -------
    dict
        By column: ``groups``, ``largest`` (the group that others are compared with), ``light`` and ``verdict``. Each
        group has ``name``, ``rows``, ``bads``, ``enough``, and where there are enough loans of both outcomes the
        figures of `FIGURES` with their 95 % intervals: ``tpr`` and ``fpr`` are the shares of bads and of goods that
        are declined, ``observed_over_mean_p`` is the calibration in the large. ``p`` is how often right PDs would give
        a gap between the groups' levels, of all groups of all columns, as wide as this one's.
    """
    truth, chance = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    labels = {name: tidy_groups(values) for name, values in columns.items()}
    drawn = np.concatenate([np.ones((1, len(truth))), *resample_counts(
        len(truth), groups=groups, repeats=repeats, random_state=random_state
    )])  # fmt: skip
    places = [(name, group) for name, label in labels.items() for group in _by_size(label)]
    members = [labels[name] == group for name, group in places]
    judged = excesses(truth, chance, np.column_stack(members), random_state=random_state) if places else []
    gaps = dict(zip(places, judged, strict=True))
    return {name: _column(truth, chance, cut_off, label, drawn, gaps, name) for name, label in labels.items()}


def tidy_groups(values: ArrayLike) -> Labels:
    """Name each row's group: what is not known is a group, and the smallest beyond ten are put together."""
    words = [UNKNOWN if pd.isna(word) else str(word) for word in np.asarray(values).tolist()]
    label = np.array(words, dtype=np.str_)
    kept = _by_size(label)[:MOST_GROUPS]
    return label if len(kept) == len(np.unique(label)) else np.where(np.isin(label, kept), label, OTHER)


def _by_size(label: Labels) -> list[str]:
    names, rows = np.unique(label, return_counts=True)
    return [str(name) for name in names[np.lexsort((names, -rows))]]


def _column(
    y: Floats, p: Floats, cut_off: float, label: Labels, drawn: Floats, gaps: Mapping[tuple[str, str], Excess | None],
    name: str,
) -> dict[str, Any]:  # fmt: skip
    enough, groups = [], []
    for group in _by_size(label):
        rows = label == group
        bads = int(y[rows].sum())
        goods = int(rows.sum()) - bads
        fair = int(rows.sum()) >= LEAST_ROWS and min(bads, goods) >= LEAST_BADS
        groups.append({"name": group, "rows": int(rows.sum()), "bads": bads, "enough": fair})
        if fair:
            enough.append(group)
    known = [group for group in enough if group != UNKNOWN]
    largest = known[0] if known else None
    base = _approval(p, cut_off, label == largest, drawn) if largest else None
    for row in groups:
        if row["enough"]:
            inside = label == row["name"]
            figures = _figures(y, p, cut_off, inside, drawn, base)
            row |= {key: _closed(repeats).to_dict() for key, repeats in figures.items()}
            gap = gaps[name, str(row["name"])]
            row |= {"z": None if gap is None else gap.z, "p": None if gap is None else gap.p}
    light, verdict = _verdict(groups, largest)
    return {"groups": groups, "largest": largest, "light": light, "verdict": verdict}


def _approval(p: Floats, cut_off: float, rows: NDArray[np.bool_], drawn: Floats) -> Floats:
    approved = ((p < cut_off) & rows).astype(np.float64)
    return _share(drawn @ approved, np.asarray(drawn @ rows.astype(np.float64)))


def _share(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0))


def _figures(
    y: Floats, p: Floats, cut_off: float, rows: NDArray[np.bool_], drawn: Floats, base: Floats | None
) -> dict[str, Floats]:
    """Each figure on the sample itself and on every resample, shape (1 + repeats,)."""
    weights, truth, chance = drawn[:, rows], y[rows], p[rows]
    declined = (chance >= cut_off).astype(np.float64)
    total, bads = weights.sum(axis=1), weights @ truth
    approval = _share(weights @ (1 - declined), total)
    seen, said = _share(bads, total), _share(weights @ chance, total)
    ratio = np.full(len(drawn), np.nan) if base is None else _share(approval, base)
    found = (
        approval, ratio, _share(weights @ (truth * declined), bads),
        _share(weights @ ((1 - truth) * declined), total - bads), said, seen, _share(seen, said),
        rank_figures(*tallies(truth, chance, weights))["auc"],
    )  # fmt: skip
    return dict(zip(FIGURES, found, strict=True))


def _closed(repeats: Floats) -> Figure:
    return interval(float(repeats[0]), repeats[1:])


def _verdict(groups: list[dict[str, Any]], largest: str | None) -> tuple[str, str]:
    """Say whether the level of the PDs holds in every group, and whether approval is far apart."""
    judged = [row for row in groups if row["enough"]]
    few = [row["name"] for row in groups if not row["enough"]]
    said = f" Too few to say: {', '.join(few)}." if few else ""
    if len(judged) < 2:
        return "grey", (
            f"too few to say: a group needs {LEAST_ROWS} loans with {LEAST_BADS} of each outcome in the test, and "
            f"{'one has' if judged else 'none has'} them"
        )
    off = [row for row in judged if row["p"] is not None and row["p"] < 0.05]
    if not off:
        level = "calibration holds in every group that can be judged."
    else:
        level = "; ".join(
            f"PDs are too {'low' if row['z'] > 0 else 'high'} for {row['name']} (defaults are "
            f"{row['observed_over_mean_p']['value']:.2f} of what they say)" for row in off
        ) + "."  # fmt: skip
    apart = [row["name"] for row in judged
             if row["approval_ratio"]["high"] is not None and row["approval_ratio"]["high"] < FOUR_FIFTHS]  # fmt: skip
    if apart:
        level += f" Approved less than four fifths as often as {largest}: {', '.join(apart)}."
    hard = any(row["p"] < 0.01 for row in off)
    return ("red" if hard else "amber" if off or apart else "green"), level + said
