"""The offers section: how it was tested, which method won, and what was withheld."""

from __future__ import annotations

from typing import Any

from guilder.report import (
    charts_offers,
    section_offers_campaigns,
    section_offers_gate,
    section_offers_versus,
    section_offers_who,
    words,
)
from guilder.report.blocks import Block, Cell, Chart, Charts, Note, Part, Section, Table, Text, text
from guilder.report.measures import OFFERS, with_unknown

RULES = {
    "unknown_product": "the bank's list of products does not hold it",
    "held": "already held",
    "family_unknown": "family not known, and there are families of which one is enough",
    "held_family": "one of its family is held, and one is enough",
    "retired": "no longer sold",
    "life_unknown": "whether the customer is alive is not on record",
    "deceased": "the customer has died",
    "no_consent": "no consent to be contacted with offers",
    "control": "held out of every offer",
    "contacts_unknown": "offers made so far not on record, and there is a limit of contacts",
    "contact_cap": "contacted as often as the bank allows",
    "cool_off": "refused or closed a short while ago",
    "region_unknown": "region not known, and the product is not sold everywhere",
    "region": "not sold in the customer's region",
    "age_unknown": "age not known, and the product has limits of age",
    "age": "outside the product's limits of age",
    "income_unknown": "income not known, and the product asks for one",
    "income": "income below what the product asks for",
    "arrears_unknown": "whether payments are behind is not on record",
    "in_arrears": "payments are behind",
    "no_p_default": "credit, and no PD could be given",
    "stale_p_default": "credit, and what the PD rests on is too old",
    "credit_risk": "credit, and the PD is above the limit",
    "no_margin": "credit, and the expected loss takes the margin",
}
"""The rules of eligibility in plain words, in the order in which they are applied."""
PROTOCOLS = {
    "global time split": "Every method saw only what happened before one day and was asked for what came after it.",
    "leave one out": "The interactions carry no dates: one product of each customer was hidden before fitting, "
    "and every method was asked for it. This says less about the future than a split in time.",
}


def offers(metrics: dict[str, Any], figures: dict[str, Any]) -> Section:
    """Protocol, methods against baselines, verdict, similarity and suppression."""
    known, drawn = metrics.get("offers") or {}, figures.get("offers") or {}
    if not known:
        return Section("offers", "Offers", "", absent="Offers need interactions; this run makes none.")
    protocol = str(known.get("protocol") or "")
    lead = PROTOCOLS.get(protocol, protocol)
    if known.get("cut_off"):
        lead += f" The day is {words.day(known['cut_off'])}."
    if known.get("customers"):
        lead += f" {words.plural(known['customers'], 'customer')} were judged."
    parts = [
        _methods(known), section_offers_who.who(known), _similarity(drawn), _suppressed(known),
        section_offers_gate.gate(known), section_offers_campaigns.campaigns(known),
    ]  # fmt: skip
    return Section("offers", "Offers", lead.strip(), tuple(part for part in parts if part.blocks))


def _methods(known: dict[str, Any]) -> Part:
    methods = known.get("methods") or {}
    if not methods:
        return Part("Methods against baselines", ())
    champion = known.get("champion")
    blocks: list[Any] = []
    blocks += _verdict(known)
    shown = [each for each in OFFERS if each.key in ("map_at_7", "ndcg_at_5", "hit_at_1")]
    made = tuple(
        Chart(each.label, charts_offers.methods(f"offers-{each.key}", methods, each.key, champion),
              f"{words.capital(each.meaning)}. {_says(known, each.key)}")
        for each in shown
        if any(words.finite(words.dig(row, each.key)) is not None for row in methods.values())
    )
    blocks += [Charts(made), _table(known, methods)]
    blocks += section_offers_versus.differences(known)
    return Part("Methods against baselines", tuple(blocks))


def _verdict(known: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = []
    if known.get("banner"):
        blocks.append(Note(words.sentence(known["banner"]), "warn"))
    named = words.plain(known.get("champion"))
    if known.get("verdict"):
        said = f"Verdict: {words.sentence(known['verdict'])} {words.sentence(known.get('verdict_why'))}".strip()
        fading = known.get("beats_decayed_popularity")
        beyond = f" Beats decayed popularity: {fading}." if fading else ""
        blocks.append(Note(f"{said} The champion is {named}.{beyond}", words.verdict_tone(known["verdict"])))
    if earned := section_offers_versus.earned(known):
        blocks.append(Text(earned))
    gain = section_offers_versus.gain(known, "map_at_7")
    if section_offers_versus.is_baseline(known):
        blocks.append(Text(f"The champion, {named}, is itself a baseline: no method earned its place before it."))
    elif gain is not None:
        blocks.append(Text(f"{words.capital(gain[0])} in MAP@7: {words.figure(gain[1])}."))
    return blocks


def _says(known: dict[str, Any], key: str) -> str:
    marks = "Hollow marks are baselines, lines are 95% intervals."
    champion, other = words.plain(known.get("champion")), section_offers_versus.baseline(known)
    if section_offers_versus.is_baseline(known) or other is None:
        return f"The champion is {champion}, shaded. {marks}"
    best, base = (words.dig(known, "methods", name, key) for name in (str(known.get("champion")), other))
    a, b = words.bounds(best), words.bounds(base)
    said = f"{words.capital(champion)} {words.value(best)} against {words.value(base)} for {words.plain(other)}"
    if a and b:
        said += "; the intervals overlap" if a[0] <= b[1] and b[0] <= a[1] else "; the intervals are apart"
    return f"{said}. {marks}"


def _table(known: dict[str, Any], methods: dict[str, Any]) -> Table:
    champion = known.get("champion")
    given = {key for row in methods.values() for key in row}
    measures = [it for it in with_unknown(OFFERS, given) if it.key in given]
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
    return Table("Every method and measure", ("method", *(it.label for it in measures)),
                 (*rows, *section_offers_who.ceiling(known, measures)))


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


def _order(rule: str) -> tuple[int, str]:
    return (list(RULES).index(rule) if rule in RULES else len(RULES), rule)


def _suppressed(known: dict[str, Any]) -> Part:
    rules = known.get("suppressed") or {}
    if not rules:
        return Part("What was withheld", ())
    failed = [name for name in sorted(rules, key=_order) if words.finite(rules[name]) != 0]
    if not failed:
        return Part("What was withheld", (Text("Every pair of customer and product passed every rule."),))
    rows = tuple(text(RULES.get(name, words.plain(name)), words.count(rules[name])) for name in failed)
    said = Text("Before ranking, each pair of customer and product passes every rule; what fails is withheld and "
                "counted under the rule it failed.")
    return Part("What was withheld", (said, Table("Withheld by rule", ("rule", "pairs"), rows)))
