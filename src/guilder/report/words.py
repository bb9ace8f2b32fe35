"""Numbers as a reader wants them: few digits, intervals, and a dash where nothing is known."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

DASH = "–"
Style = Literal["score", "percent", "count", "small"]


def finite(value: Any) -> float | None:
    """The number in ``value`` (a number, or a mapping with ``value``), or None where there is none."""
    if isinstance(value, Mapping):
        value = value.get("value")
    if value is None or isinstance(value, str):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def bounds(value: Any) -> tuple[float, float] | None:
    """The interval of a figure ``{"value", "low", "high"}``, or None where it has none."""
    if not isinstance(value, Mapping):
        return None
    low, high = finite(value.get("low")), finite(value.get("high"))
    return None if low is None or high is None else (low, high)


def dig(tree: Any, *path: str) -> Any:
    """What lies at ``path`` in nested mappings, or None where the way ends early."""
    for key in path:
        if not isinstance(tree, Mapping):
            return None
        tree = tree.get(key)
    return tree


def number(value: Any, digits: int = 3) -> str:
    """``value`` with ``digits`` decimals and a true minus sign."""
    known = finite(value)
    if known is None:
        return DASH
    text = f"{known:,.{digits}f}"
    if not float(text.replace(",", "")):
        text = text.lstrip("-")
    return text.replace("-", "−")


def correlation(value: Any) -> str:
    """A correlation with two decimals; only what is one says 1.00."""
    known = finite(value)
    if known is not None and 0.995 <= abs(known) < 1 - 1e-9:
        known = math.copysign(0.99, known)
    return number(known, 2)


def count(value: Any) -> str:
    """A whole number with thousands separated."""
    return number(value, 0)


def percent(value: Any, digits: int | None = None) -> str:
    """A share as a percentage: ``22.1%``; two decimals below one per cent, none at 0 and 100."""
    known = finite(value)
    if known is None:
        return DASH
    if digits is None:
        digits = 0 if known in (0, 1) else 2 if abs(known) < 0.01 else 1
    return number(known * 100, digits) + "%"


def edge(value: Any) -> str:
    """A share that someone chose, without a decimal that says nothing: ``12%``."""
    return percent(value).replace(".0%", "%").replace(".00%", "%")


def amount(value: Any) -> str:
    """A quantity of unknown size in at most three or four significant digits, such as ``1,240`` or ``0.35``."""
    known = finite(value)
    if known is None:
        return DASH
    size = abs(known)
    if size >= 999_950:
        return number(known / 1e6, 1) + " million"
    if 0 < size < 0.1:
        return _small(known)
    return number(known, 0 if size >= 100 or known == int(known) else 1 if size >= 10 else 2)


def _small(known: float) -> str:
    """Two significant digits and never an exponent; what is smaller than a millionth is 0."""
    digits = min(6, 1 - math.floor(math.log10(abs(known))))
    said = number(known, digits).rstrip("0").rstrip(".")
    return said or "0"


def money(value: Any, currency: str) -> str:
    """An amount of money with its currency in front: ``EUR 1,240``."""
    return DASH if finite(value) is None else f"{currency} {amount(value)}"


def _digits(low: float, high: float, base: int) -> int:
    """Decimals that the bounds deserve: more only where the interval is narrow."""
    width = abs(high - low)
    return base if width >= 2 * 10**-base else min(base + 1, 4)


def interval(value: Any, style: Style = "score") -> str:
    """Only the interval of a figure: ``0.79–0.83``, or ``−0.01 to 0.02`` where a sign is needed."""
    ends = bounds(value)
    if ends is None:
        return ""
    if style == "percent":
        texts = [percent(end, 1) for end in ends]
        if min(ends) >= 0:
            texts[0] = texts[0].removesuffix("%")
    elif style == "count":
        texts = [count(end) for end in ends]
    else:
        digits = _digits(*ends, 3 if style == "small" else 2)
        texts = [number(end, digits) for end in ends]
    return (" to " if min(ends) < 0 else "–").join(texts)


def value(figure: Any, style: Style = "score") -> str:
    """Only the value of a figure, in the digits that its style has."""
    if style == "percent":
        return percent(figure)
    if style == "count":
        return count(figure)
    return number(figure, 4 if style == "small" else 3)


def figure(figure: Any, style: Style = "score") -> str:
    """A figure with its interval: ``0.812 (0.79–0.83)``."""
    span = interval(figure, style)
    return f"{value(figure, style)} ({span})" if span else value(figure, style)


def day(moment: Any) -> str:
    """An ISO date or moment as ``30 June 2025``; anything else as it is, nothing as a dash."""
    if moment is None or moment == "":
        return DASH
    try:
        known = datetime.datetime.fromisoformat(str(moment))
    except ValueError:
        return str(moment)
    return f"{known.day} {known:%B %Y}"


def as_of(moment: Any) -> str:
    """The day that a run looks back from, or ``undated`` where the bank has no dates at all."""
    return "undated" if moment in (None, "") else day(moment)


def plain(name: Any) -> str:
    """A name from code as words: ``money_in_90d`` is ``money in, 90 days``."""
    words = str(name).split("_")
    if len(words) > 2 and words[0] == "share" and words[1] in ("channel", "category"):
        words[1] = "by" if words[1] == "channel" else "for"
    last = words[-1]
    if len(words) > 1 and last.endswith("d") and last[:-1].isdigit():
        return f"{' '.join(words[:-1])}, {last[:-1]} days"
    if len(words) > 1 and last == "all":
        return f"{' '.join(words[:-1])}, all time"
    return " ".join(words)


def capital(said: Any) -> str:
    """``said`` with its first letter large."""
    line = str(said)
    return line[:1].upper() + line[1:]


def sentence(said: Any) -> str:
    """``said`` with a capital and a full stop; nothing stays nothing."""
    line = str(said or "").strip()
    return "" if not line else capital(line) + ("" if line.endswith((".", "!", "?")) else ".")


def joined(names: Sequence[Any]) -> str:
    """``a, b and c``."""
    texts = [str(name) for name in names]
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + " and " + texts[-1] if texts else "nothing"


def share(value: Any) -> str:
    """A share of the bank in whole per cent; never none where there is somebody."""
    known = finite(value)
    return "under 1%" if known is not None and 0 < known < 0.005 else percent(known, 0)


def plural(many: Any, one: str, more: str = "") -> str:
    """``1 loan``, ``2 loans``."""
    return f"{count(many)} {one if finite(many) == 1 else more or one + 's'}"


def same(figure: Any) -> bool:
    """Whether a difference and both its ends are exactly zero: two names for one model."""
    return isinstance(figure, Mapping) and all(figure.get(end) == 0 for end in ("value", "low", "high"))


def tone(split: Any) -> Literal["plain", "warn"]:
    """How loud the banner of a split is: only one that is not out of time warns."""
    return "plain" if isinstance(split, Mapping) and split.get("kind") == "out_of_time" else "warn"


def verdict_tone(verdict: Any) -> Literal["plain", "warn"]:
    """How loud a verdict is: one that tells the reader not to rely on the room warns."""
    said = str(verdict).lower()
    return "warn" if any(each in said for each in ("unstable", "no better", "worse", "no signal")) else "plain"
