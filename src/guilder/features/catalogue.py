"""What each fact means, in words that can be said to a customer, its unit, and what it is when nothing happened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from guilder.contract.tables import KINDS_OF_INTERACTION

Empty = Literal["zero", "missing"]
"""What a fact is when there is nothing to make it from."""


@dataclass(frozen=True)
class Fact:
    """One fact: its name, its meaning in plain words, its unit, and what it is when its window is empty."""

    name: str
    meaning: str
    unit: str = ""
    empty: Empty = "missing"
    source: str = "attributes"
    """The table it is made from."""


_WHEN = {
    "30d": "in the last 30 days",
    "90d": "in the last 90 days",
    "365d": "in the last year",
    "all": "since the first booking",
}
_CURRENCY = "currency"


_ANY_WINDOW: tuple[tuple[str, str, str, Empty], ...] = (
    ("transactions_count", "number of bookings", "bookings", "zero"),
    ("money_in", "money received", _CURRENCY, "zero"),
    ("money_out", "money spent", _CURRENCY, "zero"),
    ("ticket_mean", "average size of a booking", _CURRENCY, "missing"),
    ("ticket_std", "spread of the size of bookings", _CURRENCY, "missing"),
    ("ticket_max", "largest booking", _CURRENCY, "missing"),
)
_BALANCE_WINDOW: tuple[tuple[str, str, str, Empty], ...] = (
    ("days_below_zero", "days below zero", "days", "zero"),
    ("balance_min", "lowest balance", _CURRENCY, "missing"),
    ("balance_mean", "average balance", _CURRENCY, "missing"),
    ("balance_trend", "rise or fall of the balance a month", "currency a month", "missing"),
)


def _by_window() -> list[Fact]:
    return [
        _booking(f"{name}_{suffix}", f"{meaning} {_WHEN[suffix]}", unit, empty)
        for suffixes, facts in ((tuple(_WHEN), _ANY_WINDOW), (("90d", "365d"), _BALANCE_WINDOW))
        for suffix in suffixes
        for name, meaning, unit, empty in facts
    ]


def _ratios() -> list[Fact]:
    return [
        _booking(f"{name}_ratio_{short}_365d", f"{meaning} {_WHEN[short]} against the last year", "ratio", "missing")
        for short in ("30d", "90d")
        for name, meaning in (("count", "bookings"), ("money_in", "money received"), ("money_out", "money spent"))
    ]


def _rhythm() -> list[Fact]:
    return [
        _booking("history_days", "days since the first booking", "days", "missing"),
        _booking("recency_days", "days since the last booking", "days", "missing"),
        _booking("months_active_365d", "months with a booking in the last year", "months", "zero"),
        _booking("months_active_all", "months with a booking since the first one", "months", "zero"),
        _booking("transactions_per_active_month_365d", "bookings per active month of the last year", "a month"),
        _booking("transactions_per_active_month_all", "bookings per active month", "a month"),
        _booking("monthly_inflow_365d", "money received a month", "currency a month"),
        _booking("monthly_outflow_365d", "money spent a month", "currency a month"),
        _booking("money_out_to_in_365d", "money spent against money received in the last year", "ratio"),
        _booking("income_regularity_365d", "share of the last 12 months with money received", "share"),
        _booking("income_variation_365d", "ups and downs of the money received a month", "ratio"),
        _booking("ticket_mean_last5", "average size of the last 5 bookings", _CURRENCY),
        _booking("days_spanned_last5", "days over which the last 5 bookings spread", "days"),
        _booking("balance_last", "balance after the last booking", _CURRENCY),
    ]


def _terms() -> list[Fact]:
    return [
        Fact("amount", "amount of the loan", _CURRENCY, "missing", "loans"),
        Fact("term_months", "length of the loan", "months", "missing", "loans"),
        Fact("annual_rate", "interest rate of the loan", "fraction a year", "missing", "loans"),
        Fact("instalment", "monthly payment of the loan", "currency a month", "missing", "loans"),
        Fact("purpose", "purpose of the loan", "", "missing", "loans"),
        Fact("product_id", "product of the loan", "", "missing", "loans"),
        Fact("burden_inflow", "monthly payment against money received a month", "ratio", "missing", "loans"),
        Fact("burden_income", "monthly payment against declared income", "ratio", "missing", "loans"),
        Fact("amount_to_income", "amount of the loan against declared yearly income", "ratio", "missing", "loans"),
        Fact("earlier_loans_count", "earlier loans", "loans", "zero", "loans"),
        Fact("earlier_defaults_count", "earlier loans that defaulted", "loans", "zero", "loans"),
        Fact("open_loans_count", "loans still open", "loans", "zero", "loans"),
        Fact("earlier_amount", "amount of earlier loans", _CURRENCY, "zero", "loans"),
    ]


def _people() -> list[Fact]:
    return [
        Fact("age_years", "age", "years", "missing", "customers"),
        Fact("tenure_days", "days as a customer", "days", "missing", "customers"),
        Fact("annual_income", "declared income", "currency a year", "missing", "customers"),
        Fact("region", "region", "", "missing", "customers"),
        Fact("occupation", "occupation", "", "missing", "customers"),
    ]


def _contacts() -> list[Fact]:
    words = {
        "view": "products looked at",
        "click": "offers clicked",
        "apply": "products applied for",
        "hold": "products taken",
        "close": "products closed",
    }
    return [
        Fact("products_held", "products held", "products", "zero", "interactions"),
        *(
            Fact(f"interactions_{kind}_365d", f"{words[kind]} in the last year", "times", "zero", "interactions")
            for kind in KINDS_OF_INTERACTION
        ),
    ]


def _booking(name: str, meaning: str, unit: str, empty: Empty = "missing") -> Fact:
    return Fact(name, meaning, unit, empty, "transactions")


FACTS: Mapping[str, Fact] = MappingProxyType(
    {fact.name: fact for fact in (*_by_window(), *_ratios(), *_rhythm(), *_terms(), *_people(), *_contacts())}
)
"""Every fact that has a fixed name; shares follow a pattern and attributes are the bank's own."""

_WORKED_OUT = {
    "category_breadth": ("variety of spending", "share"),
    "money_in_share": ("money received as a share of all that moved", "share"),
    "money_turnover": ("money received and spent", _CURRENCY),
}
"""Facts that segments work out from others."""

_SHARE = re.compile(r"share_(channel|category)_(\w+)_365d")


def describe(name: str) -> Fact:
    """Return what a fact means; an unknown name is taken as an attribute of the bank and never fails."""
    if name in FACTS:
        return FACTS[name]
    if share := _SHARE.fullmatch(name):
        words = share[2].replace("_", " ")
        meaning = f"share of spending by {words}" if share[1] == "channel" else f"share of spending on {words}"
        return _booking(name, f"{meaning} in the last year", "share")
    stem, _, window = name.rpartition("_")
    if stem in _WORKED_OUT and window in _WHEN:
        return _booking(name, f"{_WORKED_OUT[stem][0]} {_WHEN[window]}", _WORKED_OUT[stem][1])
    return Fact(name, name.replace("_", " ").strip() or name)
