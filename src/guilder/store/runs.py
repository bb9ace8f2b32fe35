"""A run is an immutable folder: written whole, published by one swap, checked against its manifest when read."""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.errors import ArtefactError, RunNotFound, UsageError
from guilder.risk.decisions import digest, sealed
from guilder.store.files import new_folder, point, put, sha256, sweep, write_file
from guilder.store.model_io import check_versions, dump_model, load_model
from guilder.store.seal import JOURNAL, is_part, prove, proven, run_name, seal, seal_again

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
REPORT = "report.html"
DOCUMENT = "model.html"
SEGMENTS = "segments"
"""Names the run whose segments are the bank's, as ``current`` names the published run."""
FORMAT = 1
"""Of a run's folder; another one is refused by name."""


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
    def journal(self) -> dict[str, Any]:
        """When it was made, how long that took, and its number in the order of runs.

        Raises
        ------
        ArtefactError
            When it is not what was written.
        """
        path = self.path / JOURNAL
        content = path.read_bytes() if path.is_file() else b""
        try:
            found: dict[str, Any] = json.loads(content)
            if found.pop("record_id") != digest(found) or content != _journal(found):
                raise ValueError("its digest does not fit its content")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ArtefactError(
                f"{JOURNAL} of run {self.id} is not what was written", known="it holds its own SHA-256",
                todo="restore the run from a copy, or train again: guilder train BANK",
            ) from error
        return found

    def verify(self, besides: Collection[str] = ()) -> Run:
        """Prove every file but those that are about to be written anew.

        Raises
        ------
        ArtefactError
            Names the first file that is not what was written.
        """
        prove(self.path, besides)
        _ = self.journal
        return self

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
            When the file is not the one that was written, or was written with another version of a library.
        """
        if name not in self.models:
            raise RunNotFound(
                f"run {self.id} holds no {name} model", known=f"it holds: {', '.join(self.models) or 'none'}",
                todo=f"train it: guilder train BANK {name}",
            )  # fmt: skip
        check_versions({**self.manifest["packages"], "guilder": self.manifest.get("guilder", "none")}, f"run {self.id}")
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
    from guilder.store.tables import table_bytes

    target = runs / run_name(str(content.manifest["run_id"]))
    with new_folder(target, replace=True) as folder:
        for part in ("models", "tables"):
            (folder / part).mkdir()
        put(folder / "metrics.json", to_json(content.metrics))
        put(folder / "figures.json", to_json(content.figures))
        for name, model in content.models.items():
            put(folder / "models" / f"{name}.skops", dump_model(model))
        for name, table in content.tables.items():
            put(folder / "tables" / f"{name}.parquet", table_bytes(table))
        files = {path.relative_to(folder).as_posix(): sha256(path) for path in sorted(folder.glob("**/*.*"))}
        put(folder / REPORT, page(content.manifest).encode())
        if document is not None:
            put(folder / DOCUMENT, document(content.manifest).encode())
        put(folder / JOURNAL, _journal({"number": _next_number(runs), **content.journal}))
        put(folder / MANIFEST, to_json({**content.manifest, "format": FORMAT, "files": files}))
        seal(folder)
        if announce is not None:
            announce(Run(folder, _manifest(folder)))
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
    try:
        return load_run(runs / run_name(run_id))
    except (ArtefactError, RunNotFound):
        return None


def every_run(runs: Path) -> list[Run]:
    """Open every run of a folder by its manifest alone, the oldest first; those that cannot be read are left out.

    They stand in the order of their numbers, which no clock that was set back can change.
    """
    found = []
    for folder in sorted(runs.iterdir()) if runs.is_dir() else ():
        try:
            run = open_run(folder) if run_name(folder.name) and not folder.is_symlink() else None
            found += [(int(run.journal["number"]), run)] if run else []
        except (ArtefactError, RunNotFound, UsageError):
            continue
    return [run for _, run in sorted(found, key=lambda pair: (pair[0], pair[1].id))]


def tidy(runs: Path) -> int:
    """Sweep a folder of runs and every folder in it; the caller holds its lock.

    Returns
    -------
    int
        How many unfinished files and folders were removed.
    """
    removed = sweep(runs)
    return removed + sum(sweep(folder) for folder in runs.iterdir() if folder.is_dir() and not folder.is_symlink())


def _next_number(runs: Path) -> int:
    return max((int(run.journal["number"]) for run in every_run(runs)), default=0) + 1


def rewrite_page(path: Path, page: str) -> Path:
    """Put a newly drawn page in its run's folder and seal that anew; interrupted in between, it is drawn again."""
    write_file(path, page.encode())
    seal_again(path.parent)
    return path


def load_run(path: str | Path) -> Run:
    """Open a run, every file of it proven: its own folder, a folder of runs, or a bank; of these the published one.

    Raises
    ------
    RunNotFound
        When there is none.
    ArtefactError
        When a file is not what was written.
    """
    return open_run(path).verify()


def find_run(runs: Path, name: str) -> Run:
    """Open a run by its name, with only its manifest proven.

    Parameters
    ----------
    runs : Path
        The folder of runs.
    name : str
        As `Run.id` gives it.

    Raises
    ------
    UsageError
        When it is no name of a run.
    RunNotFound
        When there is no such run.
    """
    folder = runs / run_name(name)
    if not folder.is_dir():
        known = ", ".join(run.id for run in every_run(runs)) or "none"
        raise RunNotFound(f"there is no run {name} in {runs}", known=f"runs: {known}")
    return open_run(folder)


def open_run(path: str | Path) -> Run:
    """Open a run as `load_run` does, with only its manifest proven; other files are, each when it is read.

    Raises
    ------
    RunNotFound
        When there is none.
    ArtefactError
        When its manifest is not what was written, or ``current`` points out of its folder.
    """
    path = Path(path)
    bank = path.parent if path.name == "bank.toml" else path
    for folder in (bank, bank / "current", bank / "runs" / "current"):
        if (folder / MANIFEST).is_file():
            found = folder.resolve()
            if folder.is_symlink() and found.parent != folder.parent.resolve():
                raise ArtefactError(
                    f"{folder} points out of its folder", known=f"it points at {found.name}",
                    todo="point it at a run beside it: guilder runs publish RUN BANK",
                )
            return Run(found, _manifest(found))
    raise RunNotFound(
        f"no run in {path}",
        known="a run is a folder with a manifest.json; runs/current names the published one",
        todo="train one: guilder train BANK",
    )


def _journal(content: Mapping[str, Any]) -> bytes:
    return f"{sealed(plain(content))}\n".encode()


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(proven(folder, MANIFEST))
        if manifest["format"] != FORMAT:
            raise ValueError(f"its format is {manifest['format']!r}, and this version reads {FORMAT}")
        run_name(manifest["run_id"])
        if strange := [name for name in manifest["files"] if not is_part(name)]:
            raise ValueError(f"it lists {strange[0][:60]!r}")
    except ArtefactError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ArtefactError(
            f"the manifest {folder / MANIFEST} cannot be read ({type(error).__name__}: {error})",
            todo="restore the run from a copy, or train again: guilder train BANK",
        ) from error
    return manifest
