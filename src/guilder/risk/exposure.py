"""Exposure: through how many months each loan was seen, and whether it defaulted in the last of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guilder.evaluation.survival import NEVER, Months, whole_months

MOMENT = "datetime64[us]"


@dataclass(frozen=True)
class Exposure:
    """What was seen of each loan by a date; arrays of shape (n,)."""

    months: Months
    """The month of the default, or the last whole month seen without one; 0 when none is over yet."""
    event: NDArray[np.bool_]

    def take(self, rows: NDArray[np.bool_]) -> Exposure:
        """Keep some loans."""
        return Exposure(self.months[rows], self.event[rows])


def observe(
    applied: ArrayLike,
    fell: ArrayLike,
    until: np.datetime64,
    horizon: int,
    *,
    closed: ArrayLike | None = None,
    term: ArrayLike | None = None,
) -> Exposure:
    """Say of every loan what had been seen of it by a date.

    Month 1 begins with the application; a default belongs to the month in which it falls, so that the months up to the
    horizon hold exactly the defaults that the label counts. The month that is under way at ``until`` is left out for
    all: in it a default is seen at once and its absence is not.

    A loan repaid before its term cannot default any more, and stays among those at risk until its term, or the horizon
    where that is later: the outcome counts it as good, and so must its level. At its term a closed loan leaves. Where
    closings are not recorded every loan leaves at its term.

    Parameters
    ----------
    applied, fell : array of dates of shape (n,)
        Application and default; what is dated at or after ``until`` is not known.
    until : datetime64
        The date from which the bank looks back.
    horizon : int
        Months within which a default counts.
    closed : array of dates of shape (n,), optional
        When each loan was closed.
    term : array of shape (n,), optional
        Months for which each loan was granted, NaN where not known.
    """
    start, bad = np.asarray(applied, dtype=MOMENT), _known(fell, until)
    seen = whole_months(start, until)
    month = np.where(np.isnat(bad), NEVER, np.maximum(whole_months(start, bad) + 1, 1))
    end = np.full(len(start), np.iinfo(np.int64).max)
    granted = np.zeros(len(start)) if term is None else np.nan_to_num(np.asarray(term, dtype=np.float64))
    least = np.maximum(np.ceil(granted).astype(np.int64), horizon)
    if closed is not None:
        gone = _known(closed, until)
        last = whole_months(start, gone - np.timedelta64(1, "us")) + 1
        end = np.where(np.isnat(gone), end, np.maximum(last, least))
    elif term is not None:
        end = np.where(granted > 0, least, end)
    event = (month != NEVER) & (month <= seen) & (seen > 0)
    return Exposure(np.where(event, month, np.maximum(np.minimum(seen, end), 0)), event)


def _known(moments: ArrayLike, until: np.datetime64) -> NDArray[np.datetime64]:
    read = np.asarray(moments, dtype=MOMENT)
    return np.where(read < until, read, np.datetime64("NaT", "us"))
