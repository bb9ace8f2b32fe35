"""Segments in the engine: labels, profile, migration and silhouette as in memory, on DuckDB, Polars and pandas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.contract.assignment import Assignment, Group, Rule, Scale
from guilder.features.assignment import assign, ruled
from guilder.features.segment_measures import Moments, migration, moments, profile, silhouette
from guilder.segments import SegmentsResult, segment
from guilder.segments.facts import kind_of, read_facts
from guilder.segments.plan import assignment
from guilder.segments.profile import profile as profile_in_memory
from guilder.segments.silhouette import squared_silhouette
from guilder.segments.transforms import CLIP, guess_kind, learn_ruler, shape
from guilder.source.segments_sql import assignment_sql

STRANGE = "share_category_b'\"x_365d"
Engine = Callable[[pd.DataFrame], nw.LazyFrame[Any]]


def in_duckdb(frame: pd.DataFrame) -> nw.LazyFrame[Any]:
    return nw.from_native(duckdb.connect().from_df(frame))


def in_polars(frame: pd.DataFrame) -> nw.LazyFrame[Any]:
    return nw.from_native(pl.from_pandas(frame, nan_to_null=False).lazy())


def in_pandas(frame: pd.DataFrame) -> nw.LazyFrame[Any]:
    return nw.from_native(frame).lazy()


ENGINES = pytest.mark.parametrize("engine", [in_duckdb, in_polars, in_pandas])


def facts(seed: int, n: int = 4000) -> pd.DataFrame:
    """Customers with skewed facts, missing values, all three rules, derived facts and a column hard to quote."""
    random = np.random.default_rng(seed)
    kind = random.choice(3, n)
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{row:05d}" for row in range(n)],
            "transactions_count_365d": np.ceil(np.exp(3 + kind + 0.5 * random.normal(size=n))),
            "recency_days": np.floor(np.exp(2 + random.normal(size=n))),
            "history_days": random.uniform(60, 900, n),
            "ticket_mean_365d": np.exp(4 - kind + 0.4 * random.normal(size=n)),
            "money_in_365d": random.gamma(2, 100, n),
            "money_out_365d": random.gamma(2, 100, n),
            "balance_mean_365d": np.sinh(2 * random.normal(size=n)) * 500,
            "share_channel_card_365d": random.beta(1 + 3 * kind, 2),
            "share_category_a_365d": random.beta(0.4, 0.4, n),
        }
    )
    frame[STRANGE] = 1 - frame["share_category_a_365d"]
    for name in frame.columns[1:]:
        frame.loc[random.random(n) < 0.04, name] = np.nan
    frame.loc[:20, ["money_in_365d", "money_out_365d"]] = 0.0
    frame.loc[21:40, ["share_category_a_365d", STRANGE]] = np.nan
    frame.loc[41:60, "transactions_count_365d"] = 0.0
    return frame


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return facts(3)


@pytest.fixture(scope="module")
def result(frame: pd.DataFrame) -> SegmentsResult:
    return segment(frame, k=4, k_max=2, names={"S1": 'It\'s "ours"', "new": "Just; in --"})


def collected(lazy: nw.LazyFrame[Any], like: pd.DataFrame) -> pd.DataFrame:
    made: pd.DataFrame = lazy.collect("pandas").to_native()
    return made.set_index("customer_id").loc[like["customer_id"]].reset_index()


def same(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    assert found["segment"].tolist() == wanted["segment"].tolist()
    assert found["segment_name"].tolist() == wanted["segment_name"].tolist()
    distance = found["distance"].astype("float64")
    assert distance.isna().tolist() == wanted["distance"].isna().tolist()
    assert np.allclose(distance, wanted["distance"], rtol=0, atol=1e-12, equal_nan=True)


@ENGINES
def test_every_label_is_that_of_the_segmenter(engine: Engine, frame: pd.DataFrame, result: SegmentsResult) -> None:
    plan = assignment(result.segmenter, frame.columns)
    assert {each.kind for each in plan.scales} >= {"count", "money", "balance", "share"}
    assert {each.how for each in plan.derived} == {"share of the first", "breadth"}
    wanted = result.segmenter.assign(frame)
    assert set(wanted["segment"]) == {"S1", "S2", "S3", "S4", "new", "unused", "dormant"}
    same(collected(assign(engine(frame), plan), frame), wanted)


@pytest.mark.parametrize("choice", ["behaviour", "classic", ["recency_days", "balance_mean_365d"]])
def test_the_statement_gives_every_label(frame: pd.DataFrame, choice: Any) -> None:
    segmenter = segment(frame, facts=choice, k=3, k_max=2, names={"S2": "' OR 1=1 --"}).segmenter
    statement = assignment_sql(assignment(segmenter, frame.columns), 'odd "schema".facts')
    con = duckdb.connect()
    con.execute('CREATE SCHEMA "odd ""schema"""')
    con.register("given", frame)
    con.execute('CREATE TABLE "odd ""schema""".facts AS SELECT * FROM given')
    assert [each.type.name for each in con.extract_statements(statement)] == ["SELECT"]
    found = con.sql(statement).df().set_index("customer_id").loc[frame["customer_id"]].reset_index()
    same(found, segmenter.assign(frame))


