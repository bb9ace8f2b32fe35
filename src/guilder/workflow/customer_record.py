"""What the bank's own tables say of one customer at its date: who they are, and what they were offered before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import narwhals as nw

from guilder.contract.tables import CUSTOMERS
from guilder.features.asof import known_by
from guilder.workflow.facts import collect

if TYPE_CHECKING:
    from guilder.source.bank import Bank

HIDDEN = ("customer_id", "deceased_on", "arrears_since")
"""The id is known; the two days say what is only known once they have come, and the rules of offers say it."""


def about(bank: Bank, customer_id: str) -> dict[str, str]:
    """Give the columns of the customer, personal ones left out, by their meaning."""
    if "customers" not in bank.tables:
        return {}
    table = bank.tables["customers"]
    present = table.collect_schema().names()
    columns = [c for c in CUSTOMERS.columns.values() if c.name in present and not c.personal and c.name not in HIDDEN]
    row = collect(table.filter(nw.col("customer_id") == customer_id), "customer_id").iloc[:1]
    return {
        column.meaning: _told(value) for column in columns for value in row[column.name].dropna().tolist()
    }


def offered_before(bank: Bank, customer_id: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Say what the customer was offered before and what came of it, the newest first."""
    from guilder.offers.contact import known_campaigns

    if "campaigns" not in bank.tables:
        return ()
    mine = known_by(bank.tables["campaigns"].filter(nw.col("customer_id") == customer_id), "at", bank.as_of)
    log = known_campaigns(collect(mine, "at", "product_id"), bank.as_of)
    return tuple(_campaign(row, names) for row in log.iloc[::-1].to_dict("records"))


def _campaign(row: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    product = names.get(str(row["product_id"]), str(row["product_id"]))
    named = f" ({row['campaign']})" if isinstance(row.get("campaign"), str) else ""
    did = "offered" if row["treated"] else "held out as control"
    answer = "taken" if row["taken"] else "refused" if row["refused"] else "not taken"
    return f"{row['at']:%Y-%m-%d} {product}{named}: {did}, {answer}"


def _told(value: Any) -> str:
    if isinstance(value, bool) or str(value) in ("True", "False"):
        return "yes" if str(value) == "True" else "no"
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)
