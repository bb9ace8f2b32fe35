"""Intervals cover the truth and follow groups; suspicions name the fact that knows too much."""

from __future__ import annotations

import numpy as np
import pytest

from guilder.evaluation.intervals import Figure, bootstrap
from guilder.evaluation.leakage import suspicions


def test_grouped_rows_widen_the_interval_and_seeds_repeat() -> None:
    value = np.repeat(np.random.default_rng(0).normal(size=100), 10)
    alone = bootstrap(np.mean, value, random_state=1)
    grouped = bootstrap(np.mean, value, groups=np.repeat(np.arange(100), 10), random_state=1)
    assert grouped.high - grouped.low > 2 * (alone.high - alone.low)
    assert grouped == bootstrap(np.mean, value, groups=np.repeat(np.arange(100), 10), random_state=1)
    assert grouped.low < value.mean() == pytest.approx(grouped.value)
    assert grouped.low < grouped.high


def test_a_figure_that_does_not_exist_is_null() -> None:
    assert Figure(float("nan"), 0.0, 1.0).to_dict() == {"value": None, "low": 0.0, "high": 1.0}


def test_leaks_are_named() -> None:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 400)
    noise = rng.normal(size=400)
    found = suspicions(
        {"noise": noise, "days_past_due": y + rng.normal(0, 0.1, 400), "collector": np.where(y == 1, noise, np.nan)}, y
    )
    assert {(one.fact, one.kind) for one in found} == {("days_past_due", "value"), ("collector", "missing")}
