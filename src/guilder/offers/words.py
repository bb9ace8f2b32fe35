"""Why a product is withheld, in plain words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from guilder.offers.policy import Policy
from guilder.offers.rules import numbers

PLAIN = {
    "unknown_product": "the product is not in the bank's products table",
    "held": "already held",
    "family_unknown": "the product's family is not known, and there are families of which one is enough",
    "held_family": "the customer has one of this family already, and one is enough",
    "retired": "it is no longer sold",
    "life_unknown": "whether the customer is alive is not on record",
    "deceased": "the customer has died",
    "no_consent": "no consent to be contacted with offers is on record",
    "control": "the customer is held out of offers, so that offers can be measured",
    "contacts_unknown": "how often the customer was contacted is not on record: there is no campaigns table",
    "region_unknown": "it is not sold everywhere and the customer's region is not known",
    "age_unknown": "it has an age limit and the customer's age is not known",
    "income_unknown": "it asks for an income and the customer's is not known",
    "arrears_unknown": "whether the customer is behind with payments is not on record",
    "in_arrears": "the customer is behind with payments",
    "no_p_default": "credit, and the risk is not known",
}
"""The rules that need no figure."""


def why(
    rule: str, value: float, limit: float, product_id: str, products: pd.DataFrame, policy: Policy, region: str
) -> str:
    """Say in plain words what a rule found.

    Parameters
    ----------
    rule : str
    value, limit : float
        What was found and what is allowed; NaN where the rule has none.
    product_id : str
    products : DataFrame
        The catalogue, by product_id.
    policy : Policy
    region : str
        Where the customer lives.
    """
    if rule in PLAIN:
        return PLAIN[rule]
    if rule == "credit_risk":
        whose = "bank" if policy.terms(product_id).max_p_default is None else "product"
        told, most = _apart(value, limit)
        return f"credit, and the risk of {told} % is above this {whose}'s {most} %"
    if rule == "stale_p_default":
        rests = "an unknown number of" if np.isnan(value) else f"{value:,.0f}"
        return f"credit, and what is known of the risk is {rests} days old, more than the {limit:,.0f} allowed"
    if rule == "no_margin":
        return f"credit, and the expected loss is above the margin by {-value:,.0f}"
    if rule == "age":
        row = products.loc[[product_id]]
        limits = {"from": float(numbers(row, "min_age")[0]), "to": float(numbers(row, "max_age")[0])}
        return f"it is for ages {' '.join(f'{word} {edge:.0f}' for word, edge in limits.items() if np.isfinite(edge))}"
    if rule == "income":
        return f"it asks for an annual income of {limit:,.0f} or more"
    if rule == "region":
        return f"it is not sold in {region}"
    if rule == "contact_cap":
        return f"the customer had {value:.0f} offers in {policy.contact_days} days, and {limit:.0f} are the most"
    # What is left is the cool-off.
    return f"the customer refused or closed it {value:,.0f} days ago, and it rests for {limit:,.0f}"


def _apart(risk: float, most: float) -> tuple[str, str]:
    """Both as percentages with as many decimals as tell them apart."""
    places = next((d for d in range(4) if round(risk * 100, d) > round(most * 100, d)), 4)
    return f"{risk * 100:.{places}f}", f"{most * 100:.{places}f}"
