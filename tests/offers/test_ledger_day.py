"""Held and closed on one day counts as held."""

from __future__ import annotations

import pandas as pd

from guilder.offers.cosine import CosineRecommender


def test_held_and_closed_on_one_day_is_not_offered() -> None:
    day = pd.Timestamp("2024-05-01")
    rows = [("a", "card", "hold", day), ("a", "card", "close", day), ("a", "fund", "hold", day)]
    rows += [(who, what, "hold", day) for who in "bcdef" for what in ("card", "fund", "loan")]
    contacts = pd.DataFrame(rows, columns=["customer_id", "product_id", "kind", "at"])
    model = CosineRecommender(min_support=1).fit(contacts)
    assert bool(model.owned(["a"]).loc["a", "card"])
    assert model.recommend(["a"], 3)["product_id"].tolist() == ["loan"]
