"""The past as it was known on a day: how many events, and a digest of them that their order does not change."""

from __future__ import annotations

import datetime
from typing import Any

from guilder.contract.tables import TABLES
from guilder.source.bank import Bank
from guilder.source.sql import identifier, literal, rows

COLUMNS = {"transactions": ("customer_id", "at", "amount"), "interactions": ("customer_id", "product_id", "kind", "at")}
"""What an event is made of; other columns may be added later without changing what happened."""


def history(bank: Bank, as_of: datetime.datetime) -> dict[str, dict[str, Any]]:
    """Describe the events before a day, as known by then where the bank says when it knew.

    Parameters
    ----------
    bank : Bank
        Open.
    as_of : datetime.datetime
        The day; events strictly before it count.

    Returns
    -------
    dict
        ``rows`` and ``digest`` by table.
    """
    found = {}
    day = f"TIMESTAMP {literal(as_of.isoformat(sep=' '))}"
    for name, columns in COLUMNS.items():
        if name not in bank.tables:
            continue
        present = bank.tables[name].collect_schema().names()
        when = str(TABLES[name].when)
        if when not in present:
            continue
        known = f" AND coalesce(loaded_at, {identifier(when)}) <= {day}" if "loaded_at" in present else ""
        hashed = ", ".join(identifier(column) for column in columns)
        count, digest = rows(bank.con, f"""
            SELECT count(*), coalesce(sum(md5_number_lower(concat_ws('|', {hashed}))::HUGEINT), 0)
            FROM guilder.{identifier(name)} WHERE {identifier(when)} < {day}{known}""")[0]
        found[name] = {"rows": int(count), "digest": str(digest)}
    return found
