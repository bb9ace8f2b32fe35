"""How many segments: the verdict, the evidence for each number of them, and what other ways of grouping find."""

from __future__ import annotations

from typing import Any

from guilder.report import charts_choice, words
from guilder.report.blocks import Cell, Chart, Charts, Note, Part, Table, Text, text

SAMPLE = (
    "All these figures, smallest share and silhouette too, are of a sample where customers are many, each placed by "
    "the nearest centre. The sizes below are of every customer in the segments as they became, and so are others."
)


def choice(known: dict[str, Any], drawn: dict[str, Any]) -> Part:
    """The verdict, the evidence for each number of segments in charts and figures, and other ways of grouping."""
    rows = known.get("candidates") or drawn.get("choice") or []
    why = known.get("verdict_why")
    blocks: list[Any] = []
    if known.get("verdict"):
        blocks.append(Note(f"Verdict: {known['verdict']}. {words.sentence(why)}".strip(),
                           words.verdict_tone(known["verdict"])))
    if rows:
        stable, null = known.get("stability_mean"), known.get("null_stability_mean")
        says = (
            f"At k = {words.count(known.get('k'))}, chosen (shaded), two samples agree to {words.number(stable, 2)}, "
            f"where data without segments but with the same spread and correlation agree to {words.number(null, 2)}. "
            "It says that the cut can be repeated; whether there are groups is said by what they are worth, beside."
        )
        blocks += [_panel(known, rows, says), _candidates(rows, words.finite(known.get("k"))),
                   Text(f"{SAMPLE} {_in_time(known)}")]
    if known.get("comparison"):
        blocks.append(_comparison(known["comparison"]))
    return Part("How many segments", tuple(blocks))


def _panel(known: dict[str, Any], rows: list[dict[str, Any]], says: str) -> Charts:
    limits = {name: words.finite(value) for name, value in (known.get("limits") or {}).items()}
    k = words.finite(known.get("k"))
    chosen = None if k is None else int(k)
    made = [Chart("Stability by k",
                  charts_choice.stability("stability", rows, chosen, limits.get("stability_mean")), says)]
    if any(words.finite(each.get("gap")) is not None for each in rows):
        made.append(Chart("What the groups are worth, by k", charts_choice.gap("gap", rows, chosen, limits.get("gap")),
                          "How much tighter the segments are than those of data without any, each with its standard "
                          "error: natural groups lie above the dashed line, and three errors above zero. Less scatter "
                          "is Tibshirani’s gap."))
    made.append(Chart("Smallest segment, by k",
                      charts_choice.smallest("smallest", rows, chosen, limits.get("smallest_share")),
                      "Under the dashed line a segment is too small to be worth having. The silhouette alone never "
                      "decides."))
    return Charts(tuple(made))


def _in_time(known: dict[str, Any]) -> str:
    agreed = words.finite(known.get("stability_time"))
    if agreed is None:
        return ("Whether the segments hold in time is not measured: that takes facts from dated bookings that go back "
                "a year and a month.")
    return (f"In time: segments made of the customers as they were a month ago agree with these to "
            f"{words.number(agreed, 2)} on today’s customers; at least "
            f"{words.number(words.dig(known, 'limits', 'stability_time'), 2)} is asked for.")


def _comparison(rows: list[dict[str, Any]]) -> Table:
    body = tuple(
        (
            Cell(str(each.get("method")), strong=each.get("method") == "ours"),
            *text(
                words.number(each.get("agreement"), 2), words.number(each.get("stability_mean"), 2),
                words.number(each.get("stability_p05"), 2), words.number(each.get("silhouette"), 2),
                words.percent(each.get("smallest_share")),
            ),
        )
        for each in rows
    )
    columns = ("way of grouping", "agreement with ours", "stability", "worst twentieth", "silhouette", "smallest")
    return Table("As many segments made in other ways, on a sample, for comparison", columns, body)


def _candidates(rows: list[dict[str, Any]], chosen: float | None) -> Table:
    body = tuple(
        (
            Cell(words.count(each.get("k")), "chosen" if words.finite(each.get("k")) == chosen else "",
                 strong=words.finite(each.get("k")) == chosen),
            *text(
                words.number(each.get("stability_mean"), 2), words.number(each.get("stability_p05"), 2),
                words.number(each.get("stability_time"), 2), words.number(min(each.get("jaccard") or [None]), 2),
                words.number(each.get("null_stability_mean"), 2), words.number(each.get("gap"), 3),
                words.number(each.get("gap_error"), 3), words.number(each.get("silhouette"), 2),
                words.number(each.get("davies_bouldin"), 2), words.count(each.get("calinski_harabasz")),
                words.percent(each.get("smallest_share")),
                "yes" if each.get("eligible") else "no",
            ),
        )
        for each in rows
    )
    columns = ("k", "stability", "worst twentieth", "in time", "least Jaccard", "without segments", "tighter by",
               "its error", "silhouette", "Davies–Bouldin", "Calinski–Harabasz", "smallest", "large and steady")
    return Table("Candidates for k", columns, body)
