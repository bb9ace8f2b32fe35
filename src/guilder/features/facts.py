"""All facts of a spine as one lazy expression: what the bank's tables allow, the same on every engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals as nw

from guilder.contract.tables import TABLES
from guilder.errors import ModelError, UsageError
from guilder.features.asof import Lazy
from guilder.features.behaviour import behaviour
from guilder.features.catalogue import describe
from guilder.features.interactions import interaction_facts
from guilder.features.loans import Attributes, burdens, customer_facts, earlier_loans, loan_facts
from guilder.features.vocabulary import Vocabulary

SPINE = ("row", "customer_id", "as_of")

Words = Mapping[str, Attributes]


def facts(
    tables: Mapping[str, Lazy],
    spine: Lazy,
    vocabulary: Vocabulary,
    attributes: Words | None = None,
    available: Mapping[str, Mapping[str, str]] | None = None,
) -> Lazy:
    """Make every fact of a spine that the bank's tables allow.

    Parameters
    ----------
    tables
        The bank's tables by name; those it does not have are absent, and so are their facts.
    spine
        ``row``, ``customer_id``, ``as_of``, and ``loan_id`` when its rows are loans (see `asof.loan_spine`).
    vocabulary
        The words whose shares of spending become facts.
    attributes
        Declared columns by table, as names or as names with ``number`` or ``text``; a protected column is a fact
        only when it is named here.
    available
        By table, the date column from which an attribute is known.

    Returns
    -------
    LazyFrame
        The spine's ``row``, ``customer_id``, ``as_of`` and the facts, one line per row of the spine in no particular
        order. Facts are Float64; categories are String. A row without history has zeros and missing values
        as the catalogue says; a row without a date has missing values only.

    Raises
    ------
    UsageError
        An attribute is not in its table, or is personal.
    """
    attributes, available = attributes or {}, available or {}
    _check(tables, attributes)
    made, names = spine.select(*SPINE), list(SPINE)
    for part in _parts(tables, spine, vocabulary, attributes, available):
        made = made.join(part, on="row", how="left")
        names += [name for name in part.columns if name != "row"]
    finished = [*_zeros(names), *burdens(names)]
    return made.with_columns(*finished) if finished else made


def _parts(
    tables: Mapping[str, Lazy],
    spine: Lazy,
    vocabulary: Vocabulary,
    attributes: Words,
    available: Mapping[str, Mapping[str, str]],
) -> list[Lazy]:
    """Return one frame of facts for each table that can give some, the largest last: joins repeat what came before."""
    parts = []
    loans = tables.get("loans")
    of_loans = "loan_id" in spine.columns
    columns = {name: table.columns for name, table in tables.items()}
    dated = not of_loans or "applied_on" in columns.get("loans", [])
    if loans is not None and of_loans:
        parts.append(loan_facts(loans, spine, attributes.get("loans", ()), available.get("loans")))
    if "customers" in tables:
        parts.append(
            customer_facts(tables["customers"], spine, attributes.get("customers", ()), available.get("customers"))
        )
    if loans is not None and dated and {"customer_id", "applied_on"} <= set(columns["loans"]):
        parts.append(earlier_loans(loans, spine))
    if dated and "at" in columns.get("interactions", []):
        parts.append(interaction_facts(tables["interactions"], spine))
    if "transactions" in tables and dated:
        parts.append(behaviour(tables["transactions"], spine, vocabulary))
    return parts


def _zeros(names: Sequence[str]) -> list[nw.Expr]:
    """Return the facts that are zero where nothing happened; in a row without a date they stay missing."""
    dated = ~nw.col("as_of").is_null()
    return [
        nw.when(nw.col(name).is_null() & dated).then(nw.lit(0.0)).otherwise(nw.col(name)).alias(name)
        for name in names
        if describe(name).empty == "zero"
    ]


def _check(tables: Mapping[str, Lazy], attributes: Words) -> None:
    for table, declared in attributes.items():
        present = tables[table].columns if table in tables else []
        if absent := [name for name in declared if name not in present]:
            raise ModelError(
                f"{len(absent)} declared attributes of {table} are not in {table}: {', '.join(absent[:5])}.",
                known=f"{table} has: {', '.join(present) or 'nothing'}.",
                todo=f"Correct `attributes` under [tables.{table}] in bank.toml; a run that is applied has those "
                "it learned from: bring the columns, or train again.", id="G-SCORE-008",
            )
        columns = TABLES[table].columns if table in TABLES else {}
        if personal := [name for name in declared if name in columns and columns[name].personal]:
            raise UsageError(
                f"{', '.join(personal)} of {table} are personal and are never learned from.",
                todo=f"Take them out of `attributes` under [tables.{table}] in bank.toml.",
            )
