"""Recency, frequency and monetary scores are the familiar quintiles."""

from __future__ import annotations

import numpy as np
import pandas as pd

from guilder.segments.rfm import rfm


def test_each_fifth_has_its_score_and_five_is_best() -> None:
    many = np.arange(100.0)
    frame = pd.DataFrame({"recency_days": many, "transactions_count_365d": many, "money_turnover_365d": many**2})
    scored = rfm(frame)
    assert scored is not None
    assert [scored[part].value_counts().to_dict() for part in ("recency", "frequency", "monetary")] == [
        dict.fromkeys([1.0, 2.0, 3.0, 4.0, 5.0], 20)
    ] * 3
    assert scored["rfm"].iloc[[0, 50, 99]].tolist() == ["511", "333", "155"]


def test_equals_share_a_score_and_the_scores_are_those_of_the_quantiles() -> None:
    random = np.random.default_rng(0)
    values = random.gamma(1, 100, 1000)
    frame = pd.DataFrame(
        {
            "recency_days": random.integers(0, 3, 1000).astype(float),
            "transactions_count_all": values,
            "money_in_365d": values,
            "money_out_365d": 0.0,
        }
    )
    scored = rfm(frame)
    assert scored is not None
    assert scored.groupby(frame["recency_days"])["recency"].nunique().tolist() == [1, 1, 1]
    assert scored["monetary"].tolist() == (pd.qcut(values, 5, labels=False) + 1).tolist()


def test_who_has_no_bookings_has_no_score_and_what_has_no_facts_has_none() -> None:
    frame = pd.DataFrame(
        {"recency_days": [np.nan, 3.0], "transactions_count_365d": [0.0, 9.0], "money_turnover_365d": [0.0, 70.0]}
    )
    scored = rfm(frame)
    assert scored is not None
    assert scored["rfm"].isna().tolist() == [True, False]
    assert rfm(frame[["recency_days"]]) is None
