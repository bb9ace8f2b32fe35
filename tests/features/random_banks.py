"""Random small banks for the tests of facts: every awkward case is likely, every table is there."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from hypothesis import strategies as st

from guilder.features.catalogue import describe

Row = dict[str, Any]
MONEY = pa.decimal128(18, 2)
MOMENT = pa.timestamp("us")
SCHEMAS = {
    "customers": pa.schema(
        [("customer_id", pa.string()), ("birth_date", pa.date32()), ("gender", pa.string()), ("region", pa.string()),
         ("annual_income", MONEY), ("joined_on", pa.date32()), ("name", pa.string()), ("score", pa.float64()),
         ("scored_on", pa.date32())]
    ),
    "transactions": pa.schema(
        [("transaction_id", pa.string()), ("customer_id", pa.string()), ("at", MOMENT), ("amount", MONEY),
         ("category", pa.string()), ("channel", pa.string()), ("balance_after", MONEY), ("loaded_at", MOMENT)]
    ),
    "loans": pa.schema(
        [("loan_id", pa.string()), ("customer_id", pa.string()), ("defaulted", pa.bool_()),
         ("defaulted_on", pa.date32()), ("applied_on", pa.date32()), ("amount", MONEY), ("term_months", pa.int64()),
         ("annual_rate", pa.float64()), ("purpose", pa.string()), ("closed_on", pa.date32()), ("grade", pa.string())]
    ),
    "interactions": pa.schema(
        [("customer_id", pa.string()), ("product_id", pa.string()), ("kind", pa.string()), ("at", MOMENT)]
    ),
}  # fmt: skip
ATTRIBUTES = {"customers": ["score"], "loans": ["grade"]}
AVAILABLE = {"customers": {"score": "scored_on"}}
CUT = dt.datetime(2024, 3, 1)
"""The bank's date: banks are dense around it."""
COUNTED = ("bookings", "days", "months", "loans", "times", "products")
"""Units of facts that are whole numbers."""
CUSTOMERS = ("c1", "c2", "c3", "nobody")
CATEGORIES = ("food", "Rent & heat", "rent heat", "salary", None)
CHANNELS = ("card", "cash", None)


@dataclass
class RandomBank:
    """Rows by table, and the frames they make on an engine."""

    tables: dict[str, list[Row]] = field(default_factory=dict)

    def arrow(self) -> dict[str, pa.Table]:
        return {name: pa.Table.from_pylist(rows, schema=SCHEMAS[name]) for name, rows in self.tables.items()}

    def frames(self, engine: str = "polars") -> dict[str, nw.LazyFrame[Any]]:
        return lazy(self.arrow(), engine)


def lazy(tables: dict[str, pa.Table], engine: str) -> dict[str, nw.LazyFrame[Any]]:
    """Return Arrow tables as lazy frames of one engine."""
    if engine == "duckdb":
        connection = duckdb.connect()
        for name, table in tables.items():
            connection.register("arrow", table)
            connection.execute(f"create table {name} as select * from arrow")
        return {name: nw.from_native(connection.table(name)) for name in tables}
    if engine == "polars":
        return {name: nw.from_native(pl.from_arrow(table).lazy()) for name, table in tables.items()}
    if engine == "pyarrow":
        return {name: nw.from_native(table).lazy() for name, table in tables.items()}
    return {name: nw.from_native(table.to_pandas(types_mapper=pd.ArrowDtype)).lazy() for name, table in tables.items()}


def collect(frame: nw.LazyFrame[Any], key: str = "row") -> pd.DataFrame:
    """Bring facts to memory: sorted by row, missing values as NaN or None."""
    made = frame.collect("pyarrow").to_native().to_pandas()
    return made.sort_values(key).set_index(key)


