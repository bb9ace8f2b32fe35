"""Erasing a customer: every place listed, what is ours erased, what is kept explained, on a certificate."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.errors import UsageError
from guilder.store.files import new_folder, put, sha256, write_file
from guilder.store.lock import locked
from guilder.store.runs import MANIFEST, Run, RunContent, load_run, to_json, write_run
from guilder.store.seal import seal
from guilder.store.tables import table_bytes
from guilder.workflow import traces
from guilder.workflow.audit import Audit, listed
from guilder.workflow.checkpoint import forget
from guilder.workflow.decide import RECORDS
from guilder.workflow.open import opened, quiet
from guilder.workflow.privacy import known_keys, names_of
from guilder.workflow.score_files import ABOUT, alone
from guilder.workflow.score_files import forget as forget_scoring
from guilder.workflow.traces import Names, Trace

if TYPE_CHECKING:
    from guilder.source.bank import Bank

CERTIFICATES = "erasures"
"""The folder of certificates, in the bank's."""


@dataclass(frozen=True)
class Erasure:
    """What was found of a customer and what became of it.

    Parameters
    ----------
    subject : str
        Who, told only to those who know the id: its pseudonym, or a salted hash where there is no key.
    at : str
        Moment, ISO, UTC.
    bank : str
        Name of the bank.
    places : tuple of Trace
        Every place; what has no reason to be kept is erased.
    retrain : tuple of dict
        ``run`` and ``rooms``: models that learned from the customer, among others.
    certificate : Path, optional
        Where it is written down; None where nothing was done yet.
    """

    subject: str
    at: str
    bank: str
    places: tuple[Trace, ...]
    retrain: tuple[dict[str, Any], ...]
    certificate: Path | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        places = [
            {"what": one.what, "where": one.where, "found": one.found,
             "done": "kept" if one.kept else "erased", "why": one.kept}
            for one in self.places
        ]  # fmt: skip
        told = {name: value for name, value in asdict(self).items() if name not in ("places", "certificate")}
        return {**told, "places": places, "certificate": None if self.certificate is None else str(self.certificate)}


def erase(
    bank: str | Path,
    customer_id: str,
    *,
    dry_run: bool = False,
    at: datetime | None = None,
    progress: Callable[[str], None] | None = None,
) -> Erasure:
    """Erase a customer from what Guilder keeps, and say what is kept elsewhere, and why.

    Rows, cards and histories go from every run and every folder of scores the audit log knows; models that learned
    from the customer are named, to be trained again. The bank's own tables are never written to.

    Parameters
    ----------
    bank : path
        The bank.toml, or its folder.
    customer_id : str
        Who.
    dry_run : bool
        Only list the places.
    at : datetime, optional
        Moment of the erasure; now when not given.
    progress : callable, optional
        Told a short sentence before each long step.

    Raises
    ------
    UsageError
        When nothing is found of the customer.
    BusyError
        When a run is at work.
    """
    tell, moment = progress or quiet, at or datetime.now(UTC)
    with opened(bank, tell) as source:
        root = Path(str(source.root))
        audit = Audit.at(root, source.settings)
        with audit.watched("erase"), ExitStack() as held:
            entries = listed(audit.log.folder)
            folders = {root / "runs", *(root / entry["runs"] for entry in entries if entry["event"] == "publish")}
            for folder in sorted({each.resolve() for each in folders if each.is_dir()}):
                held.enter_context(locked(folder))
            tell("looking for the customer in every place")
            names, places = _places(source, folders, audit, entries, customer_id)
            if not places:
                raise UsageError(
                    f"nothing is kept of a customer {customer_id!r}", todo="ids are compared letter by letter"
                )
            told = Erasure(
                _subject(customer_id), moment.isoformat(timespec="seconds"), source.name, tuple(places),
                tuple({"run": Path(one.where).name, "rooms": list(one.retrain)} for one in places if one.retrain),
            )  # fmt: skip
            if dry_run:
                return told
            for folder in folders:
                forget(folder)  # what an interrupted training had come to
            return _carry_out(told, root, audit, names, tell)


