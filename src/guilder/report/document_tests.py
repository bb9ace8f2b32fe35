"""The model document's tests: performance, calibration, validation, term structure and fairness."""

from __future__ import annotations

from typing import Any

from guilder.report import section_risk_test, section_term
from guilder.report.blocks import Block, Note, Part, Section, Table, Text
from guilder.report.document_tables import missing, tables


def performance(known: dict[str, Any], drawn: dict[str, Any]) -> Section:
    """The test figures beside the base rate and the challenger, with their curves."""
    parts = [section_risk_test.test(known), section_risk_test.curves(known, drawn)]
    if not known.get("test"):
        parts = [Part("", (missing("anything on test loans"),))]
    return Section("performance", "Performance and calibration",
                   "The test loans were looked at once, after everything had been chosen.",
                   tuple(part for part in parts if part.blocks))


def validation(known: dict[str, Any]) -> Section:
    """Every test beyond the measures that the champion was compared by."""
    measured = known.get("validation") or {}
    blocks: list[Block] = []
    for each in measured.get("summary") or []:
        lit = str(each.get("light"))
        blocks.append(Note(f"{str(each.get('family')).capitalize()}: {lit}. {each.get('why')}",
                           "plain" if lit == "green" else "warn"))
    rest = {key: value for key, value in measured.items() if key != "summary"}
    if isinstance(rest.get("stability"), dict):  # the PSI of every fact stands with the facts
        moved = [each for each in rest["stability"].get("facts") or [] if each.get("moved") or each.get("restless")]
        rest["stability"] = {**rest["stability"], "facts": moved}
    blocks += tables(rest, "Validation") if rest else [
        missing("backtests, stability of score and facts, weak spots, robustness, and the benchmark")
    ]
    return Section("validation", "Validation", "Discrimination, calibration and stability, each by more than one test.",
                   (Part("", tuple(_unfolded(blocks))),))


def _unfolded(blocks: list[Block]) -> list[Block]:
    """Tables of one row say little as tables: they stay, but those without rows go."""
    return [block for block in blocks if not isinstance(block, Table) or block.rows]


def time(known: dict[str, Any], drawn: dict[str, Any]) -> Section:
    """The chance of a default by each month."""
    part = section_term.term(known, drawn)
    parts = (part,) if part.blocks else (Part("", (missing("when loans default"),)),)
    return Section("time", "PD over time", "When loans default, to the horizon and over their life.", parts)


def fairness(known: dict[str, Any]) -> Section:
    """What was measured by protected group, and what was not."""
    measured = known.get("fairness") or {}
    blocks: list[Block] = tables(measured, "Fairness") if measured else [
        missing("approval, error rates and calibration by protected group")
    ]
    blocks.append(Text(
        "What a difference between groups means in law depends on the jurisdiction and the day; this document measures "
        "and does not judge."
    ))
    return Section("fairness", "Fairness", "By the protected columns that the bank declares; they are no facts.",
                   (Part("", tuple(_unfolded(blocks))),))
