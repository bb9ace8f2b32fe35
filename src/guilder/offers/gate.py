"""What the PD gate does: who is still offered credit, group by group, and what it costs in products taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.evaluation.intervals import Figure, interval
from guilder.offers.eligibility import Eligibility
from guilder.offers.ledger import Flags, Floats

Labels = NDArray[np.str_]

LEAST = 50
"""Customers below which a group is counted and not judged."""
REPEATS = 1000
UNKNOWN = "not known"


def gate(
    offered: pd.DataFrame, ungated: pd.DataFrame, may: Eligibility, chance: pd.DataFrame | None,
    groups: Mapping[str, Labels], *, random_state: int = 0,
) -> dict[str, Any]:
    """Compare the offers that were made with those that would have been, had no PD been looked at.

    Parameters
    ----------
    offered, ungated : DataFrame
        customer_id and product_id, one row an offer.
    may : Eligibility
        Its customers are the ones compared; it knows which products lend and each PD.
    chance : DataFrame, optional
        Customers × products: of taking it.
    groups : mapping of column to array of str
        The group of each customer of ``may`` by each protected column.
    random_state : int

    Returns
    -------
    dict
        Plain JSON: ``credit_offers`` and ``mean_p_default`` with and without the gate, ``highest_mean_p_default`` (of
        one customer's credit offers, with it), ``customers_above_a_limit`` (offered a credit above its own limit: none,
        with the gate), ``expected_uptake`` a thousand customers (None without chances), and
        ``exposure`` by protected column.
    """
    lists = {"with": _shown(offered, may), "without": _shown(ungated, may)}
    risk = may.p_default.to_numpy()
    credit = {name: shown & may.credit for name, shown in lists.items()}
    means = _means_of(risk, credit["with"])
    above = credit["with"] & (risk > may.policy.limits(list(map(str, may.allowed.columns)))[None, :])
    return {
        "limit": may.policy.max_p_default_for_credit,
        "credit_offers": {name: int(shown.sum()) for name, shown in credit.items()},
        "mean_p_default": {name: _mean(risk[shown]) for name, shown in credit.items()},
        "highest_mean_p_default": max(means, default=None),
        "customers_above_a_limit": int(above.any(axis=1).sum()),
        "expected_uptake": None if chance is None else _uptake(lists, chance, may),
        "exposure": {
            name: _exposure(label, np.asarray(credit["with"].any(axis=1)), np.asarray(credit["without"].any(axis=1)),
                            random_state)
            for name, label in groups.items()
        },
    }


def _shown(offers: pd.DataFrame, may: Eligibility) -> Flags:
    shown = np.zeros(may.allowed.shape, dtype=bool)
    row = may.allowed.index.get_indexer(pd.Index(offers["customer_id"]))
    column = may.allowed.columns.get_indexer(pd.Index(offers["product_id"]))
    shown[row, column] = True
    return shown


def _mean(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _means_of(risk: Floats, shown: Flags) -> list[float]:
    """The mean PD of each customer's credit offers, of those who have any."""
    number = shown.sum(axis=1)
    total = np.where(shown, risk, 0.0).sum(axis=1)
    return [float(mean) for mean in total[number > 0] / number[number > 0]]


def _uptake(lists: Mapping[str, Flags], chance: pd.DataFrame, may: Eligibility) -> dict[str, Any]:
    """Products expected to be taken a thousand customers; intervals by the spread of customers."""
    likely = np.nan_to_num(chance.reindex(index=may.allowed.index, columns=may.allowed.columns).to_numpy())
    each = {name: np.where(shown, likely, 0.0).sum(axis=1) * 1000 for name, shown in lists.items()}
    each["cost"] = each["without"] - each["with"]
    found = {}
    for name, value in each.items():
        half = 1.96 * float(value.std(ddof=1)) / np.sqrt(len(value)) if len(value) > 1 else float("nan")
        middle = float(value.mean()) if len(value) else float("nan")
        found[name] = Figure(middle, middle - half, middle + half).to_dict()
    return found


def _exposure(label: Labels, gets: Flags, would: Flags, random_state: int) -> dict[str, Any]:
    """Each group's share that is offered credit, with and without the gate, and beside the largest group."""
    names, sizes = np.unique(label, return_counts=True)
    order = np.lexsort((names, -sizes))
    rng = np.random.default_rng(random_state)
    drawn = {}
    rows: list[dict[str, Any]] = []
    for place in order.tolist():
        name, inside = str(names[place]), label == names[place]
        rows.append({"name": name, "customers": int(sizes[place]), "enough": bool(sizes[place] >= LEAST)})
        if sizes[place] >= LEAST:
            drawn[name] = _draw(gets[inside], would[inside], rng)
    judged = [row["name"] for row in rows if row["enough"] and row["name"] != UNKNOWN]
    largest = judged[0] if judged else None
    for row in rows:
        if row["enough"]:
            mine = drawn[row["name"]]
            row |= {key: interval(float(found[0]), found[1:]).to_dict() for key, found in mine.items()}
            if largest is not None:
                ratio = _share(mine["with"], drawn[largest]["with"])
                row["ratio"] = interval(float(ratio[0]), ratio[1:]).to_dict() if row["name"] != largest else None
    return {"largest": largest, "groups": rows}


def _draw(gets: Flags, would: Flags, rng: np.random.Generator) -> dict[str, Floats]:
    """The figures of a group, first as they are and then on resamples: a resample of customers is four counts."""
    cells = np.bincount(gets * 2 + would, minlength=4)
    counts = np.vstack([cells, rng.multinomial(len(gets), cells / len(gets), size=REPEATS)]).astype(np.float64)
    both, neither_but_would = counts[:, 3], counts[:, 1]
    given, wanted = counts[:, 2] + both, neither_but_would + both
    return {"with": given / len(gets), "without": wanted / len(gets), "kept": _share(given, wanted)}


def _share(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0))
