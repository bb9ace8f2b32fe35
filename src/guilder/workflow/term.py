"""The term structure, wired: the dates of every loan, and for each a PD by a model that has not seen it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from guilder.workflow.facts import collect

if TYPE_CHECKING:
    import pandas as pd

    from guilder.evaluation.splits import Split
    from guilder.risk.classifier import DefaultClassifier
    from guilder.risk.term import DatedLoans, TermResult
    from guilder.risk.term_structure import TermStructure
    from guilder.source.bank import Bank


def term_structure(
    bank: Bank, every: pd.DataFrame, facts: pd.DataFrame, known: pd.DataFrame, split: Split,
    classifier: DefaultClassifier, edges: tuple[float, ...],
) -> TermResult:  # fmt: skip
    """Fit how defaults are spread over months, on the loans of every age.

    Parameters
    ----------
    bank : Bank
        The bank; its loans bring the dates.
    every : DataFrame
        Every loan with its status, as `risk.outcomes` gives it, sorted by ``row``.
    facts : DataFrame
        Facts of every loan at its application, indexed by ``row``.
    known : DataFrame
        The loans that the split is of, as rows of ``every``.
    split : Split
        What the classifier has learned from, and where the test begins.
    classifier : DefaultClassifier
        The champion.
    edges : tuple of float
        Upper PDs of the bands.
    """
    import numpy as np

    from guilder.risk.bands import band
    from guilder.risk.term import no_term, term

    horizon = bank.settings.risk.horizon_months
    if why := why_not(bank.tables["loans"].collect_schema().names(), horizon):
        return no_term(why)
    loans, left_out = dated_loans(bank, every, honest_pd(classifier, facts.loc[every["row"]], every, known, split))
    as_of = np.datetime64(bank.as_of, "us")
    test_from = np.datetime64(split.test_from, "us") if split.test_from else None
    found = term(loans, as_of, int(horizon or 0), test_from, lambda p: band(p, edges))
    if "left_out" in found.metrics:
        found.metrics["left_out"] |= left_out
    return found


def why_not(columns: Sequence[str], horizon: int | None) -> str:
    """Say what a term structure would need and this bank does not have; nothing when it has all."""
    if missing := [name for name in ("applied_on", "defaulted_on") if name not in columns]:
        return f"loans have no {' and no '.join(missing)}: when defaults happen is not known"
    return "" if horizon else "there is no horizon_months, so the PD is of no fixed time"


def honest_pd(
    classifier: DefaultClassifier, facts: pd.DataFrame, every: pd.DataFrame, known: pd.DataFrame, split: Split
) -> pd.Series[float]:
    """Score every loan by a model that has not seen it: held-out scores for what the champion learned from.

    All other loans (the test's, those whose window is open, those without an outcome) the champion has not seen.

    Returns
    -------
    Series
        Indexed like ``every``.
    """
    import numpy as np
    import pandas as pd

    p = pd.Series(classifier.predict_proba(facts)[:, 1], index=every.index)
    learned = known.index[np.r_[split.refit, split.returning]]
    p[learned] = classifier.calibrator_.probabilities(classifier.held_raw_)
    return p


def dated_loans(bank: Bank, every: pd.DataFrame, p: pd.Series[float]) -> tuple[DatedLoans, dict[str, int]]:
    """Put PDs and dates together; count and leave out loans whose default has no date, and those not known."""
    import numpy as np
    import pandas as pd

    from guilder.risk.term import DatedLoans

    loans = bank.tables["loans"]
    present = loans.collect_schema().names()
    wanted = [nw.col(name) for name in ("defaulted_on", "closed_on") if name in present]
    wanted += [nw.col(name).cast(nw.Float64) for name in ("term_months",) if name in present]
    dates = collect(loans.select("loan_id", *wanted), "loan_id").set_index("loan_id").loc[every["row"]]
    fell = pd.to_datetime(dates["defaulted_on"]).reset_index(drop=True)
    fell = fell.where(fell < bank.as_of)
    undated = every["defaulted"].fillna(False).astype(bool) & fell.isna()
    ended = every["as_of"] + pd.DateOffset(months=int(bank.settings.risk.horizon_months or 0)) <= bank.as_of
    unknown = (every["status"] == "unknown") & fell.isna() & (ended | every["as_of"].isna())
    kept = (~undated & ~unknown).to_numpy()
    moments = {
        name: pd.to_datetime(dates[name]).to_numpy(dtype="datetime64[us]")[kept]
        for name in ("defaulted_on", "closed_on") if name in dates
    }  # fmt: skip
    made = DatedLoans(
        np.asarray(p, dtype=np.float64)[kept], every["as_of"].to_numpy(dtype="datetime64[us]")[kept],
        moments["defaulted_on"], moments.get("closed_on"),
        np.asarray(dates["term_months"], dtype=np.float64)[kept] if "term_months" in dates else None,
    )  # fmt: skip
    left_out = {"a default without a date": int(undated.sum()), "outcome not known": int(unknown.sum())}
    return made, {reason: many for reason, many in left_out.items() if many}


def term_of(metrics: Mapping[str, Any]) -> TermStructure | None:
    """Read the curve out of a run's figures; None where it has none."""
    from guilder.risk.term_structure import TermStructure

    curve = metrics.get("risk", {}).get("term_structure", {}).get("curve")
    return TermStructure.from_dict(curve) if curve else None


def with_lifetime(bank: Bank, scored: pd.DataFrame, structure: TermStructure | None) -> pd.DataFrame:
    """Add ``p_default_lifetime`` and ``lifetime_months``, missing where there is no curve or no term."""
    import numpy as np
    import pandas as pd

    chance = months = np.full(len(scored), np.nan)
    if structure is not None and len(scored) and "term_months" in bank.tables["loans"].collect_schema().names():
        loans = bank.tables["loans"].select("loan_id", term=nw.col("term_months").cast(nw.Float64))
        term = collect(loans, "loan_id").set_index("loan_id")["term"].loc[scored["loan_id"]]
        chance, months = structure.lifetime(scored["p_default"], term)
    place = list(scored.columns).index("p_high") + 1
    made = scored.copy()
    made.insert(place, "p_default_lifetime", pd.Series(chance, index=scored.index, dtype="float64"))
    made.insert(place + 1, "lifetime_months", pd.Series(months, index=scored.index).astype("Int64"))
    return made
