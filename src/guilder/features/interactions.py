"""What a customer held and touched before a date: holdings, and counts of contacts by kind."""

from __future__ import annotations

from datetime import datetime

import narwhals as nw

from guilder.contract.tables import KINDS_OF_INTERACTION
from guilder.features.asof import Lazy, known_by, moment
from guilder.features.calendar import day_number

WINDOW_DAYS = 365


def holdings(interactions: Lazy, as_of: datetime) -> Lazy:
    """Return the products each customer held by a date.

    A product is held when a ``hold`` is known and no ``close`` came after the last one; a close at the very moment
    of the last hold does not end it, so that an offer errs on the side of "already held". Interactions without
    ``at`` are taken as recorded: held, unless there is any close.

    Returns
    -------
    LazyFrame
        ``customer_id``, ``product_id``, and with dates ``held_since`` (the last hold).
    """
    if "at" not in interactions.columns:
        marked = interactions.select("customer_id", "product_id", hold=_is("hold"), close=_is("close"))
        undated = marked.group_by("customer_id", "product_id").agg(nw.col("hold", "close").max())
        return undated.filter((nw.col("hold") == 1) & (nw.col("close") == 0)).select("customer_id", "product_id")
    known = known_by(interactions, "at", as_of)
    at = moment("at")
    dated = known.group_by("customer_id", "product_id").agg(
        nw.when(nw.col("kind") == "hold").then(at).max().alias("held_since"),
        nw.when(nw.col("kind") == "close").then(at).max().alias("closed_at"),
    )
    return dated.filter(_open()).select("customer_id", "product_id", "held_since")


def interaction_facts(interactions: Lazy, spine: Lazy) -> Lazy:
    """Make the interaction facts of every row of the spine that has a known interaction.

    Needs dated interactions: what is undated cannot be joined to a decision of the past.

    Returns
    -------
    LazyFrame
        ``row``, ``products_held``, ``interactions_<kind>_365d`` for each kind of the contract.
    """
    kept = [name for name in ("product_id", "kind", "loaded_at") if name in interactions.columns]
    dated = interactions.select("customer_id", *kept, at=moment("at"))
    joined = dated.join(spine.select("row", "customer_id", "as_of"), on="customer_id", how="inner")
    days = day_number(nw.col("as_of")) - day_number(nw.col("at"))
    known = known_by(joined, "at", "as_of").with_columns(recent=days <= WINDOW_DAYS)
    by_product = known.group_by("row", "product_id").agg(
        nw.when(nw.col("kind") == "hold").then(nw.col("at")).max().alias("held_since"),
        nw.when(nw.col("kind") == "close").then(nw.col("at")).max().alias("closed_at"),
        *(
            nw.when(nw.col("recent") & (nw.col("kind") == kind)).then(1).otherwise(0).sum().alias(kind)
            for kind in KINDS_OF_INTERACTION
        ),
    )
    counted = by_product.with_columns(held=nw.when(_open()).then(1).otherwise(0))
    return counted.group_by("row").agg(
        nw.col("held").sum().cast(nw.Float64).alias("products_held"),
        *(nw.col(kind).sum().cast(nw.Float64).alias(f"interactions_{kind}_365d") for kind in KINDS_OF_INTERACTION),
    )


def _is(kind: str) -> nw.Expr:
    return nw.when(nw.col("kind") == kind).then(1).otherwise(0)


def _open() -> nw.Expr:
    held, closed = nw.col("held_since"), nw.col("closed_at")
    return ~held.is_null() & (closed.is_null() | (closed <= held))
