"""Splits: nobody on two sides, nothing from the future, and a banner that says what was done."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.evaluation.splits import Split, out_of_time, rotated, split, stratified


def _bank(seed: int, n: int = 1200) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    when = np.datetime64("2020-01-01") + rng.integers(0, 1400, n).astype("timedelta64[D]")
    y = (rng.random(n) < 0.25).astype(int)
    lag = np.where(y == 1, rng.integers(30, 365, n), 365).astype("timedelta64[D]")
    return y, when, rng.integers(0, n // 2, n), when + lag


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_nothing_crosses_the_cut(seed: int) -> None:
    y, when, who, known = _bank(seed)
    found = out_of_time(y, when, who, known)
    assert isinstance(found, Split)
    slices = found.train, found.valid, found.test
    assert sum(map(len, slices)) + sum(found.dropped.values()) == len(y)
    assert len(set(np.concatenate(slices).tolist())) == sum(map(len, slices))
    early = np.r_[found.train, found.valid]
    assert (known[early] < np.datetime64(found.test_from)).all()
    assert when[found.train].max() < when[found.valid].min() <= when[found.valid].max() < when[found.test].min()
    assert not set(who[early]) & set(who[found.test])
    assert not set(who[found.train]) & set(who[found.valid])
    # The champion learns from all of that, and from what an embargo kept out of training, but from nothing later.
    assert set(early.tolist()) <= set(found.refit.tolist())
    assert not set(found.refit.tolist()) & set(found.test.tolist())
    assert not set(who[found.refit]) & set(who[found.test])
    assert (known[found.refit] < np.datetime64(found.test_from)).all()
    assert (when[found.refit] < np.datetime64(found.test_from)).all()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), bads=st.integers(15, 60))
def test_few_bads_leave_five_in_every_slice(seed: int, bads: int) -> None:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(300) < bads)
    found = stratified(y, random_state=seed)
    slices = found.train, found.valid, found.test
    assert sorted(np.concatenate(slices).tolist()) == list(range(300))
    assert min(y[rows].sum() for rows in slices) >= 5
    assert found.refit.tolist() == sorted(np.r_[found.train, found.valid].tolist())
    assert ("only" in found.banner) == (y[found.test].sum() < 30)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), parts=st.integers(2, 6))
def test_turns_test_every_row_once_and_keep_customers_whole(seed: int, parts: int) -> None:
    y, _, who, _ = _bank(seed, 400)
    turns = rotated(y, who, parts, random_state=seed)
    assert sorted(np.concatenate([turn.test for turn in turns]).tolist()) == list(range(400))
    for turn in turns:
        assert sorted(np.r_[turn.train, turn.valid, turn.test].tolist()) == list(range(400))
        assert turn.refit.tolist() == sorted(np.r_[turn.train, turn.valid].tolist())
        assert not set(who[turn.refit]) & set(who[turn.test])
        assert not set(who[turn.train]) & set(who[turn.valid])
        assert min(y[rows].sum() for rows in (turn.train, turn.valid, turn.test)) > 0


def test_the_embargo_does_not_leave_only_bads() -> None:
    y, when, _, known = _bank(1, 20_000)
    found = out_of_time(y, when, None, known)
    assert isinstance(found, Split)
    assert abs(y[np.r_[found.train, found.valid]].mean() - 0.25) < 0.02


def test_no_dates_and_too_few_outcomes_fall_back_with_a_banner() -> None:
    y, when, who, _ = _bank(2)
    undated = split(y, customers=who)
    assert undated.kind == "stratified"
    assert "no dates" in undated.banner
    assert not set(who[undated.train]) & set(who[undated.test])
    few = split(y[:100], applied_on=when[:100])
    assert few.kind == "stratified"
    assert "too few outcomes" in few.banner
    assert abs(y[:100][few.test].mean() - y[:100].mean()) < 0.05
