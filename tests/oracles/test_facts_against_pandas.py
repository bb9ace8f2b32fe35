"""The facts agree with pandas, written another way: one row of the spine at a time, from the bookings themselves."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from random_banks import ATTRIBUTES, AVAILABLE, BANKS, CUT, RandomBank, collect

from guilder.features.asof import loan_spine
from guilder.features.facts import facts
from guilder.features.vocabulary import Vocabulary

WORDS = Vocabulary(("food", "Rent & heat", "rent heat"), ("card", "cash"))
WINDOWS = {"30d": 30, "90d": 90, "365d": 365, "all": 10**6}


def _over(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else math.nan


def _windows(known: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, float]:
    made: dict[str, float] = {}
    for suffix, days in WINDOWS.items():
        window = known[known["at"] >= as_of - pd.Timedelta(days=days)] if suffix != "all" else known
        size = window["amount"].abs()
        made |= {
            f"transactions_count_{suffix}": len(window),
            f"money_in_{suffix}": window["amount"].clip(lower=0).sum(),
            f"money_out_{suffix}": -window["amount"].clip(upper=0).sum(),
            f"ticket_mean_{suffix}": size.mean(),
            f"ticket_std_{suffix}": round(size.std(), 4),
            f"ticket_max_{suffix}": size.max(),
        }
    history = (as_of - known["at"].min().normalize()).days
    for short, long in (("30d", "365d"), ("90d", "365d")):
        for name, fact in (("count", "transactions_count"), ("money_in", "money_in"), ("money_out", "money_out")):
            rates = [_over(made[f"{fact}_{s}"], min(WINDOWS[s], history)) for s in (short, long)]
            made[f"{name}_ratio_{short}_{long}"] = _over(*rates)
    made["money_out_to_in_365d"] = _over(made["money_out_365d"], made["money_in_365d"])
    per = max(min(history, 365) * 12 / 365, 1)
    return made | {
        "history_days": history,
        "monthly_inflow_365d": made["money_in_365d"] / per,
        "monthly_outflow_365d": made["money_out_365d"] / per,
    }


def _rhythm(known: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, float]:
    days = (as_of - known["at"].dt.normalize()).dt.days
    month = known["at"].dt.to_period("M")
    last = known.tail(5)
    year = month[days <= 365].nunique()
    back = (as_of.year - known["at"].dt.year) * 12 + as_of.month - known["at"].dt.month
    income = known["amount"].clip(lower=0).groupby(back).sum()
    full = [income.get(k, 0.0) for k in range(1, min(12, back.max()) + 1)]
    return {
        "recency_days": days.min(),
        "months_active_all": month.nunique(),
        "months_active_365d": year,
        "transactions_per_active_month_all": len(known) / month.nunique(),
        "transactions_per_active_month_365d": _over((days <= 365).sum(), year),
        "ticket_mean_last5": last["amount"].abs().mean(),
        "days_spanned_last5": (last["at"].dt.normalize().max() - last["at"].dt.normalize().min()).days,
        "income_regularity_365d": _over(sum(value > 0 for value in full), len(full)),
        "income_variation_365d": _over(float(pd.Series(full, dtype=float).std()), sum(full) / max(len(full), 1)),
    }


def _shares(known: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, float]:
    spent = known[(known["at"] >= as_of - pd.Timedelta(days=365)) & (known["amount"] < 0)]
    total = spent["amount"].sum()
    return {
        "share_channel_card_365d": _over(spent.loc[spent["channel"] == "card", "amount"].sum(), total),
        "share_channel_cash_365d": _over(spent.loc[spent["channel"] == "cash", "amount"].sum(), total),
        "share_category_food_365d": _over(spent.loc[spent["category"] == "food", "amount"].sum(), total),
        "share_category_rent_heat_365d": _over(
            spent.loc[spent["category"].isin(["Rent & heat", "rent heat"]), "amount"].sum(), total
        ),
    }


def _balances(known: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, float]:
    made = {"balance_last": known["balance_after"].iloc[-1]}
    for suffix in ("90d", "365d"):
        window = known[known["at"] >= as_of - pd.Timedelta(days=WINDOWS[suffix])].dropna(subset="balance_after")
        day = -(as_of - window["at"].dt.normalize()).dt.days.to_numpy(float)
        balance = window["balance_after"].to_numpy(float)
        slope = math.nan
        if len(set(day)) > 1:
            slope = float(
                np.dot(day - day.mean(), balance - balance.mean()) / np.dot(day - day.mean(), day - day.mean())
            )
        made |= {
            f"days_below_zero_{suffix}": window.loc[window["balance_after"] < 0, "at"].dt.normalize().nunique(),
            f"balance_min_{suffix}": window["balance_after"].min(),
            f"balance_mean_{suffix}": window["balance_after"].mean(),
            f"balance_trend_{suffix}": slope * 30,
        }
    return made


def _earlier(row: pd.Series, loans: pd.DataFrame) -> dict[str, float]:
    day = row["as_of"]
    before = loans[(loans["customer_id"] == row["customer_id"]) & (loans["applied_on"] < day)]
    closed = before["closed_on"] < day
    fell = (before["defaulted_on"] < day) | (
        before["defaulted_on"].isna() & before["defaulted"].eq(True).fillna(False) & closed
    )
    return {
        "earlier_loans_count": len(before),
        "earlier_defaults_count": fell.sum(),
        "open_loans_count": (~closed).sum(),
        "earlier_amount": before["amount"].sum(),
    }


def _contacts(row: pd.Series, interactions: pd.DataFrame) -> dict[str, float]:
    mine = interactions[(interactions["customer_id"] == row["customer_id"]) & (interactions["at"] < row["as_of"])]
    recent = mine[mine["at"] >= row["as_of"] - pd.Timedelta(days=365)]
    held = 0
    for _, product in mine.groupby("product_id"):
        holds, closes = (product.loc[product["kind"] == kind, "at"] for kind in ("hold", "close"))
        held += bool(len(holds)) and (not len(closes) or closes.max() <= holds.max())
    kinds = ("view", "click", "apply", "hold", "close")
    return {"products_held": held} | {f"interactions_{k}_365d": (recent["kind"] == k).sum() for k in kinds}


def expected(bank: RandomBank) -> pd.DataFrame:
    """Work the facts out with pandas, one row of the spine at a time."""
    loans = bank.arrow()["loans"].to_pandas()
    for name in ("applied_on", "defaulted_on", "closed_on"):
        loans[name] = pd.to_datetime(loans[name])
    loans["amount"] = loans["amount"].astype(float)
    booked = bank.arrow()["transactions"].to_pandas()
    booked = booked.astype({"amount": float, "balance_after": float})
    booked["number"] = booked["transaction_id"].astype(int)
    interactions = bank.arrow()["interactions"].to_pandas()
    made: dict[str, dict[str, Any]] = {}
    for _, loan in loans.rename(columns={"applied_on": "as_of"}).iterrows():
        as_of = loan["as_of"]
        known = booked[
            (booked["customer_id"] == loan["customer_id"]) & (booked["at"] < as_of) & (booked["loaded_at"] <= as_of)
        ].sort_values(["at", "number"])
        row = _earlier(loan, loans) | _contacts(loan, interactions)
        if len(known):
            row |= _windows(known, as_of) | _rhythm(known, as_of) | _shares(known, as_of) | _balances(known, as_of)
        made[loan["loan_id"]] = row
    return pd.DataFrame(made).T.sort_index()


@settings(max_examples=10, deadline=None)
@given(bank=BANKS)
def test_facts_agree_with_pandas(bank: RandomBank) -> None:
    tables = bank.frames()
    ours = collect(facts(tables, loan_spine(tables["loans"]), WORDS, ATTRIBUTES, AVAILABLE))
    theirs = expected(bank)
    assert list(ours.index) == list(theirs.index)
    for name in theirs.columns:
        mine, other = ours[name].to_numpy(float), theirs[name].to_numpy(float)
        if "count" in name or name.startswith(("days_below", "months_active", "money_", "interactions", "products")):
            other = np.where(ours["transactions_count_all"].eq(0) & np.isnan(other), _when_empty(name), other)
        np.testing.assert_allclose(mine, other, rtol=1e-9, atol=2e-6 if "trend" in name else 1e-9, err_msg=name)


def _when_empty(name: str) -> float:
    """Return what a row without history shows: counts and sums zero, means and ratios missing."""
    return math.nan if "ratio" in name or "to_in" in name else 0.0


def test_every_number_of_the_bookings_has_its_oracle() -> None:
    bank = RandomBank(
        {
            "transactions": [
                {
                    "transaction_id": str(n),
                    "customer_id": "c1",
                    "at": CUT - dt.timedelta(days=9 * n + 1),
                    "amount": n - 20,
                    "category": "food",
                    "channel": "card",
                    "balance_after": n,
                    "loaded_at": CUT - dt.timedelta(days=400),
                }
                for n in range(40)
            ],
            "loans": [{"loan_id": "l1", "customer_id": "c1", "applied_on": CUT.date(), "amount": 1, "term_months": 1}],
            "interactions": [],
        }
    )
    tables = bank.frames()
    ours = collect(facts(tables, loan_spine(tables["loans"]), WORDS))
    terms = {"customer_id", "as_of", "amount", "term_months", "instalment", "annual_rate", "purpose", "burden_inflow"}
    assert set(ours.columns) - terms == set(expected(bank).columns)
