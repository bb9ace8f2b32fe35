"""Pseudonyms: ids replaced by a keyed hash, which only who has the key can make again."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

SHORTEST = 16
"""Characters of a key: a shorter one could be guessed from a few known ids."""


@dataclass(frozen=True)
class Key:
    """A secret, and the name by which what it made is known.

    Parameters
    ----------
    secret : bytes
        Never written anywhere.
    """

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Eight hexadecimal digits, the beginning of every pseudonym: after a rotation old and new are told apart."""
        return self._hash("key\0")[:8]

    def pseudonym(self, identifier: str) -> str:
        """Replace an id: the key's id, a point, and half of HMAC-SHA256."""
        return f"{self.id}.{self._hash(f'id{chr(0)}{identifier}')[:32]}"

    def _hash(self, text: str) -> str:
        return hmac.new(self.secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
