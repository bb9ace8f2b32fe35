"""Who holds what by a day, of every product there is: also those that came after a recommender was fitted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from guilder.offers.ledger import ledger
from guilder.offers.rows import rows


def holdings(
    interactions: pd.DataFrame, customer_ids: Sequence[str], *, products: Sequence[str] = (), now: object | None = None
) -> pd.DataFrame:
    """Say what each customer holds.

    Parameters
    ----------
    interactions : DataFrame
        customer_id, product_id, kind, and perhaps ``at``.
    customer_ids : sequence of str
        Each once; who is not in the interactions holds nothing.
    products : sequence of str
        Of the catalogue, added to those that occur.
    now : datetime, optional
        Rows at or after it are not known yet.

    Returns
    -------
    DataFrame of bool
        Customers, in the order given, × products.
    """
    ids = pd.Index([str(one) for one in customer_ids], name="customer_id", dtype="str")
    book = ledger(interactions, products=products, now=now)
    held = rows(book.owned, book.customers, np.asarray(ids, dtype=str))
    return pd.DataFrame(
        held.toarray(), index=ids, columns=pd.Index(book.products, name="product_id", dtype="str")
    )
