"""Intervals cover the truth and follow groups; suspicions name the fact that knows too much."""

from __future__ import annotations

import numpy as np
import pytest

from guilder.evaluation.intervals import Figure, bootstrap, interval, resample_counts
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


def test_a_resample_draws_every_row_about_once() -> None:
    blocks = list(resample_counts(10, repeats=4000, random_state=0))
    counts = np.concatenate(blocks)
    assert counts.shape == (4000, 10)
    assert (counts.sum(axis=1) == 10).all()
    assert counts.mean(axis=0) == pytest.approx(1.0, abs=0.06)
    assert counts.var(axis=0) == pytest.approx(0.9, abs=0.1)  # binomial: 10 draws of 1 in 10
    assert not np.array_equal(counts, np.concatenate(list(resample_counts(10, repeats=4000, random_state=1))))


def test_resamples_come_in_blocks_and_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = np.concatenate(list(resample_counts(10, repeats=7, random_state=3)))
    monkeypatch.setattr("guilder.evaluation.intervals._BLOCK", 30)
    blocks = list(resample_counts(10, repeats=7, random_state=3))
    assert [len(block) for block in blocks] == [3, 3, 1]
    assert np.array_equal(np.concatenate(blocks), whole)


def test_an_interval_holds_its_figure() -> None:
    drawn = np.arange(101.0)
    ends = [(one.low, one.high) for one in (interval(value, [*drawn, np.nan]) for value in (50.0, -1.0, 200.0))]
    assert ends == [pytest.approx((2.5, 97.5)), (-1.0, pytest.approx(97.5)), (pytest.approx(2.5), 200.0)]
    assert np.isnan(interval(1.0, [np.nan]).low)


@pytest.mark.parametrize(("rows", "named"), [(2000, True), (39, False)])
def test_words_are_ranked_where_there_are_twenty_rows_each(rows: int, named: bool) -> None:
    words = np.where(np.arange(rows) % 2, "a", "b").astype(object)
    words[0] = None
    found = suspicions({"word": words}, np.arange(rows) % 2)
    assert [(one.fact, one.kind) for one in found] == ([("word", "value")] if named else [])
    if found:
        assert str(found[0]) == "word alone ranks outcomes with AUC 1.000; check that it is known before the decision"


def test_the_worst_suspicion_comes_first() -> None:
    y = np.arange(400) % 2
    near = np.where(np.arange(400) < 12, 1 - y, y)
    found = suspicions({"near": near, "same": -y, "gap": np.where(y == 1, np.nan, 1.0)}, y)
    assert [(one.fact, one.kind, one.auc) for one in found] == [
        ("gap", "missing", 1.0), ("same", "value", 1.0), ("near", "value", pytest.approx(0.97)),
    ]  # fmt: skip
