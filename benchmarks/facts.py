"""Behaviour facts on DuckDB: Guilder against SQL written by hand for the core windows, in the same run.

python -m benchmarks facts [TRANSACTIONS ROWS]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import duckdb
import narwhals as nw
import pandas as pd

from guilder.features.behaviour import Vocabulary, behaviour

WORDS = Vocabulary(("food", "rent", "fun", "travel"), ("card", "cash", "web"))
TURNS = 3
MAKE = """
select setseed(0.5);
create table transactions as
select 'C' || (i % {customers}) as customer_id, i::varchar as transaction_id,
    timestamp '2020-01-01' + to_minutes((random() * 60 * 24 * 1800)::int) as "at",
    cast(random() * 200 - 100 as decimal(18,2)) as amount,
    ['food', 'rent', 'fun', 'travel', 'misc'][1 + (random() * 4)::int] as category,
    ['card', 'cash', 'web'][1 + (random() * 2)::int] as channel,
    cast(random() * 1000 - 100 as decimal(18,2)) as balance_after
from range({transactions}) t(i);
create table spine as
select 'L' || i as "row", 'C' || (i % {customers}) as customer_id,
    timestamp '2022-01-01' + to_days((random() * 900)::int) as as_of
from range({rows}) t(i);
"""
WINDOWS = {"30d": "days <= 30", "90d": "days <= 90", "365d": "days <= 365", "all": "true"}
WINDOW = """
    count(*) filter ({within}) as transactions_count_{name},
    coalesce(sum(amount) filter ({within} and amount > 0), 0)::double as money_in_{name},
    coalesce(-sum(amount) filter ({within} and amount < 0), 0)::double as money_out_{name},
    avg(abs(amount)::double) filter ({within}) as ticket_mean_{name},
    round(stddev_samp(abs(amount)::double) filter ({within}), 4) as ticket_std_{name},
    max(abs(amount)) filter ({within})::double as ticket_max_{name},
"""
BY_HAND = f"""
select "row", {"".join(WINDOW.format(name=name, within=within) for name, within in WINDOWS.items())}
    min(days)::double as recency_days, max(days)::double as history_days
from (
    select "row", amount, date_diff('day', cast("at" as date), cast(as_of as date)) as days
    from transactions join spine using (customer_id) where "at" < as_of
) group by "row"
"""


def _timed(make: Callable[[], pd.DataFrame]) -> tuple[float, pd.DataFrame]:
    start = time.perf_counter()
    made = make()
    return time.perf_counter() - start, made.set_index("row").sort_index()


def main(transactions: int = 1_000_000, rows: int = 10_000) -> None:
    with duckdb.connect() as connection:
        connection.execute(MAKE.format(transactions=transactions, rows=rows, customers=max(rows // 2, 1)))

        def ours() -> pd.DataFrame:
            booked, spine = (nw.from_native(connection.table(name)) for name in ("transactions", "spine"))
            return behaviour(booked, spine, WORDS).collect("pandas").to_native()

        def by_hand() -> pd.DataFrame:
            return connection.execute(BY_HAND).df()

        spent: dict[str, list[float]] = {"ours": [], "by hand": []}
        for _ in range(TURNS):  # one after the other, so that a busy moment of the machine falls on both
            seconds, made = _timed(ours)
            spent["ours"].append(seconds)
            seconds, core = _timed(by_hand)
            spent["by hand"].append(seconds)
    pd.testing.assert_frame_equal(made[list(core.columns)], core, check_dtype=False, rtol=1e-9, atol=1e-4)
    mine, other = (statistics.median(seconds) for seconds in spent.values())
    print(f"{transactions:,} transactions, {rows:,} rows of the spine, medians of {TURNS}")
    print(f"all {made.shape[1]} behaviour facts       {mine:6.2f} s")
    print(f"{core.shape[1]} core facts, SQL by hand {other:6.2f} s")
    ratio = mine / other
    print(f"ratio {ratio:.2f}, or {ratio * core.shape[1] / made.shape[1]:.2f} a fact")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]))
