"""The next best offer list, wired: who to contact about what, as a file for a campaign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.contract.names import nearest
from guilder.errors import UsageError
from guilder.workflow.audit import audited
from guilder.workflow.control import held_back
from guilder.workflow.export import check_ending, table_bytes
from guilder.workflow.offers_past import known_at
from guilder.workflow.open import opened, quiet
from guilder.workflow.privacy import key_for, masked
from guilder.workflow.score import who_may_be_contacted

if TYPE_CHECKING:
    import pandas as pd

    from guilder.offers.eligibility import Eligibility
    from guilder.offers.recommender import Recommender
    from guilder.source.bank import Bank
    from guilder.store.runs import Run


@dataclass(frozen=True)
class Campaign:
    """A list and what it is expected to bring."""

    run: str
    contacts: int
    control: int
    cost: float
    expected_taken: float | None
    """Of those contacted, within ``days``; None where no chance could be read from the past."""
    expected_value: float | None
    """After losses and contacts; None where a product has no margin."""
    days: int | None
    withheld: dict[str, int]
    """Pairs of customer and product left out, by rule."""
    not_worth_it: int
    """Pairs that are allowed and whose expected value does not pay for the contact."""
    ranked_by: str
    path: str
    rows: pd.DataFrame

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, without the rows."""
        plain = asdict(self)
        del plain["rows"]
        return plain


