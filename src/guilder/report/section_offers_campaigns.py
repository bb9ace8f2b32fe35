"""The offers section's campaigns: uptake of those offered less that of those held out, and what places say."""

from __future__ import annotations

from typing import Any

from guilder.report import words
from guilder.report.blocks import Block, Cell, Note, Part, Table, Text

TITLE = "What campaigns brought"


def campaigns(known: dict[str, Any]) -> Part:
    """Uplift by campaign, the note on places, and what is not learned from; nothing where the bank keeps no log."""
    found = known.get("campaigns") or {}
    rows = found.get("campaigns") or []
    if not rows:
        return Part(TITLE, ())
    blocks: list[Block] = [Text(_lead(found)), Table(
        "Uptake of those offered and of those held out, 95% intervals",
        ("campaign", "product", "offered", "taken", "held out", "taken all the same", "uplift", "verdict",
         "cost of one more"),
        tuple(_row(row) for row in rows), heads=2,
    )]  # fmt: skip
    if places := found.get("positions"):
        blocks += [_places(places), Note(
            "Position bias: what is shown first is taken more for being first, and what is thought best is shown "
            "first. These shares cannot tell the two apart; only places drawn by lot could."
        )]  # fmt: skip
    blocks.append(Text(
        f"{words.plural(found.get('not_learned_from'), 'contact')} of {words.count(found.get('interactions'))} are not "
        "learned from: customers who met a product only after it was offered to them, and interest that ended in a no. "
        "Learned from, offers would prove themselves right. What was taken still counts as held."
    ))  # fmt: skip
    return Part(TITLE, tuple(blocks))


def _lead(found: dict[str, Any]) -> str:
    if found.get("uplift") is None:
        return "No campaign has 30 customers both offered and held out, so nothing can be said of what offers add."
    return (
        f"Offers added {words.figure(found['uplift'], 'percent')} to the share of customers who take the product: each "
        "campaign is set against its own control group, weighed by the customers it reached."
    )


def _row(row: dict[str, Any]) -> tuple[Cell, ...]:
    treated, control = row["treated"], row["control"]
    verdict = f"{row['verdict']}, still open" if row.get("open") else str(row["verdict"])
    return (
        Cell(str(row["campaign"] or words.DASH)), Cell(str(row["product_id"])),
        Cell(words.count(treated["customers"])), _share(treated["share"]),
        Cell(words.count(control["customers"])), _share(control["share"]),
        _share(row.get("uplift")), Cell(verdict), Cell(words.amount(row.get("cost_of_one_more"))),
    )


def _share(figure: Any) -> Cell:
    return Cell(words.value(figure, "percent"), words.interval(figure, "percent"))


def _places(places: list[dict[str, Any]]) -> Table:
    rows = tuple(
        (Cell(str(row["position"])), Cell(words.count(row["customers"])), _share(row["share"])) for row in places
    )
    return Table("Uptake by the place of the offer", ("place", "customers", "taken"), rows)
