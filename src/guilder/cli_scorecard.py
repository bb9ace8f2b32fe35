"""The command that shows a run's scorecard, or prints it as SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from guilder import terminal

app = typer.Typer()


@app.command(
    short_help="show the scorecard of a run, or print its SQL", epilog="Example: guilder scorecard mybank --sql"
)
def scorecard(
    bank: Annotated[Path, typer.Argument(metavar="BANK", help="A bank.toml, or the folder that holds one.")] = Path(),
    run: Annotated[
        Path | None, typer.Option("--run", help="A run's folder; the published run of the bank when not given.")
    ] = None,
    sql: Annotated[
        bool, typer.Option("--sql", help="Print one SELECT of loan_id, points and p_default, in DuckDB's words.")
    ] = False,
    table: Annotated[
        str, typer.Option("--table", help="The table of facts in it; dots part catalogue, schema and table.")
    ] = "facts",
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for a machine to read.")] = False,
) -> None:
    """Show what each fact tells and the points of each of its bins, or print the scorecard as one statement."""
    from guilder.store.runs import load_run
    from guilder.workflow.scorecard import card_of, scorecard_in

    found = load_run(run or bank)
    if sql:
        from guilder.source.scorecard_sql import scorecard_sql

        terminal.say(scorecard_sql(card_of(found), table))
    elif as_json:
        terminal.say_json({"run": found.id, **scorecard_in(found)})
    else:
        _show(found)


def _show(run: Any) -> None:
    from guilder.report import section_scorecard
    from guilder.report.blocks import Table, Text
    from guilder.report.prose import meanings

    part = section_scorecard.scorecard(run.metrics["risk"], meanings(run.figures))
    terminal.say(f"Scorecard of run {run.id}")
    for block in part.blocks:
        if isinstance(block, Table):
            rows = [[" ".join(filter(None, (cell.text, cell.small))) for cell in row] for row in block.rows]
            terminal.say_table(block.caption, list(block.columns), rows)
        elif isinstance(block, Text):
            terminal.say(block.text)
