"""Quotients, whole and in two stages: missing where there is nothing to divide by."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from guilder.features.quotients import parts, quotient, ratio

FRAME = nw.from_native(pl.DataFrame({"a": [3, 3, None, 0, -1], "b": [2, 0, 1, 4, -4]}))
WANTED = [1.5, None, None, 0.0, 0.25]


def test_a_ratio() -> None:
    assert FRAME.select(made=ratio(nw.col("a"), nw.col("b")))["made"].to_list() == WANTED


def test_a_quotient_of_its_parts() -> None:
    staged = FRAME.with_columns(*parts({"made": (nw.col("a"), nw.col("b"))}))
    assert staged.columns == ["a", "b", "made_top", "made_bottom"]
    assert staged.select(quotient("made"))["made"].to_list() == WANTED
