"""The term structure of one bank: tested out of time as it could have been known then, and fitted on all there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guilder.errors import ModelError
from guilder.evaluation.survival import whole_months
from guilder.risk.exposure import MOMENT, Exposure, observe
from guilder.risk.term_check import curves, expected, expected_events, poisson_ratio
from guilder.risk.term_structure import TermFit, TermStructure, fit_term_structure

Floats = NDArray[np.float64]
Moments = NDArray[np.datetime64]
Bands = Callable[[Floats], NDArray[np.str_]]

UNRECORDED = 5.0
"""Expected defaults in windows still open from which a bank that shows none does not record them as they happen."""


@dataclass(frozen=True)
class DatedLoans:
    """Loans with their PD at the horizon and their dates; arrays of shape (n,)."""

    p: Floats
    """By a model that has not seen the loan; NaN where there is none."""
    applied: Moments
    fell: Moments
    """When the loan defaulted; blank where it has not."""
    closed: Moments | None = None
    term: Floats | None = None
    """Months for which the loan was granted."""

    def take(self, rows: NDArray[np.bool_]) -> DatedLoans:
        """Keep some loans."""
        closed = None if self.closed is None else self.closed[rows]
        term = None if self.term is None else self.term[rows]
        return DatedLoans(self.p[rows], self.applied[rows], self.fell[rows], closed, term)

    def seen(self, until: np.datetime64, horizon: int) -> Exposure:
        """What had been seen of each loan by a date."""
        return observe(self.applied, self.fell, until, horizon, closed=self.closed, term=self.term)


@dataclass(frozen=True)
class TermResult:
    """The curve, if there is one, and its figures (plain JSON)."""

    structure: TermStructure | None
    metrics: dict[str, Any]
    figures: dict[str, Any] = field(default_factory=dict)


def no_term(why: str) -> TermResult:
    """There is no curve, and why."""
    return TermResult(None, {"why": why})


def term(
    loans: DatedLoans, as_of: np.datetime64, horizon: int, test_from: np.datetime64 | None, bands: Bands
) -> TermResult:
    """Fit the term structure on loans of every age, and test it on the loans of the test, which it has not seen.

    For the test it is fitted on the loans applied for before the test's first day, with what was known of them on that
    day. The curve that is kept is fitted afterwards on all loans until ``as_of``: the latest loans tell of the first
    months, the oldest of the last. Its level is the champion's throughout.

    Parameters
    ----------
    loans : DatedLoans
        In any order; loans without a PD or a date are left out.
    as_of : datetime64
        The bank's date.
    horizon : int
        Months within which a default counts.
    test_from : datetime64, optional
        First day of the test; None where the split is not out of time, and there is no test.
    bands : callable
        From PDs to the names of their bands.
    """
    loans = loans.take(np.isfinite(loans.p) & ~np.isnat(loans.applied) & (loans.applied < as_of))
    young = whole_months(loans.applied, as_of) < horizon
    left_out = {}
    try:
        fitted = fit_term_structure(loans.p[~young], loans.take(~young).seen(as_of, horizon), horizon)
        if unrecorded := _unrecorded(fitted.structure, loans.take(young).seen(as_of, horizon), loans.p[young]):
            left_out[unrecorded] = int(young.sum())
            loans, young = loans.take(~young), young[~young]
        seen = loans.seen(as_of, horizon)
        fitted = fit_term_structure(loans.p, seen, horizon)
    except ModelError as error:
        return no_term(f"{error.wrong}; {error.known}")
    names = bands(loans.p)
    metrics: dict[str, Any] = {
        "why": None, "horizon_months": horizon, "loans": len(loans.p), "defaults": int(seen.event.sum()),
        "immature": int(young.sum()), "left_out": left_out, "followed_months": fitted.structure.last,
        **fitted.to_dict(), "test": None,
    }  # fmt: skip
    figures: dict[str, Any] = {"all": curves(fitted.structure, loans.p, seen, names)}
    if test_from is not None:
        metrics["test"], figures["test"] = _test(loans, as_of, horizon, test_from, bands, fitted)
    return TermResult(fitted.structure, metrics, figures)


def _unrecorded(structure: TermStructure, young: Exposure, p: Floats) -> str:
    """Say that defaults in open windows are not recorded, where many are expected and none is there."""
    hoped = float(expected_events(structure, p, young.months).sum())
    if hoped < UNRECORDED or young.event.any():
        return ""
    return f"window still open, and none of {hoped:.0f} expected defaults is recorded"


def _test(
    loans: DatedLoans, as_of: np.datetime64, horizon: int, test_from: np.datetime64, bands: Bands, final: TermFit
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    late = loans.applied >= test_from
    before, after = loans.take(~late), loans.take(late)
    try:
        earlier = fit_term_structure(before.p, before.seen(test_from, horizon), horizon)
    except ModelError as error:
        return {"why": f"before the test: {error.wrong}; {error.known}"}, []
    seen = after.seen(as_of, horizon)
    every = expected(earlier.structure, after.p, seen, np.full(len(after.p), "all"))
    moved = np.abs(np.subtract(earlier.structure.within, final.structure.within)).max()
    return {
        "why": None, "from": str(test_from.astype("datetime64[D]")), "loans": len(after.p),
        "observed": int(seen.event.sum()), "expected": float(sum(row["expected"] for row in every)),
        "ratio": poisson_ratio(int(seen.event.sum()), sum(row["expected"] for row in every)).to_dict(),
        "bands": expected(earlier.structure, after.p, seen, bands(after.p)),
        "vintages": expected(earlier.structure, after.p, seen, quarters(after.applied)),
        "fitted_on": {"loans": len(before.p), "level": earlier.level.to_dict(), "slope": earlier.slope.to_dict()},
        "shape_moved": float(moved),
    }, curves(earlier.structure, after.p, seen, bands(after.p))  # fmt: skip


def quarters(applied: Moments) -> NDArray[np.str_]:
    """Name the quarter of each application, such as ``2024 Q3``."""
    month = applied.astype(MOMENT).astype("datetime64[M]").astype(np.int64)
    return np.array([f"{1970 + each // 12} Q{each % 12 // 3 + 1}" for each in month.tolist()])
