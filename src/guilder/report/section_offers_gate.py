"""The offers section's gate: credit offers with the PD looked at and without, what it costs, and whom it moves."""

from __future__ import annotations

from typing import Any

from guilder.report import prose, words
from guilder.report.blocks import Block, Cell, Part, Table, Text

TITLE = "Credit under the PD gate"


def gate(known: dict[str, Any]) -> Part:
    """What the gate does; nothing where the bank has no credit to offer."""
    found = known.get("gate") or {}
    if not found:
        return Part(TITLE, ())
    blocks: list[Block] = [Text(_sizes(found)), Text(_cost(found))]
    blocks += [_exposure(str(name), column) for name, column in (found.get("exposure") or {}).items()]
    return Part(TITLE, tuple(blocks))


def _sizes(found: dict[str, Any]) -> str:
    offers, mean = found.get("credit_offers") or {}, found.get("mean_p_default") or {}
    said = (
        f"{words.plural(offers.get('with'), 'credit offer')} with the PD looked at, mean PD "
        f"{words.percent(mean.get('with'))}; {words.count(offers.get('without'))} without, mean PD "
        f"{words.percent(mean.get('without'))} where it is known."
    )
    if words.finite(found.get("highest_mean_p_default")) is None:
        return said
    highest, limit = words.percent(found["highest_mean_p_default"]), words.edge(found.get("limit"))
    above = words.finite(found.get("customers_above_a_limit"))
    told = f"{said} The highest mean PD of one customer's credit offers is {highest}; the bank's limit is {limit}."
    return told if above is None else f"{told} Offered a credit above its own limit: {words.plural(above, 'customer')}."


def _cost(found: dict[str, Any]) -> str:
    uptake = found.get("expected_uptake")
    if not uptake:
        return "What the gate costs in products taken is not known: too little was taken in the last weeks to tell."
    return (
        f"Of a thousand customers' offers {_tenths(uptake['with'])} are expected to be taken within "
        f"{found.get('days')} days, and {_tenths(uptake['without'])} without the gate: it costs "
        f"{_tenths(uptake['cost'])}. Chances are read from the last {found.get('days')} days, when offers may have "
        "been others."
    )


def _tenths(figure: Any) -> str:
    ends = words.bounds(figure)
    span = "" if ends is None else f" ({' to '.join(words.number(end, 1) for end in ends)})"
    return f"{words.number(figure, 1)}{span}"


def _exposure(name: str, column: dict[str, Any]) -> Table:
    rows = tuple(
        (
            Cell(str(row["name"])), Cell(words.count(row["customers"])),
            *(Cell(words.value(row.get(key), "percent"), words.interval(row.get(key), "percent"))
              for key in ("with", "without", "kept")),
            Cell(words.value(row.get("ratio")), words.interval(row.get("ratio"))),
        )
        for row in column.get("groups") or []
    )
    caption = f"Offered credit by {prose.fact(name, {})}; of the groups with 50 customers or more, 95% intervals"
    heads = ("group", "customers", "offered credit", "without the gate", "of those still", "ratio to the largest")
    return Table(caption, heads, rows)
