"""The risk section's policy: the rule of the cut-off, what it does, and what every other cut-off would have done."""

from __future__ import annotations

from typing import Any

from guilder.report import charts_policy, words
from guilder.report.blocks import Block, Cell, Chart, Charts, Part, Table, Text

MEASURES = (
    ("approval", "approved or referred", "loans with a PD below the cut-off"),
    ("referred", "of them referred", "to be looked at by a person, share of all loans"),
    ("bad_rate", "bad rate", "defaults among the loans below the cut-off"),
    ("profit", "profit", "earned by the loans below the cut-off, as a share of the money all loans asked for"),
)


def policy(known: dict[str, Any], drawn: dict[str, Any]) -> Part:
    """The policy of the run beside its consequences on validation and on test loans."""
    said, curve = known.get("policy") or {}, drawn.get("policy") or {}
    if not said:
        return Part("Policy", ())
    cut = known.get("cut_off") or {}
    blocks: list[Block] = [Text(_rule(said, cut))]
    sides = [said.get(side) or {} for side in ("validation", "test")]
    body = tuple(
        (
            Cell(label, meaning),
            *(Cell(words.percent(side.get(key)), words.interval(side.get(key), "percent")) for side in sides),
        )
        for key, label, meaning in MEASURES
        if any(key in side for side in sides)
    )
    blocks.append(Table("At the cut-off, where it was chosen and where it was not",
                        ("measure", "validation loans", "test loans"), body))
    made = _charts(said, curve)
    return Part("Policy", (*blocks, *((Charts(made),) if made else ())))


def _rule(said: dict[str, Any], cut: dict[str, Any]) -> str:
    rule = words.sentence(f"the cut-off is a PD of {words.edge(cut.get('p'))}: {cut.get('rule')}")
    near = words.finite(said.get("refer_from"))
    if near is not None and near < 1:
        rule += f" PDs from {words.percent(near, 0)} of it up to it are referred to a person."
    if words.finite(said.get("margin")) is not None:
        rule += (
            f" A repaid loan earns {words.edge(said['margin'])} of its amount; a default loses "
            f"{words.edge(said.get('lgd'))} of the {words.edge(said.get('ead'))} that is then outstanding."
        )
    return rule


def _charts(said: dict[str, Any], curve: dict[str, Any]) -> tuple[Chart, ...]:
    if not curve.get("approval"):
        return ()
    at = words.finite(words.dig(said, "test", "approval"))
    charts = [Chart(
        "Approval and bad rate", charts_policy.trade("policy-bad-rate", curve, "bad_rate", "bad rate of them", at),
        f"Each point is a cut-off, on test loans, shaded by its 95% interval. Approving "
        f"{words.percent(at, 0)} gives a bad rate of {words.percent(words.dig(said, 'test', 'bad_rate'))}; approving "
        f"everybody, {words.percent((curve.get('bad_rate') or [None])[-1])}.",
    )]  # fmt: skip
    if curve.get("profit"):
        best = max(range(len(curve["profit"])), key=lambda place: words.finite(curve["profit"][place]) or 0.0)
        charts.append(Chart(
            "Profit", charts_policy.trade("policy-profit", curve, "profit", "of all money asked for", at),
            f"At the cut-off the loans earn {words.figure(words.dig(said, 'test', 'profit'), 'percent')} of all money "
            f"asked for; with hindsight the most, {words.percent(curve['profit'][best])}, by approving "
            f"{words.percent(curve['approval'][best], 0)}.",
        ))  # fmt: skip
    return tuple(charts)
