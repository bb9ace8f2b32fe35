"""The risk section: the split, the grid, the champion, the test, and what balancing did."""

from __future__ import annotations

from typing import Any

from guilder.report import (
    charts_risk,
    prose,
    section_fairness,
    section_policy,
    section_reasons,
    section_reject,
    section_risk_test,
    section_scorecard,
    section_term,
    section_validation,
    words,
)
from guilder.report.blocks import Block, Cell, Chart, Charts, Note, Part, Section, Table, Text, text
from guilder.report.measures import CALIBRATION, DECISIONS, DISCRIMINATION, LEVEL, RISK, Measure, with_unknown
from guilder.report.prose import Meanings

SPLITS = {
    "out_of_time": "out of time: the models learned from older loans and are judged on newer ones",
    "stratified": "stratified: loans were dealt at random, with the same default rate in each part",
}


def risk(metrics: dict[str, Any], figures: dict[str, Any], meanings: Meanings) -> Section:
    """Everything about loan default, in the order in which a validator asks."""
    known, drawn = metrics.get("risk") or {}, figures.get("risk") or {}
    if not known:
        return Section("risk", "Risk", "", absent="Risk needs loans with known outcomes; this run does not judge it.")
    lead = (
        f"{words.plural(known.get('bads'), 'default')} among {words.plural(known.get('rows'), 'loan')} with a known "
        f"outcome, {words.plural(known.get('facts'), 'fact')} each."
    )
    parts = [
        split(known), champion(known), *_grid(known), section_risk_test.test(known),
        section_risk_test.curves(known, drawn), section_risk_test.decisions(known, drawn),
        section_policy.policy(known, drawn), section_reject.reject_inference(known), section_term.term(known, drawn),
        section_reasons.reasons(known, drawn),
        section_validation.validation(known, meanings), section_fairness.fairness(known, meanings),
        _balancing(known, drawn),
        _importance(known, drawn, meanings), section_scorecard.scorecard(known, meanings),
        section_scorecard.leakage(known, meanings),
    ]
    return Section("risk", "Risk", lead, tuple(part for part in parts if part.blocks))


def split(known: dict[str, Any]) -> Part:
    """How many loans each part holds, from when, and what was left out."""
    split = known.get("split") or {}
    if not split:
        return Part("How the loans were split", ())
    kind = str(split.get("kind"))
    blocks: list[Block] = []
    if split.get("banner"):
        blocks.append(Note(str(split["banner"]), words.tone(split)))
    blocks.append(Text(f"The split is {SPLITS.get(kind, kind)}. The test loans were used once, after the champion "
                       "had been chosen."))
    rows = [
        text(name, words.count(split.get(key)), _when(split, key))
        for key, name in (("train", "training"), ("valid", "validation"),
                          ("refit", "what the champion learns from before its test"), ("test", "test"))
        if key != "refit" or split.get(key) is not None
    ]
    rows += [text(f"left out: {words.plain(reason)}", words.count(many), words.DASH)
             for reason, many in sorted((split.get("dropped") or {}).items())]
    blocks.append(Table("Loans in each part", ("part", "loans", "applied for"), tuple(rows)))
    return Part("How the loans were split", tuple(blocks))


def _when(split: dict[str, Any], part: str) -> str:
    """When the loans of a part were applied for, from the days that the split knows."""
    ends = {
        "train": (split.get("train_from"), split.get("valid_from")),
        "valid": (split.get("valid_from"), split.get("test_from")),
        "refit": (split.get("train_from"), split.get("test_from")),
        "test": (split.get("test_from"), None),
    }[part]
    said = [f"{word} {words.day(end)}" for word, end in zip(("from", "before"), ends, strict=True) if end]
    return ", ".join(said) or words.DASH


def champion(known: dict[str, Any]) -> Part:
    """Which model was chosen and why, and how it compares with its challenger."""
    champion = known.get("champion") or {}
    blocks: list[Block] = []
    if champion:
        blocks.append(Note(f"Champion: {_named(champion)}. {words.sentence(champion.get('why'))}".strip()))
        blocks += _made_of(champion)
    challenger = known.get("challenger") or {}
    gaps = challenger.get("difference") or {}
    if section_risk_test.one_model(known):
        blocks.append(Text("The champion is the logistic regression that would stand beside it as the challenger."))
    elif gaps:
        measures = with_unknown(RISK, gaps)
        said = [f"{it.label} {words.figure(gaps[it.key], it.style)}" for it in measures
                if it.key in gaps and it.key != "observed_rate"]  # the same loans have the same rate
        blocks.append(Text(
            f"Beside it stands the {words.plain(challenger.get('learner') or 'challenger')} challenger. On the test "
            f"loans, champion less challenger: {words.joined(said)}. {_proof(gaps.get('auc'))}".strip()
        ))
    return Part("Champion and challenger", tuple(blocks))


