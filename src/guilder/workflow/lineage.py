"""Which segmentation a new one goes on from: segments keep their ids from run to run, so the run before is a cause."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from guilder.errors import ArtefactError, RunNotFound
from guilder.store.runs import SEGMENTS, open_run, plain
from guilder.store.seal import run_name

BEFORE = "segments_before"
"""The parameter of a run that names the segmentation it goes on from: ``run_id`` and ``sha256`` of its model."""


def segments_before(runs: Path, described: Mapping[str, Any]) -> dict[str, str] | None:
    """Name the segmentation that a run goes on from.

    Parameters
    ----------
    runs : Path
        The folder of runs.
    described : mapping
        What the run is made from, but for this.

    Returns
    -------
    dict or None
        ``run_id`` and ``sha256``: of the last published segmentation; where that was made from the same, of the one it
        went on from itself, so that training twice is the same run. None where there is none.
    """
    try:
        last = open_run(runs / SEGMENTS)
    except RunNotFound:
        return None
    if _causes(last.manifest) == _causes(described):
        found: dict[str, str] | None = last.manifest["parameters"].get(BEFORE)
        return found
    return {"run_id": last.id, "sha256": str(last.manifest["files"]["models/segments.skops"])}


def segmenter_before(runs: Path, described: Mapping[str, Any]) -> Any:
    """Read the segmenter that a run goes on from; None where there is none.

    Raises
    ------
    ArtefactError
        When it is gone or is not the one that was written.
    """
    named = described["parameters"].get(BEFORE)
    if named is None:
        return None
    try:
        run = open_run(runs / run_name(named["run_id"]))
        if run.manifest["files"].get("models/segments.skops") != named["sha256"]:
            raise ArtefactError("it is another model than the one that was published")
        return run.model("segments")
    except (ArtefactError, RunNotFound) as error:
        raise ArtefactError(
            f"the segments of run {named['run_id']} cannot be carried on ({error.wrong})",
            known="a refit keeps the ids of the segments before",
            todo=f"restore the run from a copy, or remove {runs / SEGMENTS}: segments then start anew from S1",
        ) from error


def _causes(manifest: Mapping[str, Any]) -> Any:
    parameters = {name: value for name, value in manifest["parameters"].items() if name != BEFORE}
    kept = ("bank", "as_of", "seed", "guilder", "python", "packages", "inputs")
    return plain({**{name: manifest[name] for name in kept}, "parameters": parameters})
