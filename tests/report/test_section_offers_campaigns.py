"""The campaigns' part of the page: figures with their intervals, the warning about places, and what is not learned."""

from __future__ import annotations

from guilder.report.blocks import Note, Table, Text
from guilder.report.section_offers_campaigns import campaigns


def figure(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


ROW = {
    "campaign": "spring", "product_id": "card", "open": True, "verdict": "adds", "cost": 10.0, "cost_of_one_more": 50.0,
    "treated": {"customers": 500, "taken": 50, "share": figure(0.1)}, "uplift": figure(0.08),
    "control": {"customers": 500, "taken": 10, "share": figure(0.02)},
}  # fmt: skip
FOUND = {
    "campaigns": [ROW], "uplift": figure(0.08), "not_learned_from": 31, "interactions": 900,
    "positions": [{"position": place, "customers": 100, "share": figure(0.1)} for place in (1, 2)],
}  # fmt: skip


def test_uplift_places_and_echo_are_told() -> None:
    blocks = campaigns({"campaigns": FOUND}).blocks
    said = " ".join(block.text for block in blocks if isinstance(block, Text | Note))
    assert "Offers added 8.0% (7.0–9.0%) to the share" in said
    assert "Position bias" in said
    assert "31 contacts of 900 are not learned from" in said
    cells = [cell.text for cell in next(block for block in blocks if isinstance(block, Table)).rows[0]]
    assert cells == ["spring", "card", "500", "10.0%", "500", "2.0%", "8.0%", "adds, still open", "50"]


def test_without_a_log_or_a_control_nothing_is_claimed() -> None:
    assert campaigns({}).blocks == ()
    told = campaigns({"campaigns": {**FOUND, "uplift": None, "positions": []}}).blocks
    assert "nothing can be said" in told[0].text  # type: ignore[union-attr]
    assert not any(isinstance(block, Note) for block in told)
