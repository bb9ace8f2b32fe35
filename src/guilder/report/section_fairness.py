"""The risk section's fairness audit: each group of each protected column, the proxies, and the notes of law."""

from __future__ import annotations

from typing import Any

from guilder.report import charts_validation, prose, words
from guilder.report.blocks import Block, Cell, Chart, Charts, Note, Part, Table, Text
from guilder.report.prose import Meanings

COLUMNS = (
    ("approval", "approved"), ("approval_ratio", "ratio to the largest"), ("tpr", "bads declined"),
    ("fpr", "goods declined"), ("mean_p", "mean PD"), ("observed", "observed"),
    ("observed_over_mean_p", "observed over PD"), ("auc", "AUC"),
)  # fmt: skip
SHARES = frozenset({"approval", "tpr", "fpr", "mean_p", "observed"})


def fairness(known: dict[str, Any], meanings: Meanings) -> Part:
    """What the model and its cut-off do to each group; nothing where the bank has no protected column."""
    found = known.get("fairness") or {}
    columns = found.get("columns") or {}
    if not columns:
        return Part("Fairness", ())
    blocks: list[Block] = [Text(
        "The test loans by groups that no law lets a lender overlook. 95% intervals resample customers; a group with "
        "under 50 loans, or 5 of either outcome, is counted and not judged."
    )]
    for name, column in columns.items():
        blocks += _column(str(name), column, meanings)
    blocks += [Text(str(note)) for note in found.get("notes") or []]
    return Part("Fairness", tuple(blocks))


def _column(name: str, column: dict[str, Any], meanings: Meanings) -> list[Block]:
    title = words.capital(prose.fact(name, meanings))
    light = column.get("light")
    blocks: list[Block] = [Note(f"{title} ({light}): {words.sentence(column.get('verdict'))}",
                                "warn" if light in ("amber", "red") else "plain")]  # fmt: skip
    judged = [row for row in column.get("groups") or [] if row.get("enough")]
    if len(judged) > 1:
        blocks.append(Charts(tuple(
            Chart(f"{title}: {label}", charts_validation.forest(f"fair-{name}-{key}", judged, key, label, 1.0), says)
            for key, label, says in (
                ("observed_over_mean_p", "defaults over the sum of PDs", "Left of the line the PDs are too high."),
                ("approval_ratio", "approval over the largest group's", "Left of the line fewer are approved."),
            )
        )))  # fmt: skip
    rows = tuple(
        (
            Cell(str(row["name"])), Cell(words.count(row["rows"])), Cell(words.count(row["bads"])),
            *(_cell(row.get(key), key) for key, _ in COLUMNS),
        )
        for row in column.get("groups") or []
    )
    blocks.append(Table(title, ("group", "loans", "defaults", *(label for _, label in COLUMNS)), rows))
    blocks.append(Text(_proxies(column, meanings)))
    return blocks


def _cell(figure: Any, key: str) -> Cell:
    style: words.Style = "percent" if key in SHARES else "score"
    return Cell(words.value(figure, style), words.interval(figure, style))


def _proxies(column: dict[str, Any], meanings: Meanings) -> str:
    found = column.get("proxies") or {}
    named = [
        f"“{prose.fact(row['fact'], meanings)}” ({words.number(row['eta'], 2)})"
        for row in found.get("facts") or [] if row.get("proxy")
    ]  # fmt: skip
    said = "The model learns from this column itself. " if column.get("uses") else ""
    if found.get("auc") is None:
        return f"{said}There are too few of a second group to look for proxies."
    said += (
        f"Proxies among the facts, by correlation ratio: {words.joined(named)}." if named
        else "No fact of the model is a proxy: none has a correlation ratio of 0.2 above chance."
    )  # fmt: skip
    together = words.figure(found["auc"])
    return f"{said} All facts together tell the largest group from the rest with an AUC of {together}."
