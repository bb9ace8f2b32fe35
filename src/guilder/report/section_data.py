"""The data section: every row accounted for, then what the facts look like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guilder.contract.tables import TABLES
from guilder.report import charts_data, prose, words
from guilder.report.blocks import Block, Cell, Chart, Charts, Part, Section, Table, Text, text
from guilder.report.prose import Meanings

PERSONAL = frozenset(
    name for table in TABLES.values() for name, column in table.columns.items() if column.personal and name != "name"
) | {"customer_name"}
"""Columns that never appear on a page, whatever a summary holds."""


def data(metrics: dict[str, Any], figures: dict[str, Any], meanings: Meanings) -> Section:
    """Reconciliation, distributions by outcome, correlations and bookings a month."""
    known, drawn = metrics.get("data") or {}, figures.get("data") or {}
    if not known and not drawn:
        return Section("data", "Data", "", absent="The summary holds nothing about the tables.")
    parts = [reconciliation(known), *_distributions(drawn, meanings), *_correlations(drawn, meanings), *_months(drawn)]
    first, last = known.get("first_event"), known.get("last_event")
    lead = "Every row the bank brought is either accepted or in quarantine with a reason; none is dropped in silence."
    if first and last:
        lead += f" Events run from {words.day(first)} to {words.day(last)}."
    return Section("data", "Data", lead, tuple(part for part in parts if part.blocks))


def reconciliation(known: dict[str, Any]) -> Part:
    """Rows in, accepted and quarantined by table, and why."""
    tables = known.get("tables") or []
    rows = tuple(
        (
            Cell(str(each.get("name")), _undeclared(each.get("undeclared") or [])),
            Cell(words.count(each.get("rows_in"))),
            Cell(words.count(each.get("accepted"))),
            Cell(words.count(each.get("quarantined")), strong=bool(each.get("quarantined"))),
        )
        for each in tables
    )
    columns = ("table", "rows in", "accepted", "quarantined")
    blocks: list[Block] = [Table("Rows in = accepted + quarantined", columns, rows)] if rows else []
    found = [(str(each.get("name")), it) for each in tables for it in each.get("violations") or []]
    warned = [(name, it) for name, it in found if it.get("severity") == "warn"]
    aside = [(name, it) for name, it in found if it.get("severity") != "warn"]
    blocks += [_broken("Why rows are in quarantine", aside)] if aside else []
    blocks += [_broken("What to look at", warned)] if warned else []
    if rows and not found:
        blocks.append(Text("No row broke a rule."))
    return Part("Rows in, rows out", tuple(blocks))


def _broken(title: str, found: Sequence[tuple[str, dict[str, Any]]]) -> Table:
    """List what was found in columns, each with its rule and how many rows it is about."""
    rows = tuple(
        text(f"{name}.{it.get('column') or ''}".rstrip("."), str(it.get("id") or words.DASH),
             str(it.get("reason") or words.DASH), words.count(it.get("rows")))
        for name, it in found
    )
    return Table(title, ("column", "rule", "reason", "rows"), rows, numeric=False)


def _undeclared(columns: list[str]) -> str:
    shown = [column for column in columns if column not in PERSONAL]
    return f"left out, not declared: {words.joined(shown)}" if shown else ""


def _distributions(drawn: dict[str, Any], meanings: Meanings) -> list[Part]:
    facts = [
        each for each in drawn.get("distributions") or []
        if each.get("fact") not in PERSONAL and len(each.get("edges") or []) > 1
    ]
    if not facts:
        return []
    made = tuple(
        Chart(words.capital(each.get("meaning") or prose.fact(each["fact"], meanings)),
              charts_data.distribution(f"fact{place}", each), _shift(each))
        for place, each in enumerate(facts[:12])
    )
    says = Text("Each panel shows the share of repaid (blue) and of defaulted loans (orange) by the value of one fact: "
                "the further apart the two lines, the more the fact tells on its own.")
    return [Part("Main facts by outcome", (says, Charts(made)))]


def _shift(fact: dict[str, Any]) -> str:
    if not sum(fact["good"]) or not sum(fact["bad"]):
        return "One of the two outcomes has no loan here."
    good, bad = words.finite(fact.get("median_good")), words.finite(fact.get("median_bad"))
    if good is None or bad is None:
        return ""
    if words.amount(good) == words.amount(bad):
        return f"The median is {words.amount(good)} for both."
    side = "higher" if bad > good else "lower"
    return f"Median {words.amount(good)} where repaid; {side} where defaulted, {words.amount(bad)}."


def _correlations(drawn: dict[str, Any], meanings: Meanings) -> list[Part]:
    table = drawn.get("correlations") or {}
    keep = [place for place, fact in enumerate(table.get("facts") or []) if fact not in PERSONAL]
    if len(keep) < 2:
        return []
    facts = [prose.fact(table["facts"][place], meanings) for place in keep]
    matrix = [[table["matrix"][i][j] for j in keep] for i in keep]
    pairs = [
        (abs(words.finite(matrix[i][j]) or 0.0), i, j) for i in range(len(facts)) for j in range(i + 1, len(facts))
    ]
    _, i, j = max(pairs, key=lambda pair: (pair[0], -pair[1], -pair[2]))
    says = (
        "Orange: two facts rise together; purple: one falls as the other rises; the darker, the closer. "
        f"The columns are the rows in the same order. The strongest pair is “{facts[i]}” and “{facts[j]}” "
        f"({words.correlation(matrix[i][j])})."
    )
    chart = Chart("Correlations of the main facts", charts_data.correlations("correlations", facts, matrix), says, True)
    return [Part("Facts that move together", (Charts((chart,)),))]


def _months(drawn: dict[str, Any]) -> list[Part]:
    series = drawn.get("transactions_per_month") or {}
    month, count = series.get("month") or [], series.get("count") or []
    if len(month) < 2:
        return []
    busiest = max(range(len(count)), key=lambda place: (count[place], -place))
    says = (
        f"{words.count(sum(count))} bookings in {len(month)} months; most in {str(month[busiest])[:7]} "
        f"({words.count(count[busiest])}). A hole here would be missing data, not quiet customers."
    )
    return [Part("Bookings a month", (Charts((Chart("Transactions", charts_data.months("months", month, count), says,
                                                   True),)),))]
