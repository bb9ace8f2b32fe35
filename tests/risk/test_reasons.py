"""Reasons: at most four, adverse only, facts that move together once, silent ones never."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from guilder.risk.contributions import Contributions
from guilder.risk.reasons import Reason, in_words, strongest

FACTS = ("in_30d", "in_90d", "income", "age", "place")
GROUP = np.array([0, 0, 1, 2, 3])
X = pd.DataFrame({"in_30d": [1.5, np.nan], "in_90d": 2, "income": [3.0, 4.0], "age": 50, "place": ["A", None]})
PARTS = Contributions(FACTS, np.array([[0.2, 0.3, -1.0, 0.9, 0.4], [0.5, -0.6, 0.0, 0.0, 0.1]]), -2.0)


def test_grouped_ordered_and_adverse() -> None:
    first, second = in_words(strongest(PARTS, GROUP), FACTS, X, {"age": "how old"})
    assert [(one.fact, one.value, one.meaning) for one in first] == [
        ("age", 50.0, "how old"), ("in_90d", 2.0, ""), ("place", "A", ""),
    ]  # fmt: skip
    assert first[1].contribution == 0.5  # both windows together, said by the one that did more
    assert second == [Reason("place", 0.1, None)]  # 0.5 - 0.6 lowered the PD


def test_silent_facts_are_in_no_reason() -> None:
    found = strongest(PARTS, GROUP, silent={"age", "in_90d"})
    assert [FACTS[fact] for fact in found.fact[0] if fact >= 0] == ["place", "in_30d"]
    assert found.contribution[0, 1] == 0.2
    assert strongest(PARTS, GROUP, silent=FACTS).fact.shape == (2, 0)
    assert in_words(strongest(PARTS, GROUP, silent=FACTS), FACTS, X) == [[], []]


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_reasons_are_above_zero_and_sorted(seed: int, top: int) -> None:
    rng = np.random.default_rng(seed)
    parts = Contributions(FACTS, rng.normal(size=(20, 5)).round(1), 0.0)
    found = strongest(parts, GROUP, top)
    assert found.fact.shape == (20, min(top, 4))
    said = found.fact >= 0
    assert ((found.contribution > 0) == said).all()
    assert (np.diff(found.contribution, axis=1) <= 0).all()
    for row in range(20):
        groups = GROUP[found.fact[row][said[row]]]
        assert len(set(groups.tolist())) == len(groups)