def _made_of(champion: dict[str, Any]) -> list[Block]:
    """What an ensemble is made of, and how much each part counts."""
    parts, weights = champion.get("parts") or [], champion.get("weights") or []
    if not parts:
        return []
    rows = tuple(
        text(prose.candidate(part), words.number(weight, 2)) for part, weight in zip(parts, weights, strict=False)
    )
    return [Table("What the ensemble is made of", ("part", "weight of its log-odds"), rows)]


def _signs(known: dict[str, Any], meanings: Meanings) -> list[Block]:
    """What became of the directions that the bank declared."""
    rows = known.get("signs") or []
    if not rows:
        return []
    body = tuple(
        text(prose.fact(each.get("fact"), meanings), "rises" if each.get("declared") == 1 else "falls",
             words.number(each.get("rank_correlation"), 2), words.percent(each.get("broken")),
             str(each.get("finding") or words.DASH))
        for each in rows
    )
    head = ("fact", "PD as it grows", "rank correlation with default", "steps the other way", "finding")
    return [Table("Directions the bank declared", head, body)]


def _named(champion: dict[str, Any]) -> str:
    balancing, calibration = champion.get("balancing"), champion.get("calibration")
    named = [words.plain(champion.get("learner"))]
    named.append("no balancing" if balancing in (None, "none") else f"balanced by {words.plain(balancing)}")
    named.append("as it is" if calibration in (None, "none") else f"{words.plain(calibration)} calibration")
    return ", ".join(named)


def _proof(gap: Any) -> str:
    ends = words.bounds(gap)
    if ends is None:
        return ""
    if ends[0] <= 0 <= ends[1]:
        return "The AUC interval holds zero: on these loans the two rank equally well."
    return f"The AUC interval excludes zero: the {'champion' if ends[0] > 0 else 'challenger'} ranks better."


def _grid(known: dict[str, Any]) -> list[Part]:
    rows = known.get("candidates") or []
    if not rows:
        return []
    best = known.get("champion") or {}
    champion = prose.candidate(best)
    made = tuple(
        Chart(label, charts_risk.grid(f"grid-{key}", rows, key, hint, champion), _leader(rows, key, high))
        for key, label, hint, high in (
            ("auc", "AUC", "larger is better", True), ("log_loss", "Log loss", "smaller is better", False),
            ("brier", "Brier score", "smaller is better", False),
        )
        if any(words.finite(words.dig(each, "calibrated", key)) is not None for each in rows)
    )
    said = Text("What was tried, on loans that none of it had seen. Hollow marks: as the model says it; "
                "full marks: after calibration; lines: 95% intervals; shaded: the champion.")
    named = {it.key for it in RISK}
    more = {key for each in rows for side in ("raw", "calibrated") for key in each.get(side) or {}} - named
    groups: list[tuple[str, tuple[Measure, ...]]] = [
        ("Discrimination: does it rank?", DISCRIMINATION), ("Calibration: do the PDs mean what they say?", CALIBRATION),
        ("Level: said and seen", LEVEL),
        ("Decisions at the cut-off", with_unknown(DECISIONS, more)),
    ]
    tables = tuple(_table(title, measures, rows, champion) for title, measures in groups)
    return [Part("The grid", (said, Charts(made), *tables))]


def _leader(rows: list[dict[str, Any]], key: str, high: bool) -> str:
    scored = [(words.finite(words.dig(each, "calibrated", key)), each) for each in rows]
    known = [(value, each) for value, each in scored if value is not None]
    value, each = max(known, key=lambda pair: pair[0] if high else -pair[0])
    style: words.Style = "score" if high else "small"
    ends = words.bounds(words.dig(each, "calibrated", key))
    close = [value] if ends is None else [v for v, _ in known if ends[0] <= v <= ends[1]]
    said = f"Best: {prose.candidate(each)}, {words.value(value, style)}"
    others = len(close) - 1
    return f"{said}; {words.plural(others, 'other')} within its interval." if others else f"{said}, clear of the rest."


def _table(title: str, measures: tuple[Measure, ...], rows: list[dict[str, Any]], champion: str) -> Table:
    body = []
    for each in rows:
        best = prose.candidate(each) == champion
        for side in ("raw", "calibrated"):
            scores = each.get(side)
            if scores is None:
                continue
            name = prose.candidate(each)
            body.append((
                Cell(name, "champion" if best and side == "calibrated" else "", strong=best), Cell(side),
                *(Cell(words.value(scores.get(it.key), it.style), words.interval(scores.get(it.key), it.style),
                       strong=best and side == "calibrated") for it in measures),
            ))
    return Table(title, ("candidate", "PD", *(it.label for it in measures)), tuple(body), heads=2,
                 dense=True)


