"""Which engines the facts run on, in one table, and the proof that those that do agree."""

from __future__ import annotations

import pandas as pd
import pytest
from random_banks import ATTRIBUTES, AVAILABLE, CUT, RandomBank, assert_same_facts, collect, random_bank

from guilder.features.asof import loan_spine, snapshot_spine
from guilder.features.facts import facts
from guilder.features.interactions import holdings
from guilder.features.label import label
from guilder.features.vocabulary import vocabulary

BACKENDS = {
    "duckdb": "always: the engine of the core",
    "polars": "always: lazy frames",
    "pyspark": "slow: test_spark.py",
    "postgres": "as SQL: tests/golden; run when one is named: test_postgres.py",
    "pandas": "never: there Narwhals groups by sums of plain columns, and a fact is the sum of an expression",
    "pyarrow": "never: as with pandas",
}
"""Every engine that was tried, when it is tested, and why it never works."""


def _facts(bank: RandomBank, engine: str) -> pd.DataFrame:
    tables = bank.frames(engine)
    words = vocabulary(tables["transactions"], CUT)
    return collect(facts(tables, loan_spine(tables["loans"]), words, ATTRIBUTES, AVAILABLE))


@pytest.fixture(scope="module")
def bank() -> RandomBank:
    return random_bank(5, transactions=400, loans=60, interactions=80)


def test_facts_of_loans_agree(bank: RandomBank) -> None:
    ours = _facts(bank, "polars")
    assert ours["transactions_count_365d"].max() > 20
    assert_same_facts(ours, _facts(bank, "duckdb"))


def test_facts_of_customers_labels_and_holdings_agree(bank: RandomBank) -> None:
    made = []
    for engine in ("polars", "duckdb"):
        tables = bank.frames(engine)
        words = vocabulary(tables["transactions"], CUT)
        held = holdings(tables["interactions"], CUT).select("customer_id", "product_id").collect("pandas").to_native()
        made.append(
            (
                collect(facts(tables, snapshot_spine(tables["customers"], CUT), words)),
                collect(label(tables["loans"], 6, CUT), "loan_id"),
                sorted(zip(held["customer_id"], held["product_id"], strict=True)),
            )
        )
    for ours, theirs in zip(made[0][:2], made[1][:2], strict=True):
        assert_same_facts(ours, theirs)
    assert made[0][2] == made[1][2] != []


# The warning says beforehand what then fails.
@pytest.mark.filterwarnings("ignore:Found complex group-by expression:UserWarning")
@pytest.mark.parametrize("engine", [name for name, word in BACKENDS.items() if word.startswith("never")])
def test_never_is_still_true(bank: RandomBank, engine: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        _facts(bank, engine)
