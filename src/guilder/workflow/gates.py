"""Gates of scoring, wired: what a run remembers of its training, and what stops or warns before scores are used."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from guilder.errors import ModelError
from guilder.evaluation.gates import Gate, judge_facts, judge_scores

if TYPE_CHECKING:
    from guilder.source.bank import Bank
    from guilder.store.runs import Run
    from guilder.workflow.score import Scores
    from guilder.workflow.train import Trained

TODO = {
    "G-SCORE-001": "say under codes which of the old categories the new ones are, or train again",
    "G-SCORE-002": "bring the fact to the unit it was trained in, or train again",
    "G-SCORE-003": "look at the facts named beside it, or train again",
    "G-SCORE-004": "train again; if it stays, please report it",
    "G-SCORE-006": "score with the run of this bank, or train one: guilder train BANK",
    "G-SCORE-008": "declare the fact as it was when the run was trained, or train again",
}
"""What to do about each gate that stops."""
NAMED = 5
"""Findings that a message names."""


def remember(bank: Bank, trained: Trained) -> dict[str, Any]:
    """Count what scoring will be held against: facts of loans and customers, scores of the test, the past as known."""
    from guilder.evaluation.reference import numbers_reference, reference
    from guilder.source.history import history

    kept: dict[str, Any] = {"as_of": bank.as_of.isoformat(), "history": history(bank, bank.as_of)}
    used: set[str] = set()
    if trained.risk is not None:
        names = [name for name in trained.risk.room.model.fact_names if name in trained.risk.facts]
        kept["loans"] = reference(trained.risk.facts[names])
        kept["scores"] = numbers_reference(trained.risk.p_default)
        used |= set(names)
    if trained.segments is not None:
        used |= set(trained.segments.segmenter.facts_)
    facts = trained.customers.facts
    kept["customers"] = reference(facts[[name for name in facts.columns if name in used]])
    return kept


def judge(bank: Bank, run: Run, scores: Scores) -> tuple[Gate, ...]:
    """Hold a bank and its scores against what a run remembers.

    Parameters
    ----------
    bank : Bank
        Open, as it was scored.
    run : Run
        What it was scored with.
    scores : Scores
        Of all customers; a few of them are no distribution, and only their scores are looked at.
    """
    kept = run.figures.get("reference") or {}
    found = _population(bank, run)
    if scores.few:
        return _accepted([*found, *_probabilities(scores)], bank.settings.limits.accept)
    if "loans" in kept and scores.loan_facts is not None:
        found += judge_facts(kept["loans"], scores.loan_facts, "loans")
        found += judge_scores(kept["scores"], scores.loans["p_default"].to_numpy())
    if "customers" in kept and scores.facts is not None:
        found += judge_facts(kept["customers"], scores.facts, "customers")
    if "history" in kept:
        found += _late(bank, kept)
    return _accepted(found, bank.settings.limits.accept)


def refuse(gates: Sequence[Gate]) -> None:
    """Stop where a gate stops; nothing has been written by then.

    Raises
    ------
    ModelError
        Under the id of the first, naming the first few.
    """
    stops = [gate for gate in gates if gate.severity == "stop"]
    if stops:
        first = stops[0]
        raise ModelError(
            f"these scores must not be used: {'; '.join(gate.message for gate in stops[:NAMED])}"
            + (f"; and {len(stops) - NAMED} more" if len(stops) > NAMED else ""),
            known="what is scored is not what the run was trained on; nothing was written",
            todo=f"{TODO[first.id]}; if it is as it should be, write under [limits]: "
                 f'accept = {{ "{first.id}" = "why it is right" }}', id=first.id,
        )  # fmt: skip


def _accepted(gates: Sequence[Gate], accept: Mapping[str, str]) -> tuple[Gate, ...]:
    return tuple(
        replace(gate, severity="accepted", message=f"{gate.message}. Accepted by the bank: {accept[gate.id]}")
        if gate.severity == "stop" and gate.id in accept else gate
        for gate in gates
    )  # fmt: skip


def _population(bank: Bank, run: Run) -> list[Gate]:
    """See whether a run is of this bank: amounts of another currency are of another size, and so is everything."""
    metrics = run.metrics
    if metrics["currency"] != bank.currency:
        said = f"the run was trained on amounts in {metrics['currency']}, and this bank's are in {bank.currency}"
        return [Gate("G-SCORE-006", "stop", "", said, 0.0)]
    if metrics["name"] != bank.name:
        said = f"the run was trained on {metrics['name']}, and this is {bank.name}: see that it is meant for it"
        return [Gate("G-SCORE-007", "warn", "", said, 0.0)]
    return []


def _probabilities(scores: Scores) -> list[Gate]:
    return [gate for gate in judge_scores({"mean": 0.0}, scores.loans["p_default"].to_numpy()) if
            gate.id == "G-SCORE-004"]


def _late(bank: Bank, kept: Mapping[str, Any]) -> list[Gate]:
    """Say when the past has changed since training: rows that came late, or were taken out."""
    from guilder.source.history import history

    then = datetime.datetime.fromisoformat(kept["as_of"])
    if bank.as_of < then:
        return []
    found = []
    for name, now in history(bank, then).items():
        was = kept["history"].get(name)
        if was and was != now:
            more = now["rows"] - was["rows"]
            how = f"{abs(more):,} {'more' if more > 0 else 'fewer'} than then" if more else "as many, but not the same"
            found.append(Gate(
                "G-SCORE-005", "warn", name, f"the {name} before {then:%Y-%m-%d}, the day of training, have changed "
                f"since: there are {now['rows']:,}, {how}; facts of that day would not be the same", float(more),
            ))  # fmt: skip
    return found
