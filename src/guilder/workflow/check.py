"""Check: read a bank's tables, account for every row and every sum, and describe what is in the columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.contract.tables import TABLES
from guilder.errors import UsageError
from guilder.workflow.open import opened, quiet

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from guilder.contract.bank_file import BankFile
    from guilder.source.bank import Bank
    from guilder.source.intake import Intake
    from guilder.source.profile import ColumnProfile, Money


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Parameters
    ----------
    name, currency : str
        Of the bank.
    as_of : str or None
        The day it is looked at; None where it has no date at all.
    intake : Intake
        What became of every row.
    money : tuple of Money
        What became of every sum.
    profile : tuple of ColumnProfile
        What is in the columns of the rows that are used.
    """

    name: str
    currency: str
    as_of: str | None
    intake: Intake
    money: tuple[Money, ...]
    profile: tuple[ColumnProfile, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give plain values, ready for JSON."""
        return {
            **self.intake.to_dict(), "money": [each.to_dict() for each in self.money],
            "profile": [each.to_dict() for each in self.profile],
        }


def check(bank: Bank | str | Path) -> Intake:
    """Read a bank's tables and say what became of every row: rows in = accepted + quarantined.

    Parameters
    ----------
    bank : Bank or path
        The bank, its bank.toml, or its folder.

    Raises
    ------
    BankFileError
        When bank.toml is wrong.
    DataError
        When a table cannot be read, or too many of its rows are quarantined.
    """
    with opened(bank) as source:
        return source.intake


def examine(
    bank: str | Path, *, html: Path | None = None, rejected: Path | None = None,
    progress: Callable[[str], None] = quiet,
) -> Checked:
    """Check a bank and describe its columns; on request also as a page, and the rows set aside as files.

    Parameters
    ----------
    bank : path
        Its bank.toml, or its folder.
    html : path, optional
        A page to write.
    rejected : path, optional
        A folder of one CSV file a table for the rows that were set aside; written too where the check stops because
        they are too many.
    progress : callable
        Told a short sentence before each long step.

    Raises
    ------
    BankFileError, DataError
        As for `check`.
    UsageError
        When the folder holds something else.
    """
    from guilder.source.connect import bank_file_path, connect, read_bank_file
    from guilder.source.profile import aside, profile, sums
    from guilder.store.files import write_file

    settings, root = read_bank_file(bank), bank_file_path(bank).parent
    if rejected is not None:
        _check_free(rejected)

    def keep(con: duckdb.DuckDBPyConnection) -> None:
        if rejected is not None:
            _write(aside(con), settings, root, rejected)

    progress("reading and checking the tables")
    with connect(bank, stopped=keep) as source:
        progress("adding up and describing the columns")
        as_of = f"{source.as_of:%Y-%m-%d}" if source.dated else None
        found = Checked(source.name, source.currency, as_of, source.intake, sums(source), profile(source))
        keep(source.con)
    if html is not None:
        from guilder.report.check_page import check_page

        html.parent.mkdir(parents=True, exist_ok=True)
        write_file(html, check_page(found.name, found.currency, found.as_of, found.to_dict()).encode())
    return found


def _write(tables: Mapping[str, pd.DataFrame], settings: BankFile, root: Path, folder: Path) -> None:
    """Write the rows set aside, all tables or none; who wrote them, and how many, is logged."""
    from guilder.store.files import new_folder, put, sha256
    from guilder.store.spreadsheet import to_csv
    from guilder.workflow.audit import Audit
    from guilder.workflow.privacy import masked

    audit = Audit.at(root.resolve(), settings)
    with new_folder(folder, replace=True) as made:
        for name, table in tables.items():
            put(made / f"{name}.csv", to_csv(masked(table, settings, "exports")))
        files = {path.name: sha256(path) for path in sorted(made.iterdir())}
        counts = {name: len(table) for name, table in tables.items()}
        about = {"path": audit.place(folder), "rows": counts, "files": files}
        audit.write({"event": "export", "what": "rejected", **about})


def _check_free(folder: Path) -> None:
    """Refuse a folder that holds anything but rows set aside by an earlier check."""
    ours = {f"{name}.csv" for name in TABLES}
    others = sorted({path.name for path in folder.iterdir()} - ours) if folder.is_dir() else []
    if others or (folder.exists() and not folder.is_dir()):
        raise UsageError(
            f"{folder} holds something else: {', '.join(others[:3]) or 'it is a file'}",
            known="the folder is replaced whole", todo="name a new folder with --rejected",
        )
