"""The rules of eligibility, each over all customers and products at once: what fails, its value and its limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.offers.policy import Policy, Standing

Flags = NDArray[np.bool_]
Floats = NDArray[np.floating]

RULES = (
    "unknown_product", "held", "family_unknown", "held_family", "retired", "life_unknown", "deceased", "no_consent",
    "control", "contacts_unknown", "contact_cap", "cool_off", "region_unknown", "region", "age_unknown", "age",
    "income_unknown", "income", "arrears_unknown", "in_arrears", "no_p_default", "stale_p_default", "credit_risk",
    "no_margin",
)  # fmt: skip
"""The rules in the order they are applied: a withheld product counts under the first that fails."""

CREDIT_RULES = ("arrears_unknown", "in_arrears", "no_p_default", "stale_p_default", "credit_risk", "no_margin")
"""Those that withhold credit for its risk, the last to be applied."""

GATE = ("no_p_default", "stale_p_default", "credit_risk", "no_margin")
"""Those that look at the PD."""


@dataclass(frozen=True)
class Judged:
    """One rule: ``fails``, ``value`` and ``limit`` fill customers × products when broadcast; NaN says nothing."""

    fails: Flags
    value: Floats | None = None
    limit: Floats | None = None


@dataclass(frozen=True)
class Subject:
    """Whom and what the rules look at: rows of ``people`` are customers, rows of ``catalogue`` are products."""

    ids: pd.Index
    names: pd.Index
    people: pd.DataFrame
    catalogue: pd.DataFrame
    known_people: Flags
    known_products: Flags
    owned: Flags
    risk: Floats
    policy: Policy
    standing: Standing


def rules(of: Subject) -> dict[str, Judged]:
    """Judge every rule."""
    return {**_product(of), **_person(of), **_contact(of), **_suitable(of), **_credit(of)}


def _product(of: Subject) -> dict[str, Judged]:
    family = text(of.catalogue, "family")
    narrow = np.isin(family, list(of.policy.one_is_enough))
    # A product of no known family may be of one where one is enough, so it is withheld with the rest.
    strange = np.array([word == "" for word in family]) & bool(of.policy.one_is_enough)
    alike = ((family[:, None] == family[None, :]) & narrow[None, :]).astype(np.float32)
    has_one = of.owned.astype(np.float32) @ alike > 0 if narrow.any() else np.zeros((1, 1), dtype=bool)
    return {
        "unknown_product": Judged(~of.known_products[None, :]),
        "held": Judged(of.owned),
        "family_unknown": Judged(strange[None, :]),
        "held_family": Judged(has_one),
        "retired": Judged((flags(of.catalogue, "active") == 0)[None, :]),
    }


def _person(of: Subject) -> dict[str, Judged]:
    died, life_unknown = _status(of, "deceased", "deceased_on")
    refused = np.zeros(len(of.ids), dtype=bool)
    if "consent_marketing" in of.people or "consent_marketing" in of.policy.needs:
        refused = flags(of.people, "consent_marketing") != 1
    return {
        "life_unknown": Judged(life_unknown[:, None]),
        "deceased": Judged(died[:, None]),
        "no_consent": Judged(refused[:, None]),
        "control": Judged(of.ids.isin(list(of.standing.control))[:, None]),
    }


def _contact(of: Subject) -> dict[str, Judged]:
    most = np.inf if of.policy.max_contacts is None else of.policy.max_contacts
    made = of.standing.contacts
    number = np.zeros(len(of.ids)) if made is None else made.reindex(of.ids).fillna(0).to_numpy(dtype=float)
    days, told = np.full((1, 1), np.nan), of.standing.refusals
    if told is not None and len(told):
        days = np.full((len(of.ids), len(of.names)), np.nan, dtype=np.float32)
        row = of.ids.get_indexer(pd.Index(told["customer_id"]))
        column = of.names.get_indexer(pd.Index(told["product_id"]))
        ours = (row >= 0) & (column >= 0)
        days[row[ours], column[ours]] = told["days"].to_numpy(dtype=float)[ours]
    with np.errstate(invalid="ignore"):
        cooling = days < of.policy.cool_off_days
    return {
        "contacts_unknown": Judged(np.array([[made is None and np.isfinite(most)]])),
        "contact_cap": Judged((number >= most)[:, None], number[:, None], np.array([[most]])),
        "cool_off": Judged(cooling, days, np.array([[float(of.policy.cool_off_days)]])),
    }


def _suitable(of: Subject) -> dict[str, Judged]:
    age, income = ages(of.people, of.policy.as_of), numbers(of.people, "annual_income")
    youngest, oldest = numbers(of.catalogue, "min_age"), numbers(of.catalogue, "max_age")
    lowest = numbers(of.catalogue, "min_income")
    region = text(of.people, "region")
    sold = [of.policy.terms(str(name)).regions for name in of.names]
    bound = np.array([places is not None for places in sold], dtype=bool)
    here = np.column_stack([
        np.isin(region, [] if places is None else list(places)) for places in sold
    ]) if len(of.names) else np.zeros((len(of.ids), 0), dtype=bool)  # fmt: skip
    nowhere = region == ""
    with np.errstate(invalid="ignore"):
        young = age[:, None] < youngest
        return {
            "region_unknown": Judged(nowhere[:, None] & bound),
            "region": Judged(~here & bound),
            "age_unknown": Judged(np.isnan(age)[:, None] & (np.isfinite(youngest) | np.isfinite(oldest))),
            "age": Judged(young | (age[:, None] > oldest), age[:, None], np.where(young, youngest, oldest)),
            "income_unknown": Judged(np.isnan(income)[:, None] & np.isfinite(lowest)),
            "income": Judged(income[:, None] < lowest, income[:, None], lowest[None, :]),
        }


def _credit(of: Subject) -> dict[str, Judged]:
    credit = is_credit(of.catalogue)[None, :]
    behind, arrears_unknown = _status(of, "in_arrears", "arrears_since")
    touched = np.ones_like(credit) if of.policy.arrears == "everything" else credit
    limit = of.policy.limits(list(map(str, of.names)))[None, :]
    terms = [of.policy.terms(str(name)) for name in of.names]
    margin = np.array([0.0 if one.margin is None else one.margin for one in terms], dtype=np.float64)
    loss = np.array([one.loss for one in terms], dtype=np.float64)
    worth = margin[None, :] - of.risk * loss[None, :] if np.isfinite(loss).any() else np.full((1, 1), np.nan)
    oldest, ages_known = of.policy.max_p_default_age_days, of.standing.p_default_age
    rests = np.full(len(of.ids), np.nan) if ages_known is None else ages_known.reindex(of.ids).to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        stale = np.zeros(len(of.ids), dtype=bool) if oldest is None else ~(rests <= oldest)
        return {
            "arrears_unknown": Judged(touched & arrears_unknown[:, None]),
            "in_arrears": Judged(touched & behind[:, None]),
            "no_p_default": Judged(credit & ~np.isfinite(of.risk)),
            "stale_p_default": Judged(
                credit & stale[:, None], rests[:, None], np.array([[np.nan if oldest is None else float(oldest)]])
            ),
            "credit_risk": Judged(credit & (of.risk > limit), of.risk, limit),
            "no_margin": Judged(credit & (worth <= 0), worth, np.zeros((1, 1))),
        }


def _status(of: Subject, flag: str, day: str) -> tuple[Flags, Flags]:
    """Whose status holds, and whose is not known: the day decides where there is one, else the flag.

    A day at or after today has not come yet. With a column of days alone a blank is "no"; a blank flag is not known,
    nor is anything of a customer the table does not have.
    """
    here = {name for name in (flag, day) if name in of.people}
    if not here:
        return np.zeros(len(of.ids), dtype=bool), np.full(len(of.ids), flag in of.policy.needs)
    told = flags(of.people, flag)
    holds, unknown = told == 1, np.isnan(told) if flag in here else np.zeros(len(of.ids), dtype=bool)
    if day in here:
        when = pd.to_datetime(of.people[day])
        dated = when.notna().to_numpy()
        past = (when < pd.Timestamp(of.policy.as_of)).to_numpy()  # type: ignore[arg-type]
        holds, unknown = np.where(dated, past, holds), unknown & ~dated
    unknown |= ~of.known_people
    return holds & ~unknown, unknown


def is_credit(catalogue: pd.DataFrame) -> Flags:
    """Which products lend: as stated, else by family, cards included; what is not known is treated as credit."""
    family = text(catalogue, "family")
    stated = flags(catalogue, "is_credit")
    return np.asarray(np.where(np.isnan(stated), np.isin(family, ["", "card", "loan"]), stated == 1))


def ages(people: pd.DataFrame, as_of: object) -> Floats:
    """Whole years on the day, the birthday included."""
    if "birth_date" not in people:
        return np.full(len(people), np.nan)
    born, today = pd.to_datetime(people["birth_date"]), pd.Timestamp(as_of)  # type: ignore[arg-type]
    before = (born.dt.month > today.month) | ((born.dt.month == today.month) & (born.dt.day > today.day))
    age = today.year - born.dt.year - before.astype(float)
    return np.asarray(age.to_numpy(dtype=float, na_value=np.nan))


def numbers(table: pd.DataFrame, column: str) -> Floats:
    """A column as numbers; NaN where it is blank or not there."""
    if column not in table:
        return np.full(len(table), np.nan)
    return pd.to_numeric(table[column]).to_numpy(dtype=float, na_value=np.nan)


def flags(table: pd.DataFrame, column: str) -> Floats:
    """1, 0, or NaN where blank."""
    if column not in table:
        return np.full(len(table), np.nan)
    return np.asarray(table[column].astype("boolean").to_numpy(dtype=float, na_value=np.nan))


def text(table: pd.DataFrame, column: str) -> NDArray[np.object_]:
    """A column as words; empty where it is blank or not there."""
    if column not in table:
        return np.full(len(table), "", dtype=object)
    words: Sequence[str] = table[column].astype(object).where(table[column].notna(), "").tolist()
    return np.array(words, dtype=object)
