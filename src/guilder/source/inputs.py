"""The SHA-256 of every file that a bank is read from, without reading the bank."""

from __future__ import annotations

from pathlib import Path

from guilder.contract.bank_file import BankFile
from guilder.source.files import find, fingerprint


def input_digests(settings: BankFile, root: Path) -> dict[str, str]:
    """Fingerprint every file that a bank file names.

    Parameters
    ----------
    settings : BankFile
        What the bank told us.
    root : Path
        The folder of its bank.toml.

    Returns
    -------
    dict
        SHA-256 by table and by place among the files of that table.

    Raises
    ------
    DataError
        When there is no such file.
    """
    found = {}
    for where, parts in (("staged", settings.staged), ("tables", settings.tables)):
        for name, part in parts.items():
            named = part.path or (part.url or "").removeprefix("duckdb://")
            for place, file in enumerate(find(named, root, f"{where}.{name}") if named else ()):
                found[f"{where}.{name}/{place}"] = fingerprint(file).sha256
    return found
