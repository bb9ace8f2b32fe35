"""The dozen figures that matter, in words, with their intervals and what they stand against."""

from __future__ import annotations

from typing import Any

from guilder.report import section_offers_versus, words
from guilder.report.blocks import Block, Card, Cards, Note, Part, Section


def headline(metrics: dict[str, Any]) -> Section:
    """The section a reader sees first: cards with figures, then banners."""
    cards = tuple(card for card in (*_data(metrics), *_risk(metrics), *_segments(metrics), *_offers(metrics)) if card)
    notes = tuple(_banners(metrics))
    blocks: list[Block] = [Cards(cards, "figure")]
    blocks.extend(notes)
    lead = _lead(metrics)
    return Section("headline", "In short", lead, (Part("", tuple(blocks)),))


def _lead(metrics: dict[str, Any]) -> str:
    rooms = [
        word
        for key, word in (
            ("risk", "how likely each loan is to default"),
            ("segments", "which customers are alike"),
            ("offers", "what to offer each customer next"),
        )
        if metrics.get(key)
    ]
    if not rooms:
        return ""
    as_of = metrics.get("as_of")
    known = f"From what the bank knew before {words.day(as_of)}" if as_of else "From tables that carry no dates"
    return f"{known}, this run says {words.joined(rooms)}."


def kicker(metrics: dict[str, Any]) -> str:
    """The line above the title: what the run is about, room by room."""
    rooms = (("risk", "loan default"), ("segments", "segments"), ("offers", "offers"))
    return words.capital(" · ".join(title for key, title in rooms if metrics.get(key)))


def _against(figure: Any, style: words.Style, base: Any, base_words: str) -> tuple[str, ...]:
    lines = []
    span = words.interval(figure, style)
    if span:
        lines.append(f"95% interval {span}")
    if words.finite(base) is not None:
        said = words.value(base, style)
        ends = words.bounds(base)
        if "." in said and not said.endswith("%") and (ends is None or ends[0] == ends[1]):
            said = said.rstrip("0").rstrip(".")
        lines.append(f"{base_words} {said}")
    return tuple(lines)


def _data(metrics: dict[str, Any]) -> list[Card | None]:
    tables = words.dig(metrics, "data", "tables") or []
    if not tables:
        return []
    rows_in = sum(int(each.get("rows_in") or 0) for each in tables)
    out = sum(int(each.get("quarantined") or 0) for each in tables)
    customers = words.dig(metrics, "data", "customers")
    more = (words.plural(customers, "customer"),) if customers else ()
    lines = (f"{words.count(out)} quarantined, {words.count(rows_in - out)} accepted", *more)
    return [Card("Rows read", words.count(rows_in), lines)]


def _risk(metrics: dict[str, Any]) -> list[Card | None]:
    risk = metrics.get("risk")
    if not risk:
        return []
    test, base = risk.get("test") or {}, risk.get("baseline") or {}
    rows, bads = words.finite(risk.get("rows")), words.finite(risk.get("bads"))
    share = bads / rows if rows and bads is not None else None
    cards: list[Card | None] = [
        Card(
            "Loans with a known outcome", words.count(rows),
            (f"{words.count(bads)} defaulted", f"that is {words.percent(share)}"),
        ),
        Card("AUC on the test loans", words.value(test.get("auc")),
             _against(test.get("auc"), "score", base.get("auc", 0.5), "chance gives")),
        Card("KS", words.value(test.get("ks")), _against(test.get("ks"), "score", base.get("ks", 0), "chance gives")),
        Card("Brier score", words.value(test.get("brier"), "small"),
             _against(test.get("brier"), "small", base.get("brier"), "the base rate alone gives")),
        Card("Mean PD", words.percent(test.get("mean_p")),
             _against(test.get("mean_p"), "percent", test.get("observed_rate"), "observed")),
        Card("Calibration slope", words.value(test.get("calibration_slope")),
             (*_against(test.get("calibration_slope"), "score", None, ""), "1 is right")),
    ]
    gap = words.dig(risk, "challenger", "difference", "auc")
    if words.finite(gap) is not None and not words.same(gap):
        champion = words.plain(words.dig(risk, "champion", "learner") or "champion")
        challenger = words.plain(words.dig(risk, "challenger", "learner") or "challenger")
        cards.append(Card("Champion over challenger", words.number(gap),
                          (*_against(gap, "score", None, ""), f"AUC of {champion} less that of {challenger}")))
    if words.finite(test.get("recall")) is not None:
        at = words.edge(words.dig(risk, "cut_off", "p"))
        cards.append(Card("Defaults above the cut-off", words.percent(test.get("recall")),
                          (*_against(test.get("recall"), "percent", None, ""),
                           f"cut-off at a PD of {at}; precision {words.percent(test.get('precision'))}")))
    return cards


def _segments(metrics: dict[str, Any]) -> list[Card | None]:
    segments = metrics.get("segments")
    if not segments:
        return []
    stable, null = segments.get("stability_mean"), segments.get("null_stability_mean")
    return [
        Card("Segments", words.count(segments.get("k")), (str(segments.get("verdict") or words.DASH),)),
        Card("Stability of the segments", words.number(stable, 2), (
            f"worst twentieth {words.number(segments.get('stability_p05'), 2)}",
            f"data without segments give {words.number(null, 2)}",
        )),
    ]


def _offers(metrics: dict[str, Any]) -> list[Card | None]:
    offers = metrics.get("offers")
    if not offers:
        return []
    champion, other = str(offers.get("champion") or ""), section_offers_versus.baseline(offers)
    best = words.dig(offers, "methods", champion, "map_at_7")
    if section_offers_versus.is_baseline(offers):
        lines = (*_against(best, "score", None, ""), f"{words.plain(champion)} is itself a baseline")
    else:
        base = words.dig(offers, "methods", other, "map_at_7") if other else None
        gain = section_offers_versus.gain(offers, "map_at_7")
        more = () if gain is None else (f"{gain[0]} {words.figure(gain[1])}",)
        lines = (*_against(best, "score", base, f"{words.plain(other)} gives"), *more)
    return [Card(f"MAP@7 of {words.plain(champion) or 'the champion'}", words.value(best), lines)]


def _banners(metrics: dict[str, Any]) -> list[Note]:
    notes = []
    banner = words.dig(metrics, "risk", "split", "banner")
    if banner:
        notes.append(Note(str(banner), words.tone(words.dig(metrics, "risk", "split"))))
    for room in ("data", "risk", "segments", "offers"):
        if room != "risk" and words.dig(metrics, room, "banner"):
            notes.append(Note(words.sentence(metrics[room]["banner"]), "warn"))
        for key in ("banners", "overrides", "warnings"):
            # an override starts with the column it speaks of, whose name keeps its letters
            said = str if key == "overrides" else words.sentence
            notes.extend(Note(said(each), "warn") for each in words.dig(metrics, room, key) or [])
    notes.extend(Note(words.sentence(each), "warn") for each in metrics.get("warnings") or [])
    verdicts = [
        (words.verdict_tone(verdict), f"{title}: {str(verdict).rstrip('.')}.")
        for room, title in (("risk", "Risk"), ("segments", "Segments"), ("offers", "Offers"))
        if (verdict := words.dig(metrics, room, "verdict"))
    ]
    fine = " ".join(said for tone, said in verdicts if tone == "plain")
    bad = [Note(said, tone) for tone, said in verdicts if tone == "warn"]
    return [*([Note(fine)] if fine else []), *bad, *notes]
