"""How likely a customer is to take a product within some weeks: the champion's ranking against what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.base import clone

from guilder.offers.curves import curve, places, shape_of
from guilder.offers.ledger import TAKEN, Flags, Floats, Texts, ledger
from guilder.offers.popular import draws
from guilder.offers.recommender import Recommender
from guilder.offers.rows import find
from guilder.offers.trial import MOST_CELLS, Known

WINDOW_DAYS = 90
"""The last days before today, whose uptake is what chances are of."""
MOST_CUSTOMERS = 50_000
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
        never falls; between them it is a straight line, in gaps a step. Places, not scores: the same customer's score
        moves as the champion learns from more weeks.
    shape : str
        One of :data:`~guilder.offers.curves.SHAPES`.
    """

    products: Texts
    days: int
    customers: int
    taken: int
    centres: tuple[Floats, ...]
    rates: tuple[Floats, ...]
    shape: str

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
                stands = places(key[rows, column])
                made[rows, column] = np.interp(stands, self.centres[place], self.rates[place])
        return pd.DataFrame(made, index=affinity.index, columns=affinity.columns)


def chances(
    recommender: Recommender, interactions: pd.DataFrame, products: Sequence[str], as_of: object,
    days: int = WINDOW_DAYS, known_at: Known | None = None,
) -> Chances | None:
    """Fit the champion again before the last weeks, and see how often customers along its ranking took each product.

    Of the shapes a curve may have, the one is taken that tells best, by log loss, what the other half of the customers
    took.

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
    known_at : callable, optional
        Given cuts in time, the segments and facts of customers as they were known before each.

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
    most = min(MOST_CUSTOMERS, MOST_CELLS // max(len(book.products), 1))
    if len(asked) > most:
        asked = np.sort(asked[np.argsort(draws(asked, np.array(["chances"]), 0)[:, 0], kind="stable")[:most]])
    segments, facts = (None, None) if known_at is None else known_at([cut])[cut]
    fitted: Recommender = clone(recommender).fit_ledger(
        book, cut.timestamp() / 86_400, segments=segments, facts=facts
    )
    keys = fitted.affinity(asked).to_numpy()
    free = ~fitted.owned(asked).to_numpy()
    took = _took(interactions, cut, today, asked, book.products) & free
    if int(took.sum()) < FEWEST:
        return None
    half = draws(asked, np.array(["half"]), 0)[:, 0] < 0.5
    columns = [(keys[open_, j], took[open_, j], half[open_]) for j, open_ in enumerate(free.T)]
    key, taken, side = zip(*columns, strict=True)
    shape = shape_of(key, taken, side)
    centres, rates = zip(*(curve(places(k), t, shape) for k, t in zip(key, taken, strict=True)), strict=True)
    return Chances(book.products, days, len(asked), int(took.sum()), centres, rates, shape)


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
