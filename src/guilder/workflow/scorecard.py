"""The scorecard, wired: one stands in every run with a risk model, the champion or another beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guilder.errors import RunNotFound

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from guilder.contract.bank_file import RiskFile
    from guilder.contract.points import Scorecard
    from guilder.risk.compare import RiskResult
    from guilder.store.runs import Run
    from guilder.workflow.loan_book import LoanBook

MANY = 300
"""Loans of a quarter, on average, from which the order of bad rates is looked at by quarter."""


def scorecard(result: RiskResult, book: LoanBook, settings: RiskFile, seed: int) -> dict[str, Any]:
    """Lay out the champion where it is a scorecard, else one fitted on what the champion learned from.

    Parameters
    ----------
    result : RiskResult
        What the contest found.
    book : LoanBook
        The loans it was found on.
    settings : RiskFile
        What a point is worth.
    seed : int
        Seed of the folds that calibrate it.
    """
    import numpy as np

    from guilder.contract.points import PointScale
    from guilder.risk.champion import FOLDS
    from guilder.risk.classifier import DefaultClassifier
    from guilder.risk.scorecard import evidence

    champion, rows = result.classifier, book.split.refit
    X, y = book.facts[champion.fact_names].iloc[rows], np.asarray(book.y, dtype=np.intp)[rows]
    groups = None if book.split.groups is None else book.split.groups[rows]
    model = champion
    if champion.learner != "scorecard":
        model = DefaultClassifier("scorecard", cv=FOLDS, monotone=champion.monotone, random_state=seed)
        model.fit(X, y, groups=groups)
    length, period = spans(book.known["as_of"].to_numpy(dtype="datetime64[M]")[rows])
    scale = PointScale(settings.points_to_double, *settings.points_at_odds)
    found = evidence(model, X, y, scale=scale, period=period)
    return {"is_champion": model is champion, "period": length, **found}


def spans(month: NDArray[np.datetime64]) -> tuple[str | None, NDArray[np.intp] | None]:
    """Cut loans by the quarter of their application, or by the year where quarters hold few; not at all undated."""
    import numpy as np

    if np.isnat(month).any():
        return None, None
    number = month.astype(np.intp)
    quarters = number // 3
    if len(number) >= MANY * len(np.unique(quarters)):
        return "quarter", quarters
    return "year", number // 12


def scorecard_in(run: Run) -> dict[str, Any]:
    """Read a run's scorecard, as `scorecard` laid it out.

    Raises
    ------
    RunNotFound
        When the run has none.
    """
    found = run.metrics.get("risk", {}).get("scorecard")
    if found is None:
        raise RunNotFound(
            f"run {run.id} has no scorecard", known="every run with a risk model made by this version has one",
            todo="train it: guilder train BANK risk",
        )
    return dict(found)


def card_of(run: Run) -> Scorecard:
    """Read how a run's scorecard gives points, as plain numbers."""
    from guilder.contract.points import Scorecard

    return Scorecard.from_dict(scorecard_in(run))
