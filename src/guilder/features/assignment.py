"""The segment of every customer as one lazy expression: rules first, then the nearest centre on the ruler."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import pi

import narwhals as nw

from guilder.contract.assignment import DECIMALS, Assignment, Condition, Derived, Group, Rule, Scale
from guilder.features.asof import Lazy
from guilder.features.quotients import ratio

# asin(x) = x + x t P(t) / Q(t) with t = x², below .5: the coefficients of FreeBSD's msun (e_asin.c, Sun Microsystems
# 1993), under one unit in the last place. Engines share square roots and logarithms; not all have an arcsine.
_P = (1.66666666666666657415e-01, -3.25565818622400915405e-01, 2.01212532134862925881e-01, -4.00555345006794114027e-02,
      7.91534994289814532176e-04, 3.47933107596021167570e-05)  # fmt: skip
_Q = (1.0, -2.40339491173441421878e00, 2.02094576023350569471e00, -6.88283971605453293030e-01,
      7.70381505559019352791e-02)  # fmt: skip


def assign(facts: Lazy, how: Assignment) -> Lazy:
    """Give every customer of a table of facts a segment.

    Parameters
    ----------
    facts
        ``customer_id`` and the columns that `Assignment.columns` names; missing values are null or NaN.
    how
        The fitted segments as plain numbers.

    Returns
    -------
    LazyFrame
        ``customer_id``, ``segment``, ``segment_name``, ``distance`` (missing for rule segments): the same labels as
        `guilder.segments.CustomerSegmenter.assign` gives, on any engine.
    """
    placed = ruled(facts, how)
    squared = [f"squared_{place}" for place in range(len(how.groups))]
    far = placed.with_columns(
        *(_squared(group).alias(name) for name, group in zip(squared, how.groups, strict=True))
    ).with_columns(nearest=nw.min_horizontal(*(nw.col(name).round(DECIMALS) for name in squared)))
    rule, nearest = nw.col("rule"), nw.col("nearest")
    hits = [nw.col(name).round(DECIMALS) == nearest for name in squared]
    free = rule == ""
    return far.select(
        "customer_id",
        segment=nw.when(free).then(_first(hits, [group.id for group in how.groups])).otherwise(rule),
        segment_name=nw.when(free)
        .then(_first(hits, [group.name for group in how.groups]))
        .otherwise(_first([rule == each.id for each in how.rules], [each.name for each in how.rules])),
        distance=nw.when(free).then(nw.min_horizontal(*(nw.col(name) for name in squared)).sqrt()),
    )


def ruled(facts: Lazy, how: Assignment) -> Lazy:
    """Put every customer on the ruler: ``customer_id``, ``rule`` (an id or "") and ``ruler_0``, ``ruler_1``, …"""
    made = facts.with_columns(*(_derived(each).alias(each.name) for each in how.derived)) if how.derived else facts
    rule = reduce(lambda rest, each: nw.when(_holds(each)).then(nw.lit(each.id)).otherwise(rest),
                  reversed(how.rules), nw.lit(""))  # fmt: skip
    kept = made.select(
        "customer_id", rule=rule,
        **{f"ruler_{place}": nw.col(each.fact).cast(nw.Float64) for place, each in enumerate(how.scales)},
    )  # fmt: skip
    return on_ruler(kept, how.scales, how.clip, fill=True)


def on_ruler(table: Lazy, scales: tuple[Scale, ...], clip: float, *, fill: bool) -> Lazy:
    """Shape, centre, divide and clip ``ruler_0``, ``ruler_1``, …: in stages, for SQL repeats what is nested."""
    names = [f"ruler_{place}" for place in range(len(scales))]
    if not names:
        return table
    filled = table.with_columns(
        nw.when(_missing(nw.col(name))).then(nw.lit(each.fill) if fill else nw.lit(None).cast(nw.Float64))
        .otherwise(nw.col(name)).alias(name)
        for name, each in zip(names, scales, strict=True)
    )  # fmt: skip
    shares = [name for name, each in zip(names, scales, strict=True) if each.kind == "share"]
    prepared = _halved(filled, shares) if shares else filled
    shaped = prepared.with_columns(_shaped(name, each).alias(name) for name, each in zip(names, scales, strict=True))
    kept = [name for name in table.columns if name not in names]
    return shaped.select(
        *kept,
        *(((nw.col(name) - each.center) / each.scale).clip(-clip, clip).alias(name)
          for name, each in zip(names, scales, strict=True)),
    )  # fmt: skip


def _derived(made: Derived) -> nw.Expr:
    parts = [nw.when(~_missing(nw.col(part))).then(nw.col(part).cast(nw.Float64)) for part in made.parts]
    if made.how == "breadth":
        unknown = reduce(lambda a, b: a & b, (_missing(nw.col(part)) for part in made.parts))
        shares = [part.fill_null(0.0) for part in parts]
        rest = (nw.lit(1.0) - _sum(shares)).clip(lower_bound=0.0)
        return nw.when(~unknown).then(nw.lit(1.0) - _sum([each * each for each in [*shares, rest]]))
    total = parts[0] + parts[1]
    return total if made.how == "total" else nw.when(total > 0).then(ratio(parts[0], total))


def _holds(rule: Rule) -> nw.Expr:
    return reduce(lambda a, b: a | b, (_condition(each) for each in rule.any_of))


def _condition(test: Condition) -> nw.Expr:
    value = nw.col(test.fact).cast(nw.Float64)
    missing = _missing(value)
    if test.test == "missing":
        return missing
    if test.test == "none":
        return missing | (value == 0)
    beyond = value < test.limit if test.test == "below" else value > test.limit
    return ~missing & beyond.fill_null(False)


def _missing(value: nw.Expr) -> nw.Expr:
    # Engines order NaN above every number, and pandas frames bring it where others bring null.
    number = value.cast(nw.Float64)
    return number.is_null() | number.is_nan().fill_null(False)


def _shaped(name: str, scale: Scale) -> nw.Expr:
    value = nw.col(name)
    if scale.kind == "count":
        return (value.clip(lower_bound=0.0) + 1).log()
    if scale.kind == "money":
        return (value.clip(lower_bound=0.0) / scale.unit + 1).log()
    if scale.kind == "balance":
        size = (value.abs() / scale.unit + 1).log()
        return nw.when(value < 0).then(-size).otherwise(size)
    if scale.kind == "share":
        core = nw.col(f"{name}_root") * (_series(nw.col(f"{name}_half")) + 1)
        return nw.when(value < 0.25).then(core).otherwise(nw.lit(pi / 2) - core * 2)
    return value


def _halved(table: Lazy, names: list[str]) -> Lazy:
    """Prepare the arcsine of a square root: from .5 up by the half angle, π/2 - 2 asin(√((1 - √x) / 2))."""
    within = table.with_columns(nw.col(name).clip(0.0, 1.0).alias(name) for name in names)
    halves = {
        f"{name}_half": nw.when(nw.col(name) < 0.25)
        .then(nw.col(name)).otherwise((nw.lit(1.0) - nw.col(name).sqrt()) * 0.5)
        for name in names
    }  # fmt: skip
    return within.with_columns(**halves).with_columns(
        nw.col(f"{name}_half").sqrt().alias(f"{name}_root") for name in names
    )


def _series(t: nw.Expr) -> nw.Expr:
    return t * _polynomial(_P, t) / _polynomial(_Q, t)


def _polynomial(factors: tuple[float, ...], t: nw.Expr) -> nw.Expr:
    return reduce(lambda total, factor: total * t + factor, reversed(factors[:-1]), nw.lit(factors[-1]))


def _squared(group: Group) -> nw.Expr:
    beside = [nw.col(f"ruler_{place}") - each for place, each in enumerate(group.centre)]
    along = [_sum([beside[place] * weight for place, weight in axis.items()]) for axis in group.axes()]
    return _sum([each * each for each in along]) + group.offset


def _sum(terms: Sequence[nw.Expr]) -> nw.Expr:
    return reduce(lambda a, b: a + b, terms, nw.lit(0.0))


def _first(hits: list[nw.Expr], words: list[str]) -> nw.Expr:
    pairs = list(zip(hits, words, strict=True))
    return reduce(
        lambda rest, pair: nw.when(pair[0]).then(nw.lit(pair[1])).otherwise(rest),
        reversed(pairs), nw.lit(None).cast(nw.String),
    )  # fmt: skip
