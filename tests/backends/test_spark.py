"""The whole row of facts on Spark, beside DuckDB."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from typing import Any

import narwhals as nw
import pandas as pd
import pytest
from random_banks import ATTRIBUTES, AVAILABLE, CUT, RandomBank, assert_same_facts, collect, random_bank

from guilder.features.asof import loan_spine
from guilder.features.facts import facts
from guilder.features.label import label
from guilder.features.vocabulary import Vocabulary, vocabulary

pytestmark = [
    pytest.mark.slow,
    # Nothing here passes through pandas inside Spark: tables go in and come out as Arrow.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A Spark of two threads on this machine, without its page, in UTC."""
    sql = pytest.importorskip("pyspark.sql", reason="PySpark is not in this environment; it comes with guilder[spark]")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java, which is not on this machine")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    builder = sql.SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def _made(tables: Mapping[str, nw.LazyFrame[Any]]) -> tuple[Vocabulary, pd.DataFrame, pd.DataFrame]:
    words = vocabulary(tables["transactions"], CUT)
    known = facts(tables, loan_spine(tables["loans"]), words, ATTRIBUTES, AVAILABLE)
    return words, collect(known), collect(label(tables["loans"], 6, CUT), "loan_id")


def test_facts_and_labels_on_spark_agree_with_duckdb(spark: Any) -> None:
    bank: RandomBank = random_bank(11, transactions=400, loans=60, interactions=100)
    tables = {name: nw.from_native(spark.createDataFrame(table)) for name, table in bank.arrow().items()}
    words, known, outcomes = _made(tables)
    their_words, theirs, their_outcomes = _made(bank.frames("duckdb"))
    assert words == their_words
    assert known["transactions_count_365d"].max() > 20
    assert_same_facts(known, theirs)
    assert_same_facts(outcomes, their_outcomes)
