"""The risk section's word on reject inference: what it did where the answer was known, and whether it would help."""

from __future__ import annotations

from typing import Any

from guilder.report import words
from guilder.report.blocks import Cell, Note, Part, Table, Text

METHODS = {
    "nothing": ("nothing", "learn from the accepted alone"),
    "reweighting": ("reweighting", "the accepted weighted by one over their chance of acceptance"),
    "fuzzy": ("fuzzy augmentation", "each declined loan as a bad and as a good, weighted by its PD"),
    "parcelling": ("parcelling", "the same with the PD raised by a quarter"),
}
COLUMNS: tuple[tuple[str, words.Style, str], ...] = (
    ("log_loss", "small", "log loss"), ("auc", "score", "AUC"), ("level", "score", "mean PD over observed rate"),
    ("gain", "small", "log loss saved"),
)  # fmt: skip


def reject_inference(known: dict[str, Any]) -> Part:
    """The masked experiment, where the bank asked for it."""
    found = known.get("reject_inference") or {}
    if not found:
        return Part("Would reject inference help?", ())
    note = Note(f"It {found.get('verdict')}: {found.get('why')}." if str(found.get("verdict")).startswith("would")
                else f"Cannot tell: {found.get('why')}.")
    said = Text(
        f"{words.plural(found.get('masks'), 'time')} the loans known before the test were dealt anew: an early model "
        f"declined the worst {words.percent(found.get('declined'), 0)}, their outcomes were hidden, each method filled "
        "in for them, and new loans that the early model would have declined were looked up. A logistic regression "
        "stands in for the champion, which nothing here changes."
    )
    body = tuple(
        (
            Cell(*METHODS.get(name, (words.plain(name), ""))),
            *(
                Cell(words.value(each.get(key), style), words.interval(each.get(key), style))
                for key, style, _ in COLUMNS
            ),
        )
        for name, each in (found.get("methods") or {}).items()
    )
    heads = ("method", *(label for _, _, label in COLUMNS))
    table = (Table("On loans that would have been declined", heads, body),) if body else ()
    return Part("Would reject inference help?", (note, said, *table))
