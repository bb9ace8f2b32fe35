"""Splits: nobody on two sides, nothing from the future, and a banner that says what was done."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.evaluation.splits import Split, group_codes, out_of_time, rotated, split, stratified


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


def _days(rows: int = 400) -> tuple[np.ndarray, np.ndarray]:
    return np.tile([0, 1], rows // 2), np.datetime64("2020-01-01") + np.arange(rows)


def test_the_cuts_of_a_loan_a_day() -> None:
    y, when = _days()
    found = out_of_time(y, when)
    assert isinstance(found, Split)
    assert [(part.min(), part.max()) for part in (found.train, found.valid, found.test)] == [
        (0, 219), (220, 299), (300, 399),
    ]  # fmt: skip
    assert [(learn.max(), held.min(), held.max()) for learn, held in found.windows] == [
        (109, 110, 164), (164, 165, 219), (219, 220, 299),
    ]  # fmt: skip
    assert found.dropped == {}


def test_outcomes_that_take_a_month_leave_a_month_out() -> None:
    y, when = _days()
    found = out_of_time(y, when, known_at=when + 30)
    assert isinstance(found, Split)
    assert [(part.min(), part.max()) for part in (found.train, found.valid)] == [(0, 167), (198, 269)]
    assert found.dropped == {
        "outcome not known before the test starts": 30, "outcome not known before the validation starts": 30,
    }  # fmt: skip


def test_a_bad_waits_until_a_good_of_its_age_is_known() -> None:
    """Goods are known after 10, 20 or 90 days, bads the next day: a bad waits for 20, the middle of the goods' lags."""
    y, when = _days()
    lag = np.where(y == 1, 1, np.array([10, 20, 90])[np.arange(400) // 2 % 3])
    found = out_of_time(y, when, known_at=when + lag, min_bads=10)
    assert isinstance(found, Split)
    last = np.flatnonzero((y == 1) & np.isin(np.arange(400), found.valid)).max()
    assert last == 279  # applied for 21 days before the test starts


def test_a_slice_that_is_too_small_says_of_what() -> None:
    y, when = _days()
    assert out_of_time(y, when, min_bads=51) == "the test slice would hold 50 bads, and 51 are needed"
    assert out_of_time(1 - (np.arange(400) % 8 == 0), when, min_bads=13) == (
        "the test slice would hold 12 goods, and 13 are needed"
    )


def test_what_is_asked_is_taken_on() -> None:
    y, when = _days()
    usual = split(y)
    assert [len(part) for part in (usual.train, usual.valid, usual.test)] == [220, 80, 100]
    assert np.array_equal(split(y, random_state=0).test, usual.test)
    assert not np.array_equal(split(y, random_state=1).test, usual.test)
    assert [len(part) for part in (split(y, test_share=0.5).test, split(y, valid_share=0.1).valid)] == [200, 40]
    timed = split(y, applied_on=when, test_share=0.5, valid_share=0.25, min_bads=50)
    assert (timed.kind, len(timed.test), len(timed.valid)) == ("out_of_time", 200, 100)
    assert split(y, applied_on=when, test_share=0.5, min_bads=101).kind == "stratified"


def test_a_split_is_said_in_sizes() -> None:
    y, when = _days()
    told = split(y, applied_on=when, known_at=when + 30).to_dict()
    assert {name: told[name] for name in ("kind", "train", "valid", "refit", "test")} == {
        "kind": "out_of_time", "train": 168, "valid": 72, "refit": 270, "test": 100,
    }  # fmt: skip
    assert (told["valid_from"], told["test_from"]) == ("2020-07-17T00:00:00", "2020-10-27T00:00:00")
    assert told["banner"] == (
        "Out of time: tested on loans applied for from 27 October 2020 to 03 February 2021, after all training."
    )
    assert split(y).to_dict()["test_from"] is None


def test_loans_without_a_date_and_customers_who_come_back_are_left_out_and_counted() -> None:
    y, when = _days()
    dated = when.copy()
    dated[:8] = np.datetime64("NaT")
    who = np.arange(400).astype(object)
    who[20:24], who[240:242] = who[230:234], who[350:352]  # of training in validation, of validation in the test
    who[30] = None
    found = split(y, applied_on=dated, customers=who)
    assert found.dropped == {"no application date": 8, "customer comes back in a later slice": 6}
    assert {230, 231, 232, 233, 30} <= {*found.train.tolist(), *found.valid.tolist()}
    assert not {20, 240} & {*found.train.tolist(), *found.valid.tolist()}
    assert found.returning.tolist() == [240, 241]


def test_nothing_known_before_the_test_is_said() -> None:
    y, when = _days()
    assert out_of_time(y, when, known_at=when + 400) == "no outcome was known before the test starts"


def test_validation_needs_ten_of_each() -> None:
    y, when = _days()
    y = np.where((np.arange(400) >= 220) & (np.arange(400) < 300), 0, y)
    y[220:230] = 1
    assert isinstance(out_of_time(y, when), Split)
    y[220] = 0
    assert out_of_time(y, when) == "the validation slice would hold 9 bads, and 10 are needed"


def test_few_bads_of_the_test_are_said() -> None:
    y = np.arange(800) % 8 == 0
    assert stratified(y).banner.endswith("It holds only 25 bads, so every interval is wide.")
    assert "only" not in stratified(np.arange(800) % 2 == 0).banner


def test_turns_say_which_they_are() -> None:
    turns = rotated(np.arange(100) % 2)
    assert [turn.banner for turn in turns] == [f"Cross-validated: the test of turn {n} of 5." for n in range(1, 6)]
    assert [(len(turn.train), len(turn.valid), len(turn.test)) for turn in turns] == [(64, 16, 20)] * 5
    assert not np.array_equal(rotated(np.arange(100) % 2, random_state=1)[0].test, turns[0].test)


@pytest.mark.parametrize("kind", ["object", "string", "Int64", "float64"])
def test_a_customer_that_is_not_known_is_one_of_their_own_however_that_is_written(kind: str) -> None:
    codes = group_codes(pd.Series([1, None, 1, None, 2], dtype="Int64").astype(kind), 5)
    assert codes is not None
    assert codes[0] == codes[2]
    assert len(set(codes.tolist())) == 4
