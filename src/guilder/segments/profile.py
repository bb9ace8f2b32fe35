"""The profile of each segment: how large, how its usual customer looks, and what sets it apart from the bank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.segments.effects import cliffs_delta
from guilder.segments.facts import kind_of
from guilder.segments.rfm import PARTS, rfm
from guilder.segments.transforms import guess_kind, learn_ruler

Floats = NDArray[np.float64]

INFLOWS = ("money_in_365d", "money_in_all")


def profile(
    facts: pd.DataFrame,
    customers: pd.DataFrame,
    order: Sequence[tuple[str, str]],
    *,
    frame: pd.DataFrame | None = None,
    min_shown: int = 1,
) -> list[dict[str, Any]]:
    """Describe each segment by its customers.

    Parameters
    ----------
    facts : DataFrame
        Raw facts to describe, one row a customer of the whole bank.
    customers : DataFrame
        ``segment`` of the same customers, in the same order.
    order : sequence of (id, name)
        The segments to describe, in order; empty ones are described with missing medians.
    frame : DataFrame, optional
        All facts of the same customers: inflow and recency, frequency and monetary scores come from it.
    min_shown : int
        Of a segment with fewer customers only the size is said, and nothing of a fact that fewer of its customers have:
        the median of a few is a person's own figure.

    Returns
    -------
    list of dict
        ``segment``, ``name``, ``customers``, ``share``, ``hidden`` (too few), ``share_of_inflow``, ``rfm`` (median
        scores), ``medians`` (raw), ``others`` (medians of all others), ``effects`` (Cliff's delta against all others)
        and ``z``: how many standard deviations of the bank the mean of the segment lies from the bank's, after the
        transform that tames the tails.
    """
    raw = facts.to_numpy(dtype=np.float64)
    names = [str(name) for name in facts.columns]
    kinds = tuple(kind_of(name) or guess_kind(raw[:, place]) for place, name in enumerate(names))
    points = learn_ruler(raw, kinds).apply(raw)
    points[np.isnan(raw)] = np.nan  # a missing value says nothing about the average
    segment = customers["segment"].to_numpy()
    beside = _Beside.of(frame, min_shown) if frame is not None else None
    described = []
    for identity, name in order:
        mine = segment == identity
        hidden = bool(mine.sum() < min_shown)
        seen = np.zeros_like(mine) if hidden else mine
        told = (~np.isnan(raw[seen])).sum(axis=0) >= min_shown
        effects = [cliffs_delta(raw[:, place], seen) if each else np.nan for place, each in enumerate(told)]
        described.append(
            {
                "segment": identity,
                "name": name,
                "customers": int(mine.sum()),
                "share": float(mine.mean()) if len(mine) else 0.0,
                "hidden": hidden,
                **(beside.said_of(seen) if beside is not None else {}),
                "medians": _by_name(names, _median(raw[seen], min_shown)),
                "others": _by_name(names, _median(raw[~mine & (not hidden)], min_shown)),
                "effects": _by_name(names, effects),
                "z": _by_name(names, _mean(points[seen], min_shown)),
            }
        )
    return described


class _Beside:
    """What a profile says beside the facts that are clustered on."""

    def __init__(self, inflow: Floats | None, scores: pd.DataFrame | None, least: int) -> None:
        self.inflow, self.scores, self.least = inflow, scores, least

    @classmethod
    def of(cls, frame: pd.DataFrame, least: int) -> _Beside:
        inflow = next((_numbers(frame, name) for name in INFLOWS if name in frame.columns), None)
        return cls(inflow, rfm(frame), least)

    def said_of(self, mine: NDArray[np.bool_]) -> dict[str, Any]:
        """Share of the bank's inflow and the median scores of some customers."""
        said: dict[str, Any] = {}
        if self.inflow is not None:
            total = float(np.nansum(np.sort(self.inflow)))
            earning = int((self.inflow[mine] > 0).sum())
            some = mine.any() and total > 0 and (not earning or earning >= self.least)
            said["share_of_inflow"] = float(np.nansum(np.sort(self.inflow[mine]))) / total if some else None
        if self.scores is not None:
            medians = _median(self.scores.loc[mine, list(PARTS)].to_numpy(dtype=np.float64), self.least)
            said["rfm"] = _by_name(PARTS, medians)
        return said


def _numbers(frame: pd.DataFrame, name: str) -> Floats:
    return frame[name].to_numpy(dtype=np.float64, na_value=np.nan)


def _median(values: Floats, least: int) -> list[float]:
    return [float(np.median(known)) if (known := _known(column, least)).size else float("nan") for column in values.T]


def _mean(values: Floats, least: int) -> list[float]:
    columns = (np.sort(_known(column, least)) for column in values.T)  # in one order: sums hang on it
    return [float(known.mean()) if known.size else float("nan") for known in columns]


def _known(column: Floats, least: int) -> Floats:
    """The values that are known; none where fewer than `least` are."""
    known = column[~np.isnan(column)]
    return known if len(known) >= least else known[:0]


def _by_name(names: Sequence[str], values: Sequence[float]) -> dict[str, float | None]:
    return {name: None if np.isnan(value) else value for name, value in zip(names, values, strict=True)}
