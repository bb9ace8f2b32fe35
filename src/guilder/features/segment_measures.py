"""Profile, migration and silhouette of segments as lazy expressions, equal to those worked out in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import narwhals as nw

from guilder.contract.assignment import Scale
from guilder.features.asof import Lazy
from guilder.features.assignment import on_ruler


def profile(table: Lazy, scales: tuple[Scale, ...], clip: float) -> Lazy:
    """Describe each segment: how many customers, the median of each fact and its mean on the bank's ruler.

    Parameters
    ----------
    table
        ``segment`` and the facts.
    scales
        The bank's ruler of each fact to describe; a missing value says nothing about the average.
    clip
        How far from the mean a value may lie on the ruler.

    Returns
    -------
    LazyFrame
        ``segment``, ``customers``, and for the n-th fact ``median_n`` and ``z_n``.
    """
    raw = {f"raw_{place}": _known(each.fact) for place, each in enumerate(scales)}
    points = {f"ruler_{place}": _known(each.fact) for place, each in enumerate(scales)}
    shaped = on_ruler(table.select("segment", **raw, **points), scales, clip, fill=False)
    return shaped.group_by("segment").agg(
        nw.len().alias("customers"),
        *(nw.col(f"raw_{place}").median().alias(f"median_{place}") for place in range(len(scales))),
        *(nw.col(f"ruler_{place}").mean().alias(f"z_{place}") for place in range(len(scales))),
    )


def migration(before: Lazy, after: Lazy) -> Lazy:
    """Count customers by the segment they were in and the one they are in: ``before``, ``after``, ``customers``.

    Those who were there on one of the two days only are left out.
    """
    was = before.select("customer_id", before=nw.col("segment"))
    now = after.select("customer_id", after=nw.col("segment"))
    return was.join(now, on="customer_id", how="inner").group_by("before", "after").agg(nw.len().alias("customers"))


@dataclass(frozen=True)
class Moments:
    """One segment's count, sum by fact, and sum of squared lengths: all that a sum of squared distances needs."""

    segment: str
    count: float
    sums: tuple[float, ...]
    squares: float

    @classmethod
    def of(cls, row: Mapping[str, Any], facts: int) -> Moments:
        """Read a row of `moments`."""
        sums = tuple(float(row[f"sum_{place}"]) for place in range(facts))
        return cls(str(row["segment"]), float(row["count"]), sums, float(row["squares"]))


def moments(points: Lazy, facts: int) -> Lazy:
    """Sum up each segment: ``segment``, ``count``, ``sum_0``, …, ``squares``; from ``segment`` and ``ruler_0``, …"""
    return points.with_columns(length=_length(facts)).group_by("segment").agg(
        nw.len().alias("count"),
        *(nw.col(f"ruler_{place}").sum().alias(f"sum_{place}") for place in range(facts)),
        nw.col("length").sum().alias("squares"),
    )


def silhouette(points: Lazy, groups: Sequence[Moments]) -> Lazy:
    """Measure how much nearer each customer lies to their own segment than to the next, on squared distance.

    Parameters
    ----------
    points
        ``segment`` and the facts on the ruler, ``ruler_0``, ….
    groups
        The `moments` of the segments, two or more.

    Returns
    -------
    LazyFrame
        The points with ``width``, from -1 to 1 (Rousseeuw 1987, on squared distances); 0 for one alone. Its mean is
        `guilder.segments.silhouette.squared_silhouette`.
    """
    spreads = {f"spread_{place}": _spread(group) for place, group in enumerate(groups)}
    far = points.with_columns(length=_length(len(groups[0].sums))).with_columns(**spreads)
    own, others = nw.lit(None).cast(nw.Float64), []
    for place, group in enumerate(groups):
        mine, spread = nw.col("segment") == group.segment, nw.col(f"spread_{place}")
        own = nw.when(mine).then(spread / max(group.count - 1.0, 1.0)).otherwise(own)
        others.append(nw.when(~mine).then(spread / group.count))
    alone = nw.col("segment").is_in([group.segment for group in groups if group.count == 1])
    measured = far.with_columns(own=own, next_one=nw.min_horizontal(*others))
    larger = nw.max_horizontal(nw.col("own"), nw.col("next_one"))
    width = nw.when((larger > 0) & ~alone).then((nw.col("next_one") - nw.col("own")) / larger).otherwise(nw.lit(0.0))
    return measured.select(*points.columns, width=width)


def _spread(group: Moments) -> nw.Expr:
    products = (nw.col(f"ruler_{place}") * each for place, each in enumerate(group.sums))
    total = nw.col("length") * group.count - reduce(lambda a, b: a + b, products) * 2.0 + group.squares
    return nw.max_horizontal(total, nw.lit(0.0))


def _length(facts: int) -> nw.Expr:
    each = [nw.col(f"ruler_{place}") for place in range(facts)]
    return reduce(lambda a, b: a + b, (one * one for one in each))


def _known(fact: str) -> nw.Expr:
    value = nw.col(fact).cast(nw.Float64)
    return nw.when(~value.is_nan()).then(value)
