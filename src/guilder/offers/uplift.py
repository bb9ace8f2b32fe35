"""What campaigns brought: uptake of those offered less that of those held out, with intervals, and uptake by place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from guilder.evaluation.intervals import Figure
from guilder.offers.ledger import Floats

Z = 1.959963984540054
LEAST = 30
"""Customers below which an arm of a campaign is counted and not judged."""
OPEN_DAYS = 90
"""Days in which an offer may still be answered."""


def uplift(log: pd.DataFrame, as_of: object) -> dict[str, Any]:
    """Measure each campaign, and all of them together.

    Parameters
    ----------
    log : DataFrame
        As :func:`~guilder.offers.contact.known_campaigns` gives it.
    as_of : datetime
        Campaigns of the last days are still open: more may yet be taken, by either arm.

    Returns
    -------
    dict
        Plain JSON: ``campaigns`` (with ``treated`` and ``control``: customers, taken and the share with its interval;
        ``uplift``, ``verdict``, ``open``, ``cost`` and ``cost_of_one_more``), ``uplift`` of all that have both arms,
        and ``positions``.
    """
    named = log.assign(campaign=log["campaign"].fillna("") if "campaign" in log else "")
    keys = ["campaign", "product_id"]
    rows = [
        _campaign(str(campaign), str(product), part, as_of)
        for (campaign, product), part in named.groupby(keys, sort=True)
    ]
    judged = [row for row in rows if row["uplift"] is not None]
    kept = named.set_index(keys).index.isin([(row["campaign"], row["product_id"]) for row in judged])
    return {
        "customers": int(log["customer_id"].nunique()),
        "campaigns": rows,
        "uplift": _together(named.loc[kept]).to_dict() if judged else None,
        "positions": _positions(log),
    }


def newcombe(taken: int, of: int, held_taken: int, held: int) -> Figure:
    """The difference of two shares with Newcombe's hybrid score interval (1998, method 10).

    It stays within −1 and 1 and holds up with few taken, where the usual interval does not.
    """
    a, b = wilson(taken, of), wilson(held_taken, held)
    gap = a.value - b.value
    low = gap - float(np.hypot(a.value - a.low, b.high - b.value))
    high = gap + float(np.hypot(a.high - a.value, b.value - b.low))
    return Figure(gap, low, high)


def wilson(taken: int, of: int) -> Figure:
    """A share with Wilson's score interval; nothing is known of nobody."""
    if not of:
        return Figure(float("nan"), float("nan"), float("nan"))
    share, square = taken / of, Z * Z / of
    middle = (share + square / 2) / (1 + square)
    half = Z / (1 + square) * float(np.sqrt(share * (1 - share) / of + square / (4 * of)))
    return Figure(share, min(middle - half, share), max(middle + half, share))


def _campaign(campaign: str, product: str, part: pd.DataFrame, as_of: object) -> dict[str, Any]:
    arms = {name: part.loc[part["treated"] == told] for name, told in (("treated", True), ("control", False))}
    count = {name: (int(arm["taken"].sum()), len(arm)) for name, arm in arms.items()}
    cost = float(pd.to_numeric(part["cost"]).sum()) if "cost" in part and part["cost"].notna().any() else None
    row: dict[str, Any] = {
        "campaign": campaign, "product_id": product,
        **{name: {"customers": of, "taken": taken, "share": wilson(taken, of).to_dict()}
           for name, (taken, of) in count.items()},
        "open": bool(pd.to_datetime(part["at"]).max() > pd.Timestamp(as_of) - pd.Timedelta(days=OPEN_DAYS)),  # type: ignore[arg-type]
        "cost": cost, "uplift": None, "verdict": "cannot tell", "cost_of_one_more": None,
    }  # fmt: skip
    if min(of for _, of in count.values()) < LEAST:
        return row
    gap = newcombe(*count["treated"], *count["control"])
    row["uplift"] = gap.to_dict()
    row["verdict"] = "adds" if gap.low > 0 else "takes away" if gap.high < 0 else "cannot tell"
    if gap.low > 0 and cost is not None:
        row["cost_of_one_more"] = cost / (gap.value * count["treated"][1])
    return row


def _together(log: pd.DataFrame) -> Figure:
    """The mean uplift of who was offered: each campaign by its own control, for their shares held out differ.

    A customer may be in several campaigns: where that widens the spread of sums by customer, it widens the interval.
    An arm of which nobody took it is not certain to be at zero: spreads are those of one more taken and one more not
    (Agresti and Caffo, 2000).
    """
    stratum = log.groupby(["campaign", "product_id"]).ngroup().to_numpy()
    treated, taken = log["treated"].to_numpy(dtype=bool), log["taken"].to_numpy(dtype=np.float64)
    number: Floats = np.stack([np.bincount(stratum, weights=side.astype(np.float64)) for side in (~treated, treated)])
    took: Floats = np.stack([np.bincount(stratum, weights=taken * side) for side in (~treated, treated)])
    share = took / number
    weight = number[1] / number[1].sum()
    value = float(weight @ (share[1] - share[0]))
    arm = treated.astype(np.int64)
    pull: Floats = (2 * arm - 1) * weight[stratum] * (taken - share[arm, stratum]) / number[arm, stratum]
    sums = np.bincount(pd.factorize(log["customer_id"])[0], weights=pull)
    plain, careful = (
        float((weight**2 * ((part * (1 - part)) / number).sum(axis=0)).sum())
        for part in (share, (took + 1.0) / (number + 2.0))
    )
    several = max(1.0, float((sums**2).sum()) / plain) if plain > 0 else 1.0
    half = Z * float(np.sqrt(careful * several))
    return Figure(value, value - half, value + half)


def _positions(log: pd.DataFrame) -> list[dict[str, Any]]:
    """Uptake by the place of the offer; nothing where there is one place only."""
    if "position" not in log:
        return []
    shown = log.loc[log["treated"] & log["position"].notna()]
    place = shown["position"].to_numpy(dtype=np.int64)
    found = []
    for each in np.unique(place).tolist():
        part = shown["taken"].to_numpy()[place == each]
        share = wilson(int(part.sum()), len(part)).to_dict()
        found.append({"position": each, "customers": len(part), "share": share})
    return found if len(found) > 1 else []
