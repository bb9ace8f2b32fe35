"""What the log of campaigns says of each customer: how often they were contacted lately, and what they refused."""

from __future__ import annotations

import pandas as pd


def known_campaigns(campaigns: pd.DataFrame, as_of: object) -> pd.DataFrame:
    """The log as it was known on a day: rows strictly before it, and of their answers those that had come.

    An answer on the day or later is not known yet: neither taken nor refused. An answer without a day is taken as
    known. ``treated``, where it is absent or blank, is true.
    """
    moment = pd.Timestamp(as_of)  # type: ignore[arg-type]
    log = campaigns.loc[pd.to_datetime(campaigns["at"]) < moment].copy()
    later = pd.Series(False, index=log.index)
    if "answered_on" in log:
        later = pd.to_datetime(log["answered_on"]) >= moment
    for name in ("taken", "refused", "treated"):
        told = log[name] if name in log else pd.Series(None, index=log.index, dtype="boolean")
        log[name] = told.astype("boolean").fillna(name == "treated").astype(bool)
    log["taken"] &= ~later
    log["refused"] &= ~later
    return log.reset_index(drop=True)


def contacts(log: pd.DataFrame, as_of: object, within_days: int) -> pd.Series:
    """How many offers each customer was made within so many days; several products at one moment are one contact."""
    since = pd.Timestamp(as_of) - pd.Timedelta(days=within_days)  # type: ignore[arg-type]
    recent = log.loc[log["treated"] & (pd.to_datetime(log["at"]) >= since), ["customer_id", "at"]]
    return recent.drop_duplicates().groupby("customer_id").size()


def refusals(log: pd.DataFrame | None, interactions: pd.DataFrame | None, as_of: object) -> pd.DataFrame:
    """When each customer last refused an offer of a product or closed it.

    Parameters
    ----------
    log : DataFrame, optional
        As :func:`known_campaigns` gives it.
    interactions : DataFrame, optional
        customer_id, product_id, kind and perhaps ``at``.

    Returns
    -------
    DataFrame
        customer_id, product_id, days: whole days since, 0 where the day is not known (it may have been yesterday).
    """
    today = pd.Timestamp(as_of)  # type: ignore[arg-type]
    parts = []
    if log is not None:
        said = log.loc[log["refused"]]
        day = pd.to_datetime(said["answered_on"] if "answered_on" in said else said["at"])
        parts.append(said[["customer_id", "product_id"]].assign(on=day.fillna(pd.to_datetime(said["at"]))))
    if interactions is not None:
        closed = interactions.loc[interactions["kind"] == "close"]
        dated = pd.to_datetime(closed["at"]) if "at" in closed else pd.Series(pd.NaT, index=closed.index)
        known = ~(dated >= today)
        parts.append(closed.loc[known, ["customer_id", "product_id"]].assign(on=dated[known]))
    if not parts:
        return pd.DataFrame({"customer_id": [], "product_id": [], "days": []})
    every = pd.concat(parts, ignore_index=True)
    every["days"] = ((today - every.pop("on").astype("datetime64[us]")).dt.days).fillna(0).astype("int64")
    return every.groupby(["customer_id", "product_id"])["days"].min().reset_index()
