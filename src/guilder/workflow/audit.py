"""What is written to the audit log, by whom and when: decisions, publishing, exports, erasures and what was refused."""

from __future__ import annotations

import getpass
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.errors import ArtefactError, GuilderError, UsageError
from guilder.store.audit import AuditLog, Head, Verdict
from guilder.store.files import sha256, write_file
from guilder.store.runs import MANIFEST, load_run
from guilder.workflow.privacy import key_for

if TYPE_CHECKING:
    from guilder.contract.bank_file import BankFile
    from guilder.source.bank import Bank
    from guilder.store.runs import Run

FOLDER = "audit"
EVENTS = ("decision", "denied", "erase", "explain", "export", "override", "publish", "score", "suppression", "token")
"""Every kind of event."""


@dataclass(frozen=True)
class Audit:
    """The log of one bank, or of the runs of a bank that has no folder.

    Parameters
    ----------
    log : AuditLog
        Where it is.
    root : Path
        The bank's folder, or the folder of runs: paths within are logged from there, so that a copy tells of itself.
    settings : BankFile, optional
        Whether customers stand in it under pseudonyms.
    """

    log: AuditLog
    root: Path
    settings: BankFile | None = None

    @classmethod
    def of(cls, bank: Bank, runs: Path) -> Audit:
        """The log of an open bank; among its runs where it was made of frames."""
        if bank.root is not None:
            return cls.at(bank.root, bank.settings)
        return cls(AuditLog(runs / FOLDER), runs, bank.settings)

    @classmethod
    def at(cls, root: Path, settings: BankFile | None = None) -> Audit:
        """The log in a bank's folder, or where its file says."""
        if settings is None:
            settings = _settings(root)
        named = settings.audit.folder if settings is not None else None
        return cls(AuditLog(root / (named or FOLDER)), root, settings)

    @classmethod
    def of_run(cls, run: Run) -> Audit:
        """The log of the bank that a run lies in; beside the runs where that is no bank's folder."""
        runs = run.path.parent
        return cls.at(runs.parent) if (runs.parent / "bank.toml").is_file() else cls(AuditLog(runs / FOLDER), runs)

    def place(self, path: Path) -> str:
        """How a path is logged: from the bank's folder on where it lies within."""
        whole, root = path.resolve(), self.root.resolve()
        return str(whole.relative_to(root)) if whole.is_relative_to(root) else str(whole)

    def write(self, *events: Mapping[str, Any], at: datetime | None = None) -> Head:
        """Log events together, with the moment and the account; they are on disk when this returns.

        Raises
        ------
        ArtefactError
            When they cannot be logged: what they tell of must not happen then.
        """
        account = _account()
        told = [{**self._masked(event), "account": account} for event in events]
        return self.log.append(told, at or datetime.now(UTC))

    def _masked(self, event: Mapping[str, Any]) -> dict[str, Any]:
        customer, settings = event.get("customer"), self.settings
        key = key_for(settings, "audit") if customer and settings is not None else None
        return dict(event) if key is None else {**event, "customer": key.pseudonym(str(customer))}

    def publish(self, run: Run) -> None:
        """Log that a run is about to be published."""
        about = {"run": run.id, "runs": self.place(run.path.parent), "models": list(run.models)}
        self.write({"event": "publish", **about, "manifest_sha256": sha256(run.path / MANIFEST)})

    def export(self, what: str, path: Path, content: bytes, **about: Any) -> Path:
        """Log that a file is about to be written for people outside, and write it, whole or not at all."""
        digest = hashlib.sha256(content).hexdigest()
        path.parent.mkdir(parents=True, exist_ok=True)
        self.write({"event": "export", "what": what, "path": self.place(path), "sha256": digest, **about})
        write_file(path, content)
        return path

    @contextmanager
    def watched(self, request: str, **about: Any) -> Iterator[Audit]:
        """See that the log can be written before the block begins, and log what is refused within it."""
        self.log.ready()
        asked = self._masked({"event": "denied", "request": request, **about})  # before the work, for it may be refused
        try:
            yield self
        except GuilderError as refused:
            # Only stored files are named: what else a message says may hold a bank's own words.
            said = {"what": refused.wrong} if isinstance(refused, ArtefactError) else {}
            self.log.append(
                [{**asked, "error": type(refused).__name__, **said, "account": _account()}], datetime.now(UTC)
            )
            raise


@contextmanager
def audited(bank: Bank, run: Run | str | Path | None, request: str, **about: Any) -> Iterator[tuple[Run, Audit]]:
    """Read a run, the bank's published one when none is named, with the log of what is asked of it.

    Raises
    ------
    RunNotFound, ArtefactError
        When there is none, or it or the log is not what was written.
    UsageError
        When a bank made of frames is asked for its published run.
    """
    if run is None and bank.root is None:
        raise UsageError("a bank made of frames has no folder of runs", todo="name the run: run=…")
    where = run or bank.root or "."
    audit = Audit.at(bank.root, bank.settings) if bank.root else Audit.of(bank, _read(where).path.parent)
    with audit.watched(request, **about):
        yield _read(where), audit


def _read(run: Run | str | Path) -> Run:
    return load_run(run) if isinstance(run, str | Path) else run


def verify(bank: str | Path, head: str | Path | None = None) -> Verdict:
    """Prove a bank's log.

    Parameters
    ----------
    bank : path
        The bank.toml, or its folder; or a folder that holds ``log.jsonl`` itself.
    head : path, optional
        A head that was exported: without it nobody can tell a log from one that was cut short with its own head.

    Raises
    ------
    ArtefactError
        When an entry was changed, taken away or moved; the message names the first.
    """
    log = log_in(bank)
    found = log.verify(Head.read(Path(head)) if head is not None else None)
    if found.bad is not None:
        raise ArtefactError(
            f"entry {found.bad.number:,} (line {found.bad.line:,}) of {log.folder / 'log.jsonl'} {found.bad.what}",
            known=f"the {found.head.number:,} entries before it are proven",
            todo="restore the log from a copy, and find out who changed it",
        )
    return found


def log_in(bank: str | Path) -> AuditLog:
    """Find a bank's log: its folder, its bank.toml, or the log's own folder."""
    path = Path(bank)
    if (path / "log.jsonl").is_file():
        return AuditLog(path)
    if path.is_dir():
        return Audit.at(path).log
    from guilder.source.connect import bank_file_path, read_bank_file

    return Audit.at(bank_file_path(path).parent, read_bank_file(path)).log


def listed(bank: str | Path, event: str = "", last: int | None = None) -> list[dict[str, Any]]:
    """List a bank's entries, oldest first; those of one kind, or only the last few.

    Raises
    ------
    ArtefactError
        When the log was changed.
    """
    verify(bank)
    found = [entry for entry in log_in(bank).entries() if event in ("", entry.get("event"))]
    return found if last is None else found[-last:] if last else []


def _settings(root: Path) -> BankFile | None:
    if not (root / "bank.toml").is_file():
        return None
    from guilder.source.connect import read_bank_file

    return read_bank_file(root)


def _account() -> str:
    """The account of the system that runs this process; its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return str(os.getuid())
