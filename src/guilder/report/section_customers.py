"""The customers section: a sample of cards that join PD, segment and offers, and the risk of each segment."""

from __future__ import annotations

from typing import Any

from guilder.report import charts_segments, words
from guilder.report.blocks import Card, Cards, Cell, Chart, Charts, Part, Section, Table


def customers(metrics: dict[str, Any], figures: dict[str, Any]) -> Section:
    """Risk by segment, then a sample of customers; personal columns are never read."""
    sample = figures.get("customers") or []
    rows = words.dig(metrics, "customers", "risk_by_segment") or []
    if not sample and not rows:
        return Section("customers", "Customers", "", absent="The summary holds no sample of customers.")
    parts = []
    if rows:
        parts.append(_risk(rows))
    if sample:
        parts.append(Part("A sample", (Cards(tuple(_card(each) for each in sample)),)))
    rooms = (("risk", "what a customer risks"), ("segments", "whom they resemble"),
             ("offers", "what may be offered to them"))
    said = [word for key, word in rooms if metrics.get(key)]
    lead = f"Customer by customer: {words.joined(said)}." if said else ""
    return Section("customers", "Customers", lead, tuple(parts))


def _risk(rows: list[dict[str, Any]]) -> Part:
    known = [(words.finite(each.get("observed")), str(each.get("segment_name"))) for each in rows]
    seen = sorted((share, name) for share, name in known if share is not None)
    says = "Circles are what the model says, squares what happened."
    if len(seen) > 1:
        says += (f" {seen[-1][1]} defaults most ({words.percent(seen[-1][0])}), "
                 f"{seen[0][1]} least ({words.percent(seen[0][0])}).")
    body = tuple(
        (
            Cell(str(each.get("segment_name"))), Cell(words.count(each.get("loans"))),
            Cell(words.percent(each.get("mean_p"))),
            Cell(words.percent(each.get("observed")), words.interval(each.get("observed"), "percent")),
        )
        for each in rows
    )
    chart = Chart("Said and seen", charts_segments.risk("risk-by-segment", rows), says)
    table = Table("Risk by segment", ("segment", "loans", "mean PD", "observed"), body)
    return Part("Risk by segment", (Charts((chart,)), table))


def _card(each: dict[str, Any]) -> Card:
    lists = []
    reasons = tuple(str(reason) for reason in each.get("reasons") or [])
    if reasons:
        lists.append(("Why this PD", reasons))
    offered = tuple(_because(offer) for offer in each.get("offers") or [])
    if offered:
        lists.append(("Offers", offered))
    withheld = _withheld(each.get("withheld") or [])
    if withheld:
        lists.append(("Withheld", withheld))
    p_default = each.get("p_default")
    lines = [str(each.get("segment_name") or "no segment")]
    lines.append("no loan to judge" if words.finite(p_default) is None else "probability of default (PD)")
    return Card(f"Customer {each.get('customer_id')}", words.percent(p_default), tuple(lines), tuple(lists))


def _withheld(offers: list[dict[str, Any]]) -> tuple[str, ...]:
    """One line a reason; where many products share it, how many."""
    by_reason: dict[str, list[str]] = {}
    for offer in offers:
        reason = str(offer.get("reason") or "no reason given").removeprefix("not offered: ")
        by_reason.setdefault(reason, []).append(str(offer.get("product") or words.DASH))
    return tuple(
        f"{words.joined(products)}: {reason}" if len(products) < 3
        else f"{reason}: {words.plural(len(products), 'product')}"
        for reason, products in by_reason.items()
    )


def _because(offer: dict[str, Any]) -> str:
    product, reason = str(offer.get("product") or words.DASH), offer.get("reason")
    return f"{product}: {reason}" if reason else product
