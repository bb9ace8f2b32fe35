"""Training: the rooms in turn, each informed by the one before; one run, written whole and published."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.errors import UsageError
from guilder.features.vocabulary import vocabulary
from guilder.source.connect import bank_file_path, read_bank_file
from guilder.store.lock import locked
from guilder.store.manifest import manifest
from guilder.store.runs import Run, RunContent, made_before, plain, publish, tidy, write_run
from guilder.workflow.audit import Audit
from guilder.workflow.cards import segment_cards
from guilder.workflow.checkpoint import Checkpoint, Room, checkpoint
from guilder.workflow.data import data_figures, data_metrics
from guilder.workflow.facts import Recipe, recipe
from guilder.workflow.gates import remember
from guilder.workflow.lineage import BEFORE, segmenter_before, segments_before
from guilder.workflow.offers import train_offers
from guilder.workflow.offers_gate import gate_of
from guilder.workflow.open import opened, quiet
from guilder.workflow.policy import policy_of
from guilder.workflow.privacy import key_for, masked
from guilder.workflow.promotion import HELD, ID, against_published, incumbent, judged, stop, why_held
from guilder.workflow.reasons import example_decline
from guilder.workflow.risk import TrainedRisk, train_risk
from guilder.workflow.run_key import answered, run_key
from guilder.workflow.score import CustomerFacts, Rooms, apply, customer_facts, trained_on
from guilder.workflow.search import LEDGER, search_within, searched_for
from guilder.workflow.segments import can_segment, grouped_by, train_segments
from guilder.workflow.segments_earlier import month_ago
from guilder.workflow.segments_flow import last_quarter
from guilder.workflow.term import term_of
from guilder.workflow.union import customers_sample, risk_by_segment

if TYPE_CHECKING:
    from guilder.risk.contest import Search
    from guilder.segments.segment import SegmentsResult
    from guilder.source.bank import Bank

NEEDS = {
    "risk": "loans", "segments": "transactions, or attributes of customers that are numbers", "offers": "interactions",
}  # fmt: skip
"""What each room cannot do without."""


@dataclass(frozen=True)
class Trained:
    """What the rooms found, those that were trained."""

    recipe: Recipe
    customers: CustomerFacts
    risk: TrainedRisk | None = None
    segments: SegmentsResult | None = None
    offers: Room | None = None

    def fact_names(self) -> list[str]:
        """Every fact of loans and of customers."""
        loans = list(self.risk.facts.columns) if self.risk else []
        return sorted({*map(str, loans), *map(str, self.customers.facts.columns)})

    def models(self) -> dict[str, Any]:
        """The fitted estimators by room."""
        return {
            name: model
            for name, model in (
                ("risk", self.risk and self.risk.room.model),
                ("segments", self.segments and self.segments.segmenter),
                ("offers", self.offers and self.offers.model),
            )
            if model is not None
        }


def train(
    bank: Bank | str | Path,
    part: str | None = None,
    *,
    out: str | Path | None = None,
    seed: int | None = None,
    facts: str | None = None,
    budget: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Run:
    """Train, publish a run and write its report.

    Parameters
    ----------
    bank : Bank or path
        The bank, its bank.toml, or its folder.
    part : {"risk", "segments", "offers"}, optional
        One room; all that the bank's tables allow when not given.
    out : path, optional
        The folder of runs; ``runs/`` beside the bank's file when not given.
    seed : int, optional
        Seed of everything random; the bank file's own when not given.
    facts : {"behaviour", "classic", "declared"}, optional
        What customers are grouped by; the bank file's own ``segments.facts`` when not given.
    budget : float, optional
        Seconds that training may look for better settings; the bank file's own ``risk.budget_seconds`` when not given.
    progress : callable, optional
        Told a short sentence before each long step.

    Returns
    -------
    Run
        The published run; the same causes (inputs, versions, seed, parameters) give the run that was made before.

    Raises
    ------
    DataError, ModelError
        When a table or a model does not pass its gate; nothing is published.
    BusyError
        When another run is at work in the same folder.
    """
    tell = progress or quiet
    runs = _runs(bank, out)
    with _audit(bank, runs).watched("train") as audit, locked(runs):
        tidy(runs)
        key = None
        if isinstance(bank, str | Path):  # what was asked before is known before the bank is read
            key = run_key(bank, command="train", part=part, seed=seed, facts=facts, budget=budget)
            if made := answered(runs, key):
                return _again(made, read_bank_file(bank).limits.accept, tell, audit)
        with opened(bank, tell) as found:
            source = found if facts is None else grouped_by(found, facts)
            source = source if budget is None else searched_for(source, budget)
            rooms = _rooms(source, part)
            described = _described(source, rooms, source.settings.seed if seed is None else seed, runs)
            if same := made_before(runs, described["run_id"]):
                return _again(same, source.settings.limits.accept, tell, audit)
            return _make(source, rooms, described, _Runs(runs, audit, key), tell)


def _again(run: Run, accept: Mapping[str, str], tell: Callable[[str], None], audit: Audit) -> Run:
    """Publish a run that is there; not one that was kept back, while what it was held against is published."""
    tell("these inputs, versions and parameters have a run already")
    checkpoint(run.path.parent, run.id, run.journal.get("key")).done()
    held, published = run.journal.get(HELD), incumbent(run.path.parent, run.id)
    if held and published is not None and ID not in accept:
        raise stop(run, held, published.id)
    return publish(run, audit.publish)


def _runs(bank: Bank | str | Path, out: str | Path | None) -> Path:
    root = bank_file_path(bank).parent.resolve() if isinstance(bank, str | Path) else bank.root
    if out is not None:
        return Path(out)
    if root is None:
        raise UsageError("a bank made of frames has no folder of runs", todo="name one: train(bank, out=…)")
    return root / "runs"


def _audit(bank: Bank | str | Path, runs: Path) -> Audit:
    if isinstance(bank, str | Path):
        return Audit.at(bank_file_path(bank).parent.resolve(), read_bank_file(bank))
    return Audit.of(bank, runs)


@dataclass(frozen=True)
class _Runs:
    """Where a run is written to, where that is logged, and what was asked for."""

    folder: Path
    audit: Audit
    key: str | None


def _rooms(bank: Bank, part: str | None) -> list[str]:
    if part is not None and part not in NEEDS:
        raise UsageError(f"there is no room {part!r}", known=f"rooms: {', '.join(NEEDS)}")
    wanted = [part] if part else list(NEEDS)
    rooms = [room for room in wanted if (can_segment(bank) if room == "segments" else NEEDS[room] in bank.tables)]
    if not rooms:
        raise UsageError(
            f"this bank cannot train {part or 'any room'}",
            known=f"it has: {', '.join(bank.tables) or 'no tables'}; "
            + "; ".join(f"{room} needs {NEEDS[room]}" for room in wanted),
            todo="describe the table in bank.toml",
        )
    return rooms


def _described(bank: Bank, rooms: list[str], seed: int, runs: Path) -> dict[str, Any]:
    """Describe the run, with the segmentation it goes on from."""
    described = _describe(bank, rooms, seed)
    before = segments_before(runs, described) if "segments" in rooms else None
    return described if before is None else _describe(bank, rooms, seed, {BEFORE: before})


def _describe(bank: Bank, rooms: list[str], seed: int, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    rows = {table.name: table.rows_in for table in bank.intake.tables}
    inputs = []
    for name, digest in bank.input_hashes.items():
        table, _, file = name.partition("/")
        inputs.append({"table": table, "file": file, "sha256": digest, "rows": rows.get(table)})
    settings = bank.settings.model_dump(mode="json", exclude={"seed", "name", "as_of", "audit"}, exclude_defaults=True)
    as_of = bank.as_of if bank.dated else None
    key = key_for(bank.settings, "scores")
    named = {} if key is None else {"pseudonym_key": key.id}
    parameters = {"rooms": rooms, **settings, **named, **(more or {})}
    return manifest(bank=bank.name, as_of=as_of, seed=seed, inputs=inputs, parameters=parameters)


def _make(
    bank: Bank, rooms: list[str], described: dict[str, Any], runs: _Runs, progress: Callable[[str], None]
) -> Run:
    from guilder.report.document import document
    from guilder.report.page import page

    started, clock = datetime.now(UTC), time.monotonic()
    keep = checkpoint(runs.folder, described["run_id"], runs.key)
    search = search_within(bank.settings.risk.budget_seconds, keep.folder / LEDGER) if "risk" in rooms else None
    before = segmenter_before(runs.folder, described)
    trained = train_rooms(bank, rooms, described["seed"], progress, keep, before, search)
    progress("bringing the three rooms together")
    metrics, figures, tables = _summary(bank, trained, described, progress)
    progress("writing the run and its report")
    metrics, figures = plain(metrics), plain(figures)  # the page is drawn from what is kept, so it can be drawn again
    published, versus, held = incumbent(runs.folder, described["run_id"]), None, []
    if trained.risk is not None:
        versus = against_published(trained.risk, runs.folder, described["run_id"], described["seed"])
        held = why_held(bank, metrics["risk"]["promotion"], versus, published)
    content = RunContent(
        {**described, "recipe": trained.recipe.to_dict()}, metrics, figures, trained.models(), tables,
        {"started": started.isoformat(), "seconds": time.monotonic() - clock, "key": runs.key, "published": versus,
         HELD: held},
    )  # fmt: skip
    documented = (lambda written: document(written, metrics, figures)) if "risk" in metrics else None
    run = write_run(
        runs.folder, content, lambda written: page(written, metrics, figures), documented,
        None if held else runs.audit.publish, publishing=not held,
    )  # fmt: skip
    keep.done()
    if held and published is not None:
        raise stop(run, held, published.id)
    return run


def train_rooms(
    bank: Bank,
    rooms: list[str],
    seed: int,
    progress: Callable[[str], None],
    keep: Checkpoint,
    before: Any = None,
    search: Search | None = None,
) -> Trained:
    """Train risk first, since its split fixes the words of the facts; segments next; offers know the segments.

    A room that an interrupted training had finished is not trained again.
    """
    risk = train_risk(bank, seed, progress, keep, search) if "risk" in rooms else None
    how = risk.recipe if risk else recipe(bank, vocabulary(bank.tables.get("transactions"), bank.as_of))
    progress("making every customer's facts")
    customers = customer_facts(bank, how)
    segments = offers = None
    if "segments" in rooms:
        segments = _grouped(
            customers, keep.room("segments", lambda: _segments(bank, how, customers, seed, progress, before))
        )
    if "offers" in rooms:
        named = segments.customers.set_index("customer_id")["segment_name"] if segments else None
        offers = keep.room("offers", lambda: _offers(bank, named, seed, progress))
    return Trained(how, customers, risk, segments, offers)


def _segments(
    bank: Bank, how: Recipe, customers: CustomerFacts, seed: int, progress: Callable[[str], None], before: Any
) -> Room:
    earlier = month_ago(bank, how, customers.facts, progress)
    found = train_segments(bank, customers.facts, seed, progress, before, earlier)
    return Room(found.segmenter, found.metrics, found.figures)


def _grouped(customers: CustomerFacts, room: Room) -> SegmentsResult:
    from guilder.segments.segment import SegmentsResult

    placed = room.model.assign(customers.facts.rename_axis("customer_id").reset_index())
    return SegmentsResult(
        room.model, placed[["customer_id", "segment", "segment_name"]], room.metrics, room.figures
    )


def _offers(bank: Bank, segments: Any, seed: int, progress: Callable[[str], None]) -> Room:
    found = train_offers(bank, segments, seed, progress)
    return Room(found.recommender, found.metrics, found.figures)


def _summary(
    bank: Bank, trained: Trained, described: Mapping[str, Any], progress: Callable[[str], None]
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    metrics: dict[str, Any] = {
        "name": bank.name,
        "currency": bank.currency,
        "as_of": f"{bank.as_of:%Y-%m-%d}" if bank.dated else None,
        "seed": described["seed"],
        "data": data_metrics(bank),
    }
    figures: dict[str, Any] = {"data": data_figures(bank, trained.risk, trained.fact_names())}
    for name in ("risk", "segments", "offers"):
        part = getattr(trained, name)
        if part is not None:
            result = part.room if isinstance(part, TrainedRisk) else part
            metrics[name], figures[name] = result.metrics, result.figures
    if trained.risk is not None:
        promotion = judged(trained.risk, described["seed"])
        metrics["risk"]["promotion"] = promotion
        metrics["risk"]["warnings"] += [f"the model is not promoted: {why}" for why in promotion["refused"]]
    models = trained.models()
    rooms = Rooms(
        trained.recipe, models.get("risk"), policy_of(metrics), models.get("segments"), models.get("offers"),
        term_of(metrics), trained_on(described),
    )  # fmt: skip
    scores = apply(bank, rooms, str(described["run_id"]), trained.customers, progress)
    if scores.may is not None:
        metrics["offers"]["suppressed"] = scores.may.counts
        metrics["offers"]["gate"] = gate_of(bank, rooms.recommender, scores, described["seed"])
    if trained.risk is not None:
        figures["risk"] = {**figures["risk"], "example": example_decline(scores.loans)}
    if trained.segments is not None:
        flow = last_quarter(bank, trained.recipe, trained.segments.segmenter)
        cards = segment_cards(bank, trained.segments, scores, flow)
        figures["segments"] = {**figures["segments"], "profiles": cards, "flow": flow}
    metrics["customers"] = {"risk_by_segment": risk_by_segment(
        trained.risk, trained.segments, bank.settings.privacy.min_group
    )}  # fmt: skip
    shown = {name: masked(table, bank.settings, "scores") for name, table in scores.tables().items()}
    key = key_for(bank.settings, "scores")
    figures["customers"] = customers_sample(scores, None if key is None else key.pseudonym)
    figures["reference"] = remember(bank, trained)
    return metrics, figures, shown