def plain_plan(centres: list[tuple[float, ...]], rules: tuple[Rule, ...] = ()) -> Assignment:
    scales = tuple(Scale(f"f{place}", "plain", 1.0, 0.0, 0.0, 1.0) for place in range(len(centres[0])))
    groups = tuple(Group(f"S{place + 1}", f"name {place}", each) for place, each in enumerate(centres))
    return Assignment(rules, (), scales, groups, CLIP)


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(*[st.sampled_from([-1.0, -0.5, 0.0, 0.1, 0.3, 0.5, 1.0, np.nan])] * 3), min_size=1),
    centres=st.lists(st.tuples(*[st.sampled_from([-1.0, 0.0, 0.1, 0.2, 0.3, 1.0])] * 3), min_size=1, max_size=5),
)
def test_ties_go_to_the_first_segment_in_every_engine(
    rows: list[tuple[float, ...]], centres: list[tuple[float, ...]]
) -> None:
    frame = pd.DataFrame(rows, columns=["f0", "f1", "f2"]).assign(customer_id=[str(row) for row in range(len(rows))])
    plan = plain_plan(centres)
    squared = np.square(np.nan_to_num(np.array(rows))[:, None, :] - np.array(centres)[None]).sum(axis=2)
    wanted = [f"S{place + 1}" for place in np.round(squared, 9).argmin(axis=1)]
    con = duckdb.connect()
    con.register("facts", frame)
    in_sql = con.sql(assignment_sql(plan)).df().set_index("customer_id").loc[frame["customer_id"], "segment"].tolist()
    assert collected(assign(in_duckdb(frame), plan), frame)["segment"].tolist() == wanted
    assert in_sql == wanted


@ENGINES
def test_a_segment_may_measure_distance_its_own_way(engine: Engine) -> None:
    random = np.random.default_rng(5)
    centres, metrics, offsets = random.normal(size=(3, 3)), np.triu(random.normal(size=(3, 3, 3))), [0.0, 0.5, 0.2]
    groups = tuple(
        Group(f"S{place + 1}", "", tuple(centres[place]), tuple(map(tuple, metrics[place])), offsets[place])
        for place in range(3)
    )
    plan = replace(plain_plan([tuple(centres[0])]), groups=groups)
    points = random.uniform(-2, 2, (300, 3))
    frame = pd.DataFrame(points, columns=["f0", "f1", "f2"]).assign(customer_id=[str(row) for row in range(300)])
    squared = np.stack(
        [np.square((points - c) @ m).sum(axis=1) + o for c, m, o in zip(centres, metrics, offsets, strict=True)]
    )
    wanted = [f"S{place + 1}" for place in np.round(squared, 9).argmin(axis=0)]
    found = collected(assign(engine(frame), plan), frame)
    assert found["segment"].tolist() == wanted
    assert np.allclose(found["distance"].astype(float), np.sqrt(squared.min(axis=0)))
    con = duckdb.connect()
    con.register("facts", frame)
    in_sql = con.sql(assignment_sql(plan)).df().set_index("customer_id").loc[frame["customer_id"]]
    assert in_sql["segment"].tolist() == wanted


