"""From a bank.toml, or its folder, to a bank whose every row is accounted for."""

from __future__ import annotations

import datetime
import shlex
from pathlib import Path

import duckdb

from guilder.contract.bank_file import BankFile, parse_bank_file
from guilder.errors import BankFileError
from guilder.source.bank import Bank, open_bank, raw_name
from guilder.source.raw import Raw, stage


def bank_file_path(path: str | Path) -> Path:
    """Find the bank file: the file itself, or ``bank.toml`` in the folder given.

    Raises
    ------
    BankFileError
        There is none.
    """
    named = Path(path)
    file = named / "bank.toml" if named.is_dir() else named
    if not file.is_file():
        raise BankFileError(
            f"There is no bank file at {file}.", known="A bank is a folder with a bank.toml in it.",
            todo=f"Make one: {_init_line(named)}", id="G-BANK-002",
        )
    return file


def _init_line(named: Path) -> str:
    """Write the command that makes the bank a person named: its folder, and files where it has none of its own."""
    folder = named.parent if named.suffix.lower() == ".toml" else named
    return f"guilder init {shlex.quote(str(folder))}" + ("" if folder.is_dir() else " FILE…")


def read_bank_file(path: str | Path) -> BankFile:
    """Read ``bank.toml``, or the one in a folder.

    Raises
    ------
    BankFileError
        It is not there, is not TOML, or says something that is not known.
    """
    file = bank_file_path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BankFileError(f"{file.name} is not UTF-8: {error}.", todo="Save it as UTF-8.", id="G-BANK-003") from None
    return parse_bank_file(text, file.name)


def connect(path: str | Path, *, now: datetime.datetime | None = None) -> Bank:
    """Take in the bank a ``bank.toml`` describes.

    Parameters
    ----------
    path : str or pathlib.Path
        The file, or the folder that holds it. Paths inside it are relative to that folder; ``${NAME}`` in a path is
        the environment variable of that name.
    now : datetime.datetime, optional
        What the clock says, for dates that lie ahead of it or too far behind; the machine's when not given.

    Returns
    -------
    Bank
        Close it, or use it in a ``with`` statement.

    Raises
    ------
    BankFileError
        The file is wrong.
    DataError
        A table breaks the contract.
    """
    file = bank_file_path(path)
    settings = read_bank_file(file)
    if not settings.tables:
        raise BankFileError(
            f"{file.name} names no tables.", known="Tables: customers, transactions, loans, products, interactions.",
            todo='Add for example:\n[tables.loans]\npath = "loans.csv"', id="G-BANK-004",
        )
    root = file.parent.resolve()

    def bring(con: duckdb.DuckDBPyConnection, name: str) -> Raw:
        return stage(con, raw_name(name), settings.tables[name], root, f"tables.{name}", settings.limits)

    return open_bank(settings, bring, root, now)
