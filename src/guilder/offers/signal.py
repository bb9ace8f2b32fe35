"""Do customers' own histories say anything about what they take next, beyond what everybody takes?"""

from __future__ import annotations

import numpy as np

from guilder.offers.ledger import Flags, Floats, Ints

_ROUNDS = 60
_CELLS = 4_000_000
"""Customers × products looked at: the first customers beyond it are enough to tell."""


def blind(relevant: Flags, candidates: Flags) -> Floats:
    """The chance that each customer takes each candidate, were there no taste at all.

    Some customers take more than others and some products are taken more than others; nothing else is known:
    p = a·b / (1 + a·b), a of the customer and b of the product (Rasch, 1960), fitted so that the expected uptake of
    every customer and of every product is what it was. That absorbs popularity, how active a customer is and
    saturation: a dominant product has few candidates left, which is not a taste.

    Parameters
    ----------
    relevant, candidates : array of bool, shape (customers, products)
    """
    free = candidates.astype(float)
    rows, columns = relevant.sum(axis=1).astype(float), relevant.sum(axis=0).astype(float)
    active = rows / max(np.sqrt(rows.sum()), 1.0)
    wanted = columns / max(np.sqrt(columns.sum()), 1.0)
    for _ in range(_ROUNDS):
        share = free / (1.0 + np.outer(active, wanted))
        total = share @ wanted
        active = np.divide(rows, total, out=np.zeros_like(rows), where=total > 0)
        share = free / (1.0 + np.outer(active, wanted))
        total = active @ share
        wanted = np.divide(columns, total, out=np.zeros_like(columns), where=total > 0)
    odds = np.outer(active, wanted)
    return np.asarray(free * odds / (1.0 + odds))


def taste(ranked: Ints, relevant: Flags, candidates: Flags) -> float:
    """How many standard errors the ranking gains over customers without a taste of their own.

    Each customer's discounted gain (1 / log2(place + 1) a hit) is compared with what the same list would have earned,
    had the customer chosen as in :func:`blind`. Any ordering that ignores the customer, by popularity or by chance,
    earns zero on average, and so does every ordering on pure noise.

    Parameters
    ----------
    ranked : array of int, shape (customers, k)
    relevant, candidates : array of bool, shape (customers, products)
    """
    most = max(1, _CELLS // max(relevant.shape[1], 1))
    ranked, relevant, candidates = ranked[:most], relevant[:most], candidates[:most]
    gain = np.zeros(relevant.shape)
    who, place = np.nonzero(ranked >= 0)
    gain[who, ranked[who, place]] = 1.0 / np.log2(place + 2)
    excess = (gain * (relevant - blind(relevant, candidates))).sum(axis=1)
    spread = float(excess.std(ddof=1)) if len(excess) > 1 else 0.0
    return float(excess.mean() / (spread / np.sqrt(len(excess)))) if spread > 0 else 0.0
