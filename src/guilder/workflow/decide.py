"""Decisions on loans: the record of each one that is scored, and what a person decided instead, kept for good."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.errors import ArtefactError, RunNotFound, UsageError
from guilder.risk.decisions import Basis, DecisionRecord, Override, canonical, digest

if TYPE_CHECKING:
    import pandas as pd

    from guilder.source.bank import Bank
    from guilder.store.runs import Run

RECORDS = "decisions.jsonl"
"""The records of a scoring, one a line, beside its tables."""
OVERRIDES = Path("decisions") / "overrides.jsonl"
"""What people decided, in the bank's folder: no later scoring or training touches it."""


@dataclass(frozen=True)
class Decided:
    """One loan's record and every override of it, the newest last.

    Parameters
    ----------
    record : dict
        As in ``decisions.jsonl``.
    overrides : tuple of dict
        As in ``overrides.jsonl``; each holds the record that it was made on.
    broken : int
        Lines of ``overrides.jsonl`` that were cut short and say nothing.
    """

    record: dict[str, Any]
    overrides: tuple[dict[str, Any], ...] = ()
    broken: int = 0

    @property
    def stands(self) -> str:
        """The decision that stands: the last person's, or the model's."""
        return str(self.overrides[-1]["decision"] if self.overrides else self.record["decision"])

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "record": self.record, "overrides": list(self.overrides), "stands": self.stands, "broken": self.broken,
        }  # fmt: skip

    def lines(self) -> list[str]:
        """The same for a person to read."""
        from guilder.report.words import as_of, edge, percent

        own = self.record
        between = f" ({percent(own['p_low'])} to {percent(own['p_high'])})" if own["p_low"] is not None else ""
        said = [
            f"Loan {own['loan_id']}, as of {as_of(own['as_of'])}, run {own['run_id']}",
            f"  PD {percent(own['p_default'])}{between}, band {own['band']}",
            f"  the model: {own['decision']}; cut-off {edge(own['cut_off'])}, {own['rule']}",
            *(f"    raised by {reason}" for reason in own["reasons"]),
        ]
        said += [f"    {own['counterfactual']}"] if own["counterfactual"] else []
        digests = [f"{name} {own[key][:16]}" for name, key in
                   (("record", "record_id"), ("model", "model_sha256"), ("data", "data_sha256"))]
        said.append(f"  {', '.join(digests)}")
        for one in self.overrides:
            earlier = "" if one["record"]["record_id"] == own["record_id"] else " (on an earlier record)"
            said.append(f"  {one['at'][:10]} {one['by']}: {one['decision']}{earlier}: {one['reason']}")
        if self.broken:
            said.append(f"  {self.broken} overrides were cut short before they were confirmed, and say nothing")
        return [*said, f"  what stands: {self.stands}"]


def basis(bank: Bank, run: Run) -> Basis:
    """Say what every decision of this run on this bank rests on."""
    cut_off = run.metrics["risk"]["cut_off"]
    inputs = hashlib.sha256(canonical(bank.input_hashes).encode()).hexdigest()
    return Basis(
        run.id, str(run.manifest["files"]["models/risk.skops"]), inputs,
        f"{bank.as_of:%Y-%m-%d}" if bank.dated else None, float(cut_off["p"]), str(cut_off["rule"]),
    )  # fmt: skip


def records(loans: pd.DataFrame, rests_on: Basis) -> Iterator[DecisionRecord]:
    """Make the record of each scored loan."""
    names = loans.columns.tolist()
    for row in zip(*(loans[name].tolist() for name in names), strict=True):
        yield DecisionRecord.of(dict(zip(names, row, strict=True)), rests_on)


