"""Risk by segment is told of groups, never of a few."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from guilder.workflow.union import risk_by_segment


@pytest.fixture
def trained() -> tuple[Any, Any]:
    """Twelve test loans of one segment and three of another, every fourth defaulted, each with its own PD."""
    loans = pd.DataFrame({"customer_id": [f"C{n}" for n in range(20)], "defaulted": [n % 4 == 0 for n in range(20)]})
    facts = pd.DataFrame({"p": np.linspace(0.1, 0.3, 20)})
    classifier = SimpleNamespace(predict_proba=lambda X: np.column_stack([1 - X["p"], X["p"]]))
    risk = SimpleNamespace(
        outcomes=loans, facts=facts, split=SimpleNamespace(test=np.arange(15)),
        result=SimpleNamespace(classifier=classifier),
    )  # fmt: skip
    names = ["many"] * 12 + ["few"] * 8
    return risk, SimpleNamespace(customers=pd.DataFrame({"customer_id": loans["customer_id"], "segment_name": names}))


def test_of_a_small_group_only_the_number_is_told(trained: tuple[Any, Any]) -> None:
    few, many = risk_by_segment(*trained, least=10)
    assert few == {"segment_name": "few", "loans": 3, "mean_p": None, "observed": None}
    assert (many["segment_name"], many["loans"]) == ("many", 12)
    assert many["mean_p"] == pytest.approx(np.linspace(0.1, 0.3, 20)[:12].mean())
    assert many["observed"]["value"] == 3 / 12
    assert risk_by_segment(*trained, least=3)[0]["observed"]["value"] == 1 / 3
