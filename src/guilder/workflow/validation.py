"""The validation, wired: what the test slice said once, beside what the champion had learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from guilder.evaluation.splits import Split
    from guilder.risk.classifier import DefaultClassifier
    from guilder.risk.compare import RiskResult


def ranked_facts(result: RiskResult) -> list[str]:
    """The champion's facts, the heaviest first; those without weight in their own order."""
    heavy = [str(item["fact"]) for item in result.figures["importance"]]
    return heavy + [name for name in result.classifier.fact_names if name not in set(heavy)]


def validation(
    result: RiskResult, facts: pd.DataFrame, known: pd.DataFrame, split: Split, edges: tuple[float, ...], seed: int
) -> dict[str, Any]:
    """Validate the champion.

    Parameters
    ----------
    result : RiskResult
        What the contest found.
    facts, known : DataFrame
        Facts and outcomes of the loans, one row each, in the order that the split is of.
    split : Split
        Which of them trained and tested.
    edges : tuple of float
        Upper PDs of the bands.
    seed : int
        Seed of whatever is drawn.
    """
    import numpy as np

    from guilder.risk.validation import Evidence, validate

    model: DefaultClassifier = result.classifier
    columns = facts[model.fact_names]
    when = known["as_of"].to_numpy(dtype="datetime64[us]")[split.test]
    evidence = Evidence(
        y=result.outcome.y, p=result.outcome.p, challenger_p=result.outcome.challenger_p,
        X=columns.iloc[split.test], learned=columns.iloc[split.refit],
        held_p=model.calibrator_.probabilities(model.held_raw_)[: len(split.refit)],
        facts=ranked_facts(result), cut_off=result.metrics["cut_off"]["p"], edges=edges,
        groups=None if split.groups is None else split.groups[split.test],
        when=None if np.isnat(when).all() else when,
    )  # fmt: skip
    return validate(
        evidence, lambda X: model.predict_proba(X)[:, 1], result.metrics["test"]["calibration_slope"],
        random_state=seed,
    )  # fmt: skip
