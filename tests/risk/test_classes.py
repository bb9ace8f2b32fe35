"""Two outcomes: which of them is the default."""

from __future__ import annotations

import numpy as np
import pytest

from guilder.errors import ModelError, UsageError
from guilder.risk.classes import two_classes


@pytest.mark.parametrize(
    ("bad", "good"), [("bad", "good"), ("Default", "Paid"), ("charged off", "fully paid"), ("arrears", "ok")]
)
def test_words_in_an_order_that_turns_the_pd_round_are_refused(bad: str, good: str) -> None:
    outcomes = np.where(np.arange(10) < 3, good, bad)
    with pytest.raises(UsageError, match=f"'{max(bad, good, key=str.lower).lower()}' would be the default"):
        two_classes(outcomes)


@pytest.mark.parametrize("outcomes", [[0, 1, 1, 0], [False, True, True, False], ["no", "yes", "yes", "no"]])
def test_the_second_in_sorted_order_is_the_default(outcomes: list[object]) -> None:
    classes, codes = two_classes(np.array(outcomes))
    assert classes[1] == outcomes[1]
    assert codes.tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("unknown", [np.nan, None])
@pytest.mark.filterwarnings("error")
def test_outcomes_that_are_not_known_are_counted_and_refused(unknown: object) -> None:
    with pytest.raises(ModelError, match=r"NaN: 2 outcomes are not known(?s:.)*score them instead"):
        two_classes([0, 1, unknown, 1, 0, unknown])
