"""The segments section counts nobody in a group that is too small to be described."""

from __future__ import annotations

import copy
from typing import Any

from guilder.report.blocks import Charts, Text
from guilder.report.section_segments import segments


def test_a_group_too_small_to_be_described_is_not_counted_either(summary: dict[str, dict[str, Any]]) -> None:
    metrics, figures = copy.deepcopy(summary["metrics"]), copy.deepcopy(summary["figures"])
    metrics["segments"]["sizes"] |= {"New": 3}
    metrics["segments"]["rules"] = {"dormant": 292, "new": 3}
    counted = _said(metrics, figures)
    assert ">3<" in counted["Sizes"]
    assert "292 dormant and 3 new customers" in counted["rules"]

    figures["segments"]["profiles"].append({"segment": "new", "name": "New", "share": 0.001, "hidden": True})
    hidden = _said(metrics, figures)
    assert ">3<" not in hidden["Sizes"]
    assert "Too few to be counted here: New." in hidden["Sizes"]
    assert "292 dormant and very few new customers" in hidden["rules"]


def test_the_share_of_the_largest_is_of_all_customers(summary: dict[str, dict[str, Any]]) -> None:
    metrics, figures = copy.deepcopy(summary["metrics"]), copy.deepcopy(summary["figures"])
    metrics["segments"]["sizes"] = {"Large": 60, "Other": 36, "New": 4}
    figures["segments"]["profiles"].append({"segment": "new", "name": "New", "share": 0.04, "hidden": True})
    assert "The largest, Large, holds 60% of all customers." in _said(metrics, figures)["Sizes"]


def test_a_cut_for_convenience_is_not_said_to_prove_a_continuum(summary: dict[str, dict[str, Any]]) -> None:
    metrics = copy.deepcopy(summary["metrics"])
    metrics["segments"]["verdict"] = "convenience but stable"
    lead = segments(metrics, summary["figures"], {}).lead
    assert "could not be told from cuts through a continuum" in lead
    assert "form a continuum" not in lead


def _said(metrics: dict[str, Any], figures: dict[str, Any]) -> dict[str, str]:
    blocks = [block for part in segments(metrics, figures, {}).parts for block in part.blocks]
    charts = [each for block in blocks if isinstance(block, Charts) for each in block.charts]
    sizes = next(each for each in charts if each.title == "Sizes")
    rules = next(block.text for block in blocks if isinstance(block, Text) and block.text.startswith("Set apart"))
    return {"Sizes": sizes.svg + sizes.says, "rules": rules}
