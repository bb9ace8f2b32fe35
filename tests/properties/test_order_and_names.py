"""The order of rows, the order of columns and the names of customers and loans change no fact."""

from __future__ import annotations

import random

import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from random_banks import ATTRIBUTES, AVAILABLE, BANKS, CUSTOMERS, CUT, SCHEMAS, RandomBank, collect, lazy

from guilder.features.asof import loan_spine
from guilder.features.facts import facts
from guilder.features.vocabulary import vocabulary

FEW = settings(max_examples=6, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)


def _facts(tables: dict) -> pd.DataFrame:
    words = vocabulary(tables["transactions"], CUT)
    return collect(facts(tables, loan_spine(tables["loans"]), words, ATTRIBUTES, AVAILABLE))


@FEW
@given(bank=BANKS, seed=SEEDS)
def test_order_of_rows_and_columns_changes_nothing(bank: RandomBank, seed: int) -> None:
    rng = random.Random(seed)
    shuffled = RandomBank({name: rng.sample(rows, len(rows)) for name, rows in bank.tables.items()}).arrow()
    turned = {
        name: table.select(rng.sample(SCHEMAS[name].names, table.num_columns)) for name, table in shuffled.items()
    }
    pd.testing.assert_frame_equal(_facts(bank.frames()), _facts(lazy(turned, "polars")), check_exact=True)


@FEW
@given(bank=BANKS, seed=SEEDS)
def test_order_does_not_matter_without_numbers_of_bookings(bank: RandomBank, seed: int) -> None:
    tables = bank.arrow()
    tables["transactions"] = tables["transactions"].drop_columns("transaction_id")
    order = random.Random(seed).sample(range(len(tables["transactions"])), len(tables["transactions"]))
    turned = tables | {"transactions": tables["transactions"].take(pa.array(order, pa.int64()))}
    pd.testing.assert_frame_equal(_facts(lazy(tables, "polars")), _facts(lazy(turned, "polars")), check_exact=True)


@FEW
@given(bank=BANKS, seed=SEEDS)
def test_names_of_customers_and_loans_change_nothing(bank: RandomBank, seed: int) -> None:
    rng = random.Random(seed)
    customers = dict(zip(CUSTOMERS, rng.sample(CUSTOMERS, len(CUSTOMERS)), strict=True))
    names = [row["loan_id"] for row in bank.tables["loans"]]
    loans = dict(zip(names, rng.sample(names, len(names)), strict=True))
    renamed = RandomBank(
        {
            table: [
                row
                | {"customer_id": customers[row["customer_id"]]}
                | ({"loan_id": loans[row["loan_id"]]} if "loan_id" in row else {})
                for row in rows
            ]
            for table, rows in bank.tables.items()
        }
    )
    before, after = _facts(bank.frames()), _facts(renamed.frames())
    expected = before.rename(index=loans).sort_index()
    expected["customer_id"] = expected["customer_id"].map(customers)
    pd.testing.assert_frame_equal(expected, after, check_exact=True)
