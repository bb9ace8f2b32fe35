"""Whose id is shown and where: pseudonyms in scores, exports and the audit log, for the banks that ask for them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from guilder.contract.pseudonym import SHORTEST, Key
from guilder.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from guilder.contract.bank_file import BankFile, Place

KEY = "GUILDER_PSEUDONYM_KEY"
"""The environment variable that holds the key."""
KEYS_BEFORE = "GUILDER_PSEUDONYM_KEYS_BEFORE"
"""Keys that were used before, parted by commas: they make no pseudonym any more, and find those they made."""


def key_for(settings: BankFile, place: Place) -> Key | None:
    """The key by which ids are replaced in a place; None where the bank does not ask for it.

    Raises
    ------
    UsageError
        When the bank asks for pseudonyms and the environment holds no key, or a short one.
    """
    if place not in settings.privacy.pseudonymise:
        return None
    secret = os.environ.get(KEY, "")
    if len(secret) < SHORTEST:
        raise UsageError(
            f"[privacy] asks for pseudonyms in {place}, and {KEY} holds "
            + ("no key" if not secret else f"a key of fewer than {SHORTEST} characters"),
            known="the key stands in the environment only, and is never written",
            todo=f"make one and keep it safe: export {KEY}=$(openssl rand -hex 32)",
        )
    return Key(secret.encode())


def known_keys() -> list[Key]:
    """The key and those before it, as far as the environment holds them."""
    secrets = [os.environ.get(KEY, ""), *os.environ.get(KEYS_BEFORE, "").split(",")]
    return [Key(secret.encode()) for secret in map(str.strip, secrets) if len(secret) >= SHORTEST]


def names_of(customer_id: str) -> list[str]:
    """Every name a customer may stand under: the id, and its pseudonyms by every known key."""
    return [customer_id, *(key.pseudonym(customer_id) for key in known_keys())]


def masked(table: pd.DataFrame, settings: BankFile, place: Place) -> pd.DataFrame:
    """Replace the ids of customers in a table that leaves for a place."""
    key = key_for(settings, place)
    if key is None or "customer_id" not in table:
        return table
    kept = table["customer_id"]
    return table.assign(customer_id=kept.map({each: key.pseudonym(str(each)) for each in kept.dropna().unique()}))
