"""Nothing undated may reach a dated decision: a snapshot taken after the grant leaks what came of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import duckdb

from guilder.contract.bank_file import BankFile, StagedFile
from guilder.contract.tables import TABLES
from guilder.errors import DataError
from guilder.source.csv_file import toml_text
from guilder.source.intake import Typed, warn
from guilder.source.sql import identifier, rows

SHOWN = 5
"""Attributes that are named in the text of a message; its line names them all."""
LATER = ("closed_on", "defaulted_on", "defaulted")
"""What happens to a loan after its decision."""


def check_inputs(sql: str, read: Sequence[str], staged: Mapping[str, StagedFile], applied_on: str) -> None:
    """Refuse undated inputs of the sql that makes dated loans.

    Parameters
    ----------
    sql : str
        The bank's query for ``loans``.
    read : sequence of str
        The staged inputs it reads, in lower case.
    staged : mapping
        The inputs as declared.
    applied_on : str
        What the bank calls the day of the application, which is the date of the loans themselves.

    Raises
    ------
    DataError
        An input has no declared date and no written reason.
    """
    for name, settings in staged.items():
        if name.lower() not in read:
            continue
        if settings.when is None and settings.undated_ok is None:
            raise DataError(
                f"[tables.loans] sql joins dated loans to {name!r}, which has no date: a table exported after the "
                "loans were granted knows what came of them.",
                known="The public Berka orders are the example: they are undated, and among them is the loan's own "
                      "instalment, so every such row says that a loan was granted.",
                todo=f'Add under [staged.{name}]: when = "its date column" and cut by it in the sql, or, for facts '
                     'that never change, undated_ok = "why this was known on the day of the decision"', id="G-LEAK-001",
            )
        if settings.when not in (None, applied_on) and str(settings.when).lower() not in sql.lower():
            raise DataError(
                f"[tables.loans] sql reads {name!r} but never looks at its date {settings.when!r}.",
                todo=f"Cut by it in the sql: … where {name}.{settings.when} < the day of the application",
                id="G-LEAK-002",
            )


def check_attributes(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Typed]) -> None:
    """Refuse attributes of dated loans whose day of knowledge nobody declared, and blank those known too late.

    Raises
    ------
    DataError
        An attribute has neither an ``available`` date nor a written reason for the whole table.
    """
    loans = tables.get("loans")
    if loans is None or "applied_on" not in loans.columns:
        return
    for name in ("loans", "customers"):
        typed = tables.get(name)
        if typed is None or typed.settings.undated_ok is not None:
            continue
        lacking = [item for item in typed.settings.attributes if item not in typed.settings.available]
        if lacking:
            event = "applied_on" if name == "loans" else "joined_on"
            more = f" and {len(lacking) - SHOWN} more" if len(lacking) > SHOWN else ""
            dates = ", ".join(f'{_key(item)} = "{event}"' for item in lacking)
            raise DataError(
                f"[{typed.where}] nothing says when {', '.join(lacking[:SHOWN])}{more} became known, and the loans "
                "are dated: a value written down after the decision knows what came of it.",
                known="The public Berka orders are the example: undated, and they hold the loan's own instalment.",
                todo=f"Take out of attributes what was not known before the decision. Then add under [{typed.where}]: "
                     f'available = {{ {dates} }}; or, if the whole table was known before, undated_ok = "how you know"',
                id="G-LEAK-003",
            )
        for attribute, event in typed.settings.available.items():
            ours = _event(typed, attribute, event)
            if name == "loans" and ours != "applied_on":
                late = f"{identifier(attribute)} IS NOT NULL AND {identifier(ours)} > applied_on"
                if warn(con, typed, "early", attribute, late):
                    rows(con, f"UPDATE {typed.relation} SET {identifier(attribute)} = NULL WHERE {late}")


def _key(name: str) -> str:
    """Write a name as a key of TOML, in quotes where it needs them."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml_text(name)


def overrides(settings: BankFile) -> dict[str, str]:
    """List what the bank allows in writing, undated values and stops, with its reasons."""
    found = {f"tables.{name}": part.undated_ok for name, part in settings.tables.items() if part.undated_ok}
    found |= {f"staged.{name}": part.undated_ok for name, part in settings.staged.items() if part.undated_ok}
    found |= {f"limits.accept {name}": why for name, why in settings.limits.accept.items()}
    return dict(sorted(found.items()))


def _event(typed: Typed, attribute: str, event: str) -> str:
    """Find the date that says when an attribute became known."""
    named = {item.bank_name: item.name for item in typed.mapped}
    ours = event if event in typed.columns else named.get(event)
    if ours in LATER:
        raise DataError(
            f"[{typed.where}] {attribute} becomes known at {event}, after the decision: it would leak the outcome.",
            todo=f"Take {attribute} out of attributes.", id="G-LEAK-004",
        )
    kind = typed.columns.get(ours or "")
    if ours is None or kind not in ("date", "moment"):
        dates = [name for name in typed.columns if typed.columns[name] in ("date", "moment") and name not in LATER]
        raise DataError(
            f"[{typed.where}] available: {attribute} names {event!r}, which is not a date of {typed.table.name}.",
            known=f"Its dates: {', '.join(dates) or 'none'}.",
            todo=f'Write: available = {{ {attribute} = "{dates[0] if dates else TABLES["loans"].when}" }}',
            id="G-LEAK-005",
        )
    return ours

