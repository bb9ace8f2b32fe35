"""The commands about segments: show them, print their SQL, export them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from guilder import terminal

app = typer.Typer(name="segments", no_args_is_help=False)


class Dialect(StrEnum):
    """Whose SQL."""

    duckdb = "duckdb"


BankPath = Annotated[Path, typer.Argument(metavar="BANK", help="A bank.toml, or the folder that holds one.")]
RunPath = Annotated[
    Path | None, typer.Option("--run", help="A run's folder; the published run of the bank when not given.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for a machine to read.")]
FactsTable = Annotated[str, typer.Option("--table", help="The table of facts; dots part catalogue, schema and table.")]


@app.callback(
    invoke_without_command=True, short_help="show, export and carry segments elsewhere",
    epilog="Example: guilder segments show mybank",
)  # fmt: skip
def start(
    context: typer.Context,
    sql: Annotated[
        Dialect | None,
        typer.Option("--sql", help="Print the assignment as one statement, for the bank in this folder."),
    ] = None,
) -> None:
    """Show segments, export their customers, or carry the assignment to another engine."""
    if sql is not None:
        print_sql()
    elif context.invoked_subcommand is None:
        terminal.say(context.get_help())


@app.command(short_help="show the segments of a run", epilog="Example: guilder segments show mybank")
def show(bank: BankPath = Path(), run: RunPath = None, as_json: AsJson = False) -> None:
    """Show each segment: how large it is, what sets it apart, what it risks, holds and may be offered."""
    from guilder.store.runs import load_run
    from guilder.workflow.cards import cards_of

    found = load_run(run or bank)
    cards = cards_of(found)
    if as_json:
        terminal.say_json({"run": found.id, "verdict": found.metrics["segments"]["verdict"], "segments": cards})
        return
    from guilder.report.prose import meanings
    from guilder.report.segment_cards import card_of

    known, told = meanings(found.figures), found.metrics["segments"]
    terminal.say(f"Segments of run {found.id}: {told['verdict']}. {told['verdict_why']}")
    for each in cards:
        card = card_of(each, known)
        terminal.say()
        terminal.say(f"{each['segment']}  {card.title}  {card.figure}")
        for line in (*card.lines, *(f"{head}: {'; '.join(said)}" for head, said in card.lists)):
            terminal.say(f"    {line}")


@app.command(
    "sql", short_help="print the assignment as SQL", epilog="Example: guilder segments sql mybank --table facts"
)
def print_sql(
    bank: BankPath = Path(),
    run: RunPath = None,
    table: FactsTable = "facts",
    sql: Annotated[Dialect, typer.Option("--sql", help="Whose SQL.")] = Dialect.duckdb,
) -> None:
    """Print the assignment as one SELECT over a table of facts, as `guilder segments export --facts` writes one."""
    from guilder.source.segments_sql import assignment_sql
    from guilder.store.runs import load_run
    from guilder.workflow.segments import plan_of

    terminal.say(assignment_sql(plan_of(load_run(run or bank)), table))


@app.command(
    short_help="write customers by segment to a file",
    epilog="Example: guilder segments export mybank --out campaign.csv --segment S1 --control 0.1",
)
def export(
    bank: BankPath,
    out: Annotated[Path, typer.Option(help="The file: .csv, .xlsx or .parquet; its cells never become formulas.")],
    segment: Annotated[
        list[str] | None, typer.Option(help="Id or name of a segment; again for more; omitted: all.")
    ] = None,
    control: Annotated[
        float, typer.Option(min=0, max=0.99, help="Share of customers to hold out, drawn by a keyed hash.")
    ] = 0.0,
    campaign: Annotated[str, typer.Option(help="Name of the campaign: another one holds out others.")] = "",
    personal: Annotated[bool, typer.Option("--personal", help="Write name, e-mail and telephone too.")] = False,
    facts: Annotated[bool, typer.Option("--facts", help="Write the facts that make the segments too.")] = False,
    run: RunPath = None,
    as_json: AsJson = False,
) -> None:
    """Write customers and their segments to a file; who did not agree to be contacted is left out and counted."""
    from guilder.workflow.segments_export import export_segments

    with terminal.progress() as progress:
        made = export_segments(
            bank, out, run=run, segments=segment or (), control=control, campaign=campaign, personal=personal,
            facts=facts, progress=progress,
        )  # fmt: skip
    if as_json:
        terminal.say_json(made.to_dict())
        return
    terminal.say_table(f"Exported by run {made.run}", ["segment", "customers"],
                       [[name, f"{many:,}"] for name, many in made.segments.items()])
    terminal.say(f"{made.customers:,} customers, {made.control:,} of them held out; left out: "
                 + ("" if made.no_consent is None else f"{made.no_consent:,} without consent, ")
                 + f"{made.hidden:,} in segments too small to be shown"
                 + ("; consent is not on record" if made.no_consent is None else ""))
    for warning in made.warnings:
        terminal.say(f"warning: {warning}")
    terminal.say(f"wrote {made.path}")


@app.command(
    short_help="show who moved between two dates",
    epilog="Example: guilder segments migration mybank --from 2025-03-31 --to 2025-06-30",
)
def migration(
    bank: BankPath,
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The earlier day.")],
    end: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The later day; omitted: the bank's own.")
    ] = None,
    run: RunPath = None,
    as_json: AsJson = False,
) -> None:
    """Show how many customers moved from each segment to each other, with intervals, and the facts that decided."""
    from guilder.features.catalogue import describe
    from guilder.workflow.migration import migration as migrate

    with terminal.progress() as progress:
        found = migrate(bank, start.date(), end.date() if end else None, run=run, progress=progress)
    if as_json:
        terminal.say_json(found.to_dict())
        return
    stayed = found.stayed
    terminal.say_table("Customers who moved", ["from", "to", "customers", "of the segment", "decided by"],
                       found.rows(lambda fact: describe(fact).meaning))
    terminal.say(f"{stayed.value:.1%} stayed where they were ({stayed.low:.1%} to {stayed.high:.1%}); "
                 f"{sum(found.came.values()):,} came, {sum(found.left.values()):,} left")
