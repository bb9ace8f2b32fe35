"""Who may be offered what: rules applied before ranking, counted one by one, and failing closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.errors import DataError
from guilder.offers import words
from guilder.offers.policy import Policy, Standing
from guilder.offers.rules import CREDIT_RULES, GATE, RULES, Judged, Subject, is_credit, rules, text

__all__ = ["RULES", "Eligibility", "Policy", "Standing", "eligible", "is_credit"]

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Eligibility:
    """What may be offered, and why the rest is withheld.

    ``allowed`` is a frame of bool, customers × products, made for ``recommend(allowed=…)``; ``rule`` has the same
    shape and holds the place in :data:`RULES` of the first rule that fails, -1 where none does; ``counts`` says how
    many (customer, product) pairs each rule withheld; ``credit`` says which products lend.
    """

    allowed: pd.DataFrame
    rule: pd.DataFrame
    counts: dict[str, int]
    policy: Policy
    products: pd.DataFrame
    p_default: pd.DataFrame
    credit: Flags
    judged: dict[str, Judged]
    regions: NDArray[np.object_]

    def reason(self, customer_id: str, product_id: str) -> str:
        """Why this product is withheld from this customer, in plain words; empty where it is allowed."""
        row = int(self.rule.index.get_loc(customer_id))  # type: ignore[arg-type]
        column = int(self.rule.columns.get_loc(product_id))  # type: ignore[arg-type]
        code = int(self.rule.to_numpy()[row, column])
        if code < 0:
            return ""
        one = self.judged[RULES[code]]
        value, limit = (
            float("nan") if table is None else float(np.broadcast_to(table, self.rule.shape)[row, column])
            for table in (one.value, one.limit)
        )
        said = words.why(RULES[code], value, limit, product_id, self.products, self.policy, str(self.regions[row]))
        return f"not offered: {said}"

    def withheld(self, customer_id: str) -> list[tuple[str, str]]:
        """Every product withheld from this customer, except those already held, with the reason."""
        codes = self.rule.loc[customer_id]
        told = [str(product) for product, code in codes.items() if code not in (-1, RULES.index("held"))]
        return [(product, self.reason(customer_id, product)) for product in told]

    def held(self, customer_id: str) -> list[str]:
        """What this customer has already."""
        codes = self.rule.loc[customer_id]
        return [str(product) for product, code in codes.items() if code == RULES.index("held")]

    def risky(self) -> pd.DataFrame:
        """Where credit is withheld for its risk, customers × products."""
        return self.rule >= RULES.index(CREDIT_RULES[0])

    def ungated(self) -> pd.DataFrame:
        """What would be allowed if no PD were looked at: those rules come last, so all others have passed."""
        return self.allowed | (self.rule >= RULES.index(GATE[0]))


def eligible(
    customer_ids: Sequence[str], customers: pd.DataFrame | None, products: pd.DataFrame | None, owned: pd.DataFrame,
    p_default: pd.Series | pd.DataFrame | None, policy: Policy, standing: Standing | None = None,
) -> Eligibility:
    """Apply every rule to every customer and product.

    Parameters
    ----------
    customer_ids : sequence of str
    customers : DataFrame, optional
        customer_id and perhaps birth_date, annual_income, region, consent_marketing, deceased, deceased_on, in_arrears,
        arrears_since. Without the table (or the customer in it) a product with a limit on age or income is withheld.
    products : DataFrame, optional
        product_id and perhaps family, is_credit, min_age, max_age, min_income, active. A product that is not in it is
        withheld; without the table that is every product. Where ``is_credit`` is blank or absent the families
        ``loan`` and ``card`` are credit, and so is a product without a family: what is not known is treated as credit.
    owned : DataFrame of bool, index customer_id, columns product_id
        As :meth:`Recommender.owned` gives it; its columns are the products considered, besides the catalogue's.
    p_default : Series by customer_id, or DataFrame customer_id × product_id, optional
        Missing values withhold credit.
    policy : Policy
    standing : Standing, optional
        What the bank has done with each customer so far. A limit of contacts, or of the age of a PD, withholds all it
        is about where this does not say.
    """
    ids = pd.Index([str(one) for one in customer_ids], name="customer_id", dtype="str")
    known, people = _by_id(products, "product_id"), _by_id(customers, "customer_id")
    names = pd.Index(sorted({*map(str, owned.columns), *map(str, known.index)}), name="product_id", dtype="str")
    shape = (len(ids), len(names))
    subject = Subject(
        ids, names, people.reindex(ids), known.reindex(names), ids.isin(people.index), names.isin(known.index),
        owned.reindex(index=ids, columns=names, fill_value=False).to_numpy(dtype=bool), _risk(p_default, ids, names),
        policy, Standing() if standing is None else standing,
    )  # fmt: skip
    judged = rules(subject)
    code = np.full(shape, -1, dtype=np.int8)
    for place, rule in enumerate(RULES):
        code[np.broadcast_to(judged[rule].fails, shape) & (code < 0)] = place
    number = np.bincount(code.ravel().astype(np.int64) + 1, minlength=len(RULES) + 1)
    return Eligibility(
        pd.DataFrame(code < 0, index=ids, columns=names), pd.DataFrame(code, index=ids, columns=names),
        {rule: int(number[place + 1]) for place, rule in enumerate(RULES)}, policy, subject.catalogue,
        pd.DataFrame(subject.risk, index=ids, columns=names), is_credit(subject.catalogue), judged,
        text(subject.people, "region"),
    )  # fmt: skip


def _by_id(table: pd.DataFrame | None, key: str) -> pd.DataFrame:
    if table is None:
        return pd.DataFrame(index=pd.Index([], name=key, dtype="str"))
    if key not in table:
        raise DataError(f"the table has no column {key}", known=f"its columns are {', '.join(map(str, table))}")
    indexed = table.set_index(table[key].astype("str"))
    if not indexed.index.is_unique:
        repeated = indexed.index[indexed.index.duplicated()]
        raise DataError(
            f"{key} is repeated in {len(repeated):,} rows", known=f"for example {repeated[0]}",
            todo="quarantine repeated keys before offers are made",
        )  # fmt: skip
    return indexed


def _risk(p_default: pd.Series | pd.DataFrame | None, ids: pd.Index, names: pd.Index) -> NDArray[np.float64]:
    if p_default is None:
        return np.full((len(ids), len(names)), np.nan)
    if isinstance(p_default, pd.DataFrame):
        return p_default.reindex(index=ids, columns=names).to_numpy(dtype=float, na_value=np.nan)
    one = p_default.reindex(ids).to_numpy(dtype=float, na_value=np.nan)
    return np.repeat(one[:, None], len(names), axis=1)
