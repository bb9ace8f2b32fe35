"""Fairness, wired: the protected columns of each borrower, which no model has seen, beside the PDs of the test."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import narwhals as nw

from guilder.contract.tables import TABLES
from guilder.errors import BankFileError
from guilder.workflow.facts import collect
from guilder.workflow.validation import ranked_facts

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from guilder.evaluation.splits import Split
    from guilder.risk.compare import RiskResult
    from guilder.source.bank import Bank

FEW = 5
"""A number with at most so many values is a group for each."""
AGE = "age_years"
AGES = ("age", AGE)
"""Facts that are cut at the ages that laws on lending name, rather than into quarters."""
AGE_EDGES = (25.0, 35.0, 50.0, 62.0)
AGE_WORDS = ("under 25", "25 to 34", "35 to 49", "50 to 61", "62 and over")


def protected_names(bank: Bank, facts: pd.DataFrame) -> list[str]:
    """Name the facts that the bank keeps from the model.

    Raises
    ------
    BankFileError
        ``[risk] protected`` names what is no fact of this bank.
    """
    named = bank.settings.risk.protected
    if wrong := [name for name in named if name not in facts.columns and name not in _contract()]:
        declared = [name for table in bank.settings.tables.values() for name in table.attributes]
        known = sorted({*declared, *(name for name in (AGE, "region", "occupation") if name in facts.columns)})
        raise BankFileError(
            f"[risk] protected names {', '.join(wrong)}, which is no fact of this bank",
            known=f"facts about people: {', '.join(known) or 'none'}",
            todo="declare it under attributes, or leave it out",
        )
    return [name for name in named if name in facts.columns]


def _contract() -> list[str]:
    return [name for name, column in TABLES["customers"].columns.items() if column.protected]


def protected_columns(
    bank: Bank, facts: pd.DataFrame, known: pd.DataFrame, names: Sequence[str] | None = None
) -> pd.DataFrame:
    """Bring together the group of each loan's borrower by every protected column, and by age.

    Parameters
    ----------
    bank : Bank
        Its customers bring gender and marital status, as they are today.
    facts : DataFrame
        Every fact of the loans, those kept from the model included, in the order of ``known``.
    known : DataFrame
        The loans, with ``customer_id``.
    names : sequence of str, optional
        Facts the bank protects; those of its file when not given.

    Returns
    -------
    DataFrame
        Text, None where not known; one row a loan. No column where the bank has none.
    """
    import pandas as pd

    made = pd.DataFrame(index=facts.index)
    if "customers" in bank.tables:
        present = [name for name in _contract() if name in bank.tables["customers"].collect_schema().names()]
        if present:
            people = collect(bank.tables["customers"].select(
                "customer_id", *(nw.col(name).cast(nw.String) for name in present)
            ), "customer_id").drop_duplicates("customer_id").set_index("customer_id")  # fmt: skip
            joined = people.reindex(known["customer_id"])
            for name in present:
                made[name] = joined[name].astype(object).to_numpy()
    kept = protected_names(bank, facts) if names is None else names
    for name in dict.fromkeys([*kept, *([AGE] if AGE in facts.columns else [])]):
        made[name] = _groups(facts[name], name)
    return made


def _groups(column: pd.Series[Any], name: str) -> NDArray[np.object_]:
    """The group of each value: a category, one of few numbers, an age group or a quarter of the numbers."""
    import numpy as np
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(column):
        return np.asarray(column.astype(object).where(column.notna(), None), dtype=object)
    value = column.to_numpy(dtype=np.float64, na_value=np.nan)
    missing = np.isnan(value)
    if name in AGES:
        edges, words = list(AGE_EDGES), list(AGE_WORDS)
    elif len(np.unique(value[~missing])) <= FEW:
        found: NDArray[np.object_] = np.array([f"{each:g}" for each in value.tolist()], dtype=object)
        found[missing] = None
        return found
    else:
        edges = np.unique(np.quantile(value[~missing], [0.25, 0.5, 0.75])).tolist()
        between = [f"{low:.4g} to below {high:.4g}" for low, high in pairwise(edges)]
        words = [f"below {edges[0]:.4g}", *between, f"{edges[-1]:.4g} and over"]
    found = np.asarray(words, dtype=object)[np.searchsorted(edges, value, side="right").clip(0, len(edges))]
    found[missing] = None
    return found


def fairness(
    bank: Bank, result: RiskResult, facts: pd.DataFrame, known: pd.DataFrame, split: Split, seed: int
) -> dict[str, Any]:
    """Audit the champion's PDs of the test slice by every protected column, and look for proxies among its facts.

    Parameters
    ----------
    bank : Bank
        The bank.
    result : RiskResult
        What the contest found.
    facts, known : DataFrame
        Every fact and the outcomes of the loans, one row each, in the order that the split is of.
    split : Split
        Which of them trained and tested.
    seed : int
        Seed of whatever is drawn.

    Returns
    -------
    dict
        Plain JSON: ``columns`` (the audit by column, each with its ``proxies`` and whether the model ``uses`` it),
        ``jurisdiction`` and ``notes``.
    """
    from guilder.risk.fairness import audit, tidy_groups
    from guilder.risk.jurisdiction import notes
    from guilder.risk.proxies import proxies

    groups = protected_columns(bank, facts, known)
    place = bank.settings.risk.jurisdiction
    tested = groups.iloc[split.test]
    columns = audit(
        result.outcome.y, result.outcome.p, result.metrics["cut_off"]["p"],
        {name: tested[name].to_numpy() for name in groups.columns},
        groups=None if split.groups is None else split.groups[split.test], random_state=seed,
    )  # fmt: skip
    who = known["customer_id"].iloc[split.refit]
    rows = split.refit[(who.isna() | ~who.duplicated(keep="last")).to_numpy()]
    used = ranked_facts(result)
    for name in groups.columns:
        others = [fact for fact in used if fact != name]
        label = tidy_groups(groups[name].iloc[rows].to_numpy())
        columns[name]["uses"] = name in used
        columns[name]["proxies"] = proxies(facts[others].iloc[rows], label, random_state=seed)
        for group in columns[name]["groups"]:
            if group["rows"] < bank.settings.privacy.min_group:
                group["bads"] = None
    return {"columns": columns, "jurisdiction": place, "notes": notes(place)}
