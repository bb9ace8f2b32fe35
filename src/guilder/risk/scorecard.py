"""The scorecard: a fitted one as points by fact and bin, with the evidence of each, and what whole points cost."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from guilder.contract.points import FactPoints, PointBin, PointScale, Scorecard
from guilder.errors import UsageError
from guilder.evaluation.calibration import jeffreys
from guilder.evaluation.discrimination import auc
from guilder.evaluation.intervals import Figure
from guilder.risk.binning import Bins, orders_kept
from guilder.risk.classifier import DefaultClassifier
from guilder.risk.columns import FIRST, OTHER, Columns
from guilder.risk.weights import WeightOfEvidence
from guilder.risk.woe import information_value

Floats = NDArray[np.float64]

NAMED = 6
"""Categories that a label names before it only counts the rest."""


def points_of(model: DefaultClassifier, scale: PointScale | None = None) -> Scorecard:
    """Write a fitted scorecard as points: the worst bin of each fact has 0, and the base is the worst loan's.

    The points of a loan are an exact line of the log-odds of its calibrated PD.

    Parameters
    ----------
    model : DefaultClassifier
        Fitted on a frame, with the learner "scorecard" and a line for calibration ("sigmoid", "temperature", …).
    scale : PointScale, optional
        600 points for 50 goods to a bad, 20 to double, when not given.

    Raises
    ------
    UsageError
        When the model is no scorecard, or is calibrated by a curve.
    """
    scale, curve = scale or PointScale(), model.calibrator_
    columns, weights, learner = _steps(model)
    if curve.method in ("beta", "isotonic"):
        raise UsageError(f"points do not add up under {curve.method} calibration", todo='take calibration="sigmoid"')
    level = curve.slope * float(learner.intercept_[0]) + curve.intercept
    base, facts = float(scale.of(level)), []
    for place, slope in zip(weights.source_.tolist(), learner.coef_[0].tolist(), strict=True):
        if slope > 0:
            name, bins = columns.names_[place], weights.bins_[place]
            worth = -scale.factor * curve.slope * slope * bins.woe
            least = float(worth.min())
            base += least
            levels = columns.levels_.get(name)
            facts.append(FactPoints(name, levels is not None, _bins(bins, worth - least, levels), -least))
    return Scorecard(scale, base, tuple(facts))


def evidence(
    model: DefaultClassifier, X: pd.DataFrame, y: NDArray[np.intp], *,
    scale: PointScale | None = None, period: NDArray[np.intp] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Lay a fitted scorecard out as plain JSON: information values, points with their counts, what rounding costs.

    Parameters
    ----------
    model : DefaultClassifier
        As for `points_of`.
    X, y : DataFrame and array of shape (n,)
        The rows it was fitted on, and their outcomes.
    scale : PointScale, optional
        As for `points_of`.
    period : array of shape (n,), optional
        Number of each row's period: in how many of them the order of the bad rates holds.
    """
    card = points_of(model, scale)
    columns, weights, _ = _steps(model)
    Z = columns.transform(X[columns.names_])
    by_name = dict(zip(columns.names_, weights.bins_, strict=True))
    used = {fact.fact for fact in card.facts}
    iv: list[dict[str, Any]] = []
    for place, (name, bins) in enumerate(by_name.items()):
        kept, periods = (None, None) if period is None else orders_kept(bins, Z[:, place], y, period)
        iv.append({"fact": name, "iv": bins.iv, "bins": len(bins.bads), "shape": bins.shape,
                   "used": name in used, "orders_kept": kept, "periods": periods})  # fmt: skip
    iv.sort(key=lambda row: (-row["iv"], row["fact"]))
    rank = {row["fact"]: place for place, row in enumerate(iv)}
    points = [
        {"fact": fact.fact, "category": fact.category, "neutral": fact.neutral,
         "bins": [asdict(one) | counts for one, counts in zip(fact.bins, _counts(by_name[fact.fact]), strict=True)]}
        for fact in sorted(card.facts, key=lambda one: rank[one.fact])
    ]  # fmt: skip
    return {
        "points_to_double": card.scale.to_double, "points_at_odds": [card.scale.points, card.scale.odds],
        "base": card.base, "highest": card.highest, "iv": iv, "points": points, "rounding": rounding(model, card, X, y),
    }  # fmt: skip