def assert_same_facts(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Compare the facts of two engines: counts and words exactly, measures to nine digits, missing where missing."""
    assert list(ours.index) == list(theirs.index)
    assert list(ours.columns) == list(theirs.columns)
    for name in ours.columns:
        mine, other = ours[name], theirs[name]
        if pd.api.types.is_numeric_dtype(other):
            close = 0.0 if describe(name).unit in COUNTED else 1e-9
            np.testing.assert_allclose(
                mine.to_numpy(float), other.to_numpy(float), rtol=close, atol=close, err_msg=f"{name} differs"
            )
        else:
            blank = mine.isna()
            assert (blank == other.isna()).all(), name
            assert (mine[~blank] == other[~blank]).all(), name


def _moment(rng: random.Random, days_back: int = 420, days_on: int = 60) -> dt.datetime:
    day = CUT + dt.timedelta(days=rng.randint(-days_back, days_on))
    near = CUT + dt.timedelta(days=rng.choice((-366, -365, -91, -90, -31, -30, -1, 0, 1)))
    return rng.choice((day, near, day, CUT)) + dt.timedelta(minutes=rng.choice((0, 0, 1, 600, 1439)))


def _date(rng: random.Random, days_back: int = 420, days_on: int = 60) -> dt.date:
    return _moment(rng, days_back, days_on).date()


def _maybe(rng: random.Random, value: Any, odds: float = 0.7) -> Any:
    return value if rng.random() < odds else None


def _money(rng: random.Random, low: int = -300_000, high: int = 300_000) -> Decimal:
    return Decimal(rng.choice((rng.randint(low, high), rng.randint(-999, 999), 1250))).scaleb(-2)


def transaction(rng: random.Random, number: int) -> Row:
    at = _moment(rng)
    loaded = at + dt.timedelta(days=rng.choice((0, 0, 1, 40)))
    return {
        "transaction_id": str(number), "customer_id": rng.choice(CUSTOMERS[:3]), "at": at, "amount": _money(rng),
        "category": rng.choice(CATEGORIES), "channel": rng.choice(CHANNELS),
        "balance_after": _maybe(rng, _money(rng), 0.9), "loaded_at": loaded,
    }  # fmt: skip


def loan(rng: random.Random, number: int) -> Row:
    fell = _maybe(rng, _date(rng), 0.3)
    return {
        "loan_id": f"l{number}", "customer_id": rng.choice(CUSTOMERS),
        "defaulted": True if fell else rng.choice((False, False, True, None)), "defaulted_on": fell,
        "applied_on": _date(rng), "amount": _maybe(rng, Decimal(rng.randint(100, 9999))),
        "term_months": rng.choice((6, 12, 24)), "annual_rate": rng.random() / 5, "purpose": rng.choice(("car", None)),
        "closed_on": _maybe(rng, _date(rng), 0.4), "grade": rng.choice(("A", "B", None)),
    }  # fmt: skip


def interaction(rng: random.Random, number: int) -> Row:
    return {
        "customer_id": rng.choice(CUSTOMERS), "product_id": rng.choice(("p1", "p2")),
        "kind": rng.choice(("view", "click", "apply", "hold", "close")), "at": _moment(rng),
    }  # fmt: skip


def customer(rng: random.Random, customer_id: str) -> Row:
    return {
        "customer_id": customer_id, "birth_date": dt.date(1980, 1, 1) + dt.timedelta(days=rng.randint(0, 9000)),
        "gender": "f", "region": rng.choice(("north", "south", None)), "annual_income": _maybe(rng, _money(rng, 0)),
        "joined_on": _maybe(rng, _date(rng, 900)), "name": "A. Person", "score": rng.random(),
        "scored_on": _maybe(rng, _date(rng)),
    }  # fmt: skip


def random_bank(seed: int, transactions: int = 40, loans: int = 8, interactions: int = 15) -> RandomBank:
    """Return a bank made by a seed."""
    rng = random.Random(seed)
    return RandomBank(
        {
            "customers": [customer(rng, name) for name in CUSTOMERS[:3]],
            "transactions": [transaction(rng, number) for number in range(transactions)],
            "loans": [loan(rng, number) for number in range(loans)],
            "interactions": [interaction(rng, number) for number in range(interactions)],
        }
    )


BANKS = st.builds(random_bank, st.integers(0, 2**32 - 1), st.integers(0, 60), st.integers(1, 10), st.integers(0, 20))
"""Banks for hypothesis: a seed and sizes, so that a failing bank shrinks to few rows."""
