"""How far a method is to be trusted over decayed popularity: wholly where its gain is clear, by its evidence else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import clone

from guilder.evaluation import ranking
from guilder.offers.blend import TERMS, BlendRecommender
from guilder.offers.ledger import Ints
from guilder.offers.trial import Trial

CLEAR = 1.96
"""Standard errors from which the 95 % interval of a gain lies above zero."""


_CERTAIN = 1e6


def gain(lists: Sequence[Ints], base: Sequence[Ints], trials: Sequence[Trial], measure: str) -> float | None:
    """Standard errors by which a method ranks better than another, customer by customer, over all windows.

    Every window counts the same. None where the two never differ by the measure.
    """
    mean, variance = 0.0, 0.0
    for one, two, trial in zip(lists, base, trials, strict=True):
        found = [ranking.per_customer(ranked, trial.relevant)[measure] for ranked in (one, two)]
        gap = np.round(found[0] - found[1], 12)
        mean += float(gap.mean())
        variance += float(gap.var(ddof=1)) / len(gap) if len(gap) > 1 else 0.0
    if variance > 0:
        return mean / float(np.sqrt(variance))
    return None if mean == 0 else float(np.copysign(_CERTAIN, mean))  # every customer gains exactly as much


def trust(standard_errors: float | None) -> float:
    """How much of a gain is kept: all of it where it is clear, else what is not expected to be luck.

    Of a gain of z standard errors 1 - 1 / z² is expected to be real (positive-part James and Stein), nothing below one.
    """
    if standard_errors is None or standard_errors <= 1.0:
        return 0.0
    return 1.0 if standard_errors >= CLEAR else 1.0 - 1.0 / standard_errors**2


def drawn_to_popularity(blend: BlendRecommender, kept: float) -> BlendRecommender:
    """The blend with so much of its weights kept, and the rest given to decayed popularity."""
    own = blend.weights or dict.fromkeys(TERMS, 1.0 / len(TERMS))
    weights = {name: kept * float(own.get(name, 0.0)) + (1.0 - kept) * (name == "popular") for name in TERMS}
    made: BlendRecommender = clone(blend).set_params(weights={name: round(w, 4) for name, w in weights.items()})
    return made
