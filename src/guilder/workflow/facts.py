"""Facts in memory: one lazy expression, collected once, one row per row of the spine in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals as nw

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

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "categories": list(self.vocabulary.categories),
            "channels": list(self.vocabulary.channels),
            "attributes": {table: list(names) for table, names in self.attributes.items()},
            "available": {table: dict(names) for table, names in self.available.items()},
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Recipe:
        """Read what `to_dict` wrote."""
        return cls(
            Vocabulary(tuple(plain["categories"]), tuple(plain["channels"])),
            {table: tuple(names) for table, names in plain["attributes"].items()},
            plain["available"],
        )


def recipe(bank: Bank, vocabulary: Vocabulary) -> Recipe:
    """Fix how this bank's facts are made; protected columns take part only where the bank says so in writing."""
    tables = bank.settings.tables
    attributes = {name: tuple(table.attributes) for name, table in tables.items() if table.attributes}
    if bank.settings.risk.use_protected:
        attributes["customers"] = (*attributes.get("customers", ()), *bank.settings.risk.use_protected)
    available = {name: dict(table.available) for name, table in tables.items() if table.available}
    return Recipe(vocabulary, attributes, available)


def collect(frame: nw.LazyFrame[Any], *by: str) -> pd.DataFrame:
    """Bring a lazy frame to memory as pandas, in the order of ``by``."""
    found: pd.DataFrame = frame.collect("pandas").to_native()
    return found.sort_values(list(by), kind="stable", ignore_index=True)


def make_facts(bank: Bank, spine: nw.LazyFrame[Any], how: Recipe) -> pd.DataFrame:
    """Make every fact of a spine: ``row`` as the index, numbers as float64, words as categories.

    Returns
    -------
    DataFrame
        Sorted by ``row``; the spine's other columns are left out.
    """
    made = collect(facts(bank.tables, spine, how.vocabulary, how.attributes, how.available), "row").set_index("row")
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
