"""The same content is the same Parquet file, and any reader sees the same columns."""

from __future__ import annotations

import io

import pandas as pd
import pyarrow.parquet as pq

from guilder.store.tables import table_bytes


def test_a_table_holds_its_columns_alone() -> None:
    table = pd.DataFrame({"customer_id": ["1", None], "segment": [0, 1]}, index=["x", "y"])
    content = table_bytes(table)
    found = pq.read_table(io.BytesIO(content))
    assert found.to_pydict() == {"customer_id": ["1", None], "segment": [0, 1]}
    assert found.schema.metadata is None
    assert table_bytes(table.reset_index(drop=True)) == content
