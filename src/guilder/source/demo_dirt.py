"""Dirt for the made-up bank: broken copies of good rows, each listed, so that without them the bank is clean again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from guilder.source.demo_files import as_text


@dataclass(frozen=True)
class Breakage:
    """One way to break a row."""

    kind: str
    column: str
    value: str | None = None
    """What is put in the column; None blanks it."""
    keeps_key: bool = False
    """The copy is left whole: it is a duplicate."""


KEYS = {"customers": "customer_id", "transactions": "transaction_id", "loans": "loan_id", "interactions": ""}
BREAKAGES: dict[str, tuple[Breakage, ...]] = {
    "customers": (
        Breakage("date is not a date", "birth_date", "31/31/1980"),
        Breakage("key is missing", "customer_id"),
        Breakage("key is twice", "customer_id", keeps_key=True),
        Breakage("amount is not a number", "annual_income", "about 40k"),
    ),
    "transactions": (
        Breakage("amount is not a number", "amount", "12,3x"),
        Breakage("amount is infinite", "amount", "inf"),
        Breakage("amount is missing", "amount"),
        Breakage("date does not exist", "at", "2023-02-30 10:00:00"),
        Breakage("date is not a date", "at", "yesterday"),
        Breakage("customer is missing", "customer_id"),
        Breakage("customer is unknown", "customer_id", "C99999999"),
        Breakage("key is twice", "transaction_id", keeps_key=True),
    ),
    "loans": (
        Breakage("default before application", "defaulted_on", "1999-01-01"),
        Breakage("amount is not a number", "amount", "twelve"),
        Breakage("date is not a date", "applied_on", "2021-13-01"),
        Breakage("customer is unknown", "customer_id", "C99999999"),
        Breakage("key is missing", "loan_id"),
        Breakage("key is twice", "loan_id", keeps_key=True),
        Breakage("flag is not a flag", "defaulted", "perhaps"),
    ),
    "interactions": (
        Breakage("kind is unknown", "kind", "stare"),
        Breakage("product is unknown", "product_id", "no-such-product"),
        Breakage("customer is missing", "customer_id"),
        Breakage("customer is unknown", "customer_id", "C99999999"),
        Breakage("date is not a date", "at", "2022-00-10 09:00:00"),
    ),
}


@dataclass(frozen=True)
class Planted:
    """One broken row: its table, data row in the file (1 is the first below the header), key and kind."""

    table: str
    row: int
    key: str | None
    kind: str


def broken(
    rng: np.random.Generator, name: str, table: pa.Table, dirt: float, first_row: int
) -> tuple[pa.Table, list[Planted]]:
    """Add broken copies of rows at the end of a piece.

    Parameters
    ----------
    rng : numpy.random.Generator
        Chooses the rows that are copied.
    name : str
        The table.
    table : pyarrow.Table
        A piece of it.
    dirt : float
        Share of broken rows wanted; what is planted stays just below it.
    first_row : int
        Number of the piece's first data row in the file, from 1.

    Returns
    -------
    pyarrow.Table
        The piece with the broken rows, as text.
    list of Planted
        What was planted.
    """
    text = as_text(table)
    count = int(len(table) * dirt)
    if not count:
        return text, []
    rows = rng.choice(len(table), count, replace=False)
    ways = BREAKAGES[name]
    copies = text.take(pa.array(rows)).to_pylist()
    planted = []
    for place, copy in enumerate(copies):
        way = ways[(first_row + place) % len(ways)]
        row = first_row + len(table) + place
        key = KEYS[name]
        if key and not way.keeps_key:
            copy[key] = f"X{row:012d}"
        if not way.keeps_key:
            copy[way.column] = way.value
        if way.kind == "default before application":
            copy["defaulted"] = "true"
        planted.append(Planted(name, row, copy[key] if key else None, way.kind))
    return pa.concat_tables([text, pa.Table.from_pylist(copies, schema=text.schema)]), planted


def dirt_table(planted: list[Planted]) -> pa.Table:
    """Make the rows of ``truth/dirt.parquet``."""
    return pa.table({
        "table": pa.array([one.table for one in planted], pa.string()),
        "row": pa.array([one.row for one in planted], pa.int64()),
        "key": pa.array([one.key for one in planted], pa.string()),
        "kind": pa.array([one.kind for one in planted], pa.string()),
    })
