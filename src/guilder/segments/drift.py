"""Has the bank moved away from its segments: shares, and distances to the centres, against the day of training."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from guilder.evaluation.stability import share_stability
from guilder.segments.segmenter import CustomerSegmenter

MOVED = 0.25
"""Population stability index of the shares from which the bank has moved; the usual limit in credit risk."""
FARTHER = 1.25
"""Mean distance to the own segment, against training, from which customers no longer fit their segments."""
FEWEST = 30
"""Customers of a segment by whom its distance can be judged."""


@dataclass(frozen=True)
class Drift:
    """How far the customers of today are from those the segments were made of.

    Attributes
    ----------
    psi : float
        Population stability index of the shares of the segments, rules left out.
    farther : dict
        Mean distance to the own segment now over then, by id; only for segments with `FEWEST` customers.
    warnings : tuple of str
        What is beyond its limit, in words.
    """

    psi: float
    farther: dict[str, float]
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**asdict(self), "warnings": list(self.warnings)}


def drift(segmenter: CustomerSegmenter, placed: pd.DataFrame) -> Drift | None:
    """Compare customers placed today with those of training.

    Parameters
    ----------
    segmenter : CustomerSegmenter
        Fitted.
    placed : DataFrame
        ``segment`` and ``distance``, as `CustomerSegmenter.assign` gives them.

    Returns
    -------
    Drift or None
        None where fewer than `FEWEST` customers are in segments that are not rules.
    """
    inside = placed[placed["segment"].isin(segmenter.ids_)]
    if len(inside) < FEWEST:
        return None
    now = inside.groupby("segment")["distance"].agg(["size", "mean"]).reindex(segmenter.ids_)
    psi = share_stability(segmenter.training_["sizes"], now["size"].fillna(0).to_numpy())
    farther = {
        identity: float(mean / then)
        for identity, then, size, mean in zip(
            segmenter.ids_, segmenter.training_["distances"], now["size"], now["mean"], strict=True
        )
        if size >= FEWEST and then > 0
    }  # fmt: skip
    names = dict(zip(segmenter.ids_, segmenter.names_, strict=True))
    said = [f"the shares of the segments have moved since training (PSI {psi:.2f}, limit {MOVED})"] * (psi >= MOVED)
    said += [
        f"customers of {names[identity]} lie {ratio:.2f} times as far from their segment as in training "
        f"(limit {FARTHER}): train the segments again"
        for identity, ratio in farther.items() if np.round(ratio, 9) >= FARTHER
    ]  # fmt: skip
    return Drift(psi, farther, tuple(said))
