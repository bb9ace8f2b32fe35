"""Every rule by hand, first failing first, counted, in plain words, and closed when a table is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from guilder.offers.eligibility import RULES, Eligibility, Policy, eligible
from guilder.offers.policy import Standing, Terms
from guilder.offers.popular import PopularRecommender

POLICY = Policy(max_p_default_for_credit=0.08, as_of=datetime(2025, 6, 30))
PRODUCTS = pd.DataFrame({
    "product_id": ["card", "loan", "old", "pension", "save"], "name": ["Card", "Loan", "Old", "Pension", "Save"],
    "family": ["card", "loan", "deposit", "insurance", "deposit"], "active": [True, None, False, True, True],
    "min_age": [None, None, None, 40, None], "max_age": [None, None, None, 60, None],
    "min_income": [30_000, None, None, None, None], "is_credit": [False, None, None, None, None],
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
    assert found.counts == {
        **dict.fromkeys(RULES, 0), "unknown_product": 3, "held": 1, "retired": 3, "age_unknown": 1, "age": 1,
        "income_unknown": 1, "income": 1, "no_p_default": 1, "credit_risk": 1,
    }  # fmt: skip


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
    blank = eligible(["a"], CUSTOMERS, PRODUCTS.assign(is_credit=None), owned(), None, POLICY)
    assert [blank.reason("a", name)[:19] for name in ("card", "loan", "save")] == ["not offered: credit"] * 2 + [""]
    by_pair = pd.DataFrame({"loan": [0.01], "card": [0.5]}, index=["a"])
    priced = eligible(["a"], CUSTOMERS, stated.assign(is_credit=True), owned(), by_pair, POLICY)
    assert priced.allowed.loc["a", "loan"]
    assert priced.reason("a", "card").startswith("not offered: credit, and the risk of 50 %")


def test_a_loss_without_a_margin_is_not_worth_it() -> None:
    policy = replace(POLICY, products={"loan": Terms(lgd=0.5, ead=1000)})
    found = eligible(["a"], CUSTOMERS, PRODUCTS, owned(), pd.Series({"a": 0.04}), policy)
    assert found.reason("a", "loan") == "not offered: credit, and the expected loss is above the margin by 20"


def test_it_fails_closed() -> None:
    nobody = eligible(["a", "z"], None, PRODUCTS, owned(), None, POLICY)
    assert nobody.counts["age_unknown"] == nobody.counts["income_unknown"] == nobody.counts["no_p_default"] == 2
    assert nobody.allowed["save"].all()
    assert not eligible(["a"], CUSTOMERS, None, owned(), None, POLICY).allowed.to_numpy().any()
    refused = CUSTOMERS.assign(consent_marketing=[False, None, True])
    consent = eligible(["a", "b", "c", "z"], refused, PRODUCTS, owned(), None, POLICY).allowed["save"]
    assert consent.to_dict() == {"a": False, "b": False, "c": True, "z": False}
    strict = Policy(0.08, datetime(2025, 6, 30), needs=["consent_marketing"])
    plain = CUSTOMERS.drop(columns="consent_marketing")
    assert not eligible(["a"], plain, PRODUCTS, owned(), None, strict).allowed.to_numpy().any()


@pytest.mark.parametrize("customer", ["a", "b"])
def test_no_credit_reaches_anyone_above_the_policy_even_without_history(customer) -> None:
    frame = pd.DataFrame({"customer_id": list("pqrs"), "product_id": ["loan", "loan", "loan", "save"], "kind": "hold"})
    fitted = PopularRecommender().fit(frame, products=PRODUCTS)
    mask = eligible([customer], CUSTOMERS, PRODUCTS, fitted.owned([customer]), pd.Series({customer: 0.9}), POLICY)
    assert fitted.recommend([customer], 5, allowed=mask.allowed)["product_id"].tolist() == ["save"]
    assert np.array_equal(mask.allowed.to_numpy(), mask.rule.to_numpy() < 0)


def told(found: Eligibility, product: str) -> list[str]:
    return [found.reason(str(customer), product) for customer in found.rule.index]


def test_one_of_a_family_is_enough_where_the_bank_says_so() -> None:
    policy = replace(POLICY, one_is_enough=["deposit"])
    found = eligible(["a", "b"], CUSTOMERS, PRODUCTS.assign(active=True), owned(a="old"), None, policy)
    assert told(found, "save") == ["not offered: the customer has one of this family already, and one is enough", ""]
    assert found.counts["held_family"] == 1
    blank = PRODUCTS.assign(family=["card", "loan", None, "insurance", None], active=True)
    unknown = eligible(["a"], CUSTOMERS, blank, owned(), None, policy)
    assert unknown.counts["family_unknown"] == 2
    assert unknown.allowed.loc["a", "pension"]


@pytest.mark.parametrize(
    ("columns", "reasons"),
    [
        ({"deceased": [True, False, None]}, ["has died", "", "alive is not on record"]),
        ({"deceased_on": [date(2025, 6, 29), date(2025, 6, 30), None]}, ["has died", "", ""]),
        # The day decides where there is one: a flag set today knows of a day that has not come.
        ({"deceased": [True, True, False], "deceased_on": [date(2025, 7, 1), None, None]}, ["", "has died", ""]),
    ],
)
def test_the_dead_are_offered_nothing(columns, reasons) -> None:
    found = eligible(["a", "b", "c"], CUSTOMERS.assign(**columns), PRODUCTS, owned(), None, POLICY)
    assert [said.removeprefix("not offered: the customer ").removeprefix("not offered: whether the customer is ")
            for said in told(found, "save")] == reasons


def test_who_is_in_arrears_gets_no_credit_or_nothing() -> None:
    risk = pd.Series(0.01, index=list("abc"))
    behind = CUSTOMERS.assign(in_arrears=[True, False, None])
    found = eligible(["a", "b", "c"], behind, PRODUCTS, owned(), risk, POLICY)
    assert found.allowed["loan"].to_dict() == {"a": False, "b": True, "c": False}
    assert found.allowed["save"].all()
    assert found.reason("a", "loan") == "not offered: the customer is behind with payments"
    assert found.reason("c", "loan").endswith("is behind with payments is not on record")
    everything = eligible(["a", "b", "c"], behind, PRODUCTS, owned(), risk, replace(POLICY, arrears="everything"))
    assert everything.allowed["save"].to_dict() == {"a": False, "b": True, "c": False}
    dated = CUSTOMERS.assign(arrears_since=[date(2025, 6, 29), date(2025, 6, 30), None])
    since = eligible(["a", "b", "c"], dated, PRODUCTS, owned(), risk, POLICY)
    assert since.allowed["loan"].to_dict() == {"a": False, "b": True, "c": True}


@pytest.mark.parametrize("needed", ["consent_marketing", "deceased", "in_arrears"])
def test_what_must_be_on_record_and_is_not_withholds(needed) -> None:
    risk = pd.Series(0.01, index=list("abc"))
    plain = CUSTOMERS.drop(columns="consent_marketing")
    before = eligible(["a"], plain, PRODUCTS, owned(), risk, POLICY).allowed.loc["a"]
    found = eligible(["a"], plain, PRODUCTS, owned(), risk, replace(POLICY, needs=[needed])).allowed.loc["a"]
    assert before["loan"]
    assert before["save"]
    assert not found["loan"]
    assert found["save"] == (needed == "in_arrears")


def test_regions_where_a_product_is_sold() -> None:
    policy = replace(POLICY, products={"save": Terms(regions=["North"])})
    where = CUSTOMERS.assign(region=["North", "South", None])
    found = eligible(["a", "b", "c"], where, PRODUCTS, owned(), None, policy)
    assert told(found, "save") == [
        "", "not offered: it is not sold in South",
        "not offered: it is not sold everywhere and the customer's region is not known",
    ]  # fmt: skip
    assert not eligible(["a"], CUSTOMERS, PRODUCTS, owned(), None, policy).allowed.loc["a", "save"]


def test_contacts_refusals_and_the_control_group() -> None:
    policy = replace(POLICY, max_contacts=2, contact_days=30, cool_off_days=90)
    refused = pd.DataFrame({"customer_id": ["a", "b", "x"], "product_id": ["save"] * 3, "days": [89, 90, 1]})
    stands = Standing(pd.Series({"a": 1, "b": 2}), refused, frozenset({"c"}))
    found = eligible(["a", "b", "c"], CUSTOMERS, PRODUCTS, owned(), None, policy, stands)
    assert told(found, "save") == [
        "not offered: the customer refused or closed it 89 days ago, and it rests for 90",
        "not offered: the customer had 2 offers in 30 days, and 2 are the most",
        "not offered: the customer is held out of offers, so that offers can be measured",
    ]  # fmt: skip
    rested = eligible(["b"], CUSTOMERS, PRODUCTS, owned(), None, replace(policy, max_contacts=None), stands)
    assert rested.allowed.loc["b", "save"]
    closed = eligible(["a"], CUSTOMERS, PRODUCTS, owned(), None, policy)
    assert closed.reason("a", "save").endswith("there is no campaigns table")
    assert not closed.allowed.to_numpy().any()


def test_a_product_has_its_own_limit_and_a_pd_goes_stale() -> None:
    risk = pd.Series({"a": 0.05, "b": 0.05, "c": 0.05})
    policy = replace(POLICY, products={"loan": Terms(max_p_default=0.04)}, max_p_default_age_days=100)
    stands = Standing(p_default_age=pd.Series({"a": 100, "b": 101}))
    found = eligible(["a", "b", "c"], CUSTOMERS, PRODUCTS, owned(), risk, policy, stands)
    assert told(found, "loan") == [
        "not offered: credit, and the risk of 5 % is above this product's 4 %",
        "not offered: credit, and what is known of the risk is 101 days old, more than the 100 allowed",
        "not offered: credit, and what is known of the risk is an unknown number of days old, "
        "more than the 100 allowed",
    ]
    nothing_known = eligible(["a"], CUSTOMERS, PRODUCTS, owned(), risk, policy)
    assert nothing_known.counts["stale_p_default"] == 1


@pytest.mark.parametrize(("risk", "allowed"), [(0.0499, True), (0.05, False), (0.06, False)])
def test_credit_earns_more_than_it_is_expected_to_lose(risk, allowed) -> None:
    # 150 − PD · 0.6 · 5,000 is above zero for a PD under 5 %.
    policy = replace(POLICY, products={"loan": Terms(margin=150.0, lgd=0.6, ead=5000.0), "save": Terms(margin=-1.0)})
    found = eligible(["a"], CUSTOMERS, PRODUCTS, owned(), pd.Series({"a": risk}), policy)
    assert found.allowed.loc["a", "loan"] == allowed
    assert found.allowed.loc["a", "save"], "what is no credit has no expected loss"
    if risk == 0.06:
        assert found.reason("a", "loan") == "not offered: credit, and the expected loss is above the margin by 30"


def test_without_the_gate_the_same_people_are_asked_and_all_other_rules_stand() -> None:
    behind = CUSTOMERS.assign(in_arrears=[False, True, False])
    risk = pd.Series({"a": 0.5, "b": 0.5})
    found = eligible(["a", "b", "c"], behind, PRODUCTS, owned(), risk, POLICY)
    assert not found.allowed["loan"].any()
    assert found.ungated()["loan"].to_dict() == {"a": True, "b": False, "c": True}
    others = found.allowed.columns.drop("loan")
    assert found.ungated()[others].equals(found.allowed[others])