@ENGINES
def test_the_arcsine_of_a_root_is_exact(engine: Engine) -> None:
    shares = np.concatenate([np.linspace(-0.1, 1.1, 2001), [0.25, np.nextafter(0.25, 0), 1e-300, 1 - 1e-16]])
    frame = pd.DataFrame({"customer_id": [str(row) for row in range(len(shares))], "f0": shares})
    plan = Assignment((), (), (Scale("f0", "share", 1.0, 0.0, 0.0, 1.0),), (Group("S1", "all", (0.0,)),), CLIP)
    found = collected(ruled(engine(frame), plan), frame)["ruler_0"].to_numpy(float)
    assert np.abs(found - shape(shares, "share", 1.0)).max() < 5e-16


@ENGINES
def test_the_profile_is_that_of_memory(engine: Engine, frame: pd.DataFrame, result: SegmentsResult) -> None:
    names = ["transactions_count_365d", "ticket_mean_365d", "balance_mean_365d", "share_channel_card_365d"]
    shown = read_facts(frame, names)
    raw = shown.to_numpy()
    kinds = tuple(kind_of(name) or guess_kind(raw[:, place]) for place, name in enumerate(names))
    ruler = learn_ruler(raw, kinds)
    scales = tuple(map(Scale, names, kinds, ruler.unit, ruler.fill, ruler.center, ruler.scale))
    table = engine(shown.assign(segment=result.customers["segment"]))
    found = profile(table, scales, CLIP).collect("pandas").to_native().set_index("segment")
    wanted = profile_in_memory(shown, result.customers, [(each, each) for each in found.index])
    for each in wanted:
        row = found.loc[each["segment"]]
        assert row["customers"] == each["customers"]
        for place, name in enumerate(names):
            for word, value in (("median", each["medians"][name]), ("z", each["z"][name])):
                if value is None:
                    assert pd.isna(row[f"{word}_{place}"])
                else:
                    assert row[f"{word}_{place}"] == pytest.approx(value, rel=1e-9, abs=1e-9)


@ENGINES
def test_the_silhouette_is_that_of_memory(engine: Engine, frame: pd.DataFrame, result: SegmentsResult) -> None:
    plan = assignment(result.segmenter, frame.columns)
    placed = collected(ruled(in_pandas(frame), plan), frame)
    labels = result.customers["segment"]
    points = placed[labels.str.startswith("S")].assign(segment=labels)
    points.loc[points.index[0], "segment"] = "alone"
    width = len(plan.scales)
    lazy = engine(points.reset_index(drop=True))
    rows = moments(lazy, width).collect("pandas").to_native().sort_values("segment").to_dict("records")
    groups = [Moments.of(row, width) for row in rows]
    found = silhouette(lazy, groups).collect("pandas").to_native()["width"].mean()
    inside = points[[f"ruler_{place}" for place in range(width)]].to_numpy(float)
    wanted = squared_silhouette(inside, pd.factorize(points["segment"])[0])
    assert found == pytest.approx(wanted, abs=1e-9)


@ENGINES
def test_migration_counts_those_who_were_there_on_both_days(engine: Engine) -> None:
    before = pd.DataFrame({"customer_id": ["a", "b", "c", "d"], "segment": ["S1", "S1", "S2", "S2"]})
    after = pd.DataFrame({"customer_id": ["d", "b", "a", "e"], "segment": ["S2", "S2", "S1", "new"]})
    if engine is in_duckdb:  # one engine for both, or they cannot be joined
        con = duckdb.connect()
        lazy = [nw.from_native(con.from_df(each)) for each in (before, after)]
    else:
        lazy = [engine(each) for each in (before, after)]
    rows = migration(*lazy).collect("pandas").to_native().to_dict("records")
    assert {(row["before"], row["after"]): row["customers"] for row in rows} == {
        ("S1", "S1"): 1, ("S1", "S2"): 1, ("S2", "S2"): 1,
    }  # fmt: skip
