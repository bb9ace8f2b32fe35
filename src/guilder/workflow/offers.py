"""Offers, wired: contacts known by the bank's date, judged, and offered to those who may have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import narwhals as nw

from guilder.features.asof import known_by
from guilder.workflow.facts import collect

if TYPE_CHECKING:
    import pandas as pd

    from guilder.offers.eligibility import Eligibility
    from guilder.offers.evaluate import OffersResult
    from guilder.offers.recommender import Recommender
    from guilder.source.bank import Bank


def contacts(bank: Bank) -> pd.DataFrame:
    """Bring to memory every contact known by the bank's date; undated ones are taken as known."""
    table = bank.tables["interactions"]
    names = table.collect_schema().names()
    if "at" not in names:
        return collect(table, "customer_id", "product_id", "kind")
    undated = table.filter(nw.col("at").is_null())
    return collect(nw.concat([known_by(table, "at", bank.as_of), undated]), "at", "customer_id", "product_id", "kind")


def catalogue(bank: Bank) -> pd.DataFrame | None:
    """Bring the products to memory.

    None where the bank has no such table but lends: which products lend is then not known, and nothing may be offered.
    A bank that brings neither products nor loans has no risk to gate by: the products are those it has contacts with.
    """
    if "products" in bank.tables:
        return collect(bank.tables["products"], "product_id")
    if "loans" in bank.tables:
        return None
    seen = collect(bank.tables["interactions"].select("product_id").unique(), "product_id")
    return seen.assign(name=seen["product_id"], is_credit=False)


def credit_products(bank: Bank) -> pd.DataFrame:
    """Bring the products to memory, indexed by product, with ``is_credit`` as the rules of eligibility see it."""
    from guilder.offers.eligibility import is_credit

    products = collect(bank.tables["products"], "product_id").set_index("product_id")
    return products.assign(is_credit=is_credit(products))


def train_offers(
    bank: Bank, segments: pd.Series[str] | None, seed: int, progress: Callable[[str], None]
) -> OffersResult:
    """Compare the ways of offering and fit the champion."""
    from guilder.offers.evaluate import evaluate

    result = evaluate(
        contacts(bank), catalogue(bank), segments=segments, settings=bank.settings.offers, random_state=seed,
        progress=progress, now=bank.as_of,
    )  # fmt: skip
    result.metrics["warnings"] = _without_products(bank)
    return result


def _without_products(bank: Bank) -> list[str]:
    if "products" in bank.tables:
        return []
    if "loans" in bank.tables:
        return ["there is no products table, so which products lend is not known and nothing is offered: add it"]
    return ["there is no products table: no limit of age or income and no rule for credit is applied to offers"]


def who_may_have_what(
    bank: Bank, customer_ids: list[str], recommender: Recommender, p_default: pd.DataFrame | None
) -> Eligibility:
    """Apply the bank's rules to every customer and product; without a PD no credit is allowed."""
    from guilder.offers.eligibility import Policy, eligible

    people = collect(bank.tables["customers"], "customer_id") if "customers" in bank.tables else None
    owned = recommender.owned(customer_ids, interactions=contacts(bank), now=bank.as_of)
    policy = Policy(max_p_default_for_credit=bank.settings.offers.max_p_default_for_credit, as_of=bank.as_of)
    return eligible(customer_ids, people, catalogue(bank), owned, p_default, policy)


def make_offers(bank: Bank, recommender: Recommender, may: Eligibility) -> pd.DataFrame:
    """Offer every customer the best of what they may have.

    Returns
    -------
    DataFrame
        customer_id, product_id, rank, score, reason.
    """
    ids, top = may.allowed.index.tolist(), bank.settings.offers.top
    return recommender.recommend(ids, top, allowed=may.allowed, interactions=contacts(bank), now=bank.as_of)


def no_offers() -> pd.DataFrame:
    """Return the table of offers without a row."""
    import pandas as pd

    kinds = {"customer_id": "str", "product_id": "str", "rank": "int64", "score": "float64", "reason": "str"}
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds.items()})
