"""The risk section's scorecard: what each fact tells, and points of its bins; and what the leakage gate found."""

from __future__ import annotations

from typing import Any

from guilder.report import prose, words
from guilder.report.blocks import Cell, Part, Table, Text, text
from guilder.report.prose import Meanings

FACTS = 40
"""Facts shown, the most telling first; all of them stand in metrics.json."""


def scorecard(known: dict[str, Any], meanings: Meanings) -> Part:
    """The information values, and every bin with its rows, bad rate, weight and points."""
    found = known.get("scorecard") or {}
    if not found:
        return Part("Scorecard", ())
    facts = tuple(
        (
            Cell(prose.fact(row["fact"], meanings)),
            *text(words.number(row["iv"]), words.count(row["bins"]), str(row["shape"]), "yes" if row["used"] else "",
                  f"{row['orders_kept']} of {row['periods']}" if row["periods"] else words.DASH),
        )
        for row in found["iv"][:FACTS]
    )  # fmt: skip
    more = f" (the first {FACTS} of {len(found['iv'])})" if len(found["iv"]) > FACTS else ""
    kept = f"order kept, by {found['period']}" if found.get("period") else "order kept"
    return Part("Scorecard", (
        Text(_says(found)),
        Table(f"What each fact tells{more}",
              ("fact", "information value", "bins", "bad rates", "in the scorecard", kept), facts),
        *_points(found, meanings), Text(_whole(found["rounding"])),
    ))  # fmt: skip


def _says(found: dict[str, Any]) -> str:
    points, odds = found["points_at_odds"]
    who = "The champion" if found["is_champion"] else "A scorecard, fitted on what the champion learned from,"
    return (
        f"{who} gives {words.amount(points)} points for {words.amount(odds)} goods to a bad, and "
        f"{words.amount(found['points_to_double'])} more double these odds. The base is "
        f"{words.number(found['base'], 1)} points; the best bins together reach {words.number(found['highest'], 1)}. "
        "Points are an exact line of the log-odds of the calibrated PD."
    )


def _points(found: dict[str, Any], meanings: Meanings) -> list[Table]:
    """Every bin that held a loan, a table a fact; a tenth of a point is enough to read, metrics.json has all digits."""
    heads = ("bin", "loans", "share", "defaults", "default rate", "95% interval", "weight of evidence", "points")
    return [
        Table(f"Points: {prose.fact(fact['fact'], meanings)}", heads, tuple(
            (
                *text(_bin(one), words.count(one["rows"]), words.percent(one["share"]), words.count(one["bads"]),
                      words.percent(one["rate"]["value"]), words.interval(one["rate"], "percent"),
                      words.number(one["woe"], 2)), Cell(words.number(one["points"], 1), strong=True),
            )
            for one in fact["bins"] if one["rows"]
        ))
        for fact in found["points"][:FACTS]
    ]  # fmt: skip


def _bin(one: dict[str, Any]) -> str:
    """The label; numbers as the page writes them, categories as the bank does."""
    return str(one["label"]) if one["values"] or one["others"] else prose.plainly(str(one["label"]))


def _whole(cost: dict[str, Any]) -> str:
    return (
        f"Rounded to whole points, a sum is off by up to {words.number(cost['points'], 1)} points, which moves a PD by "
        f"{words.number(cost['pd_mean'] * 100, 2)} percentage points on average and "
        f"{words.number(cost['pd_most'] * 100, 2)} at the most; AUC goes from "
        f"{words.number(cost['auc'], 4)} to {words.number(cost['auc_whole'], 4)} on the loans it was fitted on."
    )


def leakage(known: dict[str, Any], meanings: Meanings) -> Part:
    """What the leakage gate found, each with its evidence and what the bank says to it."""
    rows = tuple(
        text(prose.fact(row["fact"], meanings), str(row["id"]), str(row["severity"]), _evidence(row["evidence"]),
             words.sentence(prose.plainly(str(row["message"]))))
        for row in known.get("leakage") or []
    )  # fmt: skip
    if not rows:
        return Part("Signs of a leak", ())
    return Part("Signs of a leak", (
        Text("Facts were looked at one by one before anything was learned. What stops a run and was not accepted by "
             "the bank in writing is not here, for there would be no run."),
        Table("Findings of the leakage gate", ("fact", "sign", "verdict", "evidence", "in words"), rows, numeric=False),
    ))  # fmt: skip


def _evidence(found: dict[str, Any]) -> str:
    return ", ".join(f"{words.plain(name)} {words.amount(value)}" for name, value in found.items()) or words.DASH
