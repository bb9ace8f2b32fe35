"""How dates are written: the formats that fit a sample, and what a person must decide about them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from itertools import islice

FORMATS = (
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%m.%d.%Y", "%d-%m-%Y", "%m-%d-%Y",
    "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%y%m%d", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%y%m%d %H:%M:%S",
    "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S",
    "%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%d %B %Y",
)


NUMBERS = {
    "excel": (20_000, 80_000, "days of a spreadsheet, from 1954 to 2119"),
    "epoch": (3e8, 4e9, "seconds since 1970, from 1979 to 2096"),
    "epoch_ms": (3e11, 4e12, "milliseconds since 1970, from 1979 to 2096"),
}
"""How large numbers are that stand for dates, and what they are."""


def fitting(values: Sequence[str]) -> list[str]:
    """List the formats that read nearly every value (99 of 100), the best first."""
    found = []
    for number, form in enumerate(FORMATS):
        unread = (item for item in values if not _reads(item, form))
        missed = sum(1 for _ in islice(unread, len(values) // 100 + 1))  # most formats are refused by the first few
        if values and missed <= len(values) // 100:
            found.append((missed, number, form))
    return [form for _, _, form in sorted(found)]


def shapes(values: Sequence[str]) -> list[str]:
    """Show how values are written without showing them: digits become 9, letters become a."""
    counted: dict[str, int] = {}
    for item in values:
        shape = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", item))[:30]
        counted[shape] = counted.get(shape, 0) + 1
    return sorted(counted, key=lambda shape: (-counted[shape], shape))[:3]


def share_of_small_days(values: Sequence[str], form: str) -> float:
    """Give the share of values whose day is 12 or less, and so could also be a month; about .39 is chance."""
    days = [day for item in values if (day := _day(item, form)) is not None]
    return sum(day <= 12 for day in days) / len(days) if days else 0.0


def describe(values: Sequence[str]) -> tuple[str, str]:
    """Say what is known about dates that were not declared, and the line that would declare them.

    Returns
    -------
    tuple of str
        What is known (the shapes and the formats that fit); the line to add.
    """
    forms = fitting(values)
    known = f"They look like {', '.join(map(repr, shapes(values)))}."
    numbers = [float(item) for item in values if re.fullmatch(r"\d+(\.\d+)?", item)]
    if not forms:
        for form, (low, high, what) in NUMBERS.items():
            if numbers and len(numbers) == len(values) and all(low <= number < high for number in numbers):
                return f"{known} Numbers of that size are {what}.", f'date_format = "{form}"'
        return known, 'date_format = "%d/%m/%Y" (day %d, month %m, year %Y or %y, time %H:%M:%S)'
    if len(forms) > 1:
        share = share_of_small_days(values, forms[0])
        known += f" {share:.0%} of the days are 12 or less; a person must decide: {', '.join(map(repr, forms))}."
        return known, " or ".join(f'date_format = "{form}"' for form in forms[:2])
    return known, f'date_format = "{forms[0]}"'


def _day(text: str, form: str) -> int | None:
    try:
        return datetime.datetime.strptime(text, form).day
    except ValueError:
        return None


def _reads(text: str, form: str) -> bool:
    return _day(text, form) is not None
