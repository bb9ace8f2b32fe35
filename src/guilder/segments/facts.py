"""Which facts make segments: one per idea, the classic three first, and what each is called when it stands out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from guilder.errors import DataError, ModelError
from guilder.segments.derived import CATEGORY, CHANNEL, SUFFIX, derivation, work_out


@dataclass(frozen=True)
class Idea:
    """One thing a segment may be about.

    Attributes
    ----------
    facts : tuple of str
        The facts that can say it, best first; the first one present is taken.
    kind : str
        How it is put on the ruler: see `guilder.segments.transforms.KINDS`.
    high, low : str
        What a segment is called that has much or little of it.
    """

    facts: tuple[str, ...]
    kind: str
    high: str
    low: str


FACTS_FOR_SEGMENTS: tuple[Idea, ...] = (
    Idea(("transactions_count_365d", "transactions_count_all", "transactions_count_90d"), "count", "many bookings",
         "few bookings"),
    Idea(("ticket_mean_365d", "ticket_mean_all", "ticket_mean_90d"), "money", "large amounts", "small amounts"),
    Idea(("transactions_per_active_month_365d", "transactions_per_active_month_all"), "count", "busy months",
         "quiet months"),
    Idea(("recency_days",), "count", "lately quiet", "lately active"),
    Idea(("money_in_share_365d", "money_in_share_all"), "share", "more in than out", "more out than in"),
    Idea(("balance_mean_365d", "balance_mean_90d", "balance_last"), "balance", "high balances", "low balances"),
    Idea(("income_regularity_365d",), "share", "regular inflows", "irregular inflows"),
    Idea(("category_breadth_365d",), "share", "varied spending", "narrow spending"),
)
"""Count, average ticket, frequency, then recency, in against out, balance, regularity and breadth of spending."""

CLASSIC: tuple[Idea, ...] = (
    Idea(("money_turnover_365d", "money_turnover_all", "money_turnover_90d"), "money", "large totals", "small totals"),
    FACTS_FOR_SEGMENTS[1],
    FACTS_FOR_SEGMENTS[0],
)
"""The classic three: total amount, average value, frequency."""

MOST_CHANNELS = 3
"""How many of the bank's channels, those that customers differ most in, are an idea of their own."""

TOTALS = ("money_in_365d", "money_out_365d", "money_in_all", "money_out_all", "history_days")
"""Shown in the profile and not fed: a total is count times ticket, and would weigh "rich" once more."""


def choose_facts(columns: Iterable[str], frame: pd.DataFrame | None = None) -> list[str]:
    """Choose the facts for segments among the columns of a frame, in the declared order.

    Parameters
    ----------
    columns : iterable of str
        The columns there are.
    frame : DataFrame, optional
        The facts themselves, by which the channels that customers differ most in are found.

    Returns
    -------
    list of str
        One fact an idea, then the channels.

    Raises
    ------
    ModelError
        When nothing about transactions is present.
    """
    present = set(columns)
    chosen = [fact for idea in FACTS_FOR_SEGMENTS for fact in _first(idea.facts, present)]
    classic = {fact for idea in FACTS_FOR_SEGMENTS[:2] for fact in idea.facts}
    if not classic & set(chosen):
        raise ModelError(
            "Segments need facts about transactions and there are none.",
            known=f"Looked for {', '.join(sorted(classic))} among {len(present)} columns.",
            todo="Give the bank a transactions table with customer_id, at and amount.",
        )
    channels = sorted(name for name in present if name.startswith(CHANNEL) and name.endswith(SUFFIX))
    return chosen + (_most_different(frame, channels) if frame is not None else channels[:MOST_CHANNELS])


def customer_ids(frame: pd.DataFrame) -> pd.Series[Any]:
    """Return whose facts they are.

    Raises
    ------
    DataError
        When the frame has no column of that name.
    """
    if "customer_id" not in frame.columns:
        raise DataError(
            "The facts carry no customer_id.", known=f"There are {len(frame.columns)} columns.",
            todo="Keep customer_id beside the facts, as a column: frame.rename_axis(\"customer_id\").reset_index() "
                 "where it is the index.", id="G-SEG-002",
        )
    return frame["customer_id"]


def read_facts(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Read facts by name, working out the derived ones.

    Parameters
    ----------
    frame : DataFrame
        Raw facts, one row a customer.
    names : sequence of str
        The facts wanted, in order.

    Returns
    -------
    DataFrame
        The facts as Float64 in that order, with the index of the frame; missing values stay missing.

    Raises
    ------
    ModelError
        When a fact is not there and cannot be worked out.
    DataError
        When a fact holds an infinite value.
    """
    present = set(frame.columns)
    unknown = [name for name in names if name not in present and derivation(name, present) is None]
    if unknown:
        raise ModelError(
            f"{len(unknown)} of the {len(names)} facts that make the segments are missing: {', '.join(unknown)}.",
            known=f"There are {len(present)} columns.",
            todo="Assign customers with the facts that the segments were trained on.",
        )
    facts = pd.DataFrame({name: _read(frame, name) for name in names}, index=frame.index, columns=list(names))
    endless = np.isinf(facts.to_numpy()).sum(axis=0)
    if endless.any():
        worst = int(np.argmax(endless))
        raise DataError(
            f"The fact {names[worst]} is infinite for {endless[worst]} of {len(facts)} customers.",
            todo="A ratio without a denominator is missing, not infinite: leave it blank.",
        )
    return facts


def kind_of(name: str) -> str | None:
    """Tell the kind of a fact by its name; None when it is not one of ours and the values must say."""
    if name.startswith((CHANNEL, CATEGORY)):
        return "share"
    if name.startswith(("money_", "monthly_", "ticket_")) and "ratio" not in name:
        return next((idea.kind for idea in FACTS_FOR_SEGMENTS if name in idea.facts), "money")
    return next((idea.kind for idea in FACTS_FOR_SEGMENTS if name in idea.facts), None)


def words_of(name: str) -> tuple[str, str]:
    """Return what much and little of a fact is called, in plain words."""
    for idea in (*FACTS_FOR_SEGMENTS, *CLASSIC):
        if name in idea.facts:
            return idea.high, idea.low
    if name.startswith(CHANNEL):
        channel = name.removeprefix(CHANNEL).removesuffix(SUFFIX).replace("_", " ")
        return f"mostly {channel}", f"little {channel}"
    plain = name.replace("_", " ").lower()
    return f"high {plain}", f"low {plain}"


def _first(facts: Sequence[str], present: set[str]) -> list[str]:
    return [fact for fact in facts if fact in present or derivation(fact, present)][:1]


def _read(frame: pd.DataFrame, name: str) -> pd.Series[float]:
    made = None if name in frame.columns else derivation(name, frame.columns)
    return frame[name].astype("float64") if made is None else work_out(frame, made)


def _most_different(frame: pd.DataFrame, channels: Sequence[str]) -> list[str]:
    spread = {}
    for name in channels:
        known = np.sort(_read(frame, name).dropna().to_numpy())
        spread[name] = float(np.arcsin(np.sqrt(np.clip(known, 0, 1))).std()) if known.size else 0.0
    varied = [name for name in channels if spread[name] > 0]
    return sorted(varied, key=lambda name: (-round(spread[name], 12), name))[:MOST_CHANNELS]
