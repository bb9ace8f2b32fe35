"""For whom offers work: the ceiling, all customers, new and known ones, segments and the null, each in words."""

from __future__ import annotations

from typing import Any

from guilder.report.blocks import Table, Text
from guilder.report.measures import OFFERS
from guilder.report.section_offers_who import ceiling, who

Summary = dict[str, dict[str, Any]]


def test_the_part_shows_every_group_beside_its_baseline(summary: Summary) -> None:
    blocks = who(summary["metrics"]["offers"]).blocks
    everyone, parts, segments = (block for block in blocks if isinstance(block, Table))
    assert everyone.rows[0][0].text == "cosine"
    assert [cell.text for cell in everyone.rows[-1][:2]] == ["a perfect list", "0.2770"]
    assert {row[0].small for row in parts.rows} == {"known customers"}  # twelve new ones are too few to say anything of
    assert segments.columns == ("segment", "customers", "cosine", "decayed popular")
    assert [cell.text for cell in segments.rows[0][1:]] == ["1,200", "0.500", "0.400"]
    assert [cell.text for cell in segments.rows[1][1:]] == ["17", "–", "–"]
    said = " ".join(block.text for block in blocks if isinstance(block, Text))
    assert "1,384 of 5,000 customers" in said
    assert "12 new and 1,372 known customers" in said
    assert "cosine finds a taste of 0.4 standard errors, in the real ones 11.5" in said


def test_what_was_not_measured_is_left_out(summary: Summary) -> None:
    known = summary["metrics"]["offers"]
    for key in ("everyone", "cold", "warm", "by_segment", "null", "ceiling"):
        del known[key]
    assert who(known).blocks == ()
    assert ceiling(known, list(OFFERS)) == ()
    assert who({}).blocks == ()
