"""Every rule by hand, first failing first, counted, in plain words, and closed when a table is missing."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from guilder.offers.eligibility import RULES, Policy, eligible
from guilder.offers.popular import PopularRecommender

POLICY = Policy(max_p_default_for_credit=0.08, as_of=datetime(2025, 6, 30))
PRODUCTS = pd.DataFrame({
    "product_id": ["card", "loan", "old", "pension", "save"], "name": ["Card", "Loan", "Old", "Pension", "Save"],
    "family": ["card", "loan", "deposit", "insurance", "deposit"], "active": [True, None, False, True, True],
    "min_age": [None, None, None, 40, None], "max_age": [None, None, None, 60, None],
    "min_income": [30_000, None, None, None, None],
})  # fmt: skip
CUSTOMERS = pd.DataFrame({
    "customer_id": ["a", "b", "c"], "birth_date": [date(1985, 6, 30), date(1985, 7, 1), None],
    "annual_income": [50_000.0, 10_000.0, None], "consent_marketing": [True, True, True],
})  # fmt: skip


def owned(**held: str) -> pd.DataFrame:
    frame = pd.DataFrame(False, index=["a", "b", "c"], columns=[*PRODUCTS["product_id"], "mystery"])
    for who, what in held.items():
        frame.loc[who, what] = True
    return frame


def test_each_rule_withholds_with_its_own_words() -> None:
    risk = pd.Series({"a": 0.05, "b": 0.14})
    found = eligible(["a", "b", "c"], CUSTOMERS, PRODUCTS, owned(a="save"), risk, POLICY)
    assert found.allowed.loc["a"].to_dict() == {
        "card": True, "loan": True, "mystery": False, "old": False, "pension": True, "save": False,
    }  # fmt: skip
    assert found.reason("a", "save") == "not offered: already held"
    assert found.reason("a", "old") == "not offered: it is no longer sold"
    assert found.reason("a", "mystery") == "not offered: the product is not in the bank's products table"
    assert found.reason("a", "loan") == ""
    assert found.reason("b", "loan") == "not offered: credit, and the risk of 14 % is above this bank's 8 %"
    assert found.reason("b", "pension") == "not offered: it is for ages from 40 to 60"
    assert found.reason("b", "card") == "not offered: it asks for an annual income of 30,000 or more"
    assert found.reason("c", "card") == "not offered: it asks for an income and the customer's is not known"
    assert found.reason("c", "pension") == "not offered: it has an age limit and the customer's age is not known"
    assert found.reason("c", "loan") == "not offered: credit, and the risk is not known"
    assert [product for product, _ in found.withheld("a")] == ["mystery", "old"]
    assert sum(found.counts.values()) == int((~found.allowed).to_numpy().sum())
    many = {"unknown_product": 3, "retired": 3, "no_consent": 0}
    assert found.counts == {**dict.fromkeys(RULES, 1), **many}


def test_a_risk_close_to_the_policy_is_told_with_enough_figures() -> None:
    found = eligible(["a"], CUSTOMERS, PRODUCTS, owned(), pd.Series({"a": 0.0812}), POLICY)
    assert found.reason("a", "loan") == "not offered: credit, and the risk of 8.1 % is above this bank's 8.0 %"
    same = eligible(["a"], CUSTOMERS, PRODUCTS, owned(), pd.Series({"a": 0.08}), POLICY)
    assert same.allowed.loc["a", "loan"]


def test_what_is_credit() -> None:
    stated = PRODUCTS.assign(is_credit=[True, False, None, None, None])
    found = eligible(["a"], CUSTOMERS, stated, owned(), None, POLICY)
    assert found.counts["no_p_default"] == 1
    assert not found.allowed.loc["a", "card"]
    unknown = eligible(["a"], CUSTOMERS, PRODUCTS[["product_id", "name"]], owned(), None, POLICY)
    assert not unknown.allowed.to_numpy().any()
    by_pair = pd.DataFrame({"loan": [0.01], "card": [0.5]}, index=["a"])
    priced = eligible(["a"], CUSTOMERS, stated.assign(is_credit=True), owned(), by_pair, POLICY)
    assert priced.allowed.loc["a", "loan"]
    assert priced.reason("a", "card").startswith("not offered: credit, and the risk of 50 %")


def test_it_fails_closed() -> None:
    nobody = eligible(["a", "z"], None, PRODUCTS, owned(), None, POLICY)
    assert nobody.counts["age_unknown"] == nobody.counts["income_unknown"] == nobody.counts["no_p_default"] == 2
    assert nobody.allowed["save"].all()
    assert not eligible(["a"], CUSTOMERS, None, owned(), None, POLICY).allowed.to_numpy().any()
    refused = CUSTOMERS.assign(consent_marketing=[False, None, True])
    consent = eligible(["a", "b", "c", "z"], refused, PRODUCTS, owned(), None, POLICY).allowed["save"]
    assert consent.to_dict() == {"a": False, "b": False, "c": True, "z": False}
    strict = Policy(0.08, datetime(2025, 6, 30), needs_consent=True)
    plain = CUSTOMERS.drop(columns="consent_marketing")
    assert not eligible(["a"], plain, PRODUCTS, owned(), None, strict).allowed.to_numpy().any()


@pytest.mark.parametrize("customer", ["a", "b"])
def test_no_credit_reaches_anyone_above_the_policy_even_without_history(customer) -> None:
    frame = pd.DataFrame({"customer_id": list("pqrs"), "product_id": ["loan", "loan", "loan", "save"], "kind": "hold"})
    fitted = PopularRecommender().fit(frame, products=PRODUCTS)
    mask = eligible([customer], CUSTOMERS, PRODUCTS, fitted.owned([customer]), pd.Series({customer: 0.9}), POLICY)
    assert fitted.recommend([customer], 5, allowed=mask.allowed)["product_id"].tolist() == ["save"]
    assert np.array_equal(mask.allowed.to_numpy(), mask.rule.to_numpy() < 0)
