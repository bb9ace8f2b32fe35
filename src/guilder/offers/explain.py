"""Why a product is offered: the exact contribution of each product a customer has, and plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from guilder.offers.lift import Lift
from guilder.offers.neighbours import dense

LIKE_YOU = "popular among customers with a pattern like yours"
POPULAR = "popular among all customers"

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.str_]


@dataclass(frozen=True)
class Contribution:
    """What one product of the customer adds to the score; ``term`` says what it is where it is no product."""

    product_id: str | None
    value: float
    term: str = ""


@dataclass(frozen=True)
class Explanation:
    """The score of one product for one customer and what it is made of; the contributions sum to the score."""

    customer_id: str
    product_id: str
    score: float
    basis: Literal["holdings", "popularity"]
    reason: str
    contributions: tuple[Contribution, ...]


def sentences(
    profile: Floats, owned: Flags, evidence: Any, chosen: Ints, scored: Flags, names: Texts, known: Flags,
    lift: Lift,
) -> NDArray[np.object_]:
    """One sentence an offer, in whole blocks: the two strongest products of the profile that speak for it.

    Parameters
    ----------
    profile, owned : array, shape (customers, products)
    evidence : array or csr_matrix, shape (products, products)
        How far product i speaks for product j; zero where it does not.
    chosen, scored : array, shape (customers, n)
        Columns offered (-1 for none), and whether by score.
    names : array, shape (products,)
    known : array of bool, shape (customers,)
        Whether the customer's segment is known.
    lift : Lift
        How often customers with the same products hold the one that is offered.
    """
    words = np.full(chosen.shape, "", dtype=object)
    rows = np.arange(len(chosen))
    for place in range(chosen.shape[1]):
        product = np.maximum(chosen[:, place], 0)
        part = profile * dense(evidence[:, product]).T
        one = part.argmax(axis=1)
        most = part[rows, one]
        part[rows, one] = 0.0
        two = part.argmax(axis=1)
        # A second product is named only when it carries a fair share of the first one's weight.
        two = np.where(part[rows, two] > 0.2 * most, two, -1)
        speaks = scored[:, place] & (most > 0)
        kind = np.where(chosen[:, place] < 0, 0, np.where(speaks, 1, np.where(known, 2, 3)))
        first_owned, second_owned = owned[rows, one], owned[rows, np.maximum(two, 0)]
        codes = (kind, np.where(speaks, one, 0), np.where(speaks, two, -1), speaks & first_owned,
                 speaks & second_owned, np.where(speaks, product, 0))  # fmt: skip
        sizes = (4, len(names), len(names) + 1, 2, 2, len(names))
        packed = np.zeros(len(chosen), dtype=np.int64)
        for code, size, low in zip(codes, sizes, (0, 0, -1, 0, 0, 0), strict=True):
            packed = packed * size + (code - low)
        _, example, where = np.unique(packed, return_index=True, return_inverse=True)
        distinct = [tuple(int(code[i]) for code in codes) for i in example]
        words[:, place] = np.array([_sentence(names, lift, *row) for row in distinct], dtype=object)[where]
    return words


def _sentence(
    names: Texts, lift: Lift, kind: int, one: int, two: int, owns_one: int, owns_two: int, product: int
) -> str:
    if kind != 1:
        return {0: "", 2: LIKE_YOU, 3: POPULAR}[kind]
    sides = [(i, owns) for i, owns in ((one, owns_one), (two, owns_two)) if i >= 0]
    held = [names[i] for i, owns in sides if owns]
    seen = ["this product" if i == product else names[i] for i, owns in sides if not owns]
    parts = []
    if held:
        parts.append("you hold " + " and ".join(held))
    if seen:
        parts.append("you showed interest in " + " and ".join(seen))
    return "because " + " and ".join(parts) + ("" if seen else lift.words(one, two, product))
