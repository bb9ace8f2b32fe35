"""Rows a recommender must not learn from: what only its own offers brought about, and interest that ended in a no."""

from __future__ import annotations

import pandas as pd

UNLEARNED = "unlearned_from"
"""The column that says from which moment a row is not learned from any more; blank where it always is."""

WINDOW_DAYS = 90
"""Days after an offer in which what the customer does with the product is put down to it."""

_LONG_AGO = pd.Timestamp("1700-01-01")
"""Stands in for the moment of an undated contact: it may have been before the offer."""

_PAIR = ["customer_id", "product_id"]


def flagged(interactions: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    """Mark what must not be learned; whatever is marked still counts as held.

    Exposed only: the customer had nothing to do with the product before it was offered, and then did within the
    window. Learned from, it would teach the recommender that its own offers were right. Refused: views, clicks and
    applications before the customer said no.

    Parameters
    ----------
    interactions : DataFrame
        customer_id, product_id, kind and ``at``.
    log : DataFrame
        As :func:`~guilder.offers.contact.known_campaigns` gives it.

    Returns
    -------
    DataFrame
        The same rows with :data:`UNLEARNED`: the moment of the offer or of the refusal. Before that moment nobody could
        know, so a fit before it learns from the row.
    """
    if "at" not in interactions:
        return interactions
    at = pd.to_datetime(interactions["at"])
    pair = interactions[_PAIR].assign(at=at)
    first = pair.assign(at=at.fillna(_LONG_AGO)).groupby(_PAIR, as_index=False)["at"].min()
    offers = log.loc[log["treated"], [*_PAIR, "at"]].rename(columns={"at": "offer"}).merge(first, on=_PAIR)
    alone = offers.loc[offers["offer"] <= offers["at"]].groupby(_PAIR, as_index=False)["offer"].max()
    offered = pair.merge(alone, on=_PAIR, how="left")["offer"].set_axis(interactions.index)
    echo = at <= offered + pd.Timedelta(days=WINDOW_DAYS)
    said_no = log.loc[log["refused"]]
    day = pd.to_datetime(said_no["answered_on"] if "answered_on" in said_no else said_no["at"])
    no = said_no[_PAIR].assign(no=day.fillna(pd.to_datetime(said_no["at"])))
    refused = pair.merge(no.groupby(_PAIR, as_index=False)["no"].max(), on=_PAIR, how="left")["no"]
    refused = refused.set_axis(interactions.index)
    gone = (at <= refused) & (interactions["kind"] != "hold")
    return interactions.assign(**{UNLEARNED: offered.where(echo, refused.where(gone)).astype("datetime64[us]")})