def rounding(model: DefaultClassifier, card: Scorecard, X: pd.DataFrame, y: NDArray[np.intp]) -> dict[str, float]:
    """Measure what whole points cost.

    Returns
    -------
    dict
        ``points``: the most that a sum of whole points is off. ``pd_mean`` and ``pd_most``: how far PDs move.
        ``auc`` and ``auc_whole``: how well exact and whole points rank these rows.
    """
    exact, whole = total(model, card, X), total(model, card, X, whole=True)
    moved = np.abs(expit(card.scale.log_odds(whole)) - expit(card.scale.log_odds(exact)))
    return {
        "points": float(np.abs(whole - exact).max()), "pd_mean": float(moved.mean()), "pd_most": float(moved.max()),
        "auc": auc(y, -exact), "auc_whole": auc(y, -whole),
    }  # fmt: skip


def total(model: DefaultClassifier, card: Scorecard, X: pd.DataFrame, *, whole: bool = False) -> Floats:
    """Add up the points of each row, shape (n,); rounded one by one where they are to be whole."""
    columns, weights, _ = _steps(model)
    Z, rounded = columns.transform(X[columns.names_]), np.round if whole else np.asarray
    points = np.full(len(X), float(rounded(card.base)))
    for fact in card.facts:
        place = columns.names_.index(fact.fact)
        table = np.array([*(one.points for one in fact.bins), fact.neutral])
        points += rounded(table)[weights.bins_[place].place(Z[:, place])]
    return points


def _steps(model: DefaultClassifier) -> tuple[Columns, WeightOfEvidence, LogisticRegression]:
    steps = getattr(model.pipeline_, "named_steps", {})
    if "weights" not in steps or not steps["columns"].names_:
        raise UsageError("only a scorecard has points", todo='fit DefaultClassifier("scorecard") on a DataFrame')
    return steps["columns"], steps["weights"], steps["learner"]


def _bins(bins: Bins, points: Floats, levels: list[str] | None) -> tuple[PointBin, ...]:
    """Name the bins of a fact in the order of their numbers."""
    worth = points.tolist()
    if levels is not None:
        ordered = [_group(codes, levels, worth[place]) for place, codes in enumerate(bins.codes)]
    else:
        ends = [None, *bins.cuts.tolist(), None]
        said = _apart(bins.cuts)
        ordered = [
            PointBin(_range(said, place), worth[place], low, high)
            for place, (low, high) in enumerate(pairwise(ends))
        ]
    specials = [
        PointBin(f"exactly {value:,.12g}", worth[place], values=(value,))
        for place, value in enumerate(bins.specials.tolist(), start=bins.ordered)
    ]
    return (*ordered, *specials, PointBin("missing", worth[-1], missing=True))


def _group(codes: Floats, levels: list[str], points: float) -> PointBin:
    named = tuple(levels[int(code) - FIRST] for code in codes if code >= FIRST)
    others = bool(np.isin(OTHER, codes))
    more = [f"{len(named) - NAMED} more"] if len(named) > NAMED + 1 else []
    said = [*named[: NAMED if more else None], *more, *(["all others"] if others else [])]
    return PointBin(", ".join(said) or "any", points, values=named, others=others)


def _apart(cuts: Floats) -> list[str]:
    """Write numbers with as few digits as tell them apart, five at the least."""
    said: list[str] = []
    for digits in range(5, 18):
        said = [f"{float(f'{cut:.{digits}g}'):,.{max(digits, 12)}g}" for cut in cuts.tolist()]
        if len(set(said)) == len(cuts):
            break
    return said


def _range(said: list[str], place: int) -> str:
    if not said:
        return "any number"
    if place == 0:
        return f"under {said[0]}"
    return f"{said[-1]} or more" if place == len(said) else f"{said[place - 1]} to under {said[place]}"


def _counts(bins: Bins) -> list[dict[str, Any]]:
    """Rows, bads, bad rate with its Jeffreys interval, weight and information value of each bin."""
    rows, iv = bins.bads + bins.goods, information_value(bins.bads, bins.goods)
    low, high = jeffreys(bins.bads, rows)
    with np.errstate(invalid="ignore"):
        rate = bins.bads / rows
    return [
        {"rows": int(rows[place]), "share": float(rows[place] / rows.sum()), "bads": int(bins.bads[place]),
         "rate": Figure(float(rate[place]), float(low[place]), float(high[place])).to_dict(),
         "woe": float(bins.woe[place]), "iv": float(iv[place])}
        for place in range(len(rows))
    ]  # fmt: skip
