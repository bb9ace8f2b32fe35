"""The risk section's term structure: when loans default, tested out of time, and over their whole life."""

from __future__ import annotations

from typing import Any

from guilder.report import charts_term, words
from guilder.report.blocks import Block, Cell, Chart, Charts, Note, Part, Table, Text

TITLE = "When loans default"


def term(known: dict[str, Any], drawn: dict[str, Any]) -> Part:
    """What the curve is made of, how it did on newer loans, and the curves of the bands."""
    said, curves = known.get("term_structure") or {}, drawn.get("term_structure") or {}
    if not said:
        return Part(TITLE, ())
    if said.get("why"):
        return Part(TITLE, (Note(f"No curve by month: {said['why']}."),))
    horizon = int(said["horizon_months"])
    blocks: list[Block] = [Text(_made(said, horizon)), Text(_assumed(said, horizon))]
    blocks += _tested(said.get("test"), curves.get("test") or [], horizon)
    if curves.get("all"):
        says = (
            "Steps: the share of all loans that had defaulted by each month. Dashed: the curves that scoring uses. "
            f"The two agree by design as far as the PD is right; at month {horizon} a curve is the PD itself."
        )
        drawing = charts_term.lives("term-lives", curves["all"], horizon)
        blocks.append(Charts((Chart("Over the life of a loan, by band", drawing, says, True),)))
    return Part(TITLE, tuple(blocks))


def _made(said: dict[str, Any], horizon: int) -> str:
    dropped = said.get("left_out") or {}
    left = "".join(f" Left out: {words.count(many)}, {reason}." for reason, many in dropped.items())
    return (
        f"A hazard by month, on {words.plural(said['loans'], 'loan')}, {words.count(said['defaults'])} defaulted. "
        f"{words.count(said['immature'])} of them are too young for an outcome after {horizon} months, and count for "
        f"the months that they were seen. It reaches {words.plural(said['followed_months'], 'month')}. A loan repaid "
        f"early counts until its term as one that did not default.{left}"
    )


def _assumed(said: dict[str, Any], horizon: int) -> str:
    after = said.get("slope_after")
    late = (
        f"After it the score still matters by {words.figure(after)}, where 1 is as before and 0 not at all."
        if after else f"After it the defaults seen are {words.count(said['events_after'])}, too few to tell whether "
        "the score still matters, and it is taken to."
    )
    return (
        f"The curve is anchored: at month {horizon} it is each loan's own PD. Without the anchor the level would be "
        f"{words.figure(said['level'])} of it, and the slope of the score {words.figure(said['slope'])}; 1 is right "
        f"for both. {late}"
    )


def _tested(test: dict[str, Any] | None, curves: list[dict[str, Any]], horizon: int) -> list[Block]:
    if not test:
        return [Text("The curve was not tested on newer loans: the split is not out of time.")]
    if test.get("why"):
        return [Text(f"The curve was not tested on newer loans: {test['why']}.")]
    blocks: list[Block] = [Text(
        f"Fitted as of {words.day(test['from'])} and tested on the {words.plural(test['loans'], 'loan')} applied for "
        f"since, each for the months that it was seen: {words.count(test['observed'])} defaults against "
        f"{words.number(test['expected'], 1)} expected, a ratio of {words.figure(test['ratio'])}. "
        f"Fitting again on everything moved no month by more than {words.percent(test['shape_moved'])} of the PD."
    )]  # fmt: skip
    for key, caption, head in (
        ("bands", "Defaults seen and expected on the test loans, by band", "band"),
        ("vintages", "The same by quarter of application", "quarter"),
    ):
        body = tuple(
            (
                Cell(str(row["group"])), Cell(words.count(row["loans"])), Cell(words.count(row["observed"])),
                Cell(words.number(row["expected"], 1)),
                Cell(words.value(row["ratio"]), words.interval(row["ratio"])),
            )
            for row in test.get(key) or []
        )
        if body:
            blocks.append(Table(caption, (head, "loans", "seen", "expected", "seen over expected"), body))
    made = tuple(
        Chart(f"Band {group['group']}", charts_term.steps(f"term-{place}", group, horizon), _at(group, horizon))
        for place, group in enumerate(curves)
    )
    if made:
        blocks.append(Text("By band, on the test loans: steps are the share that had defaulted by each month "
                           "(Kaplan–Meier) with its 95% interval, dashed is what the curve said beforehand."))
        blocks.append(Charts(made))
    return blocks


def _at(group: dict[str, Any], horizon: int) -> str:
    place = min(horizon, len(group["months"])) - 1
    seen = {"value": group["observed"][place], "low": group["low"][place], "high": group["high"][place]}
    return (
        f"{words.plural(group['loans'], 'loan')}; by month {group['months'][place]}, "
        f"{words.figure(seen, 'percent')} seen, {words.percent(group['predicted'][place])} said."
    )
