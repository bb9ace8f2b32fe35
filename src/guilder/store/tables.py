"""Tables in memory as Parquet files, the same bytes for the same content."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def write_table(table: pd.DataFrame, where: Path | IO[bytes]) -> None:
    """Write a frame without its index and without pandas' own notes, so that any reader sees the same columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None), where)
