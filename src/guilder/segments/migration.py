"""Who moved between segments from one date to another, and which facts moved them; nothing is refitted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.evaluation.calibration import jeffreys
from guilder.evaluation.intervals import Figure
from guilder.segments.facts import read_facts
from guilder.segments.rules import RULE_NAMES, rule_name
from guilder.segments.segmenter import CustomerSegmenter

Floats = NDArray[np.float64]

DECIDING = 3


@dataclass(frozen=True)
class Migration:
    """Movement between segments, counted by customer.

    Attributes
    ----------
    segments : tuple of (id, name)
        The segments in order, those by rule last.
    counts : ndarray of shape (segments, segments)
        Customers there on both dates, by the segment before and after.
    low, high : ndarray of shape (segments, segments)
        The 95 % interval of each share of a row (Jeffreys); NaN in a row without customers.
    stayed : Figure
        The share of customers in the same segment on both dates.
    came, left : dict
        Customers there on the later or on the earlier date only, by their segment.
    moves : DataFrame
        ``customer_id``, ``before``, ``after``, ``fact_1`` … ``fact_3``: what decided, most first; blank for a rule.
    least : int
        Of fewer customers nothing is said in `rows` and `to_dict`.
    """

    segments: tuple[tuple[str, str], ...]
    counts: NDArray[np.int64]
    low: Floats
    high: Floats
    stayed: Figure
    came: dict[str, int]
    left: dict[str, int]
    moves: pd.DataFrame
    least: int = 1

    @property
    def shares(self) -> Floats:
        """Each count as a share of its row; NaN in a row without customers."""
        return _of(self.counts, self.counts.sum(axis=1, keepdims=True))

    def reasons(self) -> dict[tuple[str, str], list[tuple[str, float]]]:
        """Say for each movement which facts decided, and for which share of those who made it; most first."""
        columns = [f"fact_{place + 1}" for place in range(DECIDING)]
        found = {}
        for (before, after), group in self.moves.groupby(["before", "after"], sort=True):
            named = group[columns].stack().value_counts()
            ranked = sorted(named.items(), key=lambda pair: (-pair[1], str(pair[0])))[:DECIDING]
            found[str(before), str(after)] = [(str(fact), many / len(group)) for fact, many in ranked if fact]
        return found

    def rows(self, describe: Callable[[str], str]) -> list[list[str]]:
        """Say each movement in words: from, to, how many, their share of the segment, and what decided.

        Of a movement of fewer customers than `least` only that is said.
        """
        reasons, names = self.reasons(), dict(self.segments)
        said = []
        for row, column in zip(*np.nonzero(self.counts), strict=True):
            (before, old), (after, new) = self.segments[row], self.segments[column]
            if before == after:
                continue
            if self.counts[row, column] < self.least:
                said.append([old, new, f"under {self.least}", "", ""])
                continue
            share = f"{self.shares[row, column]:.1%} ({self.low[row, column]:.1%} to {self.high[row, column]:.1%})"
            why = "; ".join(describe(fact) for fact, _ in reasons.get((before, after), ()))
            ruled = names[after] if after in RULE_NAMES else names[before]
            said.append([old, new, f"{self.counts[row, column]:,}", share, why or f"by rule: {ruled.lower()}"])
        return said

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; a count under `least` and what goes with it are None."""
        ids = [identity for identity, _ in self.segments]
        reasons = self.reasons()
        cells: list[dict[str, Any]] = [
            {
                "before": ids[row], "after": ids[column], "customers": int(self.counts[row, column]),
                "share": {
                    "value": float(self.shares[row, column]), "low": float(self.low[row, column]),
                    "high": float(self.high[row, column]),
                },
                "facts": [{"fact": fact, "share": share} for fact, share in reasons.get((ids[row], ids[column]), ())],
            }
            for row, column in zip(*np.nonzero(self.counts), strict=True)
        ]  # fmt: skip
        for cell in cells:
            if cell["customers"] < self.least:
                cell |= dict.fromkeys(("customers", "share", "facts"))
        came, left = (
            {name: n if n >= self.least else None for name, n in part.items()} for part in (self.came, self.left)
        )
        return {
            "segments": [{"segment": identity, "name": name} for identity, name in self.segments],
            "stayed": self.stayed.to_dict(), "cells": cells, "came": came, "left": left,
        }  # fmt: skip


