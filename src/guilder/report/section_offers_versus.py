"""The offers section's differences: every method against the baselines, on the same customers."""

from __future__ import annotations

from typing import Any

from guilder.report import charts_offers, words
from guilder.report.blocks import Cell, Table
from guilder.report.measures import OFFERS

POPULARITY = ("popular", "decayed_popular")
SHOWN = ("map_at_7", "ndcg_at_5", "recall_at_5", "hit_at_1")


def baseline(known: dict[str, Any]) -> str | None:
    """The better of popularity and decayed popularity by MAP@7, or None where neither was judged."""
    scored = [(words.finite(words.dig(known, "methods", name, "map_at_7")), name) for name in POPULARITY]
    judged = [(value, name) for value, name in scored if value is not None]
    return max(judged, key=lambda pair: pair[0])[1] if judged else None


def is_baseline(known: dict[str, Any]) -> bool:
    """Whether the champion is one of the baselines itself."""
    return known.get("champion") in charts_offers.BASELINES


def gain(known: dict[str, Any], metric: str) -> tuple[str, Any] | None:
    """The champion minus the better popularity: its name in words and its figure; None where nothing is to compare."""
    champion, other = known.get("champion"), baseline(known)
    if is_baseline(known) or other is None:
        return None
    figure = words.dig(known, "difference", f"{champion}_minus_{other}", metric)
    if words.finite(figure) is None:
        return None
    return f"{words.plain(champion)} minus {words.plain(other)}", figure


def earned(known: dict[str, Any]) -> str:
    """How clearly the champion beat decayed popularity before the test, and what was made of that; empty for none."""
    found = words.dig(known, "validation", "gain", str(known.get("champion")))
    if words.finite(found) is None or is_baseline(known):
        return ""
    said = f"In the windows before the test it beat decayed popularity by {words.number(found, 1)} standard errors"
    kept = words.finite(words.dig(known, "validation", "kept"))
    if known.get("champion") != "blend" or kept is None or kept >= 1:
        return f"{said}."
    return f"{said}. That may be luck, so it was drawn towards it: {words.percent(kept)} of its own weights were kept."


def differences(known: dict[str, Any]) -> list[Table]:
    """One table of every pair, the champion's pairs first."""
    pairs = known.get("difference") or {}
    measures = [
        it for it in OFFERS
        if it.key in SHOWN and any(words.finite(words.dig(row, it.key)) is not None for row in pairs.values())
    ]
    if not measures:
        return []
    champion = f"{known.get('champion')}_minus_"
    rows = tuple(
        (
            Cell(words.plain(name).replace(" minus ", " − ")),
            *(
                Cell(words.value(pairs[name].get(it.key), it.style), words.interval(pairs[name].get(it.key), it.style),
                     strong=_sure(pairs[name].get(it.key)))
                for it in measures
            ),
        )
        for name in sorted(pairs, key=lambda name: (not name.startswith(champion), name))
    )
    caption = "Method less baseline on the same customers, 95% intervals below; bold where zero lies outside"
    return [Table(caption, ("pair", *(it.label for it in measures)), rows)]


def _sure(figure: Any) -> bool:
    ends = words.bounds(figure)
    return ends is not None and (ends[0] > 0 or ends[1] < 0)
