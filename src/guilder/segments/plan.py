"""A fitted segmenter as plain numbers and words, for engines that assign without it."""

from __future__ import annotations

from collections.abc import Iterable

from guilder.contract.assignment import Assignment, Group, Scale
from guilder.segments.derived import derivation
from guilder.segments.rules import rules_of
from guilder.segments.segmenter import CustomerSegmenter
from guilder.segments.transforms import CLIP


def assignment(segmenter: CustomerSegmenter, columns: Iterable[str]) -> Assignment:
    """Write down how a fitted segmenter assigns customers.

    Parameters
    ----------
    segmenter : CustomerSegmenter
        Fitted.
    columns : iterable of str
        The facts that the table of customers has: they say which rules apply and what derived facts are made of.

    Returns
    -------
    Assignment
        Rules, derived facts, the ruler and the centres; the same segment for every customer as `assign` gives.
    """
    present = set(columns)
    needed = [name for name in segmenter.facts_ if name not in present]
    made = tuple(found for name in needed if (found := derivation(name, present)) is not None)
    ruler = zip(
        segmenter.facts_, segmenter.kinds_, segmenter.unit_, segmenter.fill_, segmenter.center_, segmenter.scale_,
        strict=True,
    )  # fmt: skip
    return Assignment(
        rules_of(
            present, dormant_days=segmenter.dormant_days, new_days=segmenter.new_days, names=segmenter.names
        ),
        made,
        tuple(Scale(fact, kind, *map(float, numbers)) for fact, kind, *numbers in ruler),
        tuple(_group(segmenter, place) for place in range(segmenter.k_)),
        CLIP,
    )


def _group(segmenter: CustomerSegmenter, place: int) -> Group:
    metric = () if segmenter.metrics_ is None else tuple(tuple(map(float, row)) for row in segmenter.metrics_[place])
    return Group(
        segmenter.ids_[place], segmenter.names_[place], tuple(map(float, segmenter.cluster_centers_[place])), metric,
        float(segmenter.offsets_[place]),
    )  # fmt: skip
