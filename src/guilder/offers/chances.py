"""How likely a customer is to take a product within some weeks: the champion's ranking against what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.base import clone

from guilder.offers.ledger import TAKEN, Flags, Floats, Texts, ledger
from guilder.offers.popular import draws
from guilder.offers.recommender import Recommender
from guilder.offers.rows import find

WINDOW_DAYS = 90
"""The last days before today, whose uptake is what chances are of."""
MOST_CUSTOMERS = 50_000
BINS = 10
DOUBT = 50.0
"""Customers' worth of the product's own rate mixed into that of each tenth of the ranking."""
FEWEST = 30
"""Products taken in the window, all together, below which no chance is given."""


@dataclass(frozen=True)
class Chances:
    """The chance of taking each product within ``days``, by the champion's own ranking.

    Parameters
    ----------
    products : array of str
        Sorted.
    days : int
    customers, taken : int
        What the chances were read from.
    centres, rates : tuple of arrays
        For each product, places on the ranking (0 last, 1 first of those who do not own it) and the chance there, which
        never falls. Places, not scores: the same customer's score moves as the champion learns from more weeks.
    """

    products: Texts
    days: int
    customers: int
    taken: int
    centres: tuple[Floats, ...]
    rates: tuple[Floats, ...]

    def of(self, affinity: pd.DataFrame, owned: pd.DataFrame) -> pd.DataFrame:
        """Read the chance of every customer and product off their place on the ranking; NaN for what they own.

        Parameters
        ----------
        affinity : DataFrame
            Of all customers, as :meth:`Recommender.affinity` gives it.
        owned : DataFrame of bool
        """
        where = find(self.products, np.asarray(affinity.columns, dtype=str))
        free = ~owned.reindex(index=affinity.index, columns=affinity.columns, fill_value=False).to_numpy(dtype=bool)
        made, key = np.full(affinity.shape, np.nan), affinity.to_numpy()
        for column, place in enumerate(where.tolist()):
            rows = free[:, column]
            if place >= 0 and rows.any():
                centre = self.centres[place]
                # The nearest tenth: a line between tenths would invent chances where nobody stood.
                nearest = np.searchsorted((centre[1:] + centre[:-1]) / 2, _places(key[rows, column]))
                made[rows, column] = self.rates[place][nearest]
        return pd.DataFrame(made, index=affinity.index, columns=affinity.columns)


def chances(
    recommender: Recommender, interactions: pd.DataFrame, products: Sequence[str], as_of: object,
    days: int = WINDOW_DAYS,
) -> Chances | None:
    """Fit the champion again before the last weeks, and see how often each tenth of its ranking took each product then.

    Parameters
    ----------
    recommender : Recommender
        The champion; only its settings are used.
    interactions : DataFrame
        customer_id, product_id, kind and ``at``.
    products : sequence of str
    as_of : datetime
        Rows at or after it are dropped.
    days : int

    Returns
    -------
    Chances or None
        None where the interactions are not dated, or hardly a product was taken in the window.
    """
    if "at" not in interactions or interactions["at"].isna().all():
        return None
    today = pd.Timestamp(as_of)  # type: ignore[arg-type]
    cut = today - pd.Timedelta(days=days)
    book = ledger(interactions, products=products, now=cut)
    if not len(book.customers):
        return None
    asked = book.customers
    if len(asked) > MOST_CUSTOMERS:
        asked = np.sort(asked[np.argsort(draws(asked, np.array(["chances"]), 0)[:, 0], kind="stable")[:MOST_CUSTOMERS]])
    fitted: Recommender = clone(recommender).fit_ledger(book, cut.timestamp() / 86_400)
    keys = fitted.affinity(asked).to_numpy()
    free = ~fitted.owned(asked).to_numpy()
    took = _took(interactions, cut, today, asked, book.products) & free
    if int(took.sum()) < FEWEST:
        return None
    curves = [_curve(keys[open_, j], took[open_, j]) for j, open_ in enumerate(free.T)]
    centres, rates = zip(*curves, strict=True)
    return Chances(book.products, days, len(asked), int(took.sum()), centres, rates)


def _took(
    interactions: pd.DataFrame, cut: pd.Timestamp, today: pd.Timestamp, people: Texts, products: Texts
) -> Flags:
    later = interactions.loc[(interactions["at"] >= cut) & (interactions["at"] < today)]
    later = later.loc[later["kind"].isin(TAKEN)]
    who = find(people, np.asarray(later["customer_id"], dtype=str))
    what = find(products, np.asarray(later["product_id"], dtype=str))
    known = (who >= 0) & (what >= 0)
    took = np.zeros((len(people), len(products)), dtype=bool)
    took[who[known], what[known]] = True
    return took


def _curve(key: Floats, took: Flags) -> tuple[Floats, Floats]:
    """Places on the ranking and the chance there: tenths of the customers, drawn to the whole, made never to fall."""
    rate = (took.sum() + 0.5) / (len(took) + 1.0)
    if not len(key):
        return np.array([0.0]), np.array([rate])
    place = _places(key)
    tenth = np.minimum((place * BINS).astype(np.int64), BINS - 1)
    size = np.bincount(tenth, minlength=BINS).astype(np.float64)
    full = size > 0
    centre = np.bincount(tenth, weights=place, minlength=BINS)[full] / size[full]
    found = (np.bincount(tenth, weights=took, minlength=BINS)[full] + DOUBT * rate) / (size[full] + DOUBT)
    return centre, _rising(found, size[full] + DOUBT)


def _places(key: Floats) -> Floats:
    """The share of customers below each, half of the equals counted in: equals stand at one place."""
    ordered = np.sort(np.round(key, 12))
    below, upto = (np.searchsorted(ordered, np.round(key, 12), side) for side in ("left", "right"))
    return np.asarray((below + upto) / (2.0 * max(len(key), 1)))


def _rising(values: Floats, weights: Floats) -> Floats:
    """Pool neighbours that fall until none does."""
    level: list[list[float]] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        level.append([value, weight, 1])
        while len(level) > 1 and level[-2][0] >= level[-1][0]:
            (a, m, i), (b, n, j) = level[-2:]
            level[-2:] = [[(a * m + b * n) / (m + n), m + n, i + j]]
    return np.repeat([value for value, _, _ in level], [int(count) for _, _, count in level])
