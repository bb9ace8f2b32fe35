"""Rule segments: customers without bookings, dormant and new ones are known without clustering, and would blur it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.contract.assignment import Condition, Rule

NEW, UNUSED, DORMANT = "new", "unused", "dormant"
RULE_NAMES = {NEW: "New", UNUSED: "No bookings", DORMANT: "Dormant"}
"""By id, in the order in which they are asked."""

_EVER, _OF_THE_YEAR, _LAST, _FIRST = (
    "transactions_count_all", "transactions_count_365d", "recency_days", "history_days"
)  # fmt: skip


def rules_of(
    columns: Iterable[str], *, dormant_days: int, new_days: int, names: Mapping[str, str] | None = None
) -> tuple[Rule, ...]:
    """Say by which rules customers are set apart, given the facts there are.

    Parameters
    ----------
    columns : iterable of str
        The facts at hand; a rule is made of those that are there.
    dormant_days : int
        Without a booking for more days than this a customer is dormant.
    new_days : int
        With a first booking fewer days ago than this a customer is new.
    names : mapping, optional
        The bank's own names by id or by name.

    Returns
    -------
    tuple of Rule
        New, then without any booking, then dormant; a rule that no fact can answer is left out.
    """
    present = set(columns)
    # Without a count of all time, a year without bookings is what is known of being dormant.
    quiet = Condition(_OF_THE_YEAR, "none") if _EVER not in present else Condition(_LAST, "above", dormant_days)
    asked = {
        NEW: (Condition(_FIRST, "below", new_days),),
        UNUSED: (Condition(_LAST, "missing"), Condition(_EVER, "none")),
        DORMANT: tuple(dict.fromkeys((Condition(_LAST, "above", dormant_days), quiet))),
    }
    found = {rule: tuple(each for each in tests if each.fact in present) for rule, tests in asked.items()}
    return tuple(Rule(rule, rule_name(rule, names), tests) for rule, tests in found.items() if tests)


def apply_rules(frame: pd.DataFrame, *, dormant_days: int, new_days: int) -> NDArray[Any]:
    """Say which customers a rule decides.

    Parameters
    ----------
    frame : DataFrame
        Facts; see `rules_of` for those that are used where they are present.
    dormant_days, new_days : int
        As in `rules_of`.

    Returns
    -------
    ndarray of shape (n,)
        "new", "unused", "dormant" or "" (left to K-Means).
    """
    decided = np.full(len(frame), "", dtype=object)
    for rule in reversed(rules_of(map(str, frame.columns), dormant_days=dormant_days, new_days=new_days)):
        for each in rule.any_of:
            decided[holds(np.asarray(pd.to_numeric(frame[each.fact]), dtype=np.float64), each)] = rule.id
    return decided


def rule_name(rule: str, names: Mapping[str, str] | None) -> str:
    """Return the name of a rule segment, the bank's own where it gave one by id or by name; "" for no rule."""
    if rule not in RULE_NAMES:
        return ""
    given = names or {}
    return given.get(rule, given.get(RULE_NAMES[rule], RULE_NAMES[rule]))


def holds(values: NDArray[np.float64], condition: Condition) -> NDArray[np.bool_]:
    """Test each value; a missing one is neither below nor above. Shape as given."""
    if condition.test == "missing":
        return np.asarray(np.isnan(values))
    if condition.test == "none":
        return np.asarray(np.nan_to_num(values) == 0)
    return np.asarray(values < condition.limit if condition.test == "below" else values > condition.limit)
