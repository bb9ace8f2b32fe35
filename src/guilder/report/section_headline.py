"""The dozen figures that matter, in words, with their intervals and what they stand against."""

from __future__ import annotations

from typing import Any

from guilder.report import words
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
            ("offers", "what to offer each of them next"),
        )
        if metrics.get(key)
    ]
    as_of = words.day(metrics.get("as_of"))
    return f"From what the bank knew before {as_of}, this run says {words.joined(rooms)}." if rooms else ""


def _against(figure: Any, style: words.Style, base: Any, base_words: str) -> tuple[str, ...]:
    lines = []
    span = words.interval(figure, style)
    if span:
        lines.append(f"95% interval {span}")
    if words.finite(base) is not None:
        said = words.value(base, style)
        if "." in said and not said.endswith("%") and words.bounds(base) is None:
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
    champion = str(offers.get("champion") or "")
    best = words.dig(offers, "methods", champion, "map_at_7")
    popular = words.dig(offers, "methods", "popular", "map_at_7")
    gaps = [
        f"{words.plain(name)} {words.figure(gap.get('map_at_7'))}"
        for name, gap in sorted((offers.get("difference") or {}).items())
        if words.finite(gap.get("map_at_7")) is not None
    ]
    lines = (*_against(best, "score", popular, "popularity gives"), *gaps[:1])
    return [Card(f"MAP@7 of {words.plain(champion) or 'the champion'}", words.value(best), lines)]


def _banners(metrics: dict[str, Any]) -> list[Note]:
    notes = []
    banner = words.dig(metrics, "risk", "split", "banner")
    if banner:
        notes.append(Note(str(banner), words.tone(words.dig(metrics, "risk", "split"))))
    for room in ("data", "risk", "segments", "offers"):
        for key in ("banners", "overrides", "warnings"):
            notes.extend(Note(str(each), "warn") for each in words.dig(metrics, room, key) or [])
    notes.extend(Note(str(each), "warn") for each in metrics.get("warnings") or [])
    verdicts = [
        f"{title}: {str(verdict).rstrip('.')}."
        for room, title in (("risk", "Risk"), ("segments", "Segments"), ("offers", "Offers"))
        if (verdict := words.dig(metrics, room, "verdict"))
    ]
    return [Note(" ".join(verdicts)), *notes] if verdicts else notes