def migrate(segmenter: CustomerSegmenter, before: pd.DataFrame, after: pd.DataFrame) -> Migration:
    """Place customers as they were on two dates and compare.

    Parameters
    ----------
    segmenter : CustomerSegmenter
        Fitted once; both dates are placed by it.
    before, after : DataFrame
        ``customer_id`` and raw facts on the earlier and the later date.

    Returns
    -------
    Migration
        A fact decides a movement by what its change adds to the old segment's squared distance and takes from the new
        one's: the parts add up to what tipped the customer over.
    """
    was, now = (segmenter.assign(frame).set_index("customer_id")["segment"] for frame in (before, after))
    both = was.index.intersection(now.index, sort=True)
    rules = [(rule, rule_name(rule, segmenter.names)) for rule in RULE_NAMES]
    seen = {*was, *now}
    segments = (*zip(segmenter.ids_, segmenter.names_, strict=True), *(each for each in rules if each[0] in seen))
    place = {identity: row for row, (identity, _) in enumerate(segments)}
    one, two = was[both].map(place).to_numpy(dtype=np.int64), now[both].map(place).to_numpy(dtype=np.int64)
    counts = np.bincount(one * len(place) + two, minlength=len(place) ** 2).reshape(len(place), -1).astype(np.int64)
    totals = counts.sum(axis=1, keepdims=True)
    low, high = (np.where(totals > 0, ends, np.nan) for ends in jeffreys(counts, totals))
    stayed, everyone = int(np.trace(counts)), int(counts.sum())
    ends = jeffreys(stayed, everyone)
    share = Figure(stayed / everyone if everyone else float("nan"), *(float(end) for end in ends))
    return Migration(
        tuple(segments), counts, low, high, share, _count(now.drop(both)), _count(was.drop(both)),
        _moves(segmenter, before.set_index("customer_id"), after.set_index("customer_id"), was[both], now[both]),
    )  # fmt: skip


def _moves(
    segmenter: CustomerSegmenter, before: pd.DataFrame, after: pd.DataFrame, was: pd.Series[str], now: pd.Series[str]
) -> pd.DataFrame:
    movers = was.index[(was != now).to_numpy()]
    columns = [f"fact_{place + 1}" for place in range(DECIDING)]
    made = pd.DataFrame({"customer_id": movers, "before": was[movers].to_numpy(), "after": now[movers].to_numpy()})
    made[columns] = ""
    places = {identity: place for place, identity in enumerate(segmenter.ids_)}
    known = list(segmenter.feature_names_in_)
    for old, new in sorted(set(zip(made["before"], made["after"], strict=True))):
        if old not in places or new not in places:
            continue  # a rule decided: it is its own reason
        rows = (made["before"] == old) & (made["after"] == new)
        ids = made.loc[rows, "customer_id"]
        then, today = (
            segmenter.groups.parts(segmenter.standardise(read_facts(frame.loc[ids], known)))
            for frame in (before, after)
        )
        tipped = (today - then)[:, places[old]] - (today - then)[:, places[new]]
        made.loc[rows, columns] = _deciding(tipped, segmenter.facts_)
    return made.sort_values("customer_id", kind="stable", ignore_index=True)


def _deciding(tipped: Floats, facts: Sequence[str]) -> NDArray[Any]:
    """Name the facts that tipped each customer over, most first, as long as they tipped at all."""
    order = np.argsort(-np.round(tipped, 9), axis=1, kind="stable")[:, :DECIDING]
    names: NDArray[Any] = np.array(facts, dtype=object)[order]
    names[np.take_along_axis(tipped, order, axis=1) <= 0] = ""
    padded: NDArray[Any] = np.full((len(tipped), DECIDING), "", dtype=object)
    padded[:, : names.shape[1]] = names
    return padded


def _count(segments: pd.Series[str]) -> dict[str, int]:
    return {str(identity): int(many) for identity, many in segments.value_counts().sort_index().items()}


def _of(counts: NDArray[np.int64], totals: NDArray[np.int64]) -> Floats:
    shares: Floats = np.divide(counts, totals, out=np.full(counts.shape, np.nan), where=totals > 0)
    return shares
