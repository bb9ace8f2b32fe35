"""What was known of customers on a day of the past, for the contest of offers: who they were, and their segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw

from guilder.features.facts import SPINE
from guilder.features.facts import facts as all_facts
from guilder.features.vocabulary import Vocabulary, vocabulary
from guilder.workflow.facts import collect, customer_spine, make_facts, recipe
from guilder.workflow.segments import can_segment, declared_facts, facts_for_segments

if TYPE_CHECKING:
    import pandas as pd

    from guilder.offers.trial import Known, Then
    from guilder.source.bank import Bank
    from guilder.workflow.facts import Recipe

SAMPLE = 20_000
"""Customers whose segment is made for a past day where the bank has more: the others are served by all customers'."""
SEGMENTS = 5
"""Segments of a past day where the bank does not ask for a number: how many there are today is not known then."""
OF_TODAY = ("annual_income", "region", "occupation")
"""Columns of customers that say how things are today."""

def known_at(bank: Bank, seed: int) -> Known:
    """Return what makes the segments and facts of customers as they were known before each of some cuts.

    The bank's date is moved back, so nothing dated at or after a cut can be seen from there; ruler and segments are
    learned anew from what can. Bookings are read once for all cuts, so words are those of the earliest.
    """

    def known(cuts: Sequence[pd.Timestamp]) -> dict[pd.Timestamp, Then]:
        then = {cut: replace(bank, as_of=cut.to_pydatetime()) for cut in cuts}
        groups = _segments(then, seed)
        return {cut: (groups.get(cut), who_they_are(one)) for cut, one in then.items()}

    return known


def who_they_are(bank: Bank) -> pd.DataFrame | None:
    """Make the facts of customers' own table as of the bank's date, by customer; None where there are none.

    What a customer did is left out: bookings and loans that follow from a product would betray who just took it, and
    what was held and looked at is known to the recommender already, each moment in its turn.
    """
    if "customers" not in bank.tables:
        return None
    how = _recipe(bank, Vocabulary())
    own = {"customers": how.attributes["customers"]} if "customers" in how.attributes else {}
    made = make_facts({"customers": _without_today(bank)}, customer_spine(bank), replace(how, attributes=own))
    return made if made.shape[1] else None


def _recipe(bank: Bank, words: Vocabulary) -> Recipe:
    """How facts are made, without attributes that no date belongs to."""
    how = recipe(bank, words)
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


def _segments(then: Mapping[pd.Timestamp, Bank], seed: int) -> dict[pd.Timestamp, pd.Series[str] | None]:
    """Group the customers of each date, or every n-th of them in the order of their ids."""
    import pandas as pd

    from guilder.segments.past import past_segments, read_by

    first = min(then.values(), key=lambda bank: bank.as_of)
    if not can_segment(first):
        return {}
    how, said = _recipe(first, vocabulary(first.tables.get("transactions"), first.as_of)), first.settings.segments
    wanted, declared = facts_for_segments(first), declared_facts(first)
    tables = _tables(first, wanted)
    attributes = {name: names for name, names in how.attributes.items() if name in tables}
    spine = nw.concat([
        # A customer has a row at each date.
        _sample(bank).with_columns(row=nw.concat_str(nw.col("row"), nw.lit(f"|{place}")))
        for place, bank in enumerate(then.values())
    ])
    made = all_facts(tables, spine, how.vocabulary, attributes, how.available)
    columns = read_by([name for name in made.columns if name not in SPINE], wanted, declared)
    frame = collect(made.select("as_of", "customer_id", *columns), "as_of", "customer_id")
    settings: Any = {
        "facts": wanted, "declared": declared, "k": said.k or SEGMENTS, "dormant_days": said.dormant_days,
        "new_days": said.new_days, "random_state": seed,
    }  # fmt: skip
    of = {cut: frame.loc[frame["as_of"] == pd.Timestamp(bank.as_of)] for cut, bank in then.items()}
    return {
        cut: past_segments(part.drop(columns="as_of").reset_index(drop=True), **settings) for cut, part in of.items()
    }


def _tables(bank: Bank, facts: str | list[str]) -> dict[str, nw.LazyFrame[Any]]:
    """What the facts are made of: bookings alone, where they alone say how accounts are used."""
    from guilder.segments.presets import BEHAVIOUR, CLASSIC_THREE

    if facts in (BEHAVIOUR, CLASSIC_THREE) and "transactions" in bank.tables:
        return {"transactions": bank.tables["transactions"]}
    tables = dict(bank.tables)
    return {**tables, "customers": _without_today(bank)} if "customers" in tables else tables


def _sample(bank: Bank) -> nw.LazyFrame[Any]:
    spine = customer_spine(bank)
    ids = sorted(collect(spine.select("row"), "row")["row"])
    step = -(-len(ids) // SAMPLE)
    return spine.filter(nw.col("customer_id").is_in(ids[::step])) if step > 1 else spine
