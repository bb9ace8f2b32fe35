"""The folder that scores are written to: one writer at a time, whole or not at all, and not again for the same key."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.errors import ArtefactError, UsageError
from guilder.store.files import new_folder, put, remove_folder, sha256, sweep
from guilder.store.lock import locked
from guilder.store.runs import to_json
from guilder.store.seal import SEAL, prove, seal
from guilder.store.tables import table_bytes
from guilder.workflow.checkpoint import Checkpoint
from guilder.workflow.decide import RECORDS, records
from guilder.workflow.privacy import masked

if TYPE_CHECKING:
    from guilder.risk.decisions import Basis
    from guilder.source.bank import Bank
    from guilder.workflow.audit import Audit
    from guilder.workflow.score import Scores

ABOUT = "scores.json"
"""Which run of which bank the scores are from."""
TABLES = ("loans", "customers", "offers", "withheld")
"""What is written, by file name; where nothing could be withheld, the last is not."""


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Let nobody else write to ``out``, and tidy up what an interrupted scoring left there.

    Raises
    ------
    UsageError
        When it holds something else.
    BusyError
        When another scoring is at work there.
    """
    _check(out)
    folder = out.absolute().parent
    with locked(folder, f".{out.name}.lock"):
        sweep(folder, out.name)
        yield


def checkpoint(out: Path, key: str | None) -> Checkpoint | None:
    """Open what a scoring with this key had come to, and forget what others had; None without a key."""
    kept = out.absolute().parent / f".{out.name}.checkpoint"
    sweep(kept.parent, kept.name)
    if kept.is_dir() and key is not None:
        for other in sorted(path for path in kept.iterdir() if path.name != key):
            remove_folder(other)
    return None if key is None else Checkpoint(kept / key)


def read(out: Path, key: str) -> dict[str, Any] | None:
    """Read what was written for a key, every file proven; None where there is no such, or it is broken.

    Returns
    -------
    dict or None
        What ``scores.json`` says, and the tables by name.
    """
    import pandas as pd

    try:
        prove(out)
    except ArtefactError:
        return None
    about: dict[str, Any] = json.loads((out / ABOUT).read_bytes())
    if about["key"] != key:
        return None
    return about | {name: pd.read_parquet(out / f"{name}.parquet") for name in about["rows"]}


def write(scores: Scores, bank: Bank, rests_on: Basis | None, out: Path, key: str | None, audit: Audit) -> None:
    """Write all tables or none: a folder of scores is replaced whole, and says which run of which bank it is from."""
    with new_folder(out, replace=True) as folder:
        for name, table in scores.tables().items():
            put(folder / f"{name}.parquet", table_bytes(masked(table, bank.settings, "scores")))
        if rests_on is not None:
            put(folder / RECORDS, (f"{record.line()}\n".encode() for record in records(scores.loans, rests_on)))
        about = {"bank": bank.name, "run": scores.run_id, "key": key, "rows": scores.rows()}
        put(folder / ABOUT, to_json({**about, "warnings": scores.warnings}))
        seal(folder)
        files = {path.name: sha256(path) for path in sorted(folder.iterdir())}
        audit.write(*events(scores, audit.place(out), files))
    forget(out)


def forget(out: Path) -> None:
    """Forget what interrupted scorings had come to."""
    kept = out.absolute().parent / f".{out.name}.checkpoint"
    if kept.is_dir():
        remove_folder(kept)


def events(scores: Scores, where: str | None = None, files: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """What the audit log says of a scoring: a line of its decisions and one of what was withheld, sealed by digests."""
    about = {"run": scores.run_id, "path": where, "files": dict(files or {})}
    decided = {str(name): int(n) for name, n in scores.loans["decision"].value_counts().items()}
    said: list[dict[str, Any]] = [{"event": "score", **about, "rows": scores.rows(), "decisions": decided}]
    if scores.may is not None:
        said.append({"event": "suppression", **about, "withheld": dict(scores.may.counts)})
    return said


def _check(out: Path) -> None:
    """Refuse early a folder that holds anything but scores, or cannot be written to."""
    ours = {ABOUT, RECORDS, SEAL, *(f"{name}.parquet" for name in TABLES)}
    others = sorted(path.name for path in out.iterdir() if path.name not in ours) if out.is_dir() else []
    if others or (out.exists() and not out.is_dir()):
        raise UsageError(
            f"{out} holds something else: {', '.join(others[:3]) or 'it is a file'}",
            todo="name a new folder with --out",
        )
