"""What an interrupted command had come to: kept until it ends, so that asked again it goes on from there.

What goes on is always what was read back, interrupted or not: both give the same bytes.
"""

from __future__ import annotations

import contextlib
import io
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.errors import ArtefactError
from guilder.store.files import new_folder, put, remove_folder
from guilder.store.model_io import dump_model, load_model
from guilder.store.runs import to_json
from guilder.store.seal import prove, proven, seal
from guilder.store.tables import table_bytes

if TYPE_CHECKING:
    import pandas as pd

FOLDER = ".checkpoints"
FORGOTTEN_AFTER = 7 * 86_400
"""Seconds after which what an interrupted run had come to is not waited for any longer."""


@dataclass(frozen=True)
class Room:
    """What training a room gives, and all that is kept of it."""

    model: Any
    metrics: dict[str, Any]
    figures: dict[str, Any]


@dataclass(frozen=True)
class Checkpoint:
    """A folder in which results stand until the command that asked for them has ended.

    Parameters
    ----------
    folder : Path
        Of one set of causes: whoever finds something there may use it.
    """

    folder: Path

    def room(self, name: str, make: Callable[[], Room]) -> Room:
        """Give a trained room, made now or by an earlier command that was interrupted."""

        def files() -> Mapping[str, bytes]:
            made = make()
            return {
                "model.skops": dump_model(made.model), "metrics.json": to_json(made.metrics),
                "figures.json": to_json(made.figures),
            }  # fmt: skip

        kept = self._kept(name, files)
        return Room(
            load_model(kept["model.skops"], name), json.loads(kept["metrics.json"]), json.loads(kept["figures.json"])
        )

    def tables(self, name: str, make: Callable[[], Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
        """Give tables by name, made now or by an earlier command that was interrupted."""
        import pandas as pd

        kept = self._kept(name, lambda: {f"{part}.parquet": table_bytes(table) for part, table in make().items()})
        return {Path(file).stem: pd.read_parquet(io.BytesIO(content)) for file, content in kept.items()}

    def done(self) -> None:
        """Forget it: the command has ended."""
        if self.folder.is_dir():
            remove_folder(self.folder)
        with contextlib.suppress(OSError):  # others wait in it, or it is not there
            self.folder.parent.rmdir()

    def _kept(self, name: str, make: Callable[[], Mapping[str, bytes]]) -> dict[str, bytes]:
        place = self.folder / name
        try:
            prove(place)
        except ArtefactError:  # nothing is there, or what is there is broken
            files = make()
            with new_folder(place, replace=True) as made:
                for file, content in files.items():
                    put(made / file, content)
                seal(made)
        return {path.name: proven(place, path.name) for path in sorted(place.glob("*.*"))}


def checkpoint(runs: Path, run_id: str) -> Checkpoint:
    """Open what a run had come to, and forget what others had long ago."""
    kept = runs / FOLDER
    for folder in sorted(kept.iterdir()) if kept.is_dir() else ():
        if folder.name != run_id and time.time() - folder.stat().st_mtime > FORGOTTEN_AFTER:
            remove_folder(folder)
    return Checkpoint(kept / run_id)


def forget(runs: Path) -> None:
    """Forget what every interrupted run had come to; the caller holds the folder's lock."""
    if (runs / FOLDER).is_dir():
        remove_folder(runs / FOLDER)
