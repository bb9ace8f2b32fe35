"""The key of what was asked: equal keys have equal answers, so an answer that is there need not be made again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from guilder.errors import ArtefactError, RunNotFound
from guilder.risk.decisions import canonical
from guilder.source.connect import bank_file_path, read_bank_file
from guilder.source.inputs import input_digests
from guilder.store.manifest import versions
from guilder.store.runs import SEGMENTS, Run, every_run, open_run, plain
from guilder.workflow.lineage import BEFORE
from guilder.workflow.privacy import key_for


def run_key(bank: str | Path, **asked: Any) -> str:
    """Say what an answer follows from: the bank's file, every input file, the versions, and what was asked.

    Nothing is read into the engine, so this takes as long as reading the files once.

    Parameters
    ----------
    bank : path
        The bank.toml, or its folder.
    **asked
        The command and its options.

    Raises
    ------
    BankFileError
        When bank.toml is wrong.
    DataError
        When an input file is not there.
    UsageError
        When the bank asks for pseudonyms and there is no key.
    """
    file = bank_file_path(bank)
    settings = read_bank_file(file)
    key = key_for(settings, "scores")
    causes = {
        "settings": settings.model_dump(mode="json"), "inputs": input_digests(settings, file.parent.resolve()),
        "versions": versions(), "asked": asked, "pseudonym_key": None if key is None else key.id,
    }  # fmt: skip
    return hashlib.sha256(canonical(plain(causes)).encode()).hexdigest()


def answered(runs: Path, key: str) -> Run | None:
    """Find the run that was made for a key, every file proven, where training again would go on from the same segments.

    Parameters
    ----------
    runs : Path
        The folder of runs.
    key : str
        As `run_key` gives it.
    """
    for run in reversed(every_run(runs)):
        if run.journal.get("key") == key and _goes_on_alike(runs, run):
            try:
                return run.verify()
            except ArtefactError:  # a broken run is made again in its place
                return None
    return None


def _goes_on_alike(runs: Path, run: Run) -> bool:
    if "segments" not in run.models:
        return True
    before = run.manifest["parameters"].get(BEFORE)
    try:
        last = open_run(runs / SEGMENTS)
    except RunNotFound:
        return before is None
    return last.id == run.id or before == {
        "run_id": last.id, "sha256": last.manifest["files"]["models/segments.skops"],
    }  # fmt: skip
