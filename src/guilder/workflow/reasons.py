"""Reasons in the bank's own words: what raised a PD, and which change would have made the application pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from guilder.features.catalogue import describe

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from guilder.contract.bank_file import RiskFile
    from guilder.evaluation.splits import Split
    from guilder.risk.classifier import DefaultClassifier
    from guilder.risk.compare import RiskResult
    from guilder.risk.counterfactual import Counterfactual
    from guilder.risk.policy import Policy

UNCHANGEABLE = ("age_years", "gender", "marital_status")
"""Facts that no reason names and no change touches, even where a bank lets its model learn from them."""


ENOUGH = "would pass with"
"""How a change that is enough is said."""


def wording(settings: RiskFile) -> Callable[[str], str]:
    """Turn the name of a fact into plain words: the bank's own, or those of the catalogue."""
    return lambda fact: settings.words.get(fact) or describe(fact).meaning


def silent(settings: RiskFile) -> frozenset[str]:
    """Name the facts that are never given as a reason."""
    return frozenset({*UNCHANGEABLE, *settings.use_protected, *settings.protected, *settings.no_reason})


def plain_reasons(
    classifier: DefaultClassifier, facts: pd.DataFrame, settings: RiskFile
) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Say in words, for each row, what raised its PD most: the fact's meaning and its value.

    Returns
    -------
    array of object of shape (n, 4)
        Texts, strongest first; None where there are no more.
    """
    import numpy as np

    from guilder.risk.reasons import MOST

    facts = facts[classifier.fact_names]
    found, words = classifier.strongest(facts, MOST, silent(settings)).fact, wording(settings)
    said = np.full((len(facts), MOST), None, dtype=object)
    for fact in np.unique(found[found >= 0]).tolist():
        row, place = np.nonzero(found == fact)
        said[row, place] = _said(words(classifier.fact_names[fact]), facts.iloc[row, fact])
    return said


def _said(meaning: str, values: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Say a fact's values; each different one is put into words once."""
    import numpy as np
    import pandas as pd

    from guilder.report.words import amount
    from guilder.risk.reasons import plain

    number, different = pd.factorize(values)
    texts = [f"{meaning}: {amount(one) if isinstance(one, float) else one}" for one in plain(pd.Series(different))]
    return np.array([*texts, f"{meaning}: not known"], dtype=object)[number]  # -1, the last, where there is no value


def pass_line(policy: Policy) -> float:
    """PD under which an application passes: where referring begins, or the cut-off where everything is referred."""
    cut_off = policy.cut_off or 1.0
    return policy.refer_from * cut_off if policy.refer_from > 0 else cut_off


def plain_counterfactuals(
    classifier: DefaultClassifier, facts: pd.DataFrame, p_default: pd.Series[float], policy: Policy, settings: RiskFile
) -> list[str | None]:
    """Say in words, for each loan that did not pass, the smallest change that would have made it pass."""
    from guilder.risk.counterfactual import counterfactuals

    line, never = pass_line(policy), silent(settings)
    can_change = {fact: way for fact, way in settings.can_change.items() if fact not in never}
    rows = [row for row, p in enumerate(p_default.tolist()) if p >= line]
    said: list[str | None] = [None] * len(facts)
    if rows:
        for row, found in zip(rows, counterfactuals(classifier, facts.iloc[rows], line, can_change), strict=True):
            said[row] = say(found, wording(settings))
    return said


def say(found: Counterfactual | None, words: Callable[[str], str]) -> str:
    """Say a change in one sentence, the facts that follow from it in brackets."""
    from guilder.report.words import amount

    if found is None:
        return "no change of what can be changed, within what past loans had, would be enough to pass"

    def one(change: Any) -> str:
        return f"{words(change.fact)} {amount(change.new)} instead of {amount(change.now)}"

    own = " and ".join(one(change) for change in found.changes if not change.follows)
    then = ", ".join(one(change) for change in found.changes if change.follows and change.fact == "instalment")
    return f"{ENOUGH} {own}{f' ({then})' if then else ''}"


def reasons_agree(
    result: RiskResult, facts: pd.DataFrame, y: np.ndarray[Any, Any], split: Split, settings: RiskFile, seed: int
) -> dict[str, Any]:
    """Fit the champion again a few times and measure how often the first reason of a decline stays.

    The declines are those of the validation slice. The refits take the champion's settings and, of an ensemble, its
    weights; they are not calibrated, which moves no reason.
    """
    import numpy as np
    from sklearn.base import clone

    from guilder.risk.agreement import agreement
    from guilder.risk.ensemble import Ensemble

    champion = result.classifier
    names = champion.fact_names

    def refit(drawn: Any, other: int) -> DefaultClassifier:
        rows = split.refit[drawn]
        model: DefaultClassifier = clone(champion).set_params(calibration="none", random_state=other)
        of = champion.pipeline_
        held = np.zeros((len(rows), len(of.parts))) if isinstance(of, Ensemble) else None
        model.fit(facts.iloc[rows][names], y[rows], held=held)
        if isinstance(of, Ensemble):
            model.pipeline_.weights, model.pipeline_.intercept = of.weights, of.intercept
        return model

    valid = facts.iloc[split.valid][names]
    declined = champion.predict_proba(valid)[:, 1] >= champion.cut_off
    who = None if split.groups is None else split.groups[split.valid][declined]
    return agreement(
        champion, refit, len(split.refit), valid[declined], who, silent=silent(settings), random_state=seed
    )


def example_decline(loans: pd.DataFrame) -> dict[str, Any] | None:
    """Pick the decline nearest to the cut-off with all that is said of it, one that can be mended if there is one."""
    from guilder.risk.reasons import MOST

    declined = loans[(loans["decision"] == "decline") & loans["reason_1"].notna()]
    mended = declined[declined["counterfactual"].str.startswith(ENOUGH, na=False)]
    chosen = (mended if len(mended) else declined).sort_values(["p_default", "loan_id"])
    if chosen.empty:
        return None
    loan = chosen.iloc[0]
    said = [loan[f"reason_{place}"] for place in range(1, MOST + 1)]
    return {
        "loan_id": str(loan["loan_id"]), "band": str(loan["band"]),
        **{name: float(loan[name]) for name in ("p_default", "p_low", "p_high")},
        "reasons": [one for one in said if isinstance(one, str)],
        "counterfactual": loan["counterfactual"] if isinstance(loan["counterfactual"], str) else None,
    }  # fmt: skip
