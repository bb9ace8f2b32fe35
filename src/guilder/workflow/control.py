"""Who is held out, wired: the key of the draw is the bank's own, or its name and seed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from guilder.source.bank import Bank

KEY = "GUILDER_CONTROL_KEY"
"""The environment variable that holds the key of the draw; the bank's name and seed stand in."""


def control_key(bank: Bank) -> bytes:
    """Give the key of the draw."""
    return (os.environ.get(KEY) or f"{bank.name}\0{bank.settings.seed}").encode()


def never_offered(bank: Bank, customer_ids: Sequence[str]) -> frozenset[str]:
    """Name the customers that ``[offers] control`` keeps from every offer, whatever the campaign."""
    from guilder.segments.control import held_out

    share = bank.settings.offers.control
    if not share:
        return frozenset()
    drawn = held_out(customer_ids, share, key=control_key(bank), campaign="every offer")
    return frozenset(one for one, held in zip(customer_ids, drawn, strict=True) if held)


def held_back(bank: Bank, customer_ids: Sequence[str], share: float, campaign: str) -> NDArray[np.bool_]:
    """Say of each customer whether they are not contacted: by the campaign's own draw, or kept from every offer."""
    import numpy as np

    from guilder.segments.control import held_out

    never = never_offered(bank, customer_ids)
    drawn = held_out(customer_ids, share, key=control_key(bank), campaign=campaign)
    return np.array([held or one in never for one, held in zip(customer_ids, drawn, strict=True)], dtype=bool)
