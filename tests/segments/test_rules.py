"""Rules set customers apart in their order, from the facts that are there."""

from __future__ import annotations

import numpy as np
import pandas as pd

from guilder.segments.rules import apply_rules, rules_of


def test_without_any_booking_is_not_the_same_as_dormant() -> None:
    frame = pd.DataFrame(
        {
            "transactions_count_all": [0.0, 9.0, 9.0, 3.0, np.nan],
            "recency_days": [np.nan, 400.0, 180.0, 1.0, np.nan],
            "history_days": [np.nan, 900.0, 900.0, 10.0, np.nan],
        }
    )
    found = apply_rules(frame, dormant_days=180, new_days=90)
    assert found.tolist() == ["unused", "dormant", "", "new", "unused"]


def test_a_rule_that_no_fact_can_answer_is_left_out() -> None:
    assert rules_of(["spent"], dormant_days=180, new_days=90) == ()
    only_year = rules_of(["transactions_count_365d"], dormant_days=180, new_days=90, names={"dormant": "Asleep"})
    assert [(rule.id, rule.name, rule.any_of[0].test) for rule in only_year] == [("dormant", "Asleep", "none")]