def _places(
    bank: Bank, folders: set[Path], audit: Audit, entries: list[dict[str, Any]], customer_id: str
) -> tuple[Names, list[Trace]]:
    customer, root = tuple(names_of(customer_id)), audit.root
    names = Names(customer, traces.loans_of(bank, customer))
    scored = {entry["path"]: entry for entry in entries if entry["event"] == "score" and entry["path"]}
    exported = {entry["path"]: entry for entry in entries if entry["event"] == "export"}
    found: list[Trace | None] = [*traces.in_tables(bank, names)]
    found += [traces.in_run(path, run, names) for path, run in traces.runs_in(folders)]
    found += [traces.in_scores(root / path, names) for path in scored]
    found += [traces.in_export(root / path, entry["sha256"], names) for path, entry in exported.items()]
    found += [*traces.in_overrides(root, names), *traces.in_audit(entries, audit.log.folder, names)]
    return names, [one for one in found if one is not None]


def _subject(customer_id: str) -> str:
    keys = known_keys()
    if keys:
        return keys[0].pseudonym(customer_id)
    salt = secrets.token_hex(16)
    return f"sha256:{salt}:{hashlib.sha256(f'{salt}{customer_id}'.encode()).hexdigest()}"


def _carry_out(told: Erasure, root: Path, audit: Audit, names: Names, tell: Callable[[str], None]) -> Erasure:
    stamp = "".join(letter for letter in told.at[:19] if letter.isdigit())
    path = root / CERTIFICATES / f"{stamp}-{hashlib.sha256(told.subject.encode()).hexdigest()[:8]}.json"
    told = replace(told, certificate=path)
    content = to_json(told.to_dict())
    erased = [one for one in told.places if not one.kept]
    audit.write({
        "event": "erase", "subject": told.subject, "places": [f"{one.what} {one.where}" for one in erased],
        "certificate_sha256": hashlib.sha256(content).hexdigest(),
    })  # fmt: skip
    for one in erased:
        tell(f"erasing from {one.where}")
        if one.what == "run":
            _from_run(load_run(one.where), names, audit, told)
        else:
            _from_scores(Path(one.where), names)
    path.parent.mkdir(exist_ok=True)
    write_file(path, content)
    return told


def _from_run(run: Run, names: Names, audit: Audit, told: Erasure) -> None:
    """Write a run anew without a customer: the same run, sealed anew, and not published by that."""
    from guilder.report.document import document
    from guilder.report.page import page

    models = {name: run.model(name) for name in run.models}
    if "offers" in models:
        models["offers"].forget(names.customer)
    tables = {name: run.table(name) for name in traces.tables_of(run)}
    tables = {name: table[~names.rows(table)].reset_index(drop=True) for name, table in tables.items()}
    metrics, figures = run.metrics, _without(run.figures, names)
    manifest = {name: value for name, value in run.manifest.items() if name != "files"}
    manifest["erased"] = [*manifest.get("erased", ()), {"at": told.at, "subject": told.subject}]
    content = RunContent(manifest, metrics, figures, models, tables, run.journal)

    def announce(made: Run) -> None:
        digest = sha256(made.path / MANIFEST)
        audit.write({"event": "erase", "subject": told.subject, "run": made.id, "manifest_sha256": digest})

    write_run(
        run.path.parent, content, lambda written: page(written, metrics, figures),
        (lambda written: document(written, metrics, figures)) if "risk" in metrics else None, announce,
        publishing=False,
    )  # fmt: skip


def _without(figures: dict[str, Any], names: Names) -> dict[str, Any]:
    """Take the customer's card out, and the example of a decline where it is theirs."""
    cards = [card for card in figures.get("customers", ()) if card.get("customer_id") not in names.customer]
    kept = {**figures, **({"customers": cards} if "customers" in figures else {})}
    example = (kept.get("risk") or {}).get("example")
    if example and example.get("loan_id") in names.loans:
        kept["risk"] = {**kept["risk"], "example": None}
    return kept


def _from_scores(folder: Path, names: Names) -> None:
    """Write a folder of scores anew without a customer, and without the records of their loans."""
    import pandas as pd

    about = json.loads((folder / ABOUT).read_bytes()) | {"key": None}  # scores of the same tables would be others
    with alone(folder), new_folder(folder, replace=True) as made:
        for path in sorted(folder.glob("*.parquet")):
            table = pd.read_parquet(path)
            table = table[~names.rows(table)].reset_index(drop=True)
            put(made / path.name, table_bytes(table))
            about["rows"][path.stem] = len(table)
        if (folder / RECORDS).is_file():
            lines = (folder / RECORDS).read_bytes().splitlines(keepends=True)
            put(made / RECORDS, [line for line in lines if json.loads(line)["loan_id"] not in names.loans])
        put(made / ABOUT, to_json(about))
        seal(made)
    forget_scoring(folder)
