"""Do customers' own histories say anything about what they take next, beyond what everybody takes?"""

from __future__ import annotations

import numpy as np

from guilder.offers.ledger import Flags, Floats, Ints

_ROUNDS = 50


def blind_shares(relevant: Flags, candidates: Flags) -> Floats:
    """How attractive each product is to anyone who can still take it, were there no taste at all.

    The Plackett–Luce weights that would give every product the uptake it had, when each customer chooses among
    their own candidates only (Hunter's MM iterations, 2004). They absorb popularity *and* saturation: a dominant
    product has few candidates left, which is not a taste.

    Parameters
    ----------
    relevant, candidates : array of bool, shape (customers, products)

    Returns
    -------
    array, shape (products,)
        Weights that sum to one.
    """
    uptake, free = relevant.sum(axis=0).astype(float), candidates.astype(float)
    number = relevant.sum(axis=1).astype(float)
    weight = uptake / max(uptake.sum(), 1.0)
    for _ in range(_ROUNDS):
        total = free @ weight
        demand = (number / np.where(total > 0, total, np.inf)) @ free
        weight = np.divide(uptake, demand, out=np.zeros_like(uptake), where=demand > 0)
        weight /= max(weight.sum(), 1e-300)
    return np.asarray(weight)


def taste(ranked: Ints, relevant: Flags, candidates: Flags) -> float:
    """How many standard errors the ranking gains over customers without a taste of their own.

    Each customer's discounted gain (1 / log2(place + 1) a hit) is compared with what the same list would have earned,
    had the customer drawn from their candidates by :func:`blind_shares`. Any ordering that ignores the customer, by
    popularity or by chance, earns zero on average, and so does every ordering on pure noise.

    Parameters
    ----------
    ranked : array of int, shape (customers, k)
    relevant, candidates : array of bool, shape (customers, products)
    """
    gain = np.zeros(relevant.shape)
    who, place = np.nonzero(ranked >= 0)
    gain[who, ranked[who, place]] = 1.0 / np.log2(place + 2)
    weight = blind_shares(relevant, candidates) * candidates
    total = weight.sum(axis=1, keepdims=True)
    blind = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    excess = (gain * relevant).sum(axis=1) - relevant.sum(axis=1) * (gain * blind).sum(axis=1)
    spread = float(excess.std(ddof=1)) if len(excess) > 1 else 0.0
    return float(excess.mean() / (spread / np.sqrt(len(excess)))) if spread > 0 else 0.0
