"""Dates are described for a person, never decided for one."""

from __future__ import annotations

from guilder.source.dates import describe, fitting, shapes, share_of_small_days


def test_one_format_fits_once_a_day_is_above_twelve() -> None:
    assert fitting(["03/04/2024", "25/04/2024"]) == ["%d/%m/%Y"]
    assert fitting(["03/04/2024"])[:2] == ["%d/%m/%Y", "%m/%d/%Y"]
    assert fitting([]) == []


def test_shapes_show_no_digit_and_no_letter() -> None:
    assert shapes(["13 May 2024", "1/2/2024", "14 Jun 2024"]) == ["99 aaa 9999", "9/9/9999"]


def test_days_that_could_be_months_are_counted() -> None:
    assert share_of_small_days(["03/04/2024", "25/04/2024"], "%d/%m/%Y") == 0.5
    assert share_of_small_days(["x"], "%d/%m/%Y") == 0


def test_the_line_to_add_is_said() -> None:
    assert describe(["930705", "960131"])[1] == 'date_format = "%y%m%d"'
    known, line = describe(["03/04/2024"])
    assert "a person must decide" in known
    assert " or " in line
    assert "spreadsheet" in describe(["45000"])[0]
    assert "%d" in describe(["whenever"])[1]
