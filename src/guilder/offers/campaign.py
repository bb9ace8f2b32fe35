"""The next best offer list of a campaign: by expected value, within its volume and budget, with its control group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.offers.ledger import Flags, Floats
from guilder.offers.policy import Policy

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Limits:
    """What a campaign may use.

    Parameters
    ----------
    top : int, optional
        Customers contacted at most.
    budget : float, optional
        What all contacts may cost.
    volumes : mapping of product_id to int
        Customers contacted at most about each product.
    """

    top: int | None = None
    budget: float | None = None
    volumes: Mapping[str, int] | None = None


def expected_value(
    chance: pd.DataFrame, p_default: pd.DataFrame, policy: Policy, cost: Mapping[str, float]
) -> pd.DataFrame:
    """What an offer is worth: chance · (margin − PD · LGD · EAD) − cost of the contact.

    A loss is only made with who takes the offer, so the chance stands before it too. A product without a margin has
    no value (NaN); one without a declared loss has none.
    """
    names = [str(name) for name in chance.columns]
    terms = [policy.terms(name) for name in names]
    margin = np.array([np.nan if one.margin is None else one.margin for one in terms], dtype=np.float64)
    loss = np.array([one.loss for one in terms], dtype=np.float64)
    risk = p_default.reindex(index=chance.index, columns=chance.columns).to_numpy()
    lost = np.where(np.isnan(loss), 0.0, risk * np.nan_to_num(loss))
    spent = np.array([cost.get(name, 0.0) for name in names], dtype=np.float64)
    return pd.DataFrame(chance.to_numpy() * (margin - lost) - spent, index=chance.index, columns=chance.columns)


def next_best(
    allowed: pd.DataFrame, value: pd.DataFrame, affinity: pd.DataFrame, control: Flags, cost: Mapping[str, float],
    limits: Limits,
) -> pd.DataFrame:
    """Choose one product for each customer, the most valuable first, until the campaign is full.

    Customers of the control group are listed where they would have been contacted, and use nothing up.

    Parameters
    ----------
    allowed : DataFrame of bool, customers × products
    value : DataFrame
        Of each pair; NaN throughout where it is not known, and the affinity alone decides. Offers that are not worth
        their contact (zero or less) are not made.
    affinity : DataFrame
        Decides between equals, and what comes first of all where there is no value.
    control : array of bool, by customer
    cost : mapping of product_id to float
    limits : Limits

    Returns
    -------
    DataFrame
        customer_id, product_id, group (contact or control), cost; the best first.
    """
    worth, liking = value.to_numpy(), affinity.reindex(columns=value.columns).to_numpy()
    priced = np.isfinite(worth).any()
    open_ = allowed.reindex(columns=value.columns).to_numpy(dtype=bool)
    row, column = np.nonzero(open_ & (worth > 0) if priced else open_)
    first = worth[row, column] if priced else liking[row, column]
    # Rounded, so that a sum taken in another order cannot change who comes first; then by id.
    order = np.lexsort((column, row, -np.round(liking[row, column], 12), -np.round(first, 12)))
    names = [str(name) for name in value.columns]
    spent = np.array([cost.get(name, 0.0) for name in names], dtype=np.float64)
    kept = _fill(row[order], column[order], control, names, spent, limits)
    chosen_row, chosen_column = row[order][kept], column[order][kept]
    held = control[chosen_row]
    return pd.DataFrame({
        "customer_id": pd.Series(value.index.to_numpy()[chosen_row], dtype="str"),
        "product_id": pd.Series(np.array(names, dtype=object)[chosen_column], dtype="str"),
        "group": pd.Series(np.where(held, "control", "contact"), dtype="str"),
        "cost": np.where(held, 0.0, spent[chosen_column]),
    })


def _fill(
    row: Ints, column: Ints, control: Flags, names: list[str], cost: Floats, limits: Limits
) -> Ints:
    """Walk down the pairs and keep what still fits; the places of the pairs kept."""
    volumes = limits.volumes or {}
    room = [volumes.get(name, len(row)) for name in names]
    left = np.inf if limits.budget is None else limits.budget + 1e-9
    most = len(row) if limits.top is None else limits.top
    cheapest = float(cost.min()) if len(cost) else 0.0
    used: set[int] = set()
    kept, made = [], 0
    for place, (who, what) in enumerate(zip(row.tolist(), column.tolist(), strict=True)):
        if made >= most or left < cheapest:
            break
        if who in used or not room[what] or cost[what] > left:
            continue
        used.add(who)
        kept.append(place)
        if not control[who]:
            made, room[what], left = made + 1, room[what] - 1, left - cost[what]
    return np.array(kept, dtype=np.int64)
