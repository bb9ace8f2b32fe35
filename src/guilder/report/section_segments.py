"""The segments section: the verdict first, then how it was reached and who the segments are."""

from __future__ import annotations

from typing import Any

from guilder.report import charts_groups, charts_segments, prose, words
from guilder.report.blocks import Cards, Chart, Charts, Part, Section, Table, Text, text
from guilder.report.prose import Meanings
from guilder.report.section_segments_choice import choice
from guilder.report.segment_cards import card_of

VERDICTS = {
    "natural": "The groups are really there: they are tighter than the same facts, just as skewed and "
    "correlated, are without groups, and it is emptier between them than inside.",
    "convenience but stable": "The groups could not be told from cuts through a continuum. They are stable and "
    "useful to talk about; whether they exist is not shown.",
    "unstable: do not use": "Another sample of the same customers gives other groups. Do not act on them.",
}
RULES = {"new": "New", "unused": "No bookings", "dormant": "Dormant"}
"""Names of the segments by rule that nobody is in any more."""


def segments(metrics: dict[str, Any], figures: dict[str, Any], meanings: Meanings) -> Section:
    """Verdict, choice of k, profiles, map, sizes, rules and risk by segment."""
    known, drawn = metrics.get("segments") or {}, figures.get("segments") or {}
    if not known:
        return Section("segments", "Segments", "", absent="Segments need transactions; this run makes none.")
    verdict = str(known.get("verdict") or "")
    lead = f"{words.plural(known.get('k'), 'segment')}. {VERDICTS.get(verdict, '')}".strip()
    parts = [
        choice(known, drawn), _profiles(drawn, metrics, meanings), _map(known, drawn), _flow(drawn),
        _rules(known, drawn, meanings),
    ]  # fmt: skip
    return Section("segments", "Segments", lead, tuple(part for part in parts if part.blocks))


def _profiles(drawn: dict[str, Any], metrics: dict[str, Any], meanings: Meanings) -> Part:
    rows = drawn.get("profiles") or []
    if not rows:
        return Part("Who they are", ())
    chart = Chart(
        "Profiles", charts_segments.profiles("profiles", [row for row in rows if not row.get("hidden")], meanings),
        "Figures are medians; the colour says how far the segment lies above (orange) or below (purple) all customers, "
        "and is deepest at two standard deviations; ▲ and ▼ mark what lies one or more away.", True,
    )
    by_name = {each.get("segment_name"): each for each in words.dig(metrics, "customers", "risk_by_segment") or []}
    cards = tuple(card_of(each, meanings, by_name.get(each.get("name"))) for each in rows)
    return Part("Who they are", (Cards(cards), Charts((chart,))))


def _map(known: dict[str, Any], drawn: dict[str, Any]) -> Part:
    made = []
    points = drawn.get("map") or {}
    small = {str(each["name"]) for each in drawn.get("profiles") or [] if each.get("hidden")}
    sizes = {name: many for name, many in (known.get("sizes") or {}).items() if name not in small}
    there = {str(each) for each in points.get("segment") or []}
    names = [str(each) for each in known.get("names") or sorted(there) if str(each) in there]
    if points.get("x"):
        explained = sum(words.finite(each) or 0.0 for each in drawn.get("explained") or [])
        legend = ", ".join(f"{place + 1} {each}" for place, each in enumerate(names))
        says = (f"Each mark is a customer, near others who behave alike: {legend}. The two axes hold "
                f"{words.percent(explained, 0)} of what differs, so groups that touch here may be apart in the rest. "
                "An arrow points to where a fact is large.")
        plane = charts_segments.plane("map", points, names, list(drawn.get("axes") or []), drawn.get("loadings"))
        made.append(Chart("Map of the customers", plane, says))
    if sizes:
        largest = max(sorted(sizes), key=lambda name: sizes[name])
        share = sizes[largest] / (sum((known.get("sizes") or {}).values()) or 1)
        says = f"The largest, {largest}, holds {words.percent(share, 0)} of all customers."
        says += f" Too few to be counted here: {words.joined(sorted(small))}." if small else ""
        made.append(Chart("Sizes", charts_segments.sizes("sizes", sizes), says))
    if outlines := drawn.get("silhouettes"):
        made.append(Chart("How well they hold together", charts_groups.silhouettes("silhouettes", outlines),
                          "Each shape is a segment, its customers from the worst placed to the best, with the median "
                          "beside: 1 lies in the middle of the own segment, 0 on the border, below 0 beyond it."))
    return Part("Where they lie", (Charts(tuple(made)),) if made else ())


def _flow(drawn: dict[str, Any]) -> Part:
    flow = drawn.get("flow")
    if not flow or not flow.get("moves"):
        return Part("Who moved", ())
    order = [(str(each["segment"]), str(each["name"])) for each in drawn.get("profiles") or []]
    present = {identity for each in flow["moves"] for identity in (each["before"], each["after"])}
    order += [(identity, RULES.get(identity, identity)) for identity in sorted(present - dict(order).keys())]
    total = sum(each["customers"] for each in flow["moves"]) + int(flow.get("hidden") or 0)
    stayed = sum(each["customers"] for each in flow["moves"] if each["before"] == each["after"])
    says = (f"{words.percent(stayed / total, 0)} of the {words.count(total)} customers of both dates are in the same "
            "segment (light bands); coloured bands moved, in the colour of where they were. The same centres on both "
            "dates, nothing refitted.")
    chart = Chart("Movement over the last quarter",
                  charts_groups.flow("flow", flow["moves"], order, (flow["from"], flow["to"])), says, True)
    return Part("Who moved", (Charts((chart,)),))


def _rules(known: dict[str, Any], drawn: dict[str, Any], meanings: Meanings) -> Part:
    rules = {name: many for name, many in (known.get("rules") or {}).items() if words.finite(many) != 0}
    blocks: list[Any] = []
    if rules:
        small = {str(each["segment"]) for each in drawn.get("profiles") or [] if each.get("hidden")}
        said = [f"{'very few' if name in small else words.count(many)} {words.plain(name)}"
                for name, many in sorted(rules.items())]  # fmt: skip
        noun = "customer" if sum(words.finite(many) or 0 for many in rules.values()) == 1 else "customers"
        blocks.append(Text(f"Set apart by rule before clustering: {words.joined(said)} {noun}, with too little recent "
                           "behaviour to be compared with the others."))
    dropped = known.get("dropped_facts") or {}
    if dropped:
        rows = tuple(text(prose.fact(name, meanings), str(reason)) for name, reason in sorted(dropped.items()))
        blocks.append(Table("Facts left out", ("fact", "why"), rows, numeric=False))
    if known.get("facts"):
        blocks.append(Text(f"Clustered on {words.joined([prose.fact(each, meanings) for each in known['facts']])}."))
    return Part("Rules and facts", tuple(blocks))
