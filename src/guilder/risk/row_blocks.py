"""Many rows in blocks of a fixed size, two at a time: no result depends on how many threads there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd

BLOCK = 131_072
"""Rows looked at together."""
THREADS = 2


def blocks(rows: int, size: int | None = None) -> list[slice]:
    """Cut rows into blocks of one size, `BLOCK` when not given."""
    size = size or BLOCK
    return [slice(start, min(start + size, rows)) for start in range(0, rows, size)]


def in_threads(work: Callable[[slice], None], parts: Iterable[slice]) -> None:
    """Do the same to every block, two at a time; each block's result depends on its rows alone."""
    parts = list(parts)
    if len(parts) == 1:
        work(parts[0])
        return
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, part) for part in parts]:
            done.result()


def rows_of(X: Any, rows: slice) -> Any:
    """Rows of a frame or an array."""
    if rows.start == 0 and rows.stop >= len(X):
        return X
    return X.iloc[rows] if isinstance(X, pd.DataFrame) else X[rows]
