"""Points: the scale by Siddiqi's own example, the way back, the best loan, and what a run keeps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.contract.points import FactPoints, PointBin, PointScale, Scorecard


def test_so_many_points_stand_for_so_many_goods_to_a_bad() -> None:
    scale = PointScale(to_double=20, points=600, odds=50)
    assert scale.factor == pytest.approx(28.8539, abs=1e-4)  # Siddiqi (2017), "Scaling": factor = pdo / ln 2
    assert scale.of(math.log(1 / 50)) == pytest.approx(600)
    assert scale.of(math.log(1 / 100)) == pytest.approx(620)
    assert scale.of(np.log([1 / 25, 1 / 200])).tolist() == pytest.approx([580, 640])


@given(st.floats(-8, 8), st.floats(1, 100), st.floats(0, 1000), st.floats(0.1, 100))
def test_points_lead_back_to_the_log_odds(log_odds: float, to_double: float, points: float, odds: float) -> None:
    scale = PointScale(to_double, points, odds)
    assert scale.log_odds(scale.of(log_odds)) == pytest.approx(log_odds, abs=1e-6)


def test_a_card_is_read_as_it_was_kept_and_knows_its_best_loan() -> None:
    known = {
        "points_to_double": 40.0, "points_at_odds": [500.0, 30.0], "base": 100.0,
        "points": [
            {"fact": "income", "category": False, "neutral": 3.0, "bins": [
                {"label": "low", "points": 0.0, "low": None, "high": 10.0, "others": False, "missing": False,
                 "values": []},
                {"label": "high", "points": 25.5, "low": 10.0, "high": None, "others": False, "missing": False,
                 "values": []},
            ]},
            {"fact": "region", "category": True, "neutral": 1.0, "bins": [
                {"label": "north", "points": 7.0, "low": None, "high": None, "others": True, "missing": False,
                 "values": ["N"], "woe": 0.3},
                {"label": "none", "points": 2.0, "low": None, "high": None, "others": False, "missing": True,
                 "values": []},
            ]},
        ],
    }  # fmt: skip
    card = Scorecard.from_dict(known)
    assert card.scale == PointScale(40.0, 500.0, 30.0)
    assert card.highest == 100 + 25.5 + 7
    assert card.facts[0] == FactPoints(
        "income", False, (PointBin("low", 0.0, high=10.0), PointBin("high", 25.5, low=10.0)), 3.0
    )
    assert card.facts[1].bins[0] == PointBin("north", 7.0, values=("N",), others=True)
    assert card.facts[1].bins[1].missing
