"""Promotion: whether a risk model may be used, and whether it may take the place of the published one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.errors import GuilderError, ModelError, RunNotFound
from guilder.store.runs import Run, load_run

if TYPE_CHECKING:
    from guilder.source.bank import Bank
    from guilder.workflow.risk import TrainedRisk

ID = "G-MODEL-008"
HELD = "held_back"
"""Why a run was written and not published, in its journal."""


def judged(risk: TrainedRisk, seed: int) -> dict[str, Any]:
    """Say from the run alone whether its risk model may be used.

    Returns
    -------
    dict
        ``refused`` (reasons, none where it may), and ``one_fact``: the fact of most information value and the log loss
        of the champion less that of a scorecard of it alone, on the test loans.
    """
    from guilder.evaluation.leakage import TOO_GOOD_MODEL
    from guilder.risk.classifier import DefaultClassifier

    metrics, parts = risk.room.metrics, risk.split
    refused = []
    if metrics["verdict"] in ("no better than the base rate", "worse than the base rate"):
        refused.append(f"it is {metrics['verdict']} on the test loans")
    area = metrics["test"]["auc"]["value"]
    if area > TOO_GOOD_MODEL:
        refused.append(f"its AUC of {area:.3f} is too good to be true: a fact knows the outcome")
    values = [item for item in metrics["scorecard"]["iv"] if item["fact"] in risk.facts]
    one: dict[str, Any] | None = None
    if values:
        fact = str(max(values, key=lambda item: item["iv"])["fact"])
        truth = risk.outcomes["defaulted"].to_numpy(dtype=int)
        alone = DefaultClassifier("scorecard", random_state=seed).fit(risk.facts[[fact]].iloc[parts.refit],
                                                                     truth[parts.refit])
        p = alone.predict_proba(risk.facts[[fact]].iloc[parts.test])[:, 1]
        one = {"fact": fact, "log_loss": _difference(risk, p, seed)}
        if one["log_loss"]["low"] > 0:
            refused.append(f"a scorecard of {fact} alone has a lower log loss on the test loans")
    return {"refused": refused, "one_fact": one}


def against_published(risk: TrainedRisk, runs: Path, run_id: str, seed: int) -> dict[str, Any] | None:
    """Compare the champion with the published model on the same test loans; None where there is none to compare.

    A published model that learned from some of these loans would have seen the answers: only one that is as old as the
    test, on loans split by date, is compared.
    """
    published = incumbent(runs, run_id)
    if published is None or not may_be_used(published.metrics, {}):
        return None
    told: dict[str, Any] = {"run": published.id}
    first = risk.outcomes["as_of"].iloc[risk.split.test].min()
    if risk.split.kind != "out_of_time" or str(published.metrics["as_of"]) > f"{first:%Y-%m-%d}":
        return {**told, "why": "it may have learned from loans of this test"}
    try:
        p = published.model("risk").predict_proba(risk.facts.iloc[risk.split.test])[:, 1]
    except GuilderError as error:
        return {**told, "why": f"it cannot score these facts ({error.wrong})"}
    return {**told, "log_loss": _difference(risk, p, seed)}


def incumbent(runs: Path, run_id: str) -> Run | None:
    """Find the published run with a risk model, another one than this."""
    try:
        published = load_run(runs)
    except RunNotFound:
        return None
    return published if "risk" in published.models and published.id != run_id else None


def may_be_used(metrics: Mapping[str, Any], accept: Mapping[str, str]) -> bool:
    """Whether a run's risk model may score: it was not refused, or the bank accepts that in writing."""
    refused = metrics.get("risk", {}).get("promotion", {}).get("refused", ())
    return not refused or ID in accept


def why_held(
    bank: Bank, promotion: Mapping[str, Any], versus: Mapping[str, Any] | None, published: Run | None
) -> list[str]:
    """Say why a run must not take the place of the published one; nothing where it may."""
    if published is None or ID in bank.settings.limits.accept:
        return []
    reasons = list(promotion["refused"])
    if versus is not None and versus.get("log_loss", {}).get("low", 0.0) > 0:
        reasons.append(f"the published run {versus['run']} has a lower log loss on the same test loans")
    return reasons


def stop(run: Run, reasons: list[str], stays: str) -> ModelError:
    """Make the error that says a run was written and not published."""
    return ModelError(
        f"the risk model of run {run.id} is not promoted: {'; '.join(reasons)}",
        known=f"run {stays} stays published; the new one is kept, its report is {run.report}",
        todo=f'look at the report; to promote it all the same, write under [limits]: accept = {{ "{ID}" = "why" }} and '
             "train again", id=ID,
    )  # fmt: skip


def _difference(risk: TrainedRisk, p: Any, seed: int) -> dict[str, float]:
    from guilder.risk.measures import measure

    test = risk.split.test
    groups = None if risk.split.groups is None else risk.split.groups[test]
    _, over = measure(
        risk.truth, {"champion": risk.p_default, "other": p}, {"champion": 0.5, "other": 0.5}, groups=groups,
        random_state=seed,
    )
    found = over["other"]["log_loss"]
    return {"value": found.value, "low": found.low, "high": found.high}
