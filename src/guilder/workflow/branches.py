"""Which region each customer is of, as the bank's own table says, for tokens that see one region only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guilder.errors import UsageError
from guilder.workflow.facts import collect
from guilder.workflow.open import opened
from guilder.workflow.privacy import masked

if TYPE_CHECKING:
    from pathlib import Path

    from guilder.source.bank import Bank


def regions(bank: Bank | str | Path) -> dict[str, str]:
    """Give the region of each customer that has one, by the id that customers stand under in runs.

    Raises
    ------
    UsageError
        When the bank says of no customer where they live.
    """
    with opened(bank) as source:
        table = source.tables.get("customers")
        if table is None or "region" not in table.collect_schema().names():
            raise UsageError(
                "this bank's customers have no region, so no token can be of one",
                todo='map the column under [tables.customers]: columns = { region = "…" }', id="G-SERVE-013",
            )  # fmt: skip
        known = collect(table.select("customer_id", "region"), "customer_id").dropna()
        known = masked(known, source.settings, "scores")
        return dict(zip(known["customer_id"].astype(str), known["region"].astype(str), strict=True))
