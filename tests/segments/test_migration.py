"""Movement is counted by customer, closed by intervals, and explained by the facts that changed."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from guilder.segments import CustomerSegmenter
from guilder.segments.drift import drift
from guilder.segments.migration import migrate
from guilder.segments.segment import segment


@pytest.fixture(scope="module", params=["own metric", "nearest centre"])
def segmenter(four: tuple[pd.DataFrame, np.ndarray], request: pytest.FixtureRequest) -> CustomerSegmenter:
    made = segment(four[0], k_max=5, names={"S1": "Ours"}).segmenter
    assert made.metrics_ is not None
    if request.param == "nearest centre":
        made.metrics_, made.offsets_ = None, np.zeros(made.k_)
        placed = made.assign(four[0]).groupby("segment")
        made.training_ = {
            "sizes": placed.size()[made.ids_].tolist(), "distances": placed["distance"].mean()[made.ids_].tolist(),
        }  # fmt: skip
    return made


@pytest.fixture(scope="module")
def moved(four: tuple[pd.DataFrame, np.ndarray], segmenter: CustomerSegmenter) -> pd.DataFrame:
    """Customers of the first segment become those of the second in one fact after the other; some fall asleep."""
    frame = four[0].copy()
    placed = segmenter.assign(frame)["segment"]
    one, two = (frame[placed == each] for each in segmenter.ids_[:2])
    movers = one.index[:20]
    facts = [name for name in frame.columns if name not in ("customer_id", "history_days")]
    frame.loc[movers, facts] = two[facts].median().to_numpy()
    frame.loc[frame.index[placed == segmenter.ids_[2]][:7], "recency_days"] = 400.0
    return frame


def test_movement_is_counted(
    segmenter: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray], moved: pd.DataFrame
) -> None:
    found = migrate(segmenter, four[0], moved.sample(frac=1, random_state=0))
    ids = [identity for identity, _ in found.segments]
    assert ids == [*segmenter.ids_, "dormant"]
    assert found.counts.sum() == len(moved)
    assert found.counts[0, 1] == 20
    assert found.counts[2, ids.index("dormant")] == 7
    assert (found.counts - np.diag(np.diag(found.counts))).sum() == 27 == len(found.moves)
    total = found.counts[0].sum()
    assert found.low[0, 1] == pytest.approx(beta.ppf(0.025, 20.5, total - 19.5))
    assert found.high[0, 1] == pytest.approx(beta.ppf(0.975, 20.5, total - 19.5))
    assert found.stayed.value == pytest.approx(1 - 27 / 500)
    assert np.isnan(found.shares[-1]).all()
    assert np.nansum(found.shares, axis=1)[:-1] == pytest.approx(1)
    json.dumps(found.to_dict(), allow_nan=False)


def test_the_fact_that_changed_is_the_one_that_decided(
    segmenter: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray]
) -> None:
    before = four[0].copy()
    for fact in segmenter.facts_:
        after = before.copy()
        after[fact] = np.roll(after[fact].to_numpy(), 7)
        moves = migrate(segmenter, before, after).moves
        ruled = moves["before"].isin(segmenter.ids_) & moves["after"].isin(segmenter.ids_)
        assert ruled.any()
        assert set(moves.loc[ruled, "fact_1"]) == {fact} if segmenter.metrics_ is None else fact in set(moves["fact_1"])


def test_rules_and_comings_and_goings_are_said(
    segmenter: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray], moved: pd.DataFrame
) -> None:
    found = migrate(segmenter, four[0].iloc[:400], moved.iloc[100:])
    assert sum(found.came.values()) == sum(found.left.values()) == 100
    assert found.counts.sum() == 300
    asleep = found.moves[found.moves["after"] == "dormant"]
    assert (asleep[["fact_1", "fact_2", "fact_3"]] == "").all(axis=None)
    said = migrate(segmenter, four[0], moved).rows(str.upper)
    assert [row[-1] for row in said if row[1] == "Dormant"] == ["by rule: dormant"]
    assert any(row[:3] == ["Ours", segmenter.names_[1], "20"] and row[4].isupper() for row in said)


def test_of_a_movement_of_few_nothing_is_said(
    segmenter: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray], moved: pd.DataFrame
) -> None:
    found = migrate(segmenter, four[0], moved)
    moves = found.counts[~np.eye(len(found.counts), dtype=bool)]
    least = int(moves[moves > 0].min()) + 1
    small = replace(found, least=least)
    told = [row[2:] for row in small.rows(str) if row[2].startswith("under")]
    assert told == [[f"under {least}", "", ""]] * int(((moves > 0) & (moves < least)).sum())
    assert told
    cells = small.to_dict()["cells"]
    hidden = [cell for cell in cells if cell["customers"] is None]
    assert len(hidden) == int(((found.counts > 0) & (found.counts < least)).sum())
    assert all(cell["share"] is None and cell["facts"] is None for cell in hidden)
    assert all(cell["customers"] >= least for cell in cells if cell not in hidden)


def test_nobody_in_common_is_no_share(
    segmenter: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray]
) -> None:
    found = migrate(segmenter, four[0].iloc[:50], four[0].iloc[50:])
    assert np.isnan(found.stayed.value)
    assert found.rows(str) == []
    json.dumps(found.to_dict()["cells"], allow_nan=False)


def test_the_customers_of_training_have_not_moved(
    segmenter: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray]
) -> None:
    found = drift(segmenter, segmenter.assign(four[0]))
    assert found is not None
    assert found.psi == pytest.approx(0, abs=1e-12)
    assert list(found.farther.values()) == pytest.approx([1.0] * segmenter.k_, rel=1e-6)
    assert found.warnings == ()


def test_a_bank_that_has_moved_away_is_told_so(
    segmenter: CustomerSegmenter, four: tuple[pd.DataFrame, np.ndarray]
) -> None:
    richer = four[0].assign(
        ticket_mean_365d=lambda f: f["ticket_mean_365d"] * 50, recency_days=lambda f: f["recency_days"] / 9
    )
    found = drift(segmenter, segmenter.assign(richer))
    assert found is not None
    assert found.psi > 0.25
    assert "the shares of the segments have moved since training" in found.warnings[0]
    assert any("times as far from their segment as in training" in each for each in found.warnings)
    json.dumps(found.to_dict(), allow_nan=False)
    assert drift(segmenter, segmenter.assign(four[0].head(20))) is None
