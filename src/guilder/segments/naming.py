"""Plain names for segments, from what sets each apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from guilder.segments.facts import words_of
from guilder.segments.rules import RULE_NAMES

APART = 0.5  # standard deviations from the average customer: a difference one can see
PHRASES = 2

_OFTEN = {"many bookings": "many", "few bookings": "few", "busy months": "many", "quiet months": "few"}
_LARGE = {"large amounts": "large", "small amounts": "small"}
_MOSTLY = "mostly "
_WHO = {"regular inflows": "regular earners"}


def name_segments(
    centres: NDArray[np.float64],
    facts: Sequence[str],
    *,
    ids: Sequence[str] | None = None,
    before: Mapping[str, str] | None = None,
) -> list[str]:
    """Name segments by the facts in which they lie furthest from the average customer.

    Parameters
    ----------
    centres : ndarray of shape (k, facts)
        Standardised centres; 0 is the average customer.
    facts : sequence of str
        The name of each fact.
    ids : sequence of str, optional
        The id of each segment; S1, S2, … when not given.
    before : mapping, optional
        What segments have been called until now, by id: a segment that stays keeps its name.

    Returns
    -------
    list of str
        One unique name a segment.
    """
    phrases = [_phrases(centre, facts) for centre in centres]
    lengths = [_enough(each) for each in phrases]
    while True:
        names = [_sentence(each[:length]) for each, length in zip(phrases, lengths, strict=True)]
        twins = [
            place
            for place, name in enumerate(names)
            if names.count(name) > 1 and lengths[place] < len(phrases[place])
        ]
        if not twins:
            break
        for place in twins:
            lengths[place] += 1
    known = before or {}
    identities = list(ids) if ids is not None else [segment_id(place) for place in range(len(names))]
    # The names that stay come first, so that a number falls on the newcomer.
    order = sorted(range(len(names)), key=lambda place: (identities[place] not in known, place))
    distinct = dict(zip(order, unique([known.get(identities[place], names[place]) for place in order]), strict=True))
    return [distinct[place] for place in range(len(names))]


def own_names(names: Sequence[str], ids: Sequence[str], given: Mapping[str, str] | None) -> list[str]:
    """Put the bank's own names, by id ("S1") or by automatic name, in the place of the automatic ones."""
    own = given or {}
    return unique([own.get(identity, own.get(name, name)) for identity, name in zip(ids, names, strict=True)])


def names_of_nothing(given: Mapping[str, str] | None, known: Sequence[str]) -> list[str]:
    """Warn of the bank's names for what is no segment, by id or automatic name, and no rule."""
    there = [*known, *RULE_NAMES, *RULE_NAMES.values()]
    lost = [name for name in given or {} if name not in there]
    if not lost:
        return []
    return [f"G-SEG-001: [segments] names: no segment is {' or '.join(map(repr, lost))}; there are {', '.join(there)}"]


def segment_id(place: int) -> str:
    """Return the id of the segment at a place: "S1" is the largest."""
    return f"S{place + 1}"


def unique(names: Sequence[str]) -> list[str]:
    """Tell equal names apart by a number."""
    seen: dict[str, int] = {}
    taken: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        candidate = name if seen[name] == 1 else f"{name} ({seen[name]})"
        while candidate in taken:
            seen[name] += 1
            candidate = f"{name} ({seen[name]})"
        taken.append(candidate)
    return taken


def _phrases(centre: NDArray[np.float64], facts: Sequence[str]) -> list[str]:
    """Say what sets a segment apart, the largest difference first."""
    far = sorted(range(len(facts)), key=lambda fact: (-round(abs(float(centre[fact])), 6), fact))
    said = [words_of(facts[fact])[0 if centre[fact] > 0 else 1] for fact in far if abs(centre[fact]) >= APART]
    # Busy months beside many bookings say the same again.
    first = {_OFTEN[word]: word for word in reversed(said) if word in _OFTEN}
    return [word for word in said if first.get(_OFTEN.get(word, ""), word) == word]


def _enough(phrases: Sequence[str]) -> int:
    """How many phrases go into a name of two parts."""
    return max(length for length in range(len(phrases) + 1) if len(_payments(phrases[:length])) <= PHRASES)


def _sentence(phrases: Sequence[str]) -> str:
    text = ", ".join(_payments(phrases))
    return text[:1].upper() + text[1:] if text else "Average customers"


def _payments(phrases: Sequence[str]) -> list[str]:
    """Say who they are, then how often, how large and by what they pay in one phrase, as a person would say it."""
    said = [{word: told.get(word) for word in phrases if word in told} for told in (_OFTEN, _LARGE)]
    said.append({word: word.removeprefix(_MOSTLY) for word in phrases if word.startswith(_MOSTLY)})
    found = [next(iter(each.items())) for each in said if each]
    if len(found) > 1:
        told, taken = " ".join(str(word) for _, word in found), {phrase for phrase, _ in found}
        paid = next(place for place, phrase in enumerate(phrases) if phrase in taken)
        rest = [phrase for phrase in phrases[paid:] if phrase not in taken]
        phrases = [*phrases[:paid], f"{told} payments", *rest]
    return [_WHO[each] for each in phrases if each in _WHO] + [each for each in phrases if each not in _WHO]
