"""Who is held out of a campaign so that it can be measured: drawn by a keyed hash, the same every time."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable


def held_out(customers: Iterable[str], share: float, *, key: bytes, campaign: str = "") -> list[bool]:
    """Draw a control group.

    Parameters
    ----------
    customers : iterable of str
        Ids.
    share : float
        The share to hold out, 0 to 1; a larger share holds out the same customers and more.
    key : bytes
        Without it nobody can tell who is held out, or arrange to be.
    campaign : str
        Another campaign draws another group; the same one draws the same group on every run.

    Returns
    -------
    list of bool
        Whether each customer is held out: HMAC-SHA256 of campaign and id, as a fraction, lies under the share. It
        depends on no other customer, so the group stays as customers come and go.
    """
    return [_fraction(customer, key, campaign) < share for customer in customers]


def _fraction(customer: str, key: bytes, campaign: str) -> float:
    digest = hmac.new(key, f"{campaign}\0{customer}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
