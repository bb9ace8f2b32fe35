"""The runs of a bank: which there are, what one is made of, how two differ, which is published, which may go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from guilder.errors import ArtefactError, RunNotFound, UsageError
from guilder.store.files import remove_folder
from guilder.store.lock import locked
from guilder.store.runs import SEGMENTS, Run, every_run, find_run, load_run, open_run, tidy
from guilder.store.runs import publish as point_at
from guilder.workflow.audit import Audit
from guilder.workflow.checkpoint import forget

PUBLISHED = "current"
KEPT = 5


@dataclass(frozen=True)
class Listed:
    """One run, as a list shows it."""

    run: str
    number: int
    made: str
    rooms: tuple[str, ...]
    published: bool
    bytes: int

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


def runs_of(bank: str | Path) -> Path:
    """Find a bank's folder of runs; a folder of runs is its own.

    Raises
    ------
    RunNotFound
        When there is none.
    """
    path = Path(bank)
    root = path.parent if path.is_file() else path
    folder = root / "runs" if (root / "runs").is_dir() else root
    if not every_run(folder):
        raise RunNotFound(f"no run in {path}", todo="train one: guilder train BANK")
    return folder


def list_runs(bank: str | Path) -> list[Listed]:
    """List the runs of a bank, the oldest first; a clock that was set back does not change their order."""
    runs = runs_of(bank)
    now = _published(runs)
    return [
        Listed(
            run.id, int(run.journal["number"]), str(run.journal.get("started", ""))[:19], run.models, run.id == now,
            sum(file.stat().st_size for file in run.path.rglob("*") if file.is_file()),
        )
        for run in every_run(runs)
    ]  # fmt: skip


def show_run(bank: str | Path, name: str) -> dict[str, Any]:
    """Say what a run is made of and from, every file of it proven.

    Raises
    ------
    UsageError, RunNotFound, ArtefactError
        When it is no name of a run, there is none of that name, or a file of it is not what was written.
    """
    run = _named(runs_of(bank), name).verify()
    shown = {key: run.manifest[key] for key in ("as_of", "seed", "guilder", "python", "packages", "inputs", "files")}
    return {"run": run.id, "path": str(run.path), **run.journal, "rooms": list(run.models), **shown,
            "parameters": run.manifest["parameters"]}  # fmt: skip


def diff_runs(bank: str | Path, one: str, other: str) -> dict[str, dict[str, list[Any]]]:
    """Say in what two runs differ.

    Returns
    -------
    dict
        ``causes`` (inputs, versions, seed, parameters) and ``figures``, each by its key with the value of the one and
        of the other; None where a run has no such key.
    """
    runs = runs_of(bank)
    both = [_named(runs, name) for name in (one, other)]
    told = ("run_id", "files", "format", "recipe")
    causes = [{key: value for key, value in run.manifest.items() if key not in told} for run in both]
    for each in causes:
        each["inputs"] = {f"{item['table']}/{item['file']}": item["sha256"] for item in each["inputs"]}
    return {"causes": _unlike(*causes), "figures": _unlike(*(run.metrics for run in both))}


def publish_run(bank: str | Path, name: str) -> Run:
    """Publish a run that was made before, every file of it proven, in one atomic swap.

    Raises
    ------
    UsageError, RunNotFound, ArtefactError
        As `show_run`.
    BusyError
        When another run is at work there.
    """
    runs = runs_of(bank)
    run = _named(runs, name)
    with Audit.of_run(run).watched("publish", run=run.id) as audit, locked(runs):
        tidy(runs)
        return point_at(run.verify(), audit.publish)


def prune_runs(bank: str | Path, keep: int = KEPT, *, dry: bool = False) -> list[str]:
    """Remove the oldest runs, and what interrupted ones had come to.

    The published run and the one whose segments are the bank's always stay.

    Parameters
    ----------
    bank : path
        The bank, or its folder of runs.
    keep : int
        How many of the newest stay.
    dry : bool
        Only say which would go.

    Returns
    -------
    list of str
        Names of those that went.

    Raises
    ------
    UsageError
        When less than one is to stay.
    BusyError
        When another run is at work there.
    """
    if keep < 1:
        raise UsageError(f"{keep} runs cannot stay", todo="keep 1 or more")
    runs = runs_of(bank)
    with locked(runs):
        tidy(runs)
        stay = {_published(runs), _published(runs, SEGMENTS)}
        gone = [run for run in every_run(runs)[:-keep] if run.id not in stay]
        for run in gone if not dry else ():
            remove_folder(run.path)
        if not dry:
            forget(runs)
    return [run.id for run in gone]


def _named(runs: Path, name: str) -> Run:
    return load_run(runs / PUBLISHED) if name == PUBLISHED else find_run(runs, name)


def _published(runs: Path, pointer: str = PUBLISHED) -> str | None:
    try:
        return open_run(runs / pointer).path.name
    except (ArtefactError, RunNotFound):
        return None


def _unlike(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, list[Any]]:
    first, second = dict(_leaves(one)), dict(_leaves(other))
    return {
        key: [first.get(key), second.get(key)] for key in [*first, *(key for key in second if key not in first)]
        if first.get(key) != second.get(key)
    }  # fmt: skip


def _leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every plain value inside, by the path to it."""
    inside: Sequence[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    else:
        yield at, value
    for key, item in inside:
        yield from _leaves(item, f"{at}.{key}" if at else str(key))
