"""Segments of a day in the past: as many as are asked for, drawn from the facts of that day alone, without evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from guilder.segments.clusters import distinct_rows
from guilder.segments.derived import CHANNEL, derivation
from guilder.segments.facts import choose_facts, read_facts
from guilder.segments.presets import BEHAVIOUR, CLASSIC_THREE, DECLARED, preset_facts
from guilder.segments.rules import apply_rules, rules_of
from guilder.segments.segmenter import CustomerSegmenter

FEWEST = 100
"""Customers left to K-Means below which a past day has no segments."""


class _Unjudged(CustomerSegmenter):
    """As many segments as are asked for: the evidence, which takes nearly all of the time, is of today's."""

    def _choose(
        self, sample: Any, floor: float, warm: Any, earlier: Any, seed: int, progress: Callable[[str], None] | None
    ) -> int:
        self.limits_, self.candidates_ = {}, []
        self.verdict_, self.verdict_why_ = "not judged", "as many as were asked for"
        return min(int(self.k or 1), distinct_rows(sample))


def read_by(columns: Sequence[str], facts: str | Sequence[str], declared: Sequence[str]) -> list[str]:
    """Name the columns that grouping by a choice of facts reads: the facts, what they are worked out from, the rules'.

    Parameters
    ----------
    columns : sequence of str
        The facts there are.
    facts, declared
        As in `past_segments`.

    Returns
    -------
    list of str
        Those of ``columns``, in their order.
    """
    if facts == BEHAVIOUR:
        names = [*choose_facts(columns), *(name for name in columns if name.startswith(CHANNEL))]
    elif facts == CLASSIC_THREE:
        names = preset_facts(facts, pd.DataFrame(columns=list(columns)))
    else:
        names = list(declared if facts == DECLARED else [facts] if isinstance(facts, str) else facts)
    made = [derivation(name, columns) for name in names if name not in columns]
    parts = {part for one in made if one is not None for part in one.parts}
    asked = {test.fact for rule in rules_of(columns, dormant_days=0, new_days=0) for test in rule.any_of}
    return [name for name in columns if name in {*names, *parts, *asked}]


def past_segments(
    frame: pd.DataFrame, *, facts: str | Sequence[str], declared: Sequence[str], k: int, dormant_days: int,
    new_days: int, random_state: int,
) -> pd.Series | None:
    """Group the customers of a past day by what was known of them then.

    Parameters
    ----------
    frame : DataFrame
        ``customer_id`` and facts as of that day, one row a customer.
    facts, declared
        What to group by: see `guilder.segments.presets.preset_facts`.
    k, dormant_days, new_days, random_state
        As in `CustomerSegmenter`.

    Returns
    -------
    Series or None
        The segment of each customer, by customer_id; None where too few are left to group, or the facts chosen were
        not known then.
    """
    names = declared if facts == DECLARED else [] if isinstance(facts, str) else facts
    if not all(name in frame.columns or derivation(name, frame.columns) for name in names):
        return None
    free = frame.loc[apply_rules(frame, dormant_days=dormant_days, new_days=new_days) == ""]
    if len(free) < FEWEST:
        return None
    made = _Unjudged(k, dormant_days=dormant_days, new_days=new_days, random_state=random_state)
    made.fit(read_facts(free, preset_facts(facts, frame, declared)))
    return made.assign(frame).set_index("customer_id")["segment"]
