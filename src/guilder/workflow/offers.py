"""Offers, wired: contacts known by the bank's date, judged, and offered to those who may have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import narwhals as nw

from guilder.features.asof import known_by
from guilder.workflow.facts import collect
from guilder.workflow.offers_past import known_at, who_they_are
from guilder.workflow.offers_policy import campaign_log, policy_on_offers, standing_of

if TYPE_CHECKING:
    import pandas as pd

    from guilder.offers.eligibility import Eligibility
    from guilder.offers.evaluate import OffersResult
    from guilder.offers.recommender import Recommender
    from guilder.source.bank import Bank


def contacts(bank: Bank) -> pd.DataFrame:
    """Bring to memory every contact known by the bank's date; undated ones are taken as known.

    Where the bank keeps campaigns, what they alone brought about is marked, so that nothing is learned from it.
    """
    from guilder.offers.echo import flagged

    table = bank.tables["interactions"]
    names = table.collect_schema().names()
    if "at" not in names:
        return collect(table, "customer_id", "product_id", "kind")
    undated = table.filter(nw.col("at").is_null())
    known = nw.concat([known_by(table, "at", bank.as_of), undated])
    met, log = collect(known, "at", "customer_id", "product_id", "kind"), campaign_log(bank)
    return met if log is None else flagged(met, log)


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
    """Compare the ways of offering, each with what was known at its cut, and fit the champion on what is known now."""
    from guilder.offers.evaluate import evaluate

    met = contacts(bank)
    result = evaluate(
        met, catalogue(bank), segments=segments, facts=who_they_are(bank), known_at=known_at(bank, seed),
        settings=bank.settings.offers, random_state=seed, progress=progress, now=bank.as_of,
    )  # fmt: skip
    result.metrics["campaigns"] = campaigns_of(bank, met)
    result.metrics["warnings"] = [*without_products(bank), *cannot_tell(bank), *limited_elsewhere(bank)]
    return result


def campaigns_of(bank: Bank, met: pd.DataFrame) -> dict[str, Any] | None:
    """Say what campaigns brought, and how many contacts are not learned from for their sake; None without campaigns."""
    from guilder.offers.echo import UNLEARNED
    from guilder.offers.uplift import uplift

    log = campaign_log(bank)
    if log is None:
        return None
    marked = int(met[UNLEARNED].notna().sum()) if UNLEARNED in met else 0
    return {**uplift(log, bank.as_of), "not_learned_from": marked, "interactions": len(met)}


def cannot_tell(bank: Bank) -> tuple[str, ...]:
    """Say which rules withhold everything because the bank does not bring what they look at."""
    said = bank.settings.offers
    present = bank.tables["customers"].collect_schema().names() if "customers" in bank.tables else []
    dates = {"deceased": "deceased_on", "in_arrears": "arrears_since"}
    gone = [name for name in said.needs if name not in present and dates.get(name, name) not in present]
    told = [
        f"G-OFFER-006: [offers] needs {name}, which customers do not have: "
        f"{'no credit' if name == 'in_arrears' and said.arrears == 'credit' else 'nothing'} is offered" for name in gone
    ]
    if said.max_contacts is not None and "campaigns" not in bank.tables:
        told.append("G-OFFER-007: [offers] max_contacts needs campaigns, a table that is not there: nothing is offered")
    if "region" not in present and any(one.regions for one in said.products.values()):
        told.append(
            "G-OFFER-008: [offers.products] regions need customers.region, which is not there: they are withheld"
        )
    return tuple(told)


def limited_elsewhere(bank: Bank) -> tuple[str, ...]:
    """Say which limits of the bank file are of a campaign, and so do not hold in the table of offers."""
    limited = [name for name, one in bank.settings.offers.products.items() if one.volume is not None]
    if not limited:
        return ()
    return (
        f"G-OFFER-010: the volume of {', '.join(limited[:5])} is a campaign's: it holds in guilder offers, and offers "
        "made by guilder score may be more",
    )


def without_products(bank: Bank, *, lends: bool = False) -> tuple[str, ...]:
    """Say what it means that there is no products table; ``lends`` is whether the run knows of credit."""
    if "products" in bank.tables or "interactions" not in bank.tables:
        return ()
    if lends or "loans" in bank.tables:
        why = "so which products lend is not known and nothing is offered: add it"
    else:
        why = "so no limit of age or income and no rule for credit is applied to offers"
    return (f"G-OFFER-009: there is no products table, {why}",)


def who_may_have_what(
    bank: Bank, facts: pd.DataFrame, recommender: Recommender, p_default: pd.DataFrame | None,
    trained_on: datetime | None, met: pd.DataFrame, *, held_out: bool = True,
    lends: bool = False,
) -> Eligibility:
    """Apply the bank's rules to every customer and product; without a PD no credit is allowed.

    Parameters
    ----------
    bank : Bank
    facts : DataFrame
        Facts of the customers asked for, by customer.
    recommender : Recommender
        It knows which products can be offered.
    p_default : DataFrame, optional
        Customers × credit products.
    trained_on : datetime, optional
        The date of the run whose model gave the PDs.
    met : DataFrame
        As `contacts` gives it.
    held_out : bool
        Whether customers held out of every offer are withheld from; a campaign counts them as its control instead.
    lends : bool
        Whether the run knows of credit: without a products table nothing is offered then, loans or none.
    """
    from guilder.offers.eligibility import eligible
    from guilder.offers.holdings import holdings

    ids, products = facts.index.tolist(), None if lends and "products" not in bank.tables else catalogue(bank)
    people = collect(bank.tables["customers"], "customer_id") if "customers" in bank.tables else None
    listed = [*recommender.products_, *([] if products is None else products["product_id"].astype(str))]
    owned = holdings(met, ids, products=listed, now=bank.as_of)
    stands = standing_of(bank, ids, facts, met, trained_on)
    stands = stands if held_out else replace(stands, control=frozenset())
    return eligible(ids, people, products, owned, p_default, policy_on_offers(bank, products), stands)


def as_known_now(bank: Bank, recommender: Recommender, placed: pd.DataFrame | None) -> Recommender:
    """Return the recommender told the segment and facts of every customer at the bank's date, newcomers included."""
    from guilder.offers.propensity import PropensityRecommender

    named = placed is not None and "segment_name" in placed  # training names segments too: ids may be dealt anew
    grouped = placed.set_index("customer_id")["segment_name"] if placed is not None and named else None
    return recommender.knowing(
        segments=grouped,
        facts=who_they_are(bank) if isinstance(recommender, PropensityRecommender) else None,
    )


