"""How many transactions a second the made-up bank writes: python -m benchmarks.generate [CUSTOMERS].

Pin it to one core (taskset -c 0) to read a figure per core.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import faker  # noqa: F401 - imported first, so that only the work is timed
import pyarrow.parquet as pq

from guilder.source.demo import generate


def main(customers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder) / "warm", customers=200)
        start, used = time.perf_counter(), time.process_time()
        path = generate(Path(folder) / "bank", customers=customers)
        seconds, used = time.perf_counter() - start, time.process_time() - used
        rows = pq.read_metadata(path.parent / "transactions.parquet").num_rows
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{customers:,} customers, {rows:,} transactions in {seconds:.2f} s ({used:.2f} s of processor time)")
    print(f"{rows / seconds:,.0f} transactions a second, {rows / used:,.0f} a second of processor time")
    print(f"{memory:,.0f} MB at most in memory")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
