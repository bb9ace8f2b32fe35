"""The command that reads a bank's tables and accounts for every row and every sum of money."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from guilder import terminal

if TYPE_CHECKING:
    from guilder.source.intake import Intake
    from guilder.workflow.check import Checked

app = typer.Typer()


@app.command(
    short_help="account for every row of every table", epilog="Example: guilder check mybank --rejected set-aside"
)
def check(
    bank: Annotated[Path, typer.Argument(metavar="BANK", help="A bank.toml, or the folder that holds one.")],
    html: Annotated[Path | None, typer.Option(help="A page to write: rows, sums of money and columns.")] = None,
    rejected: Annotated[
        Path | None, typer.Option(help="A folder for the rows set aside: a CSV file a table, with file, line, reason.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for a machine to read.")] = False,
) -> None:
    """Read a bank's tables, describe their columns, and account for every row and every sum of money."""
    from guilder.workflow.check import examine

    with terminal.progress() as progress:
        found = examine(bank, html=html, rejected=rejected, progress=progress)
    if as_json:
        terminal.say_json(found.to_dict())
        return
    _show_profile(found)
    _show_money(found)
    show_intake(found.intake)
    for what, path in (("page", html), ("rows set aside", rejected)):
        if path is not None:
            terminal.say(f"{what}: {path}")


def show_intake(intake: Intake) -> None:
    """Show what became of every row, table by table, and why."""
    tables = [
        [table.name, f"{table.rows_in:,}", f"{table.accepted:,}", f"{table.quarantined:,}"] for table in intake.tables
    ]
    terminal.say_table("Rows in = accepted + quarantined", ["table", "rows in", "accepted", "quarantined"], tables)
    for table in intake.tables:
        for found in table.violations:
            terminal.say(f"{found.id}  {table.name}.{found.column}: {found.reason} ({found.rows:,} rows)")
        if table.undeclared:
            terminal.say(f"{table.name}: left out, because not declared: {', '.join(table.undeclared)}")


def _show_money(found: Checked) -> None:
    if found.money:
        rows = [[f"{one.table}.{one.column}", one.all, one.used, one.aside, f"{one.unread:,}"] for one in found.money]
        heads = ["column", "came in", "used", "set aside", "not read"]
        terminal.say_table(f"Sums of money in {found.currency}: came in = used + set aside", heads, rows)


def _show_profile(found: Checked) -> None:
    rows = []
    for one in found.profile:
        filled = "–" if one.filled is None else f"{one.filled:.1%}"
        different = "–" if one.different is None else f"{one.different:,}"
        common = ", ".join(f"{value} {share:.0%}" for value, share in one.common)
        span = common or (f"{one.low} … {one.middle} … {one.high}" if one.middle is not None else "–")
        rows.append([f"{one.table}.{one.column}", one.kind, filled, different, span])
    heads = ["column", "kind", "filled", "different", "1st … 50th … 99th in 100, or commonest"]
    terminal.say_table("What is in the columns of the rows that are used", heads, rows)
