"""The offers section's customers: what a perfect list could reach, all customers, new and known ones, segments."""

from __future__ import annotations

from typing import Any

from guilder.report import words
from guilder.report.blocks import Block, Cell, Part, Table, Text
from guilder.report.measures import OFFERS, Measure

TITLE = "For whom it works"

EVERYONE = ("map_at_7", "precision_at_5", "recall_at_5")
PARTS = ("map_at_7", "ndcg_at_5", "hit_at_1")


def who(known: dict[str, Any]) -> Part:
    """The same methods over all customers, those without and with a history, and by segment; and the null."""
    if not known.get("methods"):
        return Part(TITLE, ())
    blocks: list[Block] = [*_everyone(known), *_cold_and_warm(known), *_segments(known), *_null(known)]
    return Part(TITLE, tuple(blocks))


def ceiling(known: dict[str, Any], measures: list[Measure]) -> tuple[tuple[Cell, ...], ...]:
    """The row of a perfect list, for the table of methods; none where it was not measured."""
    best = known.get("ceiling") or {}
    if not best:
        return ()
    return ((Cell("a perfect list", "ceiling"), *(Cell(words.value(best.get(it.key), it.style)) for it in measures)),)


def _measures(keys: tuple[str, ...]) -> list[Measure]:
    return [it for it in OFFERS if it.key in keys]


def _order(known: dict[str, Any], names: dict[str, Any]) -> list[str]:
    """The champion first, the others by how they did on those who took something."""
    made = {name: words.finite(words.dig(known, "methods", name, "map_at_7")) or 0.0 for name in names}
    return sorted(names, key=lambda name: (name != known.get("champion"), -made[name], name))


def _everyone(known: dict[str, Any]) -> list[Block]:
    found = known.get("everyone") or {}
    if not found:
        return []
    measures = _measures(EVERYONE)
    rows = [
        (Cell(words.plain(name), strong=name == known.get("champion")),
         *(Cell(words.value(found["methods"][name].get(it.key), "small")) for it in measures))
        for name in _order(known, found["methods"])
    ]  # fmt: skip
    rows.append((Cell("a perfect list", "ceiling"),
                 *(Cell(words.value(found["ceiling"].get(it.key), "small")) for it in measures)))  # fmt: skip
    took = f"{words.count(found['took'])} of {words.plural(found['customers'], 'customer')}"
    said = f"The figures above are of those who took something: {took}. Here, whoever took nothing counts zero."
    return [Text(said), Table("Over all customers", ("method", *(it.label for it in measures)), tuple(rows))]


def _cold_and_warm(known: dict[str, Any]) -> list[Block]:
    parts = [(name, known.get(key) or {}) for name, key in (("new", "cold"), ("known", "warm"))]
    told = [(name, part) for name, part in parts if part.get("methods")]
    sizes = " and ".join(f"{words.count(part.get('customers') or 0)} {name}" for name, part in parts)
    blocks: list[Block] = [Text(f"At the cut {sizes} customers were asked: new ones had no history to go by.")]
    if not told:
        return []
    measures = _measures(PARTS)
    rows = tuple(
        (Cell(words.plain(method), f"{name} customers", strong=method == known.get("champion")),
         *(Cell(words.value(row.get(it.key), it.style), words.interval(row.get(it.key), it.style)) for it in measures))
        for name, part in told for method in _order(known, part["methods"])
        for row in [part["methods"][method]]
    )  # fmt: skip
    return [*blocks, Table("Customers without and with a history", ("method", *(it.label for it in measures)), rows)]


def _segments(known: dict[str, Any]) -> list[Block]:
    found = known.get("by_segment") or []
    if not found:
        return []
    names = list(dict.fromkeys((str(known.get("champion")), "decayed_popular")))
    rows = tuple(
        (Cell(str(row["segment"])), Cell(words.count(row["customers"])),
         *(Cell(words.value(words.dig(row, "map_at_7", name)), words.interval(words.dig(row, "map_at_7", name)))
           for name in names))
        for row in found
    )  # fmt: skip
    caption = "MAP@7 by the segment a customer was in at the cut, 95% intervals; a dash where fewer than 30 were asked"
    return [Table(caption, ("segment", "customers", *map(words.plain, names)), rows)]


def _null(known: dict[str, Any]) -> list[Block]:
    found = known.get("null") or {}
    if words.finite(found.get("standard_errors")) is None:
        return []
    real = words.number(words.dig(known, "taste", "standard_errors"), 1)
    return [Text(
        f"Histories dealt out to customers by chance are the test of the test: there {words.plain(found['method'])} "
        f"finds a taste of {words.number(found['standard_errors'], 1)} standard errors, in the real ones {real}; three "
        "are needed to speak of one."
    )]  # fmt: skip
