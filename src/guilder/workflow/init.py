"""A first bank.toml, guessed from files, for a person to correct."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from guilder.errors import UsageError


def init(folder: Path, files: Sequence[Path], *, force: bool = False) -> Path:
    """Write ``folder/bank.toml`` with guessed mappings.

    Parameters
    ----------
    folder : Path
        Where to write it; the files in it are looked at when none are named.
    files : sequence of Path
        The bank's files.
    force : bool
        Replace a bank.toml that is there.

    Raises
    ------
    UsageError
        When there is a bank.toml already, or a file is missing.
    """
    from guilder.source.init import guess
    from guilder.store.files import write_file

    target = folder / "bank.toml"
    if target.exists() and not force:
        raise UsageError(f"{target} is there already", todo="edit it, or replace it with --force")
    if missing := [str(path) for path in files if not path.exists()]:
        raise UsageError(f"no such file: {', '.join(missing)}", todo="check the names and try again")
    text = guess(folder, list(files))
    folder.mkdir(parents=True, exist_ok=True)
    write_file(target, text.encode())
    return target
