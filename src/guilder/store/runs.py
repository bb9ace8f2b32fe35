"""A run is an immutable folder: written whole, published by one swap, checked against its manifest when read."""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.errors import ArtefactError, RunNotFound
from guilder.store.files import new_folder, point, sha256, write_file
from guilder.store.model_io import dump_model, load_model

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
REPORT = "report.html"
DOCUMENT = "model.html"
SEGMENTS = "segments"
"""Names the run whose segments are the bank's, as ``current`` names the published run."""
JOURNAL = "journal.json"
"""When the run was made and how long it took: the one file that differs between two equal runs."""


def to_json(value: Any) -> bytes:
    """Write plain values as JSON: sorted by nothing but their own order, NaN and infinity as null."""
    return (json.dumps(plain(value), indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def plain(value: Any) -> Any:
    """Turn arrays, tuples and numbers that are not finite into what JSON can hold."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


@dataclass(frozen=True)
class RunContent:
    """What a run is made of, before it is written."""

    manifest: Mapping[str, Any]
    """Inputs with their hashes, versions, seed, as of and parameters; the files' hashes are added on writing."""
    metrics: Mapping[str, Any]
    figures: Mapping[str, Any]
    models: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    journal: Mapping[str, Any]


@dataclass(frozen=True)
class Run:
    """A published run on disk.

    Parameters
    ----------
    path : Path
        Its folder.
    manifest : mapping
        What it was made from, and the SHA-256 of each of its files.
    """

    path: Path
    manifest: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its name, made from what it was made from."""
        return str(self.manifest["run_id"])

    @property
    def report(self) -> Path:
        """The page to open."""
        return self.path / REPORT

    @property
    def document(self) -> Path:
        """The model document, where the run has a risk model."""
        return self.path / DOCUMENT

    @property
    def metrics(self) -> dict[str, Any]:
        """Every figure, by the keys of ``docs/metrics.md``."""
        return self._json("metrics.json")

    @property
    def figures(self) -> dict[str, Any]:
        """What the charts are drawn from."""
        return self._json("figures.json")

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models it holds."""
        return tuple(sorted(Path(name).stem for name in self.manifest["files"] if name.startswith("models/")))

    def model(self, name: str) -> Any:
        """Read a fitted model; its file is checked against the manifest before it is parsed.

        Raises
        ------
        RunNotFound
            When the run holds no such model.
        ArtefactError
            When the file is not the one that was written.
        """
        if name not in self.models:
            raise RunNotFound(
                f"run {self.id} holds no {name} model", known=f"it holds: {', '.join(self.models) or 'none'}",
                todo=f"train it: guilder train BANK {name}",
            )  # fmt: skip
        return load_model(self.checked(f"models/{name}.skops"), f"models/{name}.skops")

    def table(self, name: str) -> pd.DataFrame:
        """Read one of its tables into memory."""
        import pandas as pd

        return pd.read_parquet(io.BytesIO(self.checked(f"tables/{name}.parquet")))

    def checked(self, name: str) -> bytes:
        """Read one of its files, once; what is returned is what was compared with the manifest's SHA-256."""
        path, expected = self.path / name, self.manifest["files"].get(name)
        if expected is None:
            raise RunNotFound(f"run {self.id} holds no {name}", known=f"it holds: {', '.join(self.manifest['files'])}")
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != expected:
            raise ArtefactError(
                f"{name} of run {self.id} is not the file that was written",
                known="its SHA-256 differs from the one in the manifest, or it is gone",
                todo="restore the run from a copy, or train again: guilder train BANK",
            )
        return content

    def _json(self, name: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.checked(name))
        return content


def write_run(
    runs: Path, content: RunContent, page: Callable[[Mapping[str, Any]], str],
    document: Callable[[Mapping[str, Any]], str] | None = None, announce: Callable[[Run], None] | None = None,
    publishing: bool = True,
) -> Run:  # fmt: skip
    """Write a run and publish it: ``runs/<id>`` appears whole, then ``current`` points at it.

    Parameters
    ----------
    runs : Path
        The folder of runs; the caller holds its lock.
    content : RunContent
        What to write; ``manifest["run_id"]`` names it.
    page : callable
        Draws the report from the manifest.
    document : callable, optional
        Writes the model document from the manifest.
    announce : callable, optional
        Told of the run while nobody can see it yet; where that fails, nobody ever does.
    publishing : bool
        Whether ``current`` is to point at it.
    """
    from guilder.store.tables import write_table

    target = runs / str(content.manifest["run_id"])
    with new_folder(target, replace=True) as folder:
        for part in ("models", "tables"):
            (folder / part).mkdir()
        (folder / "metrics.json").write_bytes(to_json(content.metrics))
        (folder / "figures.json").write_bytes(to_json(content.figures))
        for name, model in content.models.items():
            (folder / "models" / f"{name}.skops").write_bytes(dump_model(model))
        for name, table in content.tables.items():
            write_table(table, folder / "tables" / f"{name}.parquet")
        files = {str(path.relative_to(folder)): sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}
        (folder / REPORT).write_text(page(content.manifest), encoding="utf-8")
        if document is not None:
            (folder / DOCUMENT).write_text(document(content.manifest), encoding="utf-8")
        (folder / JOURNAL).write_bytes(to_json(content.journal))
        (folder / MANIFEST).write_bytes(to_json({**content.manifest, "files": files}))
        if announce is not None:
            announce(Run(folder, _manifest(folder / MANIFEST)))
    return publish(load_run(target)) if publishing else load_run(target)


def publish(run: Run, announce: Callable[[Run], None] | None = None) -> Run:
    """Make ``current`` point at the run, in one atomic swap; ``announce`` is told before, where it will move."""
    current = run.path.parent / "current"
    if announce is not None and not (current.is_symlink() and current.readlink() == Path(run.path.name)):
        announce(run)
    if "segments" in run.models:
        point(run.path.parent / SEGMENTS, run.path.name)
    point(current, run.path.name)
    return run


def made_before(runs: Path, run_id: str) -> Run | None:
    """Find the run made from the same causes, every file proven whole; a broken one is made again in its place."""
    if not (runs / run_id / MANIFEST).is_file():
        return None
    try:
        run = load_run(runs / run_id)
        for name in run.manifest["files"]:
            run.checked(name)
    except (ArtefactError, RunNotFound):
        return None
    return run if run.report.is_file() else None


def rewrite_page(path: Path, page: str) -> Path:
    """Put a newly drawn page in its run's folder; the manifest does not seal it, for it can be drawn anew."""
    write_file(path, page.encode())
    return path


def load_run(path: str | Path) -> Run:
    """Open a run: its own folder, a folder of runs, or the folder of a bank; the latter two give the published one.

    Raises
    ------
    RunNotFound
        When there is none.
    ArtefactError
        When its manifest cannot be read.
    """
    path = Path(path)
    bank = path.parent if path.name == "bank.toml" else path
    for folder in (bank, bank / "current", bank / "runs" / "current"):
        if (folder / MANIFEST).is_file():
            return Run(folder.resolve(), _manifest(folder / MANIFEST))
    raise RunNotFound(
        f"no run in {path}",
        known="a run is a folder with a manifest.json; runs/current names the published one",
        todo="train one: guilder train BANK",
    )


def _manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(manifest.get("files"), dict) or not isinstance(manifest.get("run_id"), str):
            raise ValueError("no files or no run_id")
    except ValueError as error:
        raise ArtefactError(
            f"the manifest {path} cannot be read ({error})", todo="restore the run from a copy, or train again"
        ) from error
    return dict(manifest)
