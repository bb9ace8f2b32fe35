"""Outcomes of the made-up loans keep their odds: each loan's own, and any run of loans together."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from guilder.source.demo_loans import systematic

ODDS = st.lists(st.floats(.002, .95), min_size=1, max_size=60)


@given(ODDS, st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_the_defaults_of_a_run_differ_from_their_odds_by_less_than_one(odds, blocks, seed):
    p = np.array(odds)
    block = np.arange(len(p)) % blocks
    bad = systematic(np.random.default_rng(seed), p, block)
    for last in range(blocks):
        run = block <= last
        assert abs(bad[run].sum() - p[run].sum()) < 1 + 1e-9


def test_each_loan_defaults_with_its_own_probability():
    p = np.array([.05, .30, .12, .95, .002, .60, .30])
    block = np.array([0, 0, 1, 1, 1, 2, 2])
    draws = np.mean([systematic(np.random.default_rng(seed), p, block) for seed in range(4000)], axis=0)
    np.testing.assert_allclose(draws, p, atol=.03)
