"""The risk section's reasons: how they are worked out, whether they stay, and one decline with its own."""

from __future__ import annotations

from typing import Any

from guilder.report import words
from guilder.report.blocks import Block, Note, Part, Table, Text, text

REFITS = (("other_seed", "the same loans, another seed"), ("bootstrap", "loans drawn anew from the same"))


def reasons(known: dict[str, Any], drawn: dict[str, Any]) -> Part:
    """Method, agreement and an example; nothing where the run has measured none."""
    found = known.get("reasons") or {}
    if not found:
        return Part("Reasons and counterfactuals", ())
    blocks: list[Block] = [
        Text(
            f"Each PD is taken apart into what each fact added: {found.get('method')}. Measured against "
            f"{found.get('reference')}; seed {found.get('seed')}. The parts add up to the score. Facts that move "
            "together are one reason, and at most four are given."
        ),
        *_agreement(found), *_example(drawn.get("example") or {}),
    ]  # fmt: skip
    return Part("Reasons and counterfactuals", tuple(blocks))


def _agreement(found: dict[str, Any]) -> list[Block]:
    if not found.get("declines"):
        return [Text("No validation loan was declined, so whether first reasons stay was not measured.")]
    rows = tuple(
        text(name, words.value(found[key], "percent"), words.interval(found[key], "percent"))
        for key, name in REFITS if found.get(key)
    )  # fmt: skip
    said = (
        f"The champion was fitted again {words.plural(found.get('refits'), 'time')} each way, and the first reasons of "
        f"{words.plural(found['declines'], 'declined validation loan')} were compared."
    )
    return [Text(said), Table("First reasons that stay", ("fitted again on", "stay", "95% interval"), rows)]


def _example(loan: dict[str, Any]) -> list[Block]:
    """Show the decline nearest to the cut-off."""
    if not loan:
        return []
    said = (
        f"For example loan {loan['loan_id']}: PD {words.percent(loan['p_default'])} "
        f"({words.percent(loan['p_low'])} to {words.percent(loan['p_high'])}), band {loan['band']}, declined."
    )
    rows = tuple(text(str(place), str(reason)) for place, reason in enumerate(loan["reasons"], start=1))
    blocks: list[Block] = [Note(said), Table("What raised its PD", ("", "fact and value"), rows, numeric=False)]
    return [*blocks, Text(words.sentence(loan["counterfactual"]))] if loan.get("counterfactual") else blocks
