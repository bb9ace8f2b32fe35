"""What the data look like: rows accounted for, facts by outcome, correlations, bookings a month."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import narwhals as nw

from guilder.features.asof import known_by
from guilder.features.catalogue import describe
from guilder.workflow.facts import collect, undated_columns

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from guilder.source.bank import Bank
    from guilder.workflow.risk import TrainedRisk

DISTRIBUTIONS, CORRELATIONS, BINS = 8, 14, 24


def data_metrics(bank: Bank) -> dict[str, Any]:
    """Count every table's rows and find the first and last event."""
    intake = bank.intake.to_dict()
    counted = {table["name"]: table["accepted"] for table in intake["tables"]}
    first, last = _span(bank)
    overrides = [f"{where}{'' if ' ' in where else ' has undated values, allowed in bank.toml'}: {why}"
                 for where, why in intake.pop("overrides").items()]
    protected = [f"use_protected: {name} may be learned from" for name in bank.settings.risk.use_protected]
    overrides += [*protected, *_undated(bank)]
    return {**intake, **counted, "overrides": overrides, "first_event": first, "last_event": last}


def _undated(bank: Bank) -> list[str]:
    """Say which columns of the customers were left out of the risk of past loans."""
    out = undated_columns(bank)
    if not out:
        return []
    return [
        f"customers.{', '.join(out)}: as they are today, so left out of the risk of earlier loans; "
        'if they never change, write undated_ok = "the reason" under [tables.customers]'
    ]


def _span(bank: Bank) -> tuple[str | None, str | None]:
    found = []
    for name, when in (("transactions", "at"), ("interactions", "at"), ("loans", "applied_on")):
        table = bank.tables.get(name)
        if table is None or when not in table.collect_schema().names():
            continue
        ends = table.select(first=nw.col(when).min(), last=nw.col(when).max()).collect("pandas").to_native()
        found += [str(ends[end].iloc[0])[:10] for end in ("first", "last") if ends[end].notna().iloc[0]]
    return (min(found), max(found)) if found else (None, None)


def data_figures(bank: Bank, risk: TrainedRisk | None, named: Iterable[str]) -> dict[str, Any]:
    """Make what the data charts are drawn from.

    Parameters
    ----------
    bank : Bank
        Its transactions are counted by month, up to its date.
    risk : TrainedRisk, optional
        The facts that matter most are shown by outcome, and all of them with the share that is missing, on the
        training loans; the test loans are not looked at.
    named : iterable of str
        Facts that the page may name; their meanings are kept with the run.
    """
    made: dict[str, Any] = {"meanings": {name: describe(name).meaning for name in named}}
    if risk is not None:
        X = risk.facts.iloc[risk.split.train]
        y = risk.outcomes["defaulted"].iloc[risk.split.train].to_numpy(dtype=bool)
        used = risk.room.model.fact_names
        made["facts"] = [{"fact": name, "missing": float(X[name].isna().mean())} for name in used]
        numeric = [name for name in risk.main_facts() if X[name].dtype == "float64" and X[name].nunique() > 1]
        made["distributions"] = [_distribution(X[name], y) for name in numeric[:DISTRIBUTIONS]]
        made["correlations"] = _correlations(X[numeric[:CORRELATIONS]])
    if "transactions" in bank.tables:
        made["transactions_per_month"] = _months(bank)
    return made


def _distribution(values: pd.Series[float], y: NDArray[np.bool_]) -> dict[str, Any]:
    import numpy as np

    low, high = values.quantile([0.01, 0.99])
    whole = bool((values.dropna() % 1 == 0).all()) and high > low
    width = max(1.0, np.ceil((high - low) / BINS)) if whole else (high - low) / BINS or 1 / BINS
    edges = low - 0.5 * whole + width * np.arange(np.ceil((high - low + whole) / width).astype(int) + 1)
    inside = values.clip(edges[0], edges[-1])
    good, bad = (np.histogram(inside[y == outcome].dropna(), edges)[0] for outcome in (False, True))
    name = str(values.name)
    middle = {"median_good": float(values[~y].median()), "median_bad": float(values[y].median())}
    return {"fact": name, "meaning": describe(name).meaning, "edges": edges, "good": good, "bad": bad, **middle}


def _correlations(X: pd.DataFrame) -> dict[str, Any]:
    matrix = X.corr(method="spearman") if X.shape[1] > 1 else X.iloc[:0]
    return {"facts": list(matrix.columns), "matrix": matrix.to_numpy()}


def _months(bank: Bank) -> dict[str, Any]:
    known = known_by(bank.tables["transactions"], "at", bank.as_of)
    dated = known.select(year=nw.col("at").dt.year(), number=nw.col("at").dt.month())
    by_month = dated.group_by("year", "number").agg(count=nw.len())
    counted = collect(by_month, "year", "number")
    month = [f"{year:04d}-{number:02d}" for year, number in zip(counted["year"], counted["number"], strict=True)]
    return {"month": month, "count": counted["count"]}
