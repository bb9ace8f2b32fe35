"""Segments of a day in the past: as many as are asked for, drawn from the facts of that day alone, without evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from guilder.segments.clusters import distinct_rows
from guilder.segments.derived import derivation
from guilder.segments.facts import read_facts
from guilder.segments.presets import DECLARED, preset_facts
from guilder.segments.rules import apply_rules
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
