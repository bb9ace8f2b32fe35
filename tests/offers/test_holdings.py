"""Holdings are those of the day asked about, of every product, learned or not."""

from __future__ import annotations

import pandas as pd

from guilder.offers.holdings import holdings
from guilder.offers.popular import PopularRecommender

ROWS = pd.DataFrame(
    [
        ("a", "card", "hold", "2024-01-01"), ("a", "card", "close", "2024-03-01"), ("a", "new", "hold", "2024-05-01"),
        ("b", "card", "hold", "2024-02-01"), ("b", "card", "view", "2024-06-01"),
    ],
    columns=["customer_id", "product_id", "kind", "at"],
).astype({"at": "datetime64[us]"})  # fmt: skip


def test_what_was_held_on_a_day_and_of_products_that_came_later() -> None:
    before = holdings(ROWS, ["b", "a", "stranger"], products=["loan"], now=pd.Timestamp("2024-03-01"))
    assert before.columns.tolist() == ["card", "loan"]
    assert before["card"].to_dict() == {"b": True, "a": True, "stranger": False}
    after = holdings(ROWS, ["a", "b"])
    assert after.loc["a"].to_dict() == {"card": False, "new": True}
    assert after.loc["b"].to_dict() == {"card": True, "new": False}
    fitted = PopularRecommender().fit(ROWS, now=pd.Timestamp("2024-04-01"))
    assert "new" not in fitted.owned(["a"], interactions=ROWS)  # a recommender knows what it was fitted on
