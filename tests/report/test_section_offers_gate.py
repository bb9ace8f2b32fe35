"""The gate's part of the page says what it costs and whom it moves, and nothing where there is no credit."""

from __future__ import annotations

from guilder.report.blocks import Table, Text
from guilder.report.section_offers_gate import gate

FIGURE = {"value": 0.5, "low": 0.4, "high": 0.6}
FOUND = {
    "limit": 0.1, "credit_offers": {"with": 40, "without": 90}, "mean_p_default": {"with": 0.04, "without": 0.15},
    "highest_mean_p_default": 0.09, "customers_above_a_limit": 0, "days": 90,
    "expected_uptake": {"with": FIGURE, "without": FIGURE, "cost": {"value": 12.0, "low": 10.0, "high": 14.0}},
    "exposure": {"gender": {"largest": "female", "groups": [
        {"name": "female", "customers": 60, "enough": True, "with": FIGURE, "without": FIGURE, "kept": FIGURE,
         "ratio": None},
        {"name": "other", "customers": 3, "enough": False},
    ]}},
}  # fmt: skip


def test_the_part_says_what_the_gate_costs() -> None:
    blocks = gate({"gate": FOUND}).blocks
    said = " ".join(block.text for block in blocks if isinstance(block, Text))
    assert "40 credit offers with the PD looked at, mean PD 4.0%; 90 without, mean PD 15.0%" in said
    assert "the bank's limit is 10%. Offered a credit above its own limit: 0 customers." in said
    assert "it costs 12.0 (10.0 to 14.0)" in said
    table = next(block for block in blocks if isinstance(block, Table))
    assert table.rows[0][2].text == "50.0%"
    assert table.rows[1][2].text == "–"


def test_without_credit_or_chances_it_says_so() -> None:
    assert gate({}).blocks == ()
    assert "is not known" in gate({"gate": {**FOUND, "expected_uptake": None}}).blocks[1].text  # type: ignore[union-attr]
