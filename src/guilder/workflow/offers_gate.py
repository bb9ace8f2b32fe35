"""What the PD gate does to offers, wired: the same customers with it and without, by their protected groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guilder.workflow.fairness import protected_columns
from guilder.workflow.offers import catalogue, make_offers
from guilder.workflow.offers_past import known_at

if TYPE_CHECKING:
    import pandas as pd

    from guilder.offers.recommender import Recommender
    from guilder.source.bank import Bank
    from guilder.workflow.score import Scores


def gate_of(bank: Bank, recommender: Recommender, scores: Scores, seed: int) -> dict[str, Any] | None:
    """Measure what the gate costs and whom it moves; None where the bank offers nothing or has no credit to offer."""
    from guilder.offers.chances import chances
    from guilder.offers.gate import gate
    from guilder.risk.fairness import tidy_groups

    may = scores.may
    met = scores.met
    if may is None or met is None or scores.facts is None or not len(may.allowed) or not may.credit.any():
        return None
    ids = may.allowed.index.tolist()
    ungated = make_offers(bank, recommender, may, met, allowed=may.ungated(), reasons=False)
    products = catalogue(bank)
    names = [] if products is None else products["product_id"].astype(str).tolist()
    read = chances(recommender, met, names, bank.as_of, known_at=known_at(bank, seed))
    chance = None
    if read is not None:
        owned = recommender.owned(ids, interactions=met, now=bank.as_of)
        chance = read.of(recommender.affinity(ids, interactions=met, now=bank.as_of), owned)
    groups = {name: tidy_groups(column.to_numpy()) for name, column in _protected(bank, scores.facts).items()}
    found = gate(scores.offers, ungated, may, chance, groups, random_state=seed)
    return {**found, "days": None if read is None else read.days}


def _protected(bank: Bank, facts: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    """The group of each customer by each protected column, and by age."""
    import pandas as pd

    known = pd.DataFrame({"customer_id": facts.index.astype(str)}, index=facts.index)
    names = [name for name in bank.settings.risk.protected if name in facts.columns]
    columns = protected_columns(bank, facts, known, names)
    return {str(name): columns[name] for name in columns}
