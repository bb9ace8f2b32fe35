"""What the money was spent on and how: shares of money out by channel and by the bank's commonest categories."""

from __future__ import annotations

from collections.abc import Collection

import narwhals as nw

from guilder.features.bookings import within
from guilder.features.quotients import Quotients, quotient
from guilder.features.vocabulary import Vocabulary

WINDOW = "365d"


def names(vocabulary: Vocabulary, present: Collection[str]) -> dict[str, tuple[str, list[str]]]:
    """Return the facts by name, each with its column and the bank's words that it counts."""
    return {
        f"share_{column}_{slug}_{WINDOW}": (column, words)
        for column in ("channel", "category")
        if column in present
        for slug, words in vocabulary.named(column).items()
    }


def sums(vocabulary: Vocabulary, present: Collection[str]) -> list[nw.Expr]:
    """Return the sums to take over the known bookings: money out by word."""
    spent = within(WINDOW, nw.when(nw.col("cents") < 0).then(nw.col("size")))
    return [
        nw.when(nw.col(column).is_in(words)).then(spent).sum().alias(f"spent_{name}")
        for name, (column, words) in names(vocabulary, present).items()
    ]


def quotients(vocabulary: Vocabulary, present: Collection[str]) -> Quotients:
    """Return what the facts divide; a year without money out has no shares."""
    return {name: (nw.col(f"spent_{name}"), nw.col(f"out_{WINDOW}")) for name in names(vocabulary, present)}


def facts(vocabulary: Vocabulary, present: Collection[str]) -> list[nw.Expr]:
    """Return the shares, from the `quotients`."""
    return [quotient(name) for name in names(vocabulary, present)]
