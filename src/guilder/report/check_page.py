"""The page of a check: where every row and every sum went, and what is in each column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from guilder.report import words
from guilder.report.blocks import Cell, Part, Section, Table, text

if TYPE_CHECKING:
    from guilder.report.blocks import Block


def check_page(name: str, currency: str, as_of: str | None, found: Mapping[str, Any]) -> str:
    """Draw a check as one HTML page without scripts; the same check gives the same bytes.

    Parameters
    ----------
    name, currency : str
        Of the bank.
    as_of : str or None
        The day it is looked at.
    found : mapping
        Plain values: ``tables`` as the intake tells them, ``money`` and ``profile``.
    """
    from guilder.report.page import draw

    about = {"name": name, "currency": currency, "as_of": as_of}
    return draw((_rows(found), _profile(found)), {"run_id": ""}, about, "check", "Check of the tables")


def _rows(found: Mapping[str, Any]) -> Section:
    from guilder.report.section_data import reconciliation

    counted = reconciliation(dict(found))
    blocks: list[Block] = list(counted.blocks)
    if found["money"]:
        blocks.append(Table(
            "Sums of money: all that came in = used + set aside",
            ("column", "came in", "used", "set aside", "blank or not read"),
            tuple(
                text(f"{each['table']}.{each['column']}", each["all"], each["used"], each["aside"],
                     words.count(each["unread"]))
                for each in found["money"]
            ),
        ))  # fmt: skip
    lead = "Every row the bank brought is either used or set aside with a reason; none is dropped in silence."
    return Section("rows", "Rows and sums", lead, (Part(counted.title, tuple(blocks)),))


def _profile(found: Mapping[str, Any]) -> Section:
    parts = []
    for name in dict.fromkeys(each["table"] for each in found["profile"]):
        lines = tuple(_line(each) for each in found["profile"] if each["table"] == name)
        heads = ("column", "kind", "filled", "different", "1 in 100 at or below", "middle", "99 in 100", "commonest")
        parts.append(Part(name, (Table(f"Columns of {name}", heads, lines, dense=True),)))
    lead = ("Rows that are used. No single row's value is shown: ends are those of 98 in 100 rows, words those of many "
            "rows, and of personal columns only how many are filled.")
    return Section("profile", "What is in the columns", lead, tuple(parts))


def _line(each: Mapping[str, Any]) -> tuple[Cell, ...]:
    common = ", ".join(f"{value} ({words.percent(share)})" for value, share in each["common"])
    return text(
        each["column"], each["kind"], words.percent(each["filled"]), words.count(each["different"]),
        *(each[end] or words.DASH for end in ("low", "middle", "high")), common or words.DASH,
    )