def make_offers(
    bank: Bank, recommender: Recommender, may: Eligibility, met: pd.DataFrame, *,
    allowed: pd.DataFrame | None = None, reasons: bool = True,
) -> pd.DataFrame:
    """Offer every customer the best of what they may have, or of what else is allowed, by the contacts in ``met``.

    Returns
    -------
    DataFrame
        customer_id, product_id, rank, score, reason.
    """
    ids, top = may.allowed.index.tolist(), bank.settings.offers.top
    mask = may.allowed if allowed is None else allowed
    return recommender.recommend(
        ids, top, allowed=mask, interactions=met, now=bank.as_of, reasons=reasons
    )


def alternatives(bank: Bank, recommender: Recommender, may: Eligibility, met: pd.DataFrame) -> pd.Series[str]:
    """Name the best product that is no credit, for each customer from whom credit is withheld for its risk."""
    allowed = may.allowed.loc[may.risky().any(axis=1)] & ~may.credit
    best = recommender.recommend(
        allowed.index.tolist(), 1, allowed=allowed, interactions=met, now=bank.as_of, reasons=False
    )
    return best.set_index("customer_id")["product_id"]


def no_offers() -> pd.DataFrame:
    """Return the table of offers without a row."""
    import pandas as pd

    kinds = {"customer_id": "str", "product_id": "str", "rank": "int64", "score": "float64", "reason": "str"}
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds.items()})
