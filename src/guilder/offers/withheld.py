"""Every suppression, one row each: who, what, which rule, what was found, what is allowed, and on whose word."""

from __future__ import annotations

import numpy as np
import pandas as pd

from guilder.offers.eligibility import Eligibility
from guilder.offers.rules import CREDIT_RULES, GATE, RULES


def withheld(
    may: Eligibility, run_id: str, model_sha256: str | None, alternatives: pd.Series | None = None
) -> pd.DataFrame:
    """Lay out what was withheld from whom.

    Parameters
    ----------
    may : Eligibility
    run_id : str
        The run that offered.
    model_sha256 : str, optional
        Of the file of the model whose PDs the rules of :data:`GATE` looked at; blank in all other rows.
    alternatives : Series by customer_id, optional
        The best product that is no credit, named where credit was withheld for its risk.

    Returns
    -------
    DataFrame
        One row a customer and product, by customer and product: as many rows as ``may.counts`` add up to. Words are
        categories. ``value`` and ``limit`` are numbers; the ``region`` stands where the rule is about one.
    """
    code, names = may.rule.to_numpy(), may.rule.columns
    row, column = np.nonzero(code >= 0)
    found = code[row, column].astype(np.int64)
    value, limit = np.full(len(row), np.nan), np.full(len(row), np.nan)
    for place, rule in enumerate(RULES):
        mine, judged = found == place, may.judged[rule]
        for target, table in ((value, judged.value), (limit, judged.limit)):
            if table is not None and mine.any():
                target[mine] = np.broadcast_to(table, code.shape)[row[mine], column[mine]]
    local, gated = found == RULES.index("region"), found >= RULES.index(GATE[0])
    risky = found >= RULES.index(CREDIT_RULES[0])
    instead = np.full(len(row), None, dtype=object)
    if alternatives is not None:
        named = alternatives.reindex(may.rule.index).to_numpy(dtype=object)
        instead[risky] = named[row[risky]]
    region = np.full(len(row), None, dtype=object)
    region[local] = may.regions[row[local]]
    ids, names = may.rule.index.rename(None), names.rename(None)
    return pd.DataFrame({
        "customer_id": pd.Categorical.from_codes(row, categories=ids),
        "product_id": pd.Categorical.from_codes(column, categories=names),
        "rule": pd.Categorical.from_codes(found, categories=pd.Index(RULES)),
        "value": value,
        "limit": limit,
        "region": pd.Categorical(region),
        "alternative": pd.Categorical(instead),
        "run_id": pd.Categorical.from_codes(np.zeros(len(row), dtype=np.int64), categories=pd.Index([run_id])),
        "model_sha256": pd.Categorical.from_codes(
            np.where(gated & (model_sha256 is not None), 0, -1).astype(np.int64),
            categories=pd.Index([model_sha256 or ""]),
        ),
    })
