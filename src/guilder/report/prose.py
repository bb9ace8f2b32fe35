"""Sentences of a summary as the page says them: plain numbers, one percent style, facts by their meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from guilder.report import words

PROSE = frozenset({
    "axes", "banner", "banners", "dropped_facts", "overrides", "reason", "reasons", "rule", "verdict", "verdict_why",
    "warnings", "why",
})
"""Keys below which a summary holds sentences written elsewhere."""

_SCIENTIFIC = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?[eE][+-]\d+(?!\w)")
_PERCENT = re.compile(r"(?<=\d) %(?![\w%])")
_MINUS = re.compile(r"(?<![\w.,%-])-(?=\d)")
_NAME = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
_WINDOW = re.compile(r"_(?:\d+d|all|last\d*)$")
_SPOKEN_WINDOW = re.compile(r" \d+d$")

Meanings = Mapping[str, str]


def meanings(figures: Mapping[str, Any]) -> dict[str, str]:
    """What each fact means in plain words, from everywhere that a run's figures say it."""
    known: dict[str, str] = {}
    for room, key in (("risk", "importance"), ("data", "distributions")):
        for each in words.dig(figures, room, key) or []:
            if each.get("fact") and each.get("meaning"):
                known[str(each["fact"])] = str(each["meaning"])
    listed = {**(words.dig(figures, "segments", "meanings") or {}), **(words.dig(figures, "data", "meanings") or {})}
    return known | {str(fact): str(meaning) for fact, meaning in listed.items() if meaning}


def fact(name: Any, known: Meanings) -> str:
    """A fact as the page names it: its meaning, or its name as words where none is known."""
    return known.get(str(name)) or words.plain(name)


def plainly(said: str) -> str:
    """``said`` with 23,110 for ``2.311e+04``, 10% for ``10 %`` and a true minus sign."""
    said = _SCIENTIFIC.sub(lambda found: words.amount(float(found[0])), said)
    return _MINUS.sub("−", _PERCENT.sub("%", said))


def tidied(tree: Any, known: Meanings, key: str = "") -> Any:
    """A summary whose sentences are written as the page writes them; figures, names and keys stay as they are.

    Parameters
    ----------
    tree : object
        Plain JSON values.
    known : mapping
        Meanings of facts, from `meanings`.
    key : str
        The nearest key of `PROSE` above ``tree``; nothing where ``tree`` is no prose.

    Returns
    -------
    object
        A copy of ``tree``.
    """
    if isinstance(tree, Mapping):
        return {name: tidied(each, known, name if name in PROSE else key) for name, each in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [tidied(each, known, key) for each in tree]
    return _sentence(tree, known, key != "axes") if key and isinstance(tree, str) else tree


def _sentence(said: str, known: Meanings, quoted: bool) -> str:
    def meant(found: re.Match[str]) -> str:
        name = found[0]
        if name not in known and not _WINDOW.search(name):
            return name
        return f"“{fact(name, known)}”" if quoted else fact(name, known)

    for name in sorted(known, key=lambda each: (-len(each), each)):
        spoken = name.replace("_", " ")
        if _SPOKEN_WINDOW.search(spoken) and spoken in said:
            said = said.replace(spoken, known[name])
    return plainly(_NAME.sub(meant, said))


def candidate(each: Mapping[str, Any]) -> str:
    """Name a candidate by its learner, the size of its trees where it is not the usual one, and its balancing."""
    settings = each.get("settings") or {}
    size = settings.get("leaves") or settings.get("depth")
    shown = {"C": settings.get("C"), "leaf": settings.get("leaf")} if not settings.get("rounds") else {}
    told = [f"{settings['rounds']:g}×{size:g}"] if settings.get("rounds") and size else []
    told += [f"{name} {value:g}" for name, value in shown.items() if value is not None]
    return f"{' '.join([words.plain(each.get('learner')), *told])} · {words.plain(each.get('balancing'))}"
