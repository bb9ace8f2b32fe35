"""The rooms together: risk shown per segment, and a few customers seen by all three."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from guilder.workflow.customers import view

if TYPE_CHECKING:
    from guilder.segments.segment import SegmentsResult
    from guilder.workflow.risk import TrainedRisk
    from guilder.workflow.score import Scores

SAMPLE = 9


def risk_by_segment(
    risk: TrainedRisk | None, segments: SegmentsResult | None, least: int = 1
) -> list[dict[str, Any]]:
    """Compare PD and observed defaults by segment, on the test loans; of fewer loans than ``least`` only the number.

    The segment is the one the customer is in today, so the table describes the bank and predicts nothing.
    """
    if risk is None or segments is None:
        return []
    from guilder.evaluation.calibration import jeffreys

    test = risk.split.test
    loans = risk.outcomes.iloc[test].assign(p=risk.p_default)
    joined = loans.merge(segments.customers, on="customer_id")
    rows = []
    for name, group in joined.groupby("segment_name", sort=True):
        bads, n = int(group["defaulted"].sum()), len(group)
        low, high = jeffreys(bads, n)
        observed = {"value": bads / n, "low": float(low), "high": float(high)}
        told = {"mean_p": float(group["p"].mean()), "observed": observed}
        rows.append({"segment_name": name, "loans": n, **(told if n >= least else dict.fromkeys(told))})
    return rows


def customers_sample(scores: Scores, pseudonym: Callable[[str], str] | None = None) -> list[dict[str, Any]]:
    """Show a few customers in full: those waiting for a loan first, from as many segments as there are."""
    shown = [_card(view(scores, customer)) for customer in _chosen(scores)]
    return [each if pseudonym is None else {**each, "customer_id": pseudonym(each["customer_id"])} for each in shown]


def _chosen(scores: Scores) -> list[str]:
    placed = scores.customers.sort_values("customer_id")
    waiting = set(scores.loans["customer_id"].dropna())
    if "segment_name" not in placed:
        first = [customer for customer in placed["customer_id"] if customer in waiting] or list(placed["customer_id"])
        return first[:SAMPLE]
    placed = placed.assign(rest=~placed["customer_id"].isin(waiting)).sort_values(["rest", "customer_id"])
    placed["turn"] = placed.groupby("segment_name").cumcount()
    return placed.sort_values(["turn", "segment_name"])["customer_id"].head(SAMPLE).tolist()


def _card(customer: Any) -> dict[str, Any]:
    plain = customer.to_dict()
    loans = customer.loans
    return {
        "customer_id": customer.customer_id, "segment_name": customer.segment,
        "p_default": loans[0].p_default if loans else next(iter(customer.p_default.values()), None),
        "reasons": list(loans[0].reasons if loans else customer.reasons),
        "offers": plain["offers"], "withheld": plain["withheld"],
    }  # fmt: skip
