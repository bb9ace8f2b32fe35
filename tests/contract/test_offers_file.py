"""What a bank writes of offers: an expected loss is whole or not there, and every limit has its ends."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from guilder.contract.bank_file import parse_bank_file
from guilder.contract.offers_file import MOST_DAYS, OfferedProduct, OffersPolicy
from guilder.errors import BankFileError


def test_the_defaults_are_those_of_the_documents() -> None:
    policy = OffersPolicy()
    assert (policy.max_p_default_for_credit, policy.max_p_default_age_days, policy.arrears) == (0.1, 365, "credit")
    assert (policy.max_contacts, policy.contact_days, policy.cool_off_days, policy.control) == (None, 30, 180, 0.0)
    assert (policy.needs, policy.one_is_enough, policy.contact_cost, policy.products) == ([], [], None, {})


@pytest.mark.parametrize(
    ("written", "id", "says", "todo"),
    [
        ("lgd = 0.5", "G-OFFER-002", "has lgd and no ead", "Write: ead = 5000, or take lgd out."),
        ("ead = 100.0\nmargin = 3.0", "G-OFFER-002", "has ead and no lgd", "Write: lgd = 0.6, or take ead out."),
        ("lgd = 0.5\nead = 100.0", "G-OFFER-003", "no margin", "Write: margin = 400, what one customer"),
    ],
)
def test_half_a_loss_is_refused_and_the_other_half_is_asked_for(written: str, id: str, says: str, todo: str) -> None:
    with pytest.raises(BankFileError, match=says) as caught:
        parse_bank_file(f"[offers.products.card]\n{written}")
    assert caught.value.id == id
    assert caught.value.todo.startswith(todo)


def test_a_whole_loss_with_its_margin_and_a_margin_alone_are_right() -> None:
    assert OfferedProduct(lgd=1.0, ead=100.0, margin=-5.0).margin == -5.0
    assert OfferedProduct(margin=4.0).lgd is None


@pytest.mark.parametrize(
    ("key", "first", "last", "beyond"),
    [
        ("max_p_default_for_credit", 0.0, 1.0, (-0.01, 1.01)),
        ("max_p_default_age_days", 1, MOST_DAYS, (0, MOST_DAYS + 1)),
        ("contact_days", 1, MOST_DAYS, (0, MOST_DAYS + 1)),
        ("cool_off_days", 0, MOST_DAYS, (-1, MOST_DAYS + 1)),
        ("max_contacts", 1, 100, (0, "2")),
        ("contact_cost", 0.0, 1e9, (-0.01, float("inf"), float("nan"))),
        ("control", 0.0, 0.99, (-0.01, 1.0)),
    ],
)
def test_limits_of_the_policy_have_ends(key: str, first: float, last: float, beyond: tuple[object, ...]) -> None:
    for value in (first, last):
        assert getattr(OffersPolicy.model_validate({key: value}), key) == value
    for value in beyond:
        with pytest.raises(ValidationError):
            OffersPolicy.model_validate({key: value})


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("max_p_default", (0.0, 1.0), (-0.01, 1.01)),
        ("volume", (1,), (0,)),
        ("contact_cost", (0.0,), (-0.01,)),
        ("regions", (["N"],), ([],)),
        ("margin", (-1.0,), (float("nan"),)),
    ],
)
def test_limits_of_a_product_have_ends(key: str, right: tuple[object, ...], wrong: tuple[object, ...]) -> None:
    for value in right:
        assert getattr(OfferedProduct.model_validate({key: value}), key) == value
    for value in wrong:
        with pytest.raises(ValidationError):
            OfferedProduct.model_validate({key: value})
