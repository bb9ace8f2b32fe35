"""The words a bank uses most for its categories and channels: which shares of spending become facts."""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass
from datetime import datetime

import narwhals as nw

from guilder.features.asof import Lazy, known_by


@dataclass(frozen=True)
class Vocabulary:
    """The bank's own words for its commonest categories and channels, most used first.

    Fixed when a model is trained and kept with it: a word that appears later has no fact.
    """

    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()

    def named(self, column: str) -> dict[str, list[str]]:
        """Return the words of ``category`` or ``channel`` by their slug; words with one slug count together."""
        named: dict[str, list[str]] = {}
        for word in {"category": self.categories, "channel": self.channels}[column]:
            named.setdefault(slug(word), []).append(word)
        return named


def slug(word: str) -> str:
    """Return a word as a piece of a fact's name: ``[a-z0-9_]``, never empty, the same on every machine."""
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    letters = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
    return letters or f"x{zlib.crc32(word.encode()):08x}"


def vocabulary(transactions: Lazy | None, before: datetime, top: int = 8) -> Vocabulary:
    """Return the ``top`` commonest words of money out, from bookings known strictly before a moment.

    Brings at most ``top`` words a column to memory. Equally common words are taken in the order of the alphabet.
    """
    if transactions is None:
        return Vocabulary()
    known = known_by(transactions, "at", before).filter(nw.col("amount") < 0)
    present = known.columns
    words = {column: _commonest(known, column, top) if column in present else () for column in ("category", "channel")}
    return Vocabulary(words["category"], words["channel"])


def _commonest(known: Lazy, column: str, top: int) -> tuple[str, ...]:
    counted = known.filter(~nw.col(column).is_null()).group_by(column).agg(count=nw.len())
    first = counted.with_columns(count=nw.col("count").cast(nw.Int64)).sort("count", column, descending=[True, False])
    return tuple(str(word) for word in first.head(top).collect("pyarrow").get_column(column).to_list() if word)
