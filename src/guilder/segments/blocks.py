"""Many customers in blocks of a fixed size, two at a time: no result depends on how many threads there are."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

BLOCK = 65_536
"""Customers looked at together."""
THREADS = 2


def in_blocks(rows: int, work: Callable[[slice], None], size: int | None = None) -> None:
    """Do the same to every block of rows; what comes of a block depends on its rows alone."""
    step = BLOCK if size is None else size
    parts = [slice(start, min(start + step, rows)) for start in range(0, rows, step)]
    if len(parts) <= 1:
        for part in parts:
            work(part)
        return
    # Threads of the small matrix products inside a block would only wait for one another.
    with threadpool_limits(limits=1), ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, part) for part in parts]:
            done.result()
