"""What callers hand to a recommender, checked: customers, a product, what may be offered, the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from guilder.errors import DataError, UsageError
from guilder.offers.ledger import Flags, Texts
from guilder.offers.rows import find

Ids = Sequence[str] | pd.Series | Texts


def distinct(customer_ids: Ids) -> Texts:
    """The ids as an array, each once."""
    given = customer_ids if isinstance(customer_ids, np.ndarray) else list(customer_ids)
    ids = np.asarray(given, dtype=str) if len(given) else np.array([], dtype="<U1")
    if bool((ids[1:] > ids[:-1]).all()):  # in order, as a fit keeps them: nothing to sort
        return ids
    once, count = np.unique(ids, return_counts=True)
    if len(once) < len(ids):
        raise UsageError(
            f"{len(ids) - len(once):,} of {len(ids):,} customer_ids are repeated",
            known=f"for example {once[count > 1][0]}", todo="ask for each customer once",
        )  # fmt: skip
    return ids


def place_of(product_id: str, products: Texts) -> int:
    """The column of a product."""
    where = find(products, np.asarray([product_id], dtype=str))[0]
    if where < 0:
        raise UsageError(
            f"there is no product {product_id!r}", known=f"the products are {', '.join(products[:8])}",
            todo="name a product_id of the catalogue or of the interactions",
        )  # fmt: skip
    return int(where)


def mask_of(allowed: pd.DataFrame | Flags | None, ids: Texts, products: Texts) -> Flags | None:
    """What may be offered, customers × products; None for everything."""
    if allowed is None:
        return None
    if isinstance(allowed, pd.DataFrame):
        named = allowed.reindex(index=pd.Index(ids), columns=pd.Index(products), fill_value=False)
        return named.to_numpy(dtype=bool)
    mask = np.asarray(allowed, dtype=bool)
    if mask.shape != (len(ids), len(products)):
        raise UsageError(
            f"allowed has shape {mask.shape}",
            known=f"there are {len(ids)} customers and {len(products)} products",
            todo="pass one row per customer_id and one column per products_, or a frame with both names",
        )
    return mask


def catalogue_of(products: pd.DataFrame | None) -> tuple[list[str], dict[str, str]]:
    """The product_ids of a catalogue, and the name of each where names are given."""
    if products is None:
        return [], {}
    if "product_id" not in products:
        raise DataError("products has no column product_id", known=f"its columns are {', '.join(map(str, products))}")
    ids = [str(product) for product in products["product_id"]]
    if "name" not in products:
        return ids, {}
    named = products["name"].where(products["name"].notna(), products["product_id"])
    return ids, {product: str(name) for product, name in zip(ids, named, strict=True)}
