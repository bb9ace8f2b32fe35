"""The model document's model: its facts, how the champion was chosen, its reasons and how sure it is of one loan."""

from __future__ import annotations

from typing import Any

from guilder.report import prose, section_risk, words
from guilder.report.blocks import Block, Cell, Part, Section, Table, Text, text
from guilder.report.document_tables import missing, tables
from guilder.report.prose import Meanings

MEASURED = (
    ("weight", "share of all contributions"), ("iv", "information value"), ("missing", "missing in training"),
    ("psi", "PSI, training to test"),
)
GRID: tuple[tuple[str, words.Style], ...] = (("auc", "score"), ("log_loss", "small"), ("brier", "small"))


def facts(known: dict[str, Any], figures: dict[str, Any], meanings: Meanings) -> Section:
    """Every fact with its meaning and what was measured of it, and the facts that were left out."""
    listed = _listed(known, figures)
    blocks: list[Block] = []
    if listed:
        shown = [(key, label) for key, label in MEASURED if any(each.get(key) is not None for each in listed)]
        body = tuple(
            (Cell(prose.fact(each["fact"], meanings), each["fact"]), *(Cell(_share(each, key)) for key, _ in shown))
            for each in listed
        )
        blocks.append(Table("Facts", ("fact", *(label for _, label in shown)), body, dense=True))
        blocks += [missing(f"{label} of the facts") for key, label in MEASURED if (key, label) not in shown]
    else:
        blocks.append(missing("which facts the model uses"))
    dropped = known.get("dropped_facts") or {}
    if dropped:
        rows = tuple(text(prose.fact(name, meanings), str(why)) for name, why in sorted(dropped.items()))
        blocks.append(Table("Facts left out", ("fact", "why"), rows, numeric=False))
    blocks.append(Text(
        "Names, addresses and the like are never facts. Protected columns are kept for the fairness measurements and "
        "are facts only where the bank names them under use_protected, in which case they stand in the table."
    ))
    lead = f"{words.plural(known.get('facts'), 'fact')} of each loan, as known when it was applied for."
    return Section("facts", "Facts", lead, (Part("", tuple(blocks)),))


def _listed(known: dict[str, Any], figures: dict[str, Any]) -> list[dict[str, Any]]:
    """The facts with what is measured of them in any part of the summary, the weightiest first."""
    found: dict[str, dict[str, Any]] = {}
    for each in words.dig(figures, "risk", "importance") or []:
        found.setdefault(str(each["fact"]), {})["weight"] = each.get("value")
    for each in words.dig(figures, "data", "facts") or []:
        found.setdefault(str(each["fact"]), {})["missing"] = each.get("missing")
    for each in _rows(words.dig(known, "scorecard", "iv")) + _rows(known.get("iv")):
        found.setdefault(str(each["fact"]), {}).update(iv=each.get("iv", each.get("value")))
    for each in _rows(words.dig(known, "validation", "stability", "facts")):
        found.setdefault(str(each["fact"]), {}).update(psi=each.get("psi"))
    return [{"fact": name, **measured} for name, measured in found.items()]


def _rows(measured: Any) -> list[dict[str, Any]]:
    """Records with a ``fact``, from a list of them or from a mapping by fact."""
    if isinstance(measured, dict):
        return [{"fact": name, **(each if isinstance(each, dict) else {"value": each})}
                for name, each in measured.items()]
    return [each for each in measured or [] if isinstance(each, dict) and each.get("fact")]


def _share(each: dict[str, Any], key: str) -> str:
    value = each.get(key)
    return words.percent(value) if key in ("weight", "missing") else words.number(value)


def choice(known: dict[str, Any]) -> Section:
    """The split, every candidate with its figures, and why the champion is the champion."""
    candidates = known.get("candidates") or []
    body = tuple(
        (
            Cell(words.plain(each.get("learner")), words.plain(each.get("balancing"))),
            *(
                Cell(words.value(figure, style), words.interval(figure, style))
                for key, style in GRID
                for figure in (words.dig(each, "calibrated", key),)
            ),
        )
        for each in candidates
    )
    columns = ("candidate", "AUC", "log loss", "Brier")
    grid: list[Block] = [
        Table("Every candidate, calibrated, on the rows it was judged on", columns, body) if body
        else missing("the candidates")
    ]
    search = known.get("search")
    if search:
        grid += tables(search, "Search")
    parts = (section_risk.split(known), section_risk.champion(known), Part("The grid", tuple(grid)))
    return Section("choice", "How the champion was chosen",
                   "On rows that the test has no part in, by calibrated log loss; of equals the simplest.",
                   tuple(part for part in parts if part.blocks))


def reasons(known: dict[str, Any]) -> Section:
    """By which method reasons are worked out, against which reference, and how stable they are."""
    measured = known.get("reasons") or {}
    blocks: list[Block] = [
        Text("Each decision comes with the facts that raised the PD most above that of a reference, four at the most, "
             "with their values. Contributions add up to the score."),
    ]
    blocks += tables(measured, "Method, reference and agreement") if measured else [
        missing("how far the reasons agree when the model is fitted again, and against another reference")
    ]
    return Section("reasons", "Reasons", "What is said of each decision, and how it is worked out.",
                   (Part("", tuple(blocks)),))


def uncertainty(known: dict[str, Any]) -> Section:
    """How sure the figures are, and how sure the PD of one loan is."""
    measured = known.get("uncertainty") or {}
    blocks: list[Block] = [
        Text("Intervals of figures are 95% bootstrap intervals over whole customers, unless a table says otherwise. "
             "They say how far a figure would move on other loans like these, and nothing about other times."),
    ]
    blocks += tables(measured, "PD of one loan") if measured else [missing("how wide the interval of one loan's PD is")]
    return Section("uncertainty", "Uncertainty", "Of the figures, and of one loan's PD.", (Part("", tuple(blocks)),))
