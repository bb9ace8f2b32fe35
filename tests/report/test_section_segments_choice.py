"""The choice of k says what was measured and what was not, each figure beside what is asked of it."""

from __future__ import annotations

from typing import Any

from guilder.report.blocks import Charts, Table, Text
from guilder.report.section_segments_choice import choice


def test_every_kind_of_evidence_is_drawn_and_in_the_table(summary: dict[str, dict[str, Any]]) -> None:
    known, figures = summary["metrics"]["segments"], summary["figures"]
    part = choice(known, figures["segments"])
    charts = next(block for block in part.blocks if isinstance(block, Charts))
    assert [each.title for each in charts.charts] == [
        "Stability by k", "What the groups are worth, by k", "Smallest segment, by k",
    ]  # fmt: skip
    assert all("asked for" in each.svg for each in charts.charts)
    assert "a month ago" in charts.charts[0].svg
    candidates, others = (block for block in part.blocks if isinstance(block, Table))
    row = dict(zip(candidates.columns, (cell.text for cell in candidates.rows[2]), strict=True))
    assert (row["k"], row["in time"], row["least Jaccard"], row["tighter by"]) == ("4", "0.93", "0.95", "0.120")
    assert [(each[0].text, each[1].text) for each in others.rows] == [
        ("ours", "1.00"), ("bisecting K-Means", "0.91"), ("Gaussian mixture", "0.84"),
    ]  # fmt: skip
    said = next(block for block in part.blocks if isinstance(block, Text)).text
    assert "agree with these to 0.93" in said
    assert "at least 0.60 is asked for" in said
    assert "smallest share and silhouette too, are of a sample" in said


def test_what_was_not_measured_in_time_is_said(summary: dict[str, dict[str, Any]]) -> None:
    metrics, figures = summary["metrics"], summary["figures"]
    candidates = [{**each, "stability_time": None} for each in metrics["segments"]["candidates"]]
    known = {**metrics["segments"], "stability_time": None, "candidates": candidates}
    part = choice(known, figures["segments"])
    assert "not measured" in next(block for block in part.blocks if isinstance(block, Text)).text
    assert "a month ago" not in next(block for block in part.blocks if isinstance(block, Charts)).charts[0].svg
