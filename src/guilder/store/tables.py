"""Tables in memory as Parquet files, the same bytes for the same content."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def table_bytes(table: pd.DataFrame) -> bytes:
    """Write a frame without its index and without pandas' own notes, so that any reader sees the same columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None), stream)
    return stream.getvalue()
