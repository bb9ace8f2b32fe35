"""What a case of the corpus may say of scores: how many rows, what was withheld, who is offered what, what it warns of.

``found`` names ``rows.loans`` (or ``customers``, ``offers``), ``withheld.RULE``, ``offered.CUSTOMER`` (product ids by
rank), ``first`` and ``last`` (the ids of the first and the last loan scored) and ``mean`` (of the PDs, in two digits).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guilder.workflow.score import Scores

KEYS = {"loans": ["loan_id"], "customers": ["customer_id"], "offers": ["customer_id", "product_id"]}
"""What names one row of each table of scores."""


def look_up(values: Mapping[str, Any], path: str) -> Any:
    """Give a value by the words on the way to it; None where there is no such way."""
    found: Any = values
    for word in path.split("."):
        if isinstance(found, list) and word.isdigit() and int(word) < len(found):
            found = found[int(word)]
        else:
            found = found.get(word) if isinstance(found, Mapping) else None
    return found


def differences_of_scores(scores: Scores, expected: Mapping[str, Any]) -> Iterator[str]:
    """Say in what way scores are not what a case says."""
    values = _values(scores)
    for path, value in expected.get("found", {}).items():
        if (found := look_up(values, path)) != value:
            yield f"{path} is {found!r} and not {value!r}"
    for name, key in KEYS.items():
        if scores.tables()[name].duplicated(key).any():
            yield f"a row of {name} stands twice"
    warned = {warning.partition(":")[0] for warning in scores.warnings}
    if "warns" in expected and warned != {*expected["warns"]}:
        yield f"it warns of {sorted(warned)} and not of {expected['warns']}"


def _values(scores: Scores) -> dict[str, Any]:
    loans, offers = scores.loans, scores.offers
    values: dict[str, Any] = {"rows": scores.rows(), "withheld": {} if scores.may is None else dict(scores.may.counts)}
    ranked = offers.sort_values("rank")
    offered = {str(who): [*map(str, rows)] for who, rows in ranked.groupby("customer_id")["product_id"]}
    values["offered"] = {str(who): offered.get(str(who), []) for who in scores.customers["customer_id"]}
    if len(loans):
        values["first"], values["last"] = str(loans["loan_id"].iloc[0]), str(loans["loan_id"].iloc[-1])
        values["mean"] = round(float(loans["p_default"].mean()), 2)
    return values
