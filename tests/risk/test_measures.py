"""Figures of resamples on few tallies, and on resamples that are handed over."""

from __future__ import annotations

import numpy as np
import pytest

from guilder.evaluation.intervals import resample_counts
from guilder.risk import measures as own


@pytest.fixture(scope="module")
def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    p = rng.beta(1, 4, 6000)
    return (rng.random(6000) < p).astype(int), np.clip(p + rng.normal(scale=0.05, size=6000), 0.001, 0.999)


def test_few_tallies_move_the_ends_of_an_interval_in_the_fourth_digit(
    rows: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    y, p = rows
    quick = own.measure(y, {"p": p}, {"p": 0.3})[0]["p"]
    monkeypatch.setattr(own, "TALLIES", len(y))
    exact = own.measure(y, {"p": p}, {"p": 0.3})[0]["p"]
    for name in own.NAMES:
        assert quick[name].value == exact[name].value
        close = 5e-4 if name in own.RANKING else 1e-12
        assert (quick[name].low, quick[name].high) == pytest.approx((exact[name].low, exact[name].high), abs=close)


def test_resamples_handed_over_are_those_it_would_draw(rows: tuple[np.ndarray, np.ndarray]) -> None:
    y, p = rows
    given = [block.astype(np.uint8) for block in resample_counts(len(y), repeats=own.REPEATS, random_state=3)]
    assert own.measure(y, {"p": p}, {"p": 0.3}, counts=given) == own.measure(y, {"p": p}, {"p": 0.3}, random_state=3)