def _balancing(known: dict[str, Any], drawn: dict[str, Any]) -> Part:
    rows = drawn.get("balancing") or []
    if not rows:
        return Part("What SMOTE did here", ())
    made = [Chart("Mean PD, raw and calibrated", charts_risk.balancing("balancing", rows), _level(rows))]
    made += [
        Chart(f"{words.capital(words.plain(each['learner']))} with SMOTE: said and seen",
              charts_risk.calibration(f"smote-{each['learner']}", each["reliability"].get("calibrated"),
                                      each["reliability"].get("raw")),
              "As it comes, and calibrated on loans that were never resampled.")
        for each in rows if each.get("balancing") == "smote" and each.get("reliability")
    ]
    body = tuple(
        (
            Cell(f"{words.plain(each.get('learner'))} · {words.plain(each.get('balancing'))}"),
            *text(words.number(each.get("auc")), words.number(each.get("pr_auc")),
                  words.number(each.get("brier_raw"), 4), words.number(each.get("brier"), 4),
                  words.number(each.get("log_loss_raw"), 4), words.number(each.get("log_loss"), 4),
                  words.percent(each.get("mean_p_raw")), words.percent(each.get("mean_p")),
                  words.percent(each.get("observed"))),
        )
        for each in rows
    )
    table = Table("Balancing, before and after calibration",
                  ("candidate", "AUC", "PR-AUC", "Brier raw", "Brier", "log loss raw", "log loss", "mean PD raw",
                   "mean PD", "observed"), body)
    return Part("What SMOTE did here", (*(Text(line) for line in _smote(rows)), Charts(tuple(made)), table))


def _level(rows: list[dict[str, Any]]) -> str:
    observed = words.finite(rows[0].get("observed"))
    gaps = [(abs((words.finite(each.get("mean_p_raw")) or 0) - (observed or 0)), each) for each in rows]
    worst = max(gaps, key=lambda pair: pair[0])[1]
    return (f"The dashed line is the default rate that was observed ({words.percent(observed)}). Furthest off before "
            f"calibration: {words.plain(worst['learner'])} · {words.plain(worst['balancing'])}, which says "
            f"{words.percent(worst.get('mean_p_raw'))} and after calibration {words.percent(worst.get('mean_p'))}.")


def _smote(rows: list[dict[str, Any]]) -> list[str]:
    """One sentence a learner: what SMOTE changed against no balancing, raw and calibrated."""
    lines = []
    plain = {each.get("learner"): each for each in rows if each.get("balancing") == "none"}
    for each in rows:
        base = plain.get(each.get("learner"))
        if each.get("balancing") != "smote" or base is None:
            continue
        auc, was = words.finite(each.get("auc")), words.finite(base.get("auc"))
        if auc is None or was is None:
            continue
        lines.append(
            f"{words.capital(words.plain(each['learner']))}: SMOTE moved AUC by {_signed((auc - was) * 100)} points; "
            f"the raw Brier score went from {words.number(base.get('brier_raw'), 4)} to "
            f"{words.number(each.get('brier_raw'), 4)} and the raw mean PD from "
            f"{words.percent(base.get('mean_p_raw'))} to {words.percent(each.get('mean_p_raw'))}, "
            f"where {words.percent(each.get('observed'))} was observed; "
            f"calibrated, the Brier score is {words.number(each.get('brier'), 4)} against "
            f"{words.number(base.get('brier'), 4)} without it."
        )
    return lines


def _signed(value: float) -> str:
    said = words.number(value, 1)
    return said if said.startswith("−") or not float(said.replace(",", "")) else f"+{said}"


def _importance(known: dict[str, Any], drawn: dict[str, Any], meanings: Meanings) -> Part:
    rows = (drawn.get("importance") or [])[:20]
    blocks: list[Block] = []
    if rows:
        first = rows[0]
        says = (f"Each bar is the fact's share of all that facts add to the scores of training loans. Most comes from "
                f"“{prose.fact(first.get('fact'), meanings)}”.")
        blocks.append(Charts((Chart("Importance", charts_risk.importance("importance", rows, meanings), says, True),)))
    dropped = known.get("dropped_facts") or {}
    if dropped:
        body = tuple(text(prose.fact(name, meanings), str(reason)) for name, reason in sorted(dropped.items()))
        blocks.append(Table("Facts left out", ("fact", "why"), body, numeric=False))
    return Part("What the champion looks at", (*blocks, *_signs(known, meanings)))
