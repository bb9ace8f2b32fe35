"""The risk section's test figures: beside their baseline, as curves, and at the cut-off."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from guilder.report import charts_risk, words
from guilder.report.blocks import Block, Cell, Chart, Charts, Note, Part, Table, Text
from guilder.report.measures import RISK, with_unknown


def test(known: dict[str, Any]) -> Part:
    """Every measure on the test loans, next to the base rate and the challenger."""
    scores, base = known.get("test") or {}, known.get("baseline") or {}
    other = {} if one_model(known) else words.dig(known, "challenger", "test") or {}
    sides = (scores, base, other) if other else (scores, base)
    if not scores:
        return Part("On the test loans", ())
    body = tuple(
        (
            Cell(it.label, it.meaning), *(
                Cell(words.value(side.get(it.key), it.style), words.interval(side.get(it.key), it.style),
                     strong=place == 0)
                for place, side in enumerate(sides)
            ),
        )
        for it in with_unknown(RISK, (*scores, *base))
    )
    blocks: list[Block] = []
    if known.get("verdict"):
        tone = words.verdict_tone(known["verdict"])
        blocks.append(Note(f"Verdict: {str(known['verdict']).rstrip('.')}.", tone))
    challenger = words.plain(words.dig(known, "challenger", "learner") or "challenger")
    columns = ("measure", "champion", "base rate alone", *((f"challenger ({challenger})",) if other else ()))
    blocks.append(Table("Test figures, 95% intervals below them", columns, body))
    return Part("On the test loans", tuple(blocks))


def one_model(known: dict[str, Any]) -> bool:
    """Whether the champion is the model that would stand beside it as the challenger."""
    champion, challenger = known.get("champion") or {}, known.get("challenger") or {}
    learner = champion.get("learner")
    return words.same(words.dig(challenger, "difference", "auc")) and learner == challenger.get("learner")


def curves(known: dict[str, Any], drawn: dict[str, Any]) -> Part:
    """ROC, precision–recall, calibration, KS and the spread of scores."""
    scores = known.get("test") or {}
    made = [
        *_ranking(scores, drawn), *_level(scores, drawn),
    ]
    return Part("Curves", (Charts(tuple(made)),) if made else ())


def _ranking(scores: dict[str, Any], drawn: dict[str, Any]) -> list[Chart]:
    made = []
    roc, pr, ks = drawn.get("roc") or {}, drawn.get("pr") or {}, drawn.get("ks") or {}
    if roc.get("fpr"):
        caught = _at(roc["fpr"], roc["tpr"], 0.2)
        made.append(Chart(
            "ROC",
            charts_risk.curve("roc", roc["fpr"], roc["tpr"], ("repaid loans refused", "defaults caught"), (0, 1)),
            f"AUC {words.figure(scores.get('auc'))}. Refusing the fifth of repaid loans with the highest PD would "
            f"catch {words.percent(caught, 0)} of the defaults; chance (dashed) catches 20%.",
        ))
    if pr.get("recall"):
        rate = words.finite(scores.get("observed_rate")) or 0.0
        half = _at(pr["recall"], pr["precision"], 0.5)
        made.append(Chart(
            "Precision and recall",
            charts_risk.curve("pr", pr["recall"], pr["precision"], ("defaults caught", "of those refused, defaulted"),
                              (rate, rate)),
            f"To catch half of the defaults, {words.percent(half, 0)} of the refused loans would be real defaults; "
            f"chance (dashed) gives {words.percent(rate)}.",
        ))
    if ks.get("score"):
        made.append(Chart(
            "KS", charts_risk.ks("ks", ks),
            f"The widest gap between the two lines is the KS, {words.figure(scores.get('ks'))}: 0 is no difference, "
            "1 is perfect.",
        ))
    return made


def _level(scores: dict[str, Any], drawn: dict[str, Any]) -> list[Chart]:
    made = []
    calibrated, raw = drawn.get("calibration"), drawn.get("calibration_raw")
    if (calibrated or {}).get("mean_p") or (raw or {}).get("mean_p"):
        slope = words.figure(scores.get("calibration_slope"))
        made.append(Chart(
            "Calibration", charts_risk.calibration("calibration", calibrated, raw),
            f"On the dashed line, a PD means what it says. Mean PD {words.percent(scores.get('mean_p'))} against "
            f"{words.percent(scores.get('observed_rate'))} observed; slope {slope}, where 1 is right.",
        ))
    bins = drawn.get("score_histogram") or {}
    if len(bins.get("edges") or []) > 1:
        cut_off = words.finite(words.dig(drawn, "confusion", "cut_off"))
        made.append(Chart(
            "Scores", charts_risk.scores("scores", bins, cut_off),
            "How PDs are spread over repaid and over defaulted loans; the more the two overlap, the harder the choice.",
        ))
    return made


def _at(x: list[float], y: list[float], where: float) -> float | None:
    """The value of a curve at ``where``, by straight lines between its points."""
    points = sorted((a, b) for a, b in zip(x, y, strict=True) if a is not None and b is not None)
    for (a, b), (c, d) in pairwise(points):
        if a <= where <= c:
            return b if c == a else b + (d - b) * (where - a) / (c - a)
    return None


def decisions(known: dict[str, Any], drawn: dict[str, Any]) -> Part:
    """What the cut-off does, and the bands."""
    blocks: list[Block] = []
    cells, cut = drawn.get("confusion") or {}, known.get("cut_off") or {}
    at = cells.get("cut_off", cut.get("p"))
    if cut:
        rule = f" Rule: {cut['rule']}." if cut.get("rule") else ""
        blocks.append(Text(f"Loans with a PD at or above {words.edge(at)} count as refused.{rule}"))
    if all(words.finite(cells.get(key)) is not None for key in ("tn", "fp", "fn", "tp")):
        says = (f"Of {words.plural(cells['fn'] + cells['tp'], 'default')}, {words.count(cells['tp'])} lie at or above "
                f"the cut-off; so do {words.count(cells['fp'])} of {words.count(cells['fp'] + cells['tn'])} "
                "repaid loans.")
        drawing = charts_risk.confusion("confusion", cells)
        blocks.append(Charts((Chart("Confusion matrix at the cut-off", drawing, says),)))
    bands = known.get("bands") or []
    if bands:
        body = tuple(
            (
                Cell(str(each.get("band"))),
                Cell(f"{words.edge(each.get('low'))} to {words.edge(each.get('high'))}"),
                Cell(words.count(each.get("loans"))), Cell(words.count(each.get("bads"))),
                Cell(words.percent(each.get("mean_p"))),
                Cell(words.percent(each.get("observed")), words.interval(each.get("observed"), "percent")),
            )
            for each in bands
        )
        columns = ("band", "PD", "loans", "defaults", "mean PD", "observed")
        blocks.append(Table("Bands of PD on the test loans", columns, body))
    return Part("At the cut-off", tuple(blocks))
