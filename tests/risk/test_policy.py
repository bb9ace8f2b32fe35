"""A cut-off by each rule is the one that a search by brute force finds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from guilder.errors import ModelError, UsageError
from guilder.risk.bands import band, band_table
from guilder.risk.policy import Policy, choose_cut_off, decide
from guilder.risk.profit import Book, amounts, at_cut_offs, curve, policy_figures

Floats = NDArray[np.float64]
PDS = st.lists(st.floats(0.001, 0.999), min_size=1, max_size=30).map(np.array)


def _loans(n: int = 3000, seed: int = 0) -> tuple[NDArray[np.intp], Floats, Floats]:
    rng = np.random.default_rng(seed)
    p = rng.beta(1, 8, n)
    return (rng.random(n) < p).astype(np.intp), p, rng.lognormal(8, 1, n)


@given(p=PDS, lgd=st.floats(0.05, 1), margin=st.floats(0.01, 1), ead=st.floats(0.1, 1), seed=st.integers(0, 99))
def test_no_set_of_loans_is_expected_to_earn_more_than_those_under_the_cut_off_by_profit(
    p: Floats, lgd: float, margin: float, ead: float, seed: int
) -> None:
    lent = np.random.default_rng(seed).lognormal(8, 1, len(p))
    expected = (1 - p) * margin * lent - p * lgd * ead * lent
    cut_off = choose_cut_off(Policy(lgd=lgd, margin=margin, ead=ead), np.zeros(len(p)), p).p
    best = max(expected[p < other].sum() for other in [*p, 1.0])
    assert expected[p < cut_off].sum() == pytest.approx(best, abs=1e-6)
    assert (expected[p < cut_off] > -1e-9 * lent[p < cut_off]).all()


@given(p=PDS, target=st.floats(0.01, 1))
def test_the_target_approval_is_met_and_no_smaller_cut_off_meets_it(p: Floats, target: float) -> None:
    cut_off = choose_cut_off(Policy(target_approval=target), np.zeros(len(p)), p).p
    assert np.mean(p < cut_off) >= target - 1e-9
    fewer = [np.mean(p < other) for other in p if np.mean(p < other) < np.mean(p < cut_off)]
    assert max(fewer, default=0.0) < target


@given(p=PDS, target=st.floats(0.001, 0.999))
def test_the_target_bad_rate_is_kept_and_no_larger_cut_off_keeps_it(p: Floats, target: float) -> None:
    policy = Policy(target_bad_rate=target)
    # The last digit of a sum decides nothing: PDs that are the target to rounding may be on either side of it.
    assume((np.abs(p - target) > 1e-9).all())
    if p.min() > target:
        with pytest.raises(ModelError, match="no cut-off has a bad rate"):
            choose_cut_off(policy, np.zeros(len(p)), p)
        return
    cut_off = choose_cut_off(policy, np.zeros(len(p)), p).p
    assert p[p < cut_off].mean() <= target * (1 + 1e-9)
    more = p[p >= cut_off]
    if len(more):
        assert p[p <= more.min()].mean() > target - 1e-12


def test_without_a_rule_goods_and_bads_are_separated_most() -> None:
    y, p, _ = _loans()
    found = choose_cut_off(Policy(), y, p)
    gaps = {cut: np.mean(p[y == 1] >= cut) - np.mean(p[y == 0] >= cut) for cut in p}
    assert gaps[found.p] == pytest.approx(max(gaps.values()))
    assert choose_cut_off(Policy(cut_off=0.07), y, p).to_dict() == {"p": 0.07, "rule": "set in bank.toml"}


@pytest.mark.parametrize(
    "rules",
    [{"cut_off": 0.1, "target_approval": 0.7}, {"target_bad_rate": 0.05, "lgd": 0.6, "margin": 0.1},
     {"cut_off": 0.1, "target_bad_rate": 0.05}],
)  # fmt: skip
def test_two_rules_are_one_too_many(rules: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="one cut-off, 2 rules"):
        Policy(**rules)  # type: ignore[arg-type] # numbers only


def test_half_a_rule_is_none() -> None:
    with pytest.raises(UsageError, match="both lgd and margin"):
        Policy(lgd=0.6)


def test_what_is_measured_at_a_cut_off_is_what_a_plain_count_gives() -> None:
    y, p, lent = _loans()
    policy = Policy(lgd=0.6, margin=0.1, ead=0.8)
    found = at_cut_offs(Book(y, p, lent), [0.1], policy)
    kept = p < 0.1
    assert found["approval"][0].value == pytest.approx(kept.mean())
    assert found["bad_rate"][0].value == pytest.approx(y[kept].mean())
    money = sum(0.1 * a if good else -0.48 * a for a, good in zip(lent[kept], y[kept] == 0, strict=True))
    assert found["profit"][0].value == pytest.approx(money / lent.sum())
    for name in ("approval", "bad_rate", "profit"):
        assert found[name][0].low < found[name][0].value < found[name][0].high
    assert "profit" not in at_cut_offs(Book(y, p, lent), [0.1], Policy())


def test_the_curve_goes_from_nobody_to_everybody_and_peaks_near_the_break_even() -> None:
    y, p, lent = _loans(20_000)
    policy = Policy(lgd=0.6, margin=0.1)
    drawn = curve(Book(y, p, lent), policy, 0)
    assert drawn["approval"][0]["value"] == 0
    assert drawn["approval"][-1]["value"] == 1
    assert drawn["bad_rate"][0]["value"] is None
    assert drawn["bad_rate"][-1]["value"] == pytest.approx(y.mean())
    best = drawn["cut_off"][int(np.argmax([one["value"] for one in drawn["profit"]]))]
    assert policy.break_even == pytest.approx(1 / 7)
    assert best == pytest.approx(1 / 7, abs=0.03)


def test_the_figures_name_the_policy_and_where_each_figure_was_seen() -> None:
    y, p, lent = _loans()
    half = len(y) // 2
    parts = [Book(y[rows], p[rows], lent[rows]) for rows in (slice(None, half), slice(half, None))]
    found = policy_figures(Policy(target_approval=0.7), 0.15, *parts, random_state=0)
    assert found["target_approval"] == 0.7
    assert found["validation"]["approval"]["value"] == pytest.approx(np.mean(p[:half] < 0.15))
    assert found["test"]["referred"] == pytest.approx(np.mean((p[half:] >= 0.12) & (p[half:] < 0.15)))


def test_loans_whose_amount_is_not_known_count_like_the_middle_one() -> None:
    assert amounts(pd.DataFrame({"amount": [100.0, np.nan, 300.0, 200.0, -5.0]})).tolist() == [100, 200, 300, 200, 200]
    assert amounts(pd.DataFrame({"age": [30.0, 40.0]})).tolist() == [1, 1]


def test_a_bank_has_its_own_bands_and_its_own_share_to_refer() -> None:
    assert band([0.01, 0.03, 0.2], (0.02, 0.1)).tolist() == ["A", "B", "C"]
    assert decide([0.04, 0.06, 0.1], 0.1, 0.5).tolist() == ["approve", "refer", "decline"]
    table = band_table([0, 1, 1], [0.01, 0.03, 0.2], (0.02, 0.1))
    assert [(row["band"], row["low"], row["high"], row["bads"]) for row in table] == [
        ("A", 0.0, 0.02, 0), ("B", 0.02, 0.1, 1), ("C", 0.1, 1.0, 1),
    ]  # fmt: skip
