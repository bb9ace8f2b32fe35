"""The profile of each segment: how large, how its usual customer looks, and how far from the bank's average."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.segments.facts import kind_of
from guilder.segments.transforms import guess_kind, learn_ruler

Floats = NDArray[np.float64]


def profile(facts: pd.DataFrame, customers: pd.DataFrame, order: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Describe each segment by its customers.

    Parameters
    ----------
    facts : DataFrame
        Raw facts to describe, one row a customer of the whole bank.
    customers : DataFrame
        ``segment`` of the same customers, in the same order.
    order : sequence of (id, name)
        The segments to describe, in order; empty ones are described with missing medians.

    Returns
    -------
    list of dict
        ``segment``, ``name``, ``customers``, ``share``, ``medians`` (raw) and ``z``: how many standard deviations of
        the bank the mean of the segment lies from the bank's, after the transform that tames the tails.
    """
    raw = facts.to_numpy(dtype=np.float64)
    names = [str(name) for name in facts.columns]
    kinds = tuple(kind_of(name) or guess_kind(raw[:, place]) for place, name in enumerate(names))
    points = learn_ruler(raw, kinds).apply(raw)
    points[np.isnan(raw)] = np.nan  # a missing value says nothing about the average
    segment = customers["segment"].to_numpy()
    described = []
    for identity, name in order:
        mine = segment == identity
        described.append(
            {
                "segment": identity,
                "name": name,
                "customers": int(mine.sum()),
                "share": float(mine.mean()) if len(mine) else 0.0,
                "medians": _by_name(names, _median(raw[mine])),
                "z": _by_name(names, _mean(points[mine])),
            }
        )
    return described


def _median(values: Floats) -> list[float]:
    return [float(np.median(known)) if (known := _known(column)).size else float("nan") for column in values.T]


def _mean(values: Floats) -> list[float]:
    return [float(known.mean()) if (known := _known(column)).size else float("nan") for column in values.T]


def _known(column: Floats) -> Floats:
    return np.sort(column[~np.isnan(column)])


def _by_name(names: Sequence[str], values: Sequence[float]) -> dict[str, float | None]:
    return {name: None if np.isnan(value) else value for name, value in zip(names, values, strict=True)}
