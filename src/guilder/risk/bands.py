"""Bands: the master scale, letters for ranges of PD that mean the same in every run, and what was seen in each."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guilder.evaluation.calibration import jeffreys
from guilder.evaluation.intervals import Figure

EDGES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
"""Upper PDs of bands A to F; everything above is G. A bank may write its own."""


def band(p: ArrayLike, edges: Sequence[float] = EDGES) -> NDArray[np.str_]:
    """Letter of the band each PD falls in, A the safest; a PD at an edge belongs to the band above it."""
    letters, place = letters_of(p, edges)
    return np.array(letters)[place]


def letters_of(p: ArrayLike, edges: Sequence[float] = EDGES) -> tuple[list[str], NDArray[np.intp]]:
    """List the letters of all bands, and the place in that list of each PD's band."""
    place = np.searchsorted(edges, np.asarray(p, dtype=np.float64), side="right")
    return list(ascii_uppercase[: len(edges) + 1]), np.asarray(place, dtype=np.intp)


def band_table(y: ArrayLike, p: ArrayLike, edges: Sequence[float] = EDGES) -> list[dict[str, Any]]:
    """Tabulate the bands that hold loans: how many, how many bad, mean PD and observed rate with its interval."""
    truth, chance = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    letters, ends = band(chance, edges), (0.0, *edges, 1.0)
    table = []
    for place, letter in enumerate(ascii_uppercase[: len(edges) + 1]):
        inside = letters == letter
        if not inside.any():
            continue
        bads, loans = int(truth[inside].sum()), int(inside.sum())
        low, high = jeffreys(bads, loans)
        table.append({
            "band": letter, "low": ends[place], "high": ends[place + 1], "loans": loans, "bads": bads,
            "mean_p": float(chance[inside].mean()),
            "observed": Figure(bads / loans, float(low), float(high)).to_dict(),
        })  # fmt: skip
    return table
