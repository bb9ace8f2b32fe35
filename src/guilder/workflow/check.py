"""Check: read a bank's tables and account for every row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from guilder.workflow.open import opened

if TYPE_CHECKING:
    from guilder.source.bank import Bank
    from guilder.source.intake import Intake


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