def decide(
    bank: str | Path,
    loan_id: str,
    override: str | None = None,
    *,
    reason: str = "",
    by: str = "",
    run: str | Path | None = None,
    scores: str | Path | None = None,
    at: datetime | None = None,
    progress: Callable[[str], None] | None = None,
) -> Decided:
    """Show the decision on a loan, or put a person's in its place.

    Nothing that was written is changed: an override is appended to ``decisions/overrides.jsonl`` in the bank's folder,
    with the record that it was made on, and is on disk when this returns.

    Parameters
    ----------
    bank : path
        The bank.toml, or its folder.
    loan_id : str
        Which loan.
    override : {"approve", "refer", "decline"}, optional
        What is decided instead; nothing is, when not given.
    reason, by : str
        Why, and who; an override needs both.
    run : path, optional
        A run's folder; the bank's published run when not given.
    scores : path, optional
        A folder of scores whose record is meant; made anew from the run when not given.
    at : datetime, optional
        Moment of the override; now when not given.
    progress : callable, optional
        Told a short sentence before each long step.

    Raises
    ------
    UsageError
        When there is no such loan, or an override has no reason or no name.
    ArtefactError
        When a record or an override is not what was written.
    """
    from guilder.source.connect import bank_file_path, read_bank_file
    from guilder.store.append_only import append, read
    from guilder.workflow.audit import Audit

    file = bank_file_path(bank)
    audit = Audit.at(file.parent, read_bank_file(file))
    with audit.watched("decide", loan=loan_id, override=override):
        if override is None and (reason or by):
            raise UsageError("a reason and a name are for an override", todo="say which with --override")
        if override is not None:  # refused before the work
            Override(override, reason, by, "", {})
        found = _written(Path(scores), loan_id) if scores else _made(bank, loan_id, run, progress)
        path = file.parent / OVERRIDES
        about = {"loan": loan_id, "run": found["run_id"], "record": found["record_id"]}
        audit.write({"event": "decision", **about, "decision": found["decision"]})
        if override is not None:
            moment = at or datetime.now(UTC)
            said = Override(override, reason.strip(), by.strip(), moment.isoformat(timespec="seconds"), found).content()
            # The reason and the name stay out of the log; the digest of what holds them proves them.
            audit.write({"event": "override", **about, "decision": override, "sha256": digest(said)})
            append(path, said)
        kept = read(path)
        own = tuple(one for one in kept.whole if one["loan_id"] == loan_id)
        return Decided(found, own, len(kept.broken))


def _made(
    bank: str | Path, loan_id: str, run: str | Path | None, progress: Callable[[str], None] | None
) -> dict[str, Any]:
    from guilder.store.runs import load_run
    from guilder.workflow.open import opened, quiet
    from guilder.workflow.score import scored

    with opened(bank, progress or quiet) as source:
        published = load_run(run or source.root or ".")
        if "risk" not in published.models:
            raise RunNotFound(f"run {published.id} has no risk model", todo="train one: guilder train BANK risk")
        loans = scored(source, published, [loan_id], progress or quiet).loans
        own = loans[loans["loan_id"] == loan_id]
        if own.empty:
            raise UsageError(f"this bank has no loan {loan_id!r}", todo="ids are compared letter by letter")
        return next(records(own, basis(source, published))).to_dict()


def _written(scores: Path, loan_id: str) -> dict[str, Any]:
    from guilder.store.seal import prove

    path, sought = scores / RECORDS, json.dumps(loan_id, ensure_ascii=False)
    if not path.is_file():
        raise UsageError(f"{scores} holds no {RECORDS}", todo="write them: guilder score BANK --out DIR")
    prove(scores)
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if sought not in line:  # a million lines are read in a second; only those with the id are parsed
                continue
            record: dict[str, Any] = json.loads(line)
            if record["loan_id"] != loan_id:
                continue
            if record.get("record_id") != digest(record):
                raise ArtefactError(
                    f"the record of {loan_id} in {path} is not what was written", todo="score again: guilder score BANK"
                )
            return record
    raise UsageError(f"{scores} has no record of loan {loan_id!r}", todo="ids are compared letter by letter")
