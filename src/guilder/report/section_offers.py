"""The offers section: how it was tested, which method won, and what was withheld."""

from __future__ import annotations

from typing import Any

from guilder.report import charts_offers, words
from guilder.report.blocks import Cell, Chart, Charts, Note, Part, Section, Table, Text, text
from guilder.report.measures import OFFERS, with_unknown

PROTOCOLS = {
    "global time split": "Every method saw only what happened before one day and was asked for what came after it.",
    "leave one out": "The interactions carry no dates: one product of each customer was hidden before fitting, "
    "and every method was asked for it. This says less about the future than a split in time.",
}


def offers(metrics: dict[str, Any], figures: dict[str, Any]) -> Section:
    """Protocol, methods against baselines, verdict, similarity and suppression."""
    known, drawn = metrics.get("offers") or {}, figures.get("offers") or {}
    if not known:
        return Section("offers", "Offers", "", absent="Offers need interactions; this run has none.")
    protocol = str(known.get("protocol") or "")
    lead = PROTOCOLS.get(protocol, protocol)
    if known.get("cut_off"):
        lead += f" The day is {words.day(known['cut_off'])}."
    if known.get("customers"):
        lead += f" {words.plural(known['customers'], 'customer')} were judged."
    parts = [_methods(known), _similarity(drawn), _suppressed(known)]
    return Section("offers", "Offers", lead.strip(), tuple(part for part in parts if part.blocks))


def _methods(known: dict[str, Any]) -> Part:
    methods = known.get("methods") or {}
    if not methods:
        return Part("Methods against baselines", ())
    champion = known.get("champion")
    blocks: list[Any] = []
    if known.get("verdict"):
        blocks.append(Note(f"Verdict: {str(known['verdict']).rstrip('.')}. The champion is {words.plain(champion)}."))
    shown = [each for each in OFFERS if each.key in ("map_at_7", "ndcg_at_5", "hit_at_1")]
    made = tuple(
        Chart(each.label, charts_offers.methods(f"offers-{each.key}", methods, each.key, champion),
              f"{words.capital(each.meaning)}. {_says(methods, each.key, champion)}")
        for each in shown
        if any(words.finite(words.dig(row, each.key)) is not None for row in methods.values())
    )
    blocks += [Charts(made), _table(methods, champion)]
    blocks += [Text(line) for line in _differences(known)]
    return Part("Methods against baselines", tuple(blocks))


def _says(methods: dict[str, Any], key: str, champion: Any) -> str:
    best, popular = words.dig(methods, str(champion), key), words.dig(methods, "popular", key)
    a, b = words.bounds(best), words.bounds(popular)
    said = f"{words.plain(champion)} {words.value(best)} against {words.value(popular)} for popularity"
    if champion == "popular":
        return "Nothing beats popularity here. Hollow marks are baselines, lines are 95% intervals."
    if a and b:
        said += "; the intervals overlap" if a[0] <= b[1] and b[0] <= a[1] else "; the intervals are apart"
    return f"{said[:1].upper()}{said[1:]}. Hollow marks are baselines, lines are 95% intervals."


def _table(methods: dict[str, Any], champion: Any) -> Table:
    measures = with_unknown(OFFERS, (key for row in methods.values() for key in row))
    order = sorted(methods, key=lambda name: (-(words.finite(methods[name].get("map_at_7")) or 0.0), name))
    rows = tuple(
        (
            Cell(words.plain(name), "champion" if name == champion else
                 "baseline" if name in charts_offers.BASELINES else "", strong=name == champion),
            *(Cell(words.value(methods[name].get(it.key), it.style),
                   words.interval(methods[name].get(it.key), it.style)) for it in measures),
        )
        for name in order
    )
    return Table("Every method and measure", ("method", *(it.label for it in measures)), rows)


def _differences(known: dict[str, Any]) -> list[str]:
    lines = []
    for name, row in sorted((known.get("difference") or {}).items()):
        for key, figure in sorted(row.items()):
            ends = words.bounds(figure)
            if words.finite(figure) is None:
                continue
            sure = ""
            if ends:
                sure = ("; zero is inside the interval, so there is no proof of a difference"
                        if ends[0] <= 0 <= ends[1] else "; zero is outside the interval")
            label = next((it.label for it in OFFERS if it.key == key), words.plain(key))
            lines.append(f"{words.capital(words.plain(name))} in {label}: {words.figure(figure)}{sure}.")
    return lines


def _similarity(drawn: dict[str, Any]) -> Part:
    table = drawn.get("similarity") or {}
    products, matrix = [str(each) for each in table.get("products") or []], table.get("matrix") or []
    if len(products) < 2:
        return Part("Products that go together", ())
    pairs = [(words.finite(matrix[i][j]) or 0.0, i, j) for i in range(len(products)) for j in range(i)]
    best, i, j = max(pairs, key=lambda pair: (pair[0], -pair[1], -pair[2]))
    says = (f"The darker a cell, the more the same customers take up both products. Closest: {products[j]} and "
            f"{products[i]} ({words.number(best, 2)}).")
    chart = Chart("Similarity of products", charts_offers.similarity("similarity", products, matrix), says, True)
    return Part("Products that go together", (Charts((chart,)),))


def _suppressed(known: dict[str, Any]) -> Part:
    rules = known.get("suppressed") or {}
    if not rules:
        return Part("What was withheld", ())
    rows = tuple(text(words.plain(name), words.count(rules[name])) for name in sorted(rules))
    said = Text("Before ranking, each pair of customer and product passes every rule; what fails is withheld and "
                "counted under the rule it failed.")
    return Part("What was withheld", (said, Table("Withheld by rule", ("rule", "pairs"), rows)))
