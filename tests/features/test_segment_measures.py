"""Measures of segments against pandas and scikit-learn, and at their edges by hand."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.metrics import silhouette_samples

from guilder.contract.assignment import Scale
from guilder.features.segment_measures import Moments, migration, moments, profile, silhouette


def lazy(frame: pd.DataFrame) -> nw.LazyFrame:
    return nw.from_native(pl.from_pandas(frame, nan_to_null=False).lazy())


def points(seed: int, rows: int = 60, facts: int = 3) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    made = pd.DataFrame({f"ruler_{place}": random.normal(size=rows) for place in range(facts)})
    labels = random.choice(["S1", "S2", "S3"], rows).astype(object)
    labels[0] = "alone"
    return made.assign(segment=labels, ruler_0=made["ruler_0"] + (labels == "S2"))


def of(frame: pd.DataFrame, facts: int) -> list[Moments]:
    rows = moments(lazy(frame), facts).collect("polars").sort("segment").iter_rows(named=True)
    return [Moments.of(row, facts) for row in rows]


def widths(frame: pd.DataFrame, facts: int) -> list[float]:
    made = silhouette(lazy(frame), of(frame, facts)).collect("polars").to_native()
    assert made.columns == [*frame.columns, "width"]
    return made["width"].to_list()


@pytest.mark.parametrize("facts", [1, 3])
def test_moments_are_those_of_pandas(facts: int) -> None:
    frame = points(1, facts=facts)
    names = [f"ruler_{place}" for place in range(facts)]
    assert {each.segment for each in of(frame, facts)} == {"S1", "S2", "S3", "alone"}
    for each in of(frame, facts):
        rows = frame.loc[frame["segment"] == each.segment, names].to_numpy()
        assert each.count == len(rows)
        assert each.sums == pytest.approx(tuple(rows.sum(axis=0)))
        assert each.squares == pytest.approx(np.square(rows).sum())


@pytest.mark.parametrize("facts", [1, 3])
def test_the_silhouette_is_that_of_scikit_learn(facts: int) -> None:
    frame = points(2, facts=facts)
    inside = frame[[f"ruler_{place}" for place in range(facts)]]
    wanted = silhouette_samples(inside, frame["segment"], metric="sqeuclidean")
    assert widths(frame, facts) == pytest.approx(list(wanted), abs=1e-12)
    assert widths(frame, facts)[0] == 0.0


def test_the_silhouette_by_hand() -> None:
    pair = pd.DataFrame({"segment": ["a", "a", "b", "b", "c"], "ruler_0": [0.0, 0.5, 3.0, 3.5, 9.0]})
    # Own: .25. Next: the mean of 9 and 12.25, or of 6.25 and 9, and the same from the other side; c is alone.
    far, near = 1 - 0.25 / 10.625, 1 - 0.25 / 7.625
    assert widths(pair, 1) == pytest.approx([far, near, near, far, 0.0])


def test_customers_on_one_spot_lie_no_nearer_to_any_segment() -> None:
    same = pd.DataFrame({"segment": ["a", "a", "b", "b"], "ruler_0": 0.1, "ruler_1": 0.7})
    assert widths(same, 2) == [0.0] * 4


def test_rounding_makes_no_negative_distance() -> None:
    tight = pd.DataFrame({"segment": ["a"] * 3 + ["b"] * 3, "ruler_0": [1e4 + 0.1] * 3 + [7.3] * 3})
    assert widths(tight, 1) == pytest.approx([1.0] * 6, abs=1e-9)
    assert max(widths(tight, 1)) <= 1.0


def test_a_segment_has_its_medians_and_its_mean_on_the_ruler() -> None:
    random = np.random.default_rng(3)
    frame = pd.DataFrame({"segment": random.choice(["S1", "S2"], 41), "a": random.gamma(2, 3, 41), "b": 0.5})
    frame.loc[::7, "a"] = np.nan
    frame.loc[frame["segment"] == "S2", "b"] = np.nan
    scales = (Scale("a", "count", 1.0, 99.0, 1.2, 0.8), Scale("b", "plain", 1.0, 99.0, 0.0, 1.0))
    found = profile(lazy(frame), scales, 1.5).collect("polars").to_native()
    assert found.columns == ["segment", "customers", "median_0", "median_1", "z_0", "z_1"]
    for row in found.rows(named=True):
        mine = frame.loc[frame["segment"] == row["segment"], "a"]
        assert row["customers"] == len(mine)
        assert row["median_0"] == pytest.approx(mine.median())
        assert row["z_0"] == pytest.approx(((np.log1p(mine) - 1.2) / 0.8).clip(-1.5, 1.5).mean())
        assert (row["median_1"], row["z_1"]) == ((0.5, 0.5) if row["segment"] == "S1" else (None, None))


def test_migration_counts_those_who_were_there_on_both_days() -> None:
    before = pd.DataFrame({"customer_id": ["a", "b", "c", "d", "e"], "segment": ["S1", "S1", "S2", "S2", "S1"]})
    after = pd.DataFrame({"customer_id": ["d", "b", "a", "f", "e"], "segment": ["S2", "S2", "S1", "new", "S2"]})
    rows = migration(lazy(before), lazy(after)).select("before", "after", "customers").collect("polars").to_native()
    assert sorted(rows.rows()) == [("S1", "S1", 1), ("S1", "S2", 2), ("S2", "S2", 1)]
