"""Facts in memory: one lazy expression, collected once, one row per row of the spine in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals as nw

from guilder.contract.tables import TABLES
from guilder.errors import BankFileError
from guilder.features.asof import known_by, snapshot_spine
from guilder.features.facts import SPINE, facts
from guilder.features.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pandas as pd

    from guilder.source.bank import Bank


@dataclass(frozen=True)
class Recipe:
    """What must be the same when facts are made again for scoring: fixed in training, kept with the run."""

    vocabulary: Vocabulary
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    available: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    """Columns of customers that must not explain a loan."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "categories": list(self.vocabulary.categories),
            "channels": list(self.vocabulary.channels),
            "attributes": {table: list(names) for table, names in self.attributes.items()},
            "available": {table: dict(names) for table, names in self.available.items()},
            "left_out": list(self.left_out),
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Recipe:
        """Read what `to_dict` wrote."""
        return cls(
            Vocabulary(tuple(plain["categories"]), tuple(plain["channels"])),
            {table: tuple(names) for table, names in plain["attributes"].items()},
            plain["available"],
            tuple(plain["left_out"]),
        )


def recipe(bank: Bank, vocabulary: Vocabulary) -> Recipe:
    """Fix how this bank's facts are made; protected columns take part only where the bank says so in writing."""
    tables = bank.settings.tables
    attributes = {name: tuple(table.attributes) for name, table in tables.items() if table.attributes}
    protected = [name for name, column in TABLES["customers"].columns.items() if column.protected]
    if wrong := [name for name in bank.settings.risk.use_protected if name not in protected]:
        raise BankFileError(
            f"[risk] use_protected names {', '.join(wrong)}, which is not protected",
            known=f"protected: {', '.join(protected)}",
            todo="leave it out: other columns are facts without it, or are declared under attributes",
        )
    brought = bank.tables["customers"].collect_schema().names() if "customers" in tables else []
    if absent := [name for name in bank.settings.risk.use_protected if name not in brought]:
        raise BankFileError(
            f"[risk] use_protected names {', '.join(absent)}, which customers do not have",
            known=f"customers have: {', '.join(brought) or 'nothing'}", todo="leave it out, or bring the column",
        )
    if bank.settings.risk.use_protected:
        attributes["customers"] = (*attributes.get("customers", ()), *bank.settings.risk.use_protected)
    available = {name: dict(table.available) for name, table in tables.items() if table.available}
    return Recipe(vocabulary, attributes, available, undated_columns(bank))


def undated_columns(bank: Bank) -> tuple[str, ...]:
    """Name the columns of customers that say how things are today, and so may not explain loans of the past.

    A bank that writes ``undated_ok`` under ``[tables.customers]`` takes them in, and the report repeats its reason.
    """
    if not {"customers", "loans"} <= set(bank.tables):
        return ()
    if "applied_on" not in bank.tables["loans"].collect_schema().names():
        return ()
    written = bank.settings.tables.get("customers")
    if written is not None and written.undated_ok:
        return ()
    present = bank.tables["customers"].collect_schema().names()
    return tuple(name for name in ("annual_income", "region", "occupation") if name in present)


def loan_tables(bank: Bank, how: Recipe) -> Mapping[str, nw.LazyFrame[Any]]:
    """Return the tables that may explain a loan: the bank's own, without what is known only of today."""
    if not how.left_out or "customers" not in bank.tables:
        return bank.tables
    return {**bank.tables, "customers": bank.tables["customers"].drop(list(how.left_out), strict=False)}


def collect(frame: nw.LazyFrame[Any], *by: str) -> pd.DataFrame:
    """Bring a lazy frame to memory as pandas, in the order of ``by``."""
    found: pd.DataFrame = frame.collect("pandas").to_native()
    return found.sort_values(list(by), kind="stable", ignore_index=True)


def make_facts(
    tables: Mapping[str, nw.LazyFrame[Any]], spine: nw.LazyFrame[Any], how: Recipe
) -> pd.DataFrame:
    """Make every fact of a spine: ``row`` as the index, numbers as float64, words as categories.

    Returns
    -------
    DataFrame
        Sorted by ``row``; the spine's other columns are left out.
    """
    made = collect(facts(tables, spine, how.vocabulary, how.attributes, how.available), "row").set_index("row")
    made = made.drop(columns=[name for name in SPINE if name in made.columns])
    words = made.columns[[not numeric for numeric in (made.dtypes == "float64")]]
    return made.astype(dict.fromkeys(words, "category"))


def customer_spine(bank: Bank) -> nw.LazyFrame[Any]:
    """Return every customer known by the bank's date: from its table, or from whoever made a booking or contact."""
    if "customers" in bank.tables:
        return snapshot_spine(bank.tables["customers"], bank.as_of)
    seen = [
        known_by(bank.tables[name], "at", bank.as_of).select("customer_id")
        if "at" in bank.tables[name].collect_schema().names()
        else bank.tables[name].select("customer_id")
        for name in ("transactions", "interactions")
        if name in bank.tables
    ]
    return snapshot_spine(nw.concat(seen).unique(), bank.as_of)
