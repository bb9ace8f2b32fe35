"""Tables as files for people: CSV, Excel and Parquet, by the ending of the name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from guilder.errors import UsageError
from guilder.store.spreadsheet import to_csv, to_xlsx
from guilder.store.tables import table_bytes as parquet

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".csv", ".parquet", ".xlsx")


def check_ending(path: Path) -> None:
    """Refuse an ending that is no format, before the work.

    Raises
    ------
    UsageError
        It names the formats.
    """
    if path.suffix not in ENDINGS:
        raise UsageError(f"{path.name} ends in no format", known=f"formats: {', '.join(ENDINGS)}")
    path.parent.mkdir(parents=True, exist_ok=True)


def table_bytes(table: pd.DataFrame, ending: str) -> bytes:
    """Write a table in the format of an ending; no cell can become a formula."""
    if ending == ".csv":
        return to_csv(table)
    if ending == ".xlsx":
        return to_xlsx(table)
    return parquet(table)
