"""The bank's policy: as its file says it before training, and as a run published it, its cut-off found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guilder.contract.bank_file import RiskFile
    from guilder.risk.policy import Policy


def policy_in(settings: RiskFile) -> Policy:
    """Read the policy out of the bank's file; what it does not say keeps its default."""
    from guilder.risk.bands import EDGES
    from guilder.risk.policy import Policy

    return Policy(
        settings.cut_off, settings.target_approval, settings.target_bad_rate, settings.lgd, settings.margin,
        settings.ead, settings.refer_from, tuple(settings.bands or EDGES),
    )  # fmt: skip


def policy_of(metrics: Mapping[str, Any]) -> Policy:
    """Read the policy out of a run's figures: the cut-off that was found, by whichever rule, is set in it."""
    from guilder.risk.policy import Policy

    if "risk" not in metrics:
        return Policy()
    published = metrics["risk"]["policy"]
    return Policy(
        metrics["risk"]["cut_off"]["p"], refer_from=published["refer_from"], edges=tuple(published["edges"])
    )
