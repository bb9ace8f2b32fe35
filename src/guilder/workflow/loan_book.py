"""The book of loans: what became of each, which may teach and which may test, and their facts made for that split."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from guilder.errors import ModelError
from guilder.features.asof import loan_spine
from guilder.features.label import label
from guilder.features.vocabulary import vocabulary
from guilder.workflow.facts import Recipe, collect, loan_tables, make_facts, recipe
from guilder.workflow.fairness import protected_names

if TYPE_CHECKING:
    import pandas as pd

    from guilder.evaluation.splits import Split
    from guilder.source.bank import Bank


@dataclass(frozen=True)
class LoanBook:
    """The loans of a bank, ready to be learned from."""

    every: pd.DataFrame
    """Every loan: ``row``, ``as_of``, ``defaulted``, ``status``, ``known_at`` and ids."""
    known: pd.DataFrame
    """Those whose outcome may teach or test by the bank's date; rows of ``y``, ``facts`` and ``split``."""
    y: pd.Series[bool]
    split: Split
    recipe: Recipe
    made: pd.DataFrame
    """Facts of every loan, by its row."""
    facts: pd.DataFrame
    """Facts of the known ones that a model may look at."""
    dated: dict[str, str]
    """Facts left out because they tell the date, and why."""
    left_out: dict[str, int]
    """Loans that neither teach nor test, by reason."""
    warnings: list[str]


def loan_book(bank: Bank, seed: int, progress: Callable[[str], None]) -> LoanBook:
    """Open the book: outcomes, then the split, then facts whose vocabulary is of before it.

    Raises
    ------
    ModelError
        When no loan has a known outcome, or it cannot be told when a loan without a default is a good one.
    """
    from guilder.evaluation.splits import split

    settings = bank.settings.risk
    _check_horizon(bank)
    progress("finding out what became of each loan")
    every = collect(outcomes(bank), "row")
    ready = usable_from(every, settings.horizon_months)
    closed = ready.isna() | (ready <= bank.as_of)
    known = every[(every["status"] == "known") & closed]
    if known.empty:
        raise ModelError(
            f"none of {len(every):,} loans has a known outcome",
            known=f"statuses: {every['status'].value_counts().to_dict()}",
            todo="check the codes of loans.defaulted, or the horizon, in bank.toml", id="G-MODEL-006",
        )
    y = known["defaulted"].astype(bool)
    parts = split(
        y, applied_on=known["as_of"], customers=known["customer_id"], known_at=ready[known.index],
        test_share=settings.test_share, valid_share=settings.valid_share, random_state=seed,
    )  # fmt: skip
    progress("making the facts of each loan, as known when it was applied for")
    how = recipe(bank, vocabulary(bank.tables.get("transactions"), parts.valid_from or bank.as_of))
    made = make_facts(loan_tables(bank, how), loan_spine(bank.tables["loans"]), how)
    facts = made.loc[known["row"]]
    dated = _calendar(facts, known["as_of"], parts)
    facts = facts.drop(columns=[*dated, *protected_names(bank, facts)], errors="ignore")
    counts = every["status"].value_counts()
    left_out = {
        "immature": int(counts.get("immature", 0)), "unknown": int(counts.get("unknown", 0)),
        "window_open": int(((every["status"] == "known") & ~closed).sum()),
    }  # fmt: skip
    warnings = []
    if parts.kind == "out_of_time" and ready[known.index].isna().all():
        warnings.append(
            "when outcomes became known is not recorded, so none is held back before the test: set horizon_months"
        )
    return LoanBook(every, known, y, parts, how, made, facts, dated, left_out, warnings)


def outcomes(bank: Bank) -> nw.LazyFrame[Any]:
    """Say of every loan what became of it, as known at the bank's date.

    Returns
    -------
    LazyFrame
        The spine of the loans (``as_of`` is the application) with ``defaulted``, ``status`` and ``known_at``.
    """
    loans = bank.tables["loans"]
    labelled = label(loans, bank.settings.risk.horizon_months, bank.as_of)
    return loan_spine(loans).join(labelled, on="loan_id", how="left")


def usable_from(every: pd.DataFrame, horizon_months: int | None) -> pd.Series[pd.Timestamp]:
    """Say from when each loan's outcome may teach or test: the end of its window, good or bad.

    While a window is open a default is known at once, and a good loan only at the end or when it closes: to use each as
    soon as it is known would give months of bads alone, or months without. Without a horizon it is when it was known,
    if the bank has that for every good loan.
    """
    import pandas as pd

    if horizon_months is not None:
        return every["as_of"] + pd.DateOffset(months=horizon_months)
    good = every["status"].eq("known") & ~every["defaulted"].fillna(False).astype(bool)
    # Where goods have no date, to hold back only bads would leave the last months before a cut without any.
    recorded = bool(every["known_at"][good].notna().all())
    return every["known_at"].where(pd.Series(recorded, index=every.index))


def _check_horizon(bank: Bank) -> None:
    """Refuse to call a loan good because it has not defaulted so far."""
    present = set(bank.tables["loans"].collect_schema().names())
    if bank.settings.risk.horizon_months is None and "applied_on" in present and "defaulted" not in present:
        raise ModelError(
            "loans have defaulted_on but no defaulted, and there is no horizon",
            known="a loan without a default so far is not yet a good one: it may be a week old",
            todo="write under [risk]: horizon_months = 12", id="G-MODEL-007",
        )


def _calendar(facts: pd.DataFrame, as_of: pd.Series[pd.Timestamp], parts: Split) -> dict[str, str]:
    """Name the facts that tell the date of a loan, on the training rows of a split out of time."""
    from guilder.evaluation.stability import calendar_facts

    if parts.kind != "out_of_time":
        return {}
    numbers = facts.iloc[parts.train].select_dtypes("number")
    found = calendar_facts({str(name): numbers[name] for name in numbers}, as_of.iloc[parts.train])
    return {name: f"tells the date of the loan (rank correlation {rho:.2f})" for name, rho in found.items()}
