"""What was known of customers on a day of the past, for the contest of offers: who they were, and their segment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw

from guilder.features.facts import facts as all_facts
from guilder.features.vocabulary import vocabulary
from guilder.workflow.facts import collect, customer_spine, make_facts, recipe
from guilder.workflow.segments import can_segment, declared_facts, facts_for_segments

if TYPE_CHECKING:
    import pandas as pd

    from guilder.source.bank import Bank
    from guilder.workflow.facts import Recipe

SAMPLE = 20_000
"""Customers whose segment is made for a past day where the bank has more: the others are served by all customers'."""
SEGMENTS = 5
"""Segments of a past day where the bank does not ask for a number: how many there are today is not known then."""
OF_TODAY = ("annual_income", "region", "occupation")
"""Columns of customers that say how things are today."""

Known = tuple["pd.Series[str] | None", "pd.DataFrame | None"]


def known_at(bank: Bank, seed: int) -> Callable[[pd.Timestamp], Known]:
    """Return what makes the segments and facts of customers as they were known before a cut.

    The bank's date is moved back, so nothing dated at or after the cut can be seen from there; words, ruler and
    segments are learned anew from what can.
    """

    def known(cut: pd.Timestamp) -> Known:
        then = replace(bank, as_of=cut.to_pydatetime())
        return _segments(then, seed), who_they_are(then)

    return known


def who_they_are(bank: Bank) -> pd.DataFrame | None:
    """Make the facts of customers' own table as of the bank's date, by customer; None where there are none.

    What a customer did is left out: bookings and loans that follow from a product would betray who just took it, and
    what was held and looked at is known to the recommender already, each moment in its turn.
    """
    if "customers" not in bank.tables:
        return None
    how = _recipe(bank)
    own = {"customers": how.attributes["customers"]} if "customers" in how.attributes else {}
    made = make_facts({"customers": _without_today(bank)}, customer_spine(bank), replace(how, attributes=own))
    return made if made.shape[1] else None


def _recipe(bank: Bank) -> Recipe:
    """How facts are made with what was known by the bank's date, and without attributes that no date belongs to."""
    how = recipe(bank, vocabulary(bank.tables.get("transactions"), bank.as_of))
    if _timeless(bank):
        return how
    dated = how.available.get("customers", {})
    kept = tuple(name for name in how.attributes.get("customers", ()) if name in dated)
    attributes = {name: names for name, names in how.attributes.items() if name != "customers"}
    return replace(how, attributes={**attributes, "customers": kept} if kept else attributes)


def _timeless(bank: Bank) -> bool:
    """Whether customers' columns may be taken as known at any time: a bank without dates, or one that says why."""
    written = bank.settings.tables.get("customers")
    return not bank.dated or (written is not None and bool(written.undated_ok))


def _without_today(bank: Bank) -> nw.LazyFrame[Any]:
    customers = bank.tables["customers"]
    return customers if _timeless(bank) else customers.drop(list(OF_TODAY), strict=False)


def _segments(bank: Bank, seed: int) -> pd.Series[str] | None:
    """Group the customers of the bank's date, or every n-th of them in the order of their ids."""
    from guilder.segments.past import past_segments

    if not can_segment(bank):
        return None
    how, said = _recipe(bank), bank.settings.segments
    tables = {**bank.tables, "customers": _without_today(bank)} if "customers" in bank.tables else bank.tables
    spine = customer_spine(bank)
    ids = sorted(collect(spine.select("row"), "row")["row"])
    if (step := -(-len(ids) // SAMPLE)) > 1:
        spine = spine.filter(nw.col("customer_id").is_in(ids[::step]))
    made = all_facts(tables, spine, how.vocabulary, how.attributes, how.available)
    frame = collect(made.drop("row", "as_of"), "customer_id")
    return past_segments(
        frame, facts=facts_for_segments(bank), declared=declared_facts(bank), k=said.k or SEGMENTS,
        dormant_days=said.dormant_days, new_days=said.new_days, random_state=seed,
    )  # fmt: skip