@dataclass(frozen=True)
class Wish:
    """What is asked of a list.

    Parameters
    ----------
    product : str, optional
        Id or name; every product when not given, each customer once.
    top, budget
        Contacts at most, and what they may cost.
    cost : float, optional
        Of one contact, in place of the bank file's.
    control : float
        Share held out of this campaign, besides those held out of every offer.
    campaign : str
        Another campaign holds out others.
    """

    product: str | None = None
    top: int | None = None
    budget: float | None = None
    cost: float | None = None
    control: float = 0.0
    campaign: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no number of customers, no amount and no share; a NaN would limit nothing."""
        for name, value in (("budget", self.budget), ("cost", self.cost)):
            if value is not None and not 0 <= value < float("inf"):
                raise UsageError(f"the {name} is {value:g}", todo="write an amount of zero or more")
        if self.top is not None and self.top < 1:
            raise UsageError(f"top is {self.top}", todo="ask for one customer or more")
        if not 0 <= self.control < 1:
            raise UsageError(f"the control share is {self.control:g}", todo="hold out a share from 0 to below 1")


def offers_list(
    bank: Bank | str | Path, wish: Wish, *, out: str | Path | None = None, run: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Campaign:
    """Rank who to contact about a product by expected value, and write the list to a CSV, Parquet or Excel file.

    Raises
    ------
    UsageError
        When the product or the ending is not known, or a budget has no cost to be divided by.
    RunNotFound
        When there is no run, or it makes no offers.
    """
    tell = progress or quiet
    if out is not None:
        check_ending(Path(out))
    with opened(bank, tell) as source, audited(source, run, "offers") as (found, audit):
        key_for(source.settings, "exports")  # refused before the work where there is no key
        made = _made(source, found, wish, tell)
        if out is None:
            return made
        tell(f"writing {Path(out).name}")
        path, content = Path(out), table_bytes(masked(made.rows, source.settings, "exports"), Path(out).suffix)
        about = {"run": found.id, "rows": len(made.rows), "control": made.control, "personal": False}
        audit.export("offers", path, content, **about)
        return replace(made, path=str(path))


def _made(bank: Bank, run: Run, wish: Wish, tell: Callable[[str], None]) -> Campaign:
    from guilder.offers.campaign import Limits, expected_value, next_best
    from guilder.offers.chances import chances
    from guilder.offers.rules import RULES
    from guilder.workflow.offers import catalogue

    may, recommender, met = who_may_be_contacted(bank, run, tell)
    products = catalogue(bank)
    names = {} if products is None else dict(zip(products["product_id"], products["name"], strict=True))
    asked = _asked(may, names, wish.product)
    cost = _costs(bank, asked, wish)
    tell("reading from the last weeks how likely an offer is to be taken")
    at = known_at(bank, run.manifest["seed"])
    read = chances(recommender, met, may.allowed.columns.tolist(), bank.as_of, known_at=at)
    ids = may.allowed.index.tolist()
    affinity = recommender.affinity(ids, interactions=met, now=bank.as_of).reindex(columns=asked, fill_value=0.0)
    owned = recommender.owned(ids, interactions=met, now=bank.as_of)
    chance = affinity * float("nan") if read is None else read.of(affinity, owned)
    value = expected_value(chance, may.p_default, may.policy, cost)
    sold = may.allowed[asked]
    # Values of some products and not of others cannot be ranked together.
    priced = bool(value.where(sold, 0.0).notna().all().all()) and read is not None
    limits = Limits(wish.top, wish.budget, _volumes(bank))
    control = held_back(bank, ids, wish.control, wish.campaign)
    rows = next_best(sold, value if priced else chance, affinity, control, cost, limits)
    rows = _laid_out(rows, names, chance, value if priced else value * float("nan"))
    rows["reason"] = _reasons(rows, recommender, bank, met)
    codes = Counter(may.rule[asked].to_numpy().ravel().tolist())
    made = rows[rows["group"] == "contact"]
    return Campaign(
        run.id, len(made), len(rows) - len(made), float(made["cost"].sum()),
        None if read is None else float(made["chance"].sum()), float(made["value"].sum()) if priced else None,
        None if read is None else read.days, {rule: codes[place] for place, rule in enumerate(RULES) if codes[place]},
        int((sold & (value <= 0)).to_numpy().sum()) if priced else 0,
        "expected value" if priced else "chance of being taken" if read is not None else "affinity", "", rows,
    )  # fmt: skip


def _asked(may: Eligibility, names: Mapping[str, str], product: str | None) -> list[str]:
    """The ids of the products asked for: one by its id or name, or all."""
    known = [str(name) for name in may.allowed.columns]
    if product is None:
        return known
    by_name = [one for one in known if names.get(one) == product]
    if product in known or len(by_name) == 1:
        return [product] if product in known else by_name
    raise UsageError(f"there is no product {product!r}", known=nearest(product, known), id="G-OFFER-004")


def _costs(bank: Bank, asked: list[str], wish: Wish) -> dict[str, float]:
    """What one contact about each product costs: as asked, else the product's own, else the bank's."""
    said = bank.settings.offers
    own = {name: one.contact_cost for name, one in said.products.items() if one.contact_cost is not None}
    everyone = {} if said.contact_cost is None else dict.fromkeys(asked, said.contact_cost)
    cost = dict.fromkeys(asked, wish.cost) if wish.cost is not None else {**everyone, **own}
    if wish.budget is not None and (unknown := [name for name in asked if name not in cost]):
        raise UsageError(
            f"a budget needs the cost of a contact, and that of {unknown[0]} is not known",
            todo="name it with --cost, or write contact_cost under [offers]", id="G-OFFER-005",
        )
    return {name: float(cost[name]) for name in asked if name in cost}


def _volumes(bank: Bank) -> dict[str, int]:
    return {name: one.volume for name, one in bank.settings.offers.products.items() if one.volume is not None}


def _laid_out(
    rows: pd.DataFrame, names: Mapping[str, str], chance: pd.DataFrame, value: pd.DataFrame
) -> pd.DataFrame:
    """The rows of the list as they are written."""
    import numpy as np
    import pandas as pd

    who = chance.index.get_indexer(pd.Index(rows["customer_id"]))
    what = chance.columns.get_indexer(pd.Index(rows["product_id"]))
    return rows.assign(
        rank=np.arange(1, len(rows) + 1), product=[names.get(one, one) for one in rows["product_id"]],
        chance=chance.to_numpy()[who, what], value=value.to_numpy()[who, what],
    )[["rank", "customer_id", "product_id", "product", "group", "chance", "value", "cost"]]  # fmt: skip


def _reasons(rows: pd.DataFrame, recommender: Recommender, bank: Bank, met: pd.DataFrame) -> list[str]:
    """Why each customer is offered the product, as `guilder explain` says it."""
    import pandas as pd

    pair = pd.crosstab(rows["customer_id"], rows["product_id"]).astype(bool)
    if pair.empty:
        return []
    said = recommender.recommend(pair.index.tolist(), 1, allowed=pair, interactions=met, now=bank.as_of)
    return rows["customer_id"].map(said.set_index("customer_id")["reason"]).fillna("").tolist()
