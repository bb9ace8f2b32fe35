"""Why a customer is in a segment: the nearest centre, the second one, and the facts that decide between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.contract.assignment import Rule
from guilder.segments.clusters import first_least
from guilder.segments.facts import customer_ids, read_facts
from guilder.segments.rules import holds, rules_of
from guilder.segments.segmenter import CustomerSegmenter

Floats = NDArray[np.float64]
DECIDING = 3


@dataclass(frozen=True)
class Reason:
    """What one fact has to do with it.

    Attributes
    ----------
    fact : str
        Its name.
    value : float or None
        The customer's own; None where it is missing and the bank's usual value stood in.
    usual, usual_next : float
        What is usual in the segment and in the second one: their centres, off the ruler.
    says : float
        This fact's part of the difference of the two squared distances, in squared standard deviations; above zero
        it speaks for the segment, below zero for the second one.
    """

    fact: str
    value: float | None
    usual: float
    usual_next: float
    says: float


@dataclass(frozen=True)
class Why:
    """One customer's segment and what decided it.

    Attributes
    ----------
    customer_id, segment : str
        Who, and the name of their segment.
    rule : str
        The rule that decided, in words; empty where the nearest centre did.
    distance : float
        To the centre of the segment, in standard deviations; NaN for a rule.
    second : str
        The name of the second nearest segment; empty where there is none.
    second_distance : float
        To its centre.
    reasons : tuple of Reason
        Every fact, the one that speaks most for the segment first.
    head_start : float
        What a common or a close-knit segment is ahead by, whatever the customer is like; 0 where segments differ by
        their centres only. With the ``says`` of the reasons it adds up to ``second_distance² - distance²``.
    """

    customer_id: str
    segment: str
    rule: str = ""
    distance: float = float("nan")
    second: str = ""
    second_distance: float = float("nan")
    reasons: tuple[Reason, ...] = ()
    head_start: float = 0.0

    def lines(self, describe: Callable[[str], str], amount: Callable[[float], str]) -> list[str]:
        """Say it in plain words: how a fact is called and a number is written are handed in."""
        if self.rule:
            return [f"by rule: {self.rule}"]
        if not self.second:
            return ["the only segment"]
        said = [
            f"nearest: {self.segment} (distance {self.distance:.2f}); "
            f"next: {self.second} (distance {self.second_distance:.2f})"
        ]
        deciding = [each for each in self.reasons[:DECIDING] if each.says > 0]
        for each in deciding:
            own = "not known, taken as usual" if each.value is None else amount(each.value)
            usual = f"usual there {amount(each.usual)}, in the next {amount(each.usual_next)}"
            said.append(f"{describe(each.fact)}: {own} ({usual})")
        return said


def why(segmenter: CustomerSegmenter, frame: pd.DataFrame) -> list[Why]:
    """Say why each customer is in their segment.

    Parameters
    ----------
    segmenter : CustomerSegmenter
        Fitted.
    frame : DataFrame
        ``customer_id`` and raw facts by name, as for `CustomerSegmenter.assign`.

    Returns
    -------
    list of Why
        One a customer, in the order of the frame.

    Raises
    ------
    DataError
        When there is no ``customer_id``.

    Notes
    -----
    The difference of two squared distances is a sum over facts, (x - b)² - (x - a)² for the nearest centre, else as
    `guilder.segments.groups.Groups.parts` says: the decomposition is exact.
    """
    ids = customer_ids(frame).astype(str).tolist()
    rules = rules_of(
        map(str, frame.columns), dormant_days=segmenter.dormant_days, new_days=segmenter.new_days,
        names=segmenter.names,
    )  # fmt: skip
    facts = read_facts(frame, list(segmenter.feature_names_in_))
    raw, points = facts[segmenter.facts_].to_numpy(), segmenter.standardise(facts)
    usual, tested = _off_the_ruler(segmenter), _tested(frame, rules)
    found = []
    for row, customer in enumerate(ids):
        rule = next((each for each in rules if _applies(each, tested.iloc[row])), None)
        if rule is not None:
            found.append(Why(customer, rule.name, _said(rule, tested.iloc[row])))
        else:
            found.append(_nearest(customer, segmenter, points[row], raw[row], usual))
    return found


def _nearest(customer: str, segmenter: CustomerSegmenter, point: Floats, raw: Floats, usual: Floats) -> Why:
    squared = segmenter.groups.squared(point[None, :])
    far, first = np.sqrt(squared[:, 0]), int(first_least(squared)[0])
    name = segmenter.names_[first]
    if len(far) == 1:
        return Why(customer, name, distance=float(far[first]))
    squared[first] = np.inf
    second = int(first_least(squared)[0])
    parts = segmenter.groups.parts(point[None, :])[0]
    says = parts[second] - parts[first]
    ahead = float(segmenter.offsets_[second] - segmenter.offsets_[first])
    order = sorted(range(len(says)), key=lambda place: (-round(float(says[place]), 9), place))
    reasons = tuple(
        Reason(
            segmenter.facts_[place], None if np.isnan(raw[place]) else float(raw[place]), float(usual[first, place]),
            float(usual[second, place]), float(says[place]),
        )
        for place in order
    )  # fmt: skip
    return Why(customer, name, "", float(far[first]), segmenter.names_[second], float(far[second]), reasons, ahead)


def _off_the_ruler(segmenter: CustomerSegmenter) -> Floats:
    """The centres as raw facts; shape (k, facts kept)."""
    shaped = segmenter.cluster_centers_ * segmenter.scale_ + segmenter.center_
    made = np.empty_like(shaped)
    for place, kind in enumerate(segmenter.kinds_):
        made[:, place] = unshape(shaped[:, place], kind, float(segmenter.unit_[place]))
    return made


def unshape(shaped: Floats, kind: str, unit: float) -> Floats:
    """Undo `guilder.segments.transforms.shape`."""
    if kind in ("count", "money"):
        return np.asarray(np.expm1(np.maximum(shaped, 0.0)) * (unit if kind == "money" else 1.0))
    if kind == "balance":
        return np.asarray(np.sign(shaped) * np.expm1(np.abs(shaped)) * unit)
    if kind == "share":
        return np.asarray(np.square(np.sin(np.clip(shaped, 0.0, np.pi / 2))))
    return shaped


def _tested(frame: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """The facts that rules ask for as plain numbers, NaN for whatever stands for missing."""
    names = dict.fromkeys(test.fact for rule in rules for test in rule.any_of)
    return pd.DataFrame({name: pd.to_numeric(frame[name]).astype("float64") for name in names}, index=frame.index)


def _applies(rule: Rule, facts: pd.Series[float]) -> bool:
    return any(bool(holds(np.array([float(facts[each.fact])]), each)[0]) for each in rule.any_of)


def _said(rule: Rule, facts: pd.Series[float]) -> str:
    test = next(each for each in rule.any_of if holds(np.array([float(facts[each.fact])]), each)[0])
    words = {"history_days": "days since the first booking", "recency_days": "days since the last booking"}
    if test.test in ("missing", "none"):
        return "no bookings" if rule.id == "unused" else "no bookings in the last year"
    limit = "fewer than" if test.test == "below" else "more than"
    return f"{float(facts[test.fact]):.0f} {words[test.fact]}, {limit} {test.limit:.0f}"
