"""Who may be offered what: rules applied before ranking, counted one by one, and failing closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.errors import DataError

Flags = NDArray[np.bool_]

RULES = (
    "unknown_product", "held", "retired", "no_consent", "age_unknown", "age", "income_unknown", "income",
    "no_p_default", "credit_risk",
)  # fmt: skip
"""The rules in the order they are applied: a withheld product counts under the first that fails."""


@dataclass(frozen=True)
class Policy:
    """What the bank has decided.

    Parameters
    ----------
    max_p_default_for_credit : float
        No credit is offered above this probability of default.
    as_of : datetime
        The day ages are counted to.
    needs_consent : bool
        Withhold every offer from a bank that keeps no record of consent; with a record it always counts.
    """

    max_p_default_for_credit: float
    as_of: object
    needs_consent: bool = False


@dataclass(frozen=True)
class Eligibility:
    """What may be offered, and why the rest is withheld.

    ``allowed`` is a frame of bool, customers × products, made for ``recommend(allowed=…)``; ``rule`` has the same
    shape and holds the place in :data:`RULES` of the first rule that fails, -1 where none does; ``counts`` says how
    many (customer, product) pairs each rule withheld.
    """

    allowed: pd.DataFrame
    rule: pd.DataFrame
    counts: dict[str, int]
    policy: Policy
    products: pd.DataFrame
    p_default: pd.DataFrame

    def reason(self, customer_id: str, product_id: str) -> str:
        """Why this product is withheld from this customer, in plain words; empty where it is allowed."""
        code = int(self.rule.loc[customer_id, product_id])  # type: ignore[arg-type]
        if code < 0:
            return ""
        return f"not offered: {self._why(RULES[code], customer_id, product_id)}"

    def withheld(self, customer_id: str) -> list[tuple[str, str]]:
        """Every product withheld from this customer, except those already held, with the reason."""
        codes = self.rule.loc[customer_id]
        told = [str(product) for product, code in codes.items() if code not in (-1, RULES.index("held"))]
        return [(product, self.reason(customer_id, product)) for product in told]

    def _why(self, rule: str, customer_id: str, product_id: str) -> str:
        if rule == "credit_risk":
            risk, most = float(self.p_default.loc[customer_id, product_id]), self.policy.max_p_default_for_credit  # type: ignore[arg-type]
            places = next((d for d in range(4) if round(risk * 100, d) > round(most * 100, d)), 4)
            told, policy = _percent(risk, places), _percent(most, places)
            return f"credit, and the risk of {told} % is above this bank's {policy} %"
        if rule == "age":
            limits = {"from": self._limit(product_id, "min_age"), "to": self._limit(product_id, "max_age")}
            bounds = [f"{word} {limit:.0f}" for word, limit in limits.items() if np.isfinite(limit)]
            return f"it is for ages {' '.join(bounds)}"
        if rule == "income":
            return f"it asks for an annual income of {self._limit(product_id, 'min_income'):,.0f} or more"
        return {
            "unknown_product": "the product is not in the bank's products table",
            "held": "already held",
            "retired": "it is no longer sold",
            "no_consent": "no consent to be contacted with offers is on record",
            "age_unknown": "it has an age limit and the customer's age is not known",
            "income_unknown": "it asks for an income and the customer's is not known",
            "no_p_default": "credit, and the risk is not known",
        }[rule]

    def _limit(self, product_id: str, column: str) -> float:
        return float(_numbers(self.products.loc[[product_id]], column)[0])


def eligible(
    customer_ids: Sequence[str], customers: pd.DataFrame | None, products: pd.DataFrame | None, owned: pd.DataFrame,
    p_default: pd.Series | pd.DataFrame | None, policy: Policy,
) -> Eligibility:
    """Apply every rule to every customer and product.

    Parameters
    ----------
    customer_ids : sequence of str
    customers : DataFrame, optional
        customer_id and perhaps birth_date, annual_income, consent_marketing. Without the table (or the customer in
        it) a product with a limit on age or income is withheld.
    products : DataFrame, optional
        product_id and perhaps family, is_credit, min_age, max_age, min_income, active. A product that is not in it is
        withheld; without the table that is every product. Where ``is_credit`` is blank or absent the family ``loan``
        is credit, and so is a product without a family: what is not known is treated as credit.
    owned : DataFrame of bool, index customer_id, columns product_id
        As :meth:`Recommender.owned` gives it; its columns are the products considered, besides the catalogue's.
    p_default : Series by customer_id, or DataFrame customer_id × product_id, optional
        Missing values withhold credit.
    policy : Policy
    """
    ids = pd.Index([str(one) for one in customer_ids], name="customer_id", dtype="str")
    known = _by_id(products, "product_id")
    names = pd.Index(sorted({*map(str, owned.columns), *map(str, known.index)}), name="product_id", dtype="str")
    shape = (len(ids), len(names))
    people, catalogue = _by_id(customers, "customer_id").reindex(ids), known.reindex(names)
    risk = _risk(p_default, ids, names)
    credit = is_credit(catalogue)
    age, income = _age(people, policy.as_of), _numbers(people, "annual_income")
    youngest, oldest = _numbers(catalogue, "min_age"), _numbers(catalogue, "max_age")
    lowest = _numbers(catalogue, "min_income")
    aged, asks = np.isfinite(youngest) | np.isfinite(oldest), np.isfinite(lowest)
    with np.errstate(invalid="ignore"):
        fails = {
            "unknown_product": _wide(~names.isin(known.index), shape),
            "held": owned.reindex(index=ids, columns=names, fill_value=False).to_numpy(dtype=bool),
            "retired": _wide(_flags(catalogue, "active") == 0, shape),
            "no_consent": _tall(_no_consent(customers, people, policy), shape),
            "age_unknown": np.isnan(age)[:, None] & aged,
            "age": (age[:, None] < youngest) | (age[:, None] > oldest),
            "income_unknown": np.isnan(income)[:, None] & asks,
            "income": income[:, None] < lowest,
            "no_p_default": credit & ~np.isfinite(risk),
            "credit_risk": credit & (risk > policy.max_p_default_for_credit),
        }
    code = np.full(shape, -1, dtype=np.int8)
    for place, rule in reversed(list(enumerate(RULES))):
        code[fails[rule]] = place
    number = np.bincount(code.ravel().astype(np.int64) + 1, minlength=len(RULES) + 1)
    return Eligibility(
        pd.DataFrame(code < 0, index=ids, columns=names), pd.DataFrame(code, index=ids, columns=names),
        {rule: int(number[place + 1]) for place, rule in enumerate(RULES)}, policy, catalogue,
        pd.DataFrame(risk, index=ids, columns=names),
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


def is_credit(catalogue: pd.DataFrame) -> Flags:
    """Which products lend: as stated, else by family; what is not known is treated as credit."""
    family = catalogue["family"] if "family" in catalogue else pd.Series(np.nan, index=catalogue.index, dtype=object)
    by_family = (family.isna() | (family == "loan")).to_numpy(dtype=bool)
    stated = _flags(catalogue, "is_credit")
    return np.asarray(np.where(np.isnan(stated), by_family, stated == 1))


def _no_consent(customers: pd.DataFrame | None, people: pd.DataFrame, policy: Policy) -> Flags:
    if customers is None or "consent_marketing" not in customers:
        return np.full(len(people), policy.needs_consent)
    return np.array(_flags(people, "consent_marketing") != 1, dtype=np.bool_)


def _age(people: pd.DataFrame, as_of: object) -> NDArray[np.float64]:
    """Whole years on the day, the birthday included."""
    if "birth_date" not in people:
        return np.full(len(people), np.nan)
    born, today = pd.to_datetime(people["birth_date"]), pd.Timestamp(as_of)  # type: ignore[arg-type]
    before = (born.dt.month > today.month) | ((born.dt.month == today.month) & (born.dt.day > today.day))
    age = today.year - born.dt.year - before.astype(float)
    return np.asarray(age.to_numpy(dtype=float, na_value=np.nan))


def _numbers(table: pd.DataFrame, column: str) -> NDArray[np.float64]:
    if column not in table:
        return np.full(len(table), np.nan)
    return pd.to_numeric(table[column]).to_numpy(dtype=float, na_value=np.nan)


def _flags(table: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """1, 0, or NaN where blank."""
    if column not in table:
        return np.full(len(table), np.nan)
    return np.asarray(table[column].astype("boolean").to_numpy(dtype=float, na_value=np.nan))


def _wide(of_product: NDArray[np.bool_], shape: tuple[int, int]) -> Flags:
    return np.array(np.broadcast_to(of_product[None, :], shape))


def _tall(of_customer: NDArray[np.bool_], shape: tuple[int, int]) -> Flags:
    return np.array(np.broadcast_to(of_customer[:, None], shape))


def _percent(share: float, places: int) -> str:
    return f"{share * 100:.{places}f}"
