"""The card of a segment in words: how large, what sets it apart, how it books, what it risks, holds and is offered."""

from __future__ import annotations

from typing import Any

from guilder.report import prose, words
from guilder.report.blocks import Card
from guilder.report.prose import Meanings

APART = 0.147
"""Cliff's delta under which a difference is negligible (Romano et al. 2006)."""
SIZES = ((0.474, "far"), (0.33, "clearly"), (APART, "somewhat"))
MARKED = 3


def card_of(row: dict[str, Any], meanings: Meanings, risk: dict[str, Any] | None = None) -> Card:
    """Turn what is known of a segment into a card.

    Parameters
    ----------
    row : dict
        One of ``figures.segments.profiles``.
    meanings : mapping
        What each fact means.
    risk : dict, optional
        The segment's row of ``customers.risk_by_segment``.
    """
    figure = words.share(row.get("share"))
    if row.get("hidden"):
        return Card(str(row.get("name")), figure, ("too few customers to be described",))
    lists = (
        ("Stands out by", _apart(row, meanings)), ("Spends most on", _categories(row)),
        ("Usual day", _day(row)), ("Holds", _products(row, "held")), ("First offer", _products(row, "offered")),
    )  # fmt: skip
    return Card(str(row.get("name")), figure, _lines(row, risk), tuple(each for each in lists if each[1]))


def _lines(row: dict[str, Any], risk: dict[str, Any] | None) -> tuple[str, ...]:
    lines = [words.plural(row.get("customers"), "customer")]
    if row.get("share_of_inflow") is not None:
        lines[0] += f", {words.share(row['share_of_inflow'])} of the bank’s inflow"
    grown = words.finite(row.get("grown"))
    if grown is not None:
        moved = f"{'+' if grown > 0 else ''}{words.number(100 * grown, 1)} points"
        lines.append(f"its share of customers moved by {moved} in a quarter")
    if (scores := row.get("rfm")) and None not in scores.values():
        said = ", ".join(f"{part} {words.number(score, 0)}" for part, score in scores.items())
        lines.append(f"scores of 5: {said}")
    if risk:
        lines.append(f"past loans: mean PD {words.percent(risk.get('mean_p'))}, "
                     f"observed {words.percent(risk.get('observed'))}")
    if today := row.get("p_default"):
        lines.append(f"PD today of a usual {today.get('product')}: {words.percent(today.get('mean'))} on average")
    if lent := row.get("lent"):
        lines.append(f"lent and open: {words.amount(lent.get('amount'))} in {words.plural(lent.get('loans'), 'loan')}, "
                     f"{words.share(lent.get('share'))} of the bank’s")
    return tuple(lines)


def _apart(row: dict[str, Any], meanings: Meanings) -> tuple[str, ...]:
    others = row.get("others") or {}
    effects = {fact: words.finite(value) for fact, value in (row.get("effects") or {}).items()}
    marked = sorted(((value, fact) for fact, value in effects.items() if value is not None and abs(value) >= APART),
                    key=lambda pair: (-abs(pair[0]), pair[1]))[:MARKED]
    return tuple(
        f"{prose.fact(fact, meanings)}: {next(word for least, word in SIZES if abs(value) >= least)} "
        f"{'higher' if value > 0 else 'lower'}, median {_value(words.dig(row, 'medians', fact), fact)}"
        + ("" if others.get(fact) is None else f" (others {_value(others[fact], fact)})")
        for value, fact in marked
    )


def _value(value: Any, fact: str) -> str:
    return words.percent(value, 0) if fact.startswith("share_") else words.amount(value)


def _categories(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(
        f"{words.plain(each['category'])} {words.percent(each['share'], 0)} (bank {words.percent(each['bank'], 0)})"
        for each in row.get("categories") or [] if each["share"] >= 0.005
    )


def _products(row: dict[str, Any], word: str) -> tuple[str, ...]:
    return tuple(
        f"{each['product']} {words.percent(each['share'], 0)} (bank {words.percent(each['bank'], 0)})"
        for each in row.get(word) or []
    )


def _day(row: dict[str, Any]) -> tuple[str, ...]:
    day = row.get("day")
    if not day:
        return ()
    many, weekend = words.number(day["bookings"], 1), words.percent(day["weekend"], 0)
    said = f"{many} bookings on a day with any, {weekend} at weekends"
    if day.get("part"):
        said += f", most in the {day['part']} ({words.percent(day['part_share'], 0)})"
    return (said.replace("in the night", "at night"),)
