"""Recency, frequency and monetary scores: the familiar quintiles from 111 to 555, as a second view of customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.segments.derived import derivation
from guilder.segments.facts import read_facts
from guilder.segments.transforms import ranks

PARTS = ("recency", "frequency", "monetary")
_FACTS = (
    ("recency_days",),
    ("transactions_count_365d", "transactions_count_all", "transactions_count_90d"),
    ("money_turnover_365d", "money_turnover_all", "money_turnover_90d"),
)
QUINTILES = 5


def rfm(frame: pd.DataFrame) -> pd.DataFrame | None:
    """Score customers from 1 to 5 by how lately, how often and for how much they book.

    Parameters
    ----------
    frame : DataFrame
        Raw facts, one row a customer of the whole bank.

    Returns
    -------
    DataFrame or None
        ``recency``, ``frequency``, ``monetary`` (5 is the best fifth; missing where the customer has no booking) and
        ``rfm``, their digits in that order, with the index of the frame. None where the facts are not there.

    Notes
    -----
    Hughes (1994). Customers with equal values share the score of their middle rank, so a fifth may be larger or
    smaller than 20 %.
    """
    present = set(frame.columns)
    named = [next((each for each in names if each in present or derivation(each, present)), None) for names in _FACTS]
    names = [name for name in named if name is not None]
    if len(names) < len(PARTS):
        return None
    values = read_facts(frame, names).to_numpy() * np.array([-1.0, 1.0, 1.0])  # fewer days ago is better
    booked = ~np.isnan(values).any(axis=1)
    scores = np.full(values.shape, np.nan)
    scores[booked] = _fifths(values[booked])
    made = pd.DataFrame(scores, index=frame.index, columns=list(PARTS))
    digits = [
        "".join(f"{each:.0f}" for each in row) if known else None for row, known in zip(scores, booked, strict=True)
    ]
    return made.assign(rfm=pd.Series(digits, index=frame.index, dtype="str"))


def _fifths(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The fifth in which the middle rank of each value lies, 1 to 5."""
    if not len(values):
        return values
    return np.asarray(np.floor(QUINTILES * (ranks(values) - 0.5) / len(values)) + 1.0)
