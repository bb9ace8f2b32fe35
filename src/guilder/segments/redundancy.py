"""Facts that say nothing, or say again what another one says, are left out of the clustering."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from guilder.segments.transforms import rank_correlation

Floats = NDArray[np.float64]

SAME_IDEA = 0.9
"""Rank correlation from which two facts order customers alike and are one idea."""
MOSTLY_MISSING = 0.5


def one_per_idea(points: Floats, raw: Floats, facts: Sequence[str]) -> tuple[list[int], dict[str, str]]:
    """Choose the facts worth keeping.

    Parameters
    ----------
    points, raw : ndarray of shape (n, facts)
        The facts on the ruler, and as they came; NaN is missing.
    facts : sequence of str
        Their names.

    Returns
    -------
    list of int
        The places of those kept.
    dict
        Why each of the others is left out: missing for most, the same for all, or ordering customers as an earlier one.
    """
    correlation = rank_correlation(points)
    kept: list[int] = []
    dropped: dict[str, str] = {}
    for place, name in enumerate(facts):
        missing = float(np.isnan(raw[:, place]).mean())
        if missing > MOSTLY_MISSING:
            dropped[name] = f"missing for {missing:.0%} of customers"
        elif np.ptp(points[:, place]) == 0:
            dropped[name] = "the same for every customer"
        else:
            twin = next((other for other in kept if abs(correlation[place, other]) >= SAME_IDEA), None)
            if twin is None:
                kept.append(place)
            else:
                alike = f"rank correlation {correlation[place, twin]:.2f}"
                dropped[name] = f"orders customers as {facts[twin]} does ({alike})"
    return kept, dropped
