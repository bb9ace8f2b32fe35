"""The policy on offers, wired: what bank.toml decides, and how each customer stands at the bank's date."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from guilder.contract.names import nearest
from guilder.errors import BankFileError
from guilder.workflow.control import never_offered
from guilder.workflow.facts import collect

if TYPE_CHECKING:
    import pandas as pd

    from guilder.offers.policy import Policy, Standing
    from guilder.source.bank import Bank

RECENCY = "recency_days"


def policy_on_offers(bank: Bank, products: pd.DataFrame | None) -> Policy:
    """Read what the bank decided.

    Raises
    ------
    BankFileError
        ``[offers.products]`` names what is no product.
    """
    from guilder.offers.policy import Policy, Terms

    said = bank.settings.offers
    names = [] if products is None else [str(name) for name in products["product_id"]]
    if wrong := [name for name in said.products if products is not None and name not in names]:
        raise BankFileError(
            f"[offers.products.{wrong[0]}] is no product of this bank.", known=nearest(wrong[0], names),
            todo="Write the product_id after [offers.products.", id="G-OFFER-001",
        )
    terms = {
        name: Terms(one.max_p_default, one.margin, one.lgd, one.ead, one.regions)
        for name, one in said.products.items()
    }
    return Policy(
        said.max_p_default_for_credit, bank.as_of, tuple(said.needs), said.max_p_default_age_days, said.arrears,
        tuple(said.one_is_enough), said.max_contacts, said.contact_days, said.cool_off_days, terms,
    )  # fmt: skip


def campaign_log(bank: Bank) -> pd.DataFrame | None:
    """Bring the log of campaigns to memory as known at the bank's date; None where the bank keeps none."""
    from guilder.offers.contact import known_campaigns

    if "campaigns" not in bank.tables:
        return None
    log = collect(bank.tables["campaigns"], "at", "customer_id", "product_id")
    return known_campaigns(log, bank.as_of)


def standing_of(
    bank: Bank, customer_ids: list[str], facts: pd.DataFrame, interactions: pd.DataFrame, trained_on: datetime | None
) -> Standing:
    """Say how each customer stands: contacts, refusals, whether held out, and how old what their PD rests on is."""
    from guilder.offers.contact import contacts, refusals
    from guilder.offers.policy import Standing

    log = campaign_log(bank)
    made = None if log is None else contacts(log, bank.as_of, bank.settings.offers.contact_days)
    return Standing(
        made, refusals(log, interactions, bank.as_of), never_offered(bank, customer_ids),
        _p_default_age(bank, facts, trained_on),
    )


def _p_default_age(bank: Bank, facts: pd.DataFrame, trained_on: datetime | None) -> pd.Series[float]:
    """Days since the newest booking a customer's PD rests on, or since the model's own date where that is longer.

    What has no date is of today in a bank without dates, and of nobody knows when in one with dates.
    """
    import numpy as np
    import pandas as pd

    model = 0.0 if not bank.dated else np.nan if trained_on is None else max((bank.as_of - trained_on).days, 0)
    if RECENCY not in facts.columns:
        return pd.Series(float(model), index=facts.index)
    rests = facts[RECENCY].to_numpy(dtype=np.float64, na_value=np.nan)
    return pd.Series(np.maximum(rests, model), index=facts.index)
