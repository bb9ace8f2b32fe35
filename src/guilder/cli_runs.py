"""The commands about runs: list, show and compare them, publish an earlier one, remove old ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from guilder import terminal

app = typer.Typer(name="runs", no_args_is_help=False)

BankPath = Annotated[Path, typer.Argument(metavar="BANK", help="A bank, or a folder of runs.")]
Name = Annotated[str, typer.Argument(metavar="RUN", help="A run's name; current is the published one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for a machine to read.")]

MOST_SHOWN = 40


@app.callback(
    invoke_without_command=True, short_help="list, compare, publish and prune runs",
    epilog="Example: guilder runs list mybank",
)  # fmt: skip
def start(context: typer.Context) -> None:
    """List the runs of a bank, see what one is made of, compare two, publish an earlier one, or remove old ones."""
    if context.invoked_subcommand is None:
        terminal.say(context.get_help())


@app.command("list", short_help="list the runs of a bank", epilog="Example: guilder runs list mybank")
def list_them(bank: BankPath = Path(), as_json: AsJson = False) -> None:
    """List the runs of a bank, the oldest first."""
    from guilder.workflow.runs import list_runs

    found = list_runs(bank)
    if as_json:
        terminal.say_json([each.to_dict() for each in found])
        return
    shown = [[each.run, str(each.number), each.made, " ".join(each.rooms), "published" if each.published else "",
              f"{each.bytes / 1e6:.1f}"] for each in found]  # fmt: skip
    terminal.say_table("Runs", ["run", "number", "made (UTC)", "rooms", "", "MB"], shown)


@app.command(short_help="say what a run is made of", epilog="Example: guilder runs show current mybank")
def show(run: Name, bank: BankPath = Path(), as_json: AsJson = False) -> None:
    """Say what a run is made of and from, after proving every file of it."""
    from guilder.workflow.runs import show_run

    found = show_run(bank, run)
    if as_json:
        terminal.say_json(found)
        return
    rows = [[key, _said(found.get(key))] for key in ("path", "started", "seconds", "rooms", "as_of", "seed", "guilder",
                                                 "python")]  # fmt: skip
    terminal.say_table(f"Run {found['run']}", ["", ""], rows)
    terminal.say_table("Made with", ["", "version"], [[name, each] for name, each in found["packages"].items()])
    terminal.say_table("Made from", ["", "rows", "SHA-256"],
                       [[f"{each['table']}/{each['file']}", _said(each["rows"]), each["sha256"]]
                        for each in found["inputs"]])  # fmt: skip
    terminal.say_table("Files, each proven", ["", "SHA-256"], [[*each] for each in found["files"].items()])


@app.command(
    short_help="say in what two runs differ",
    epilog="Example: guilder runs diff 2025-05-31-0a1b2c3d4e current mybank",
)  # fmt: skip
def diff(one: Name, other: Name, bank: BankPath = Path(), as_json: AsJson = False) -> None:
    """Say in which causes and figures two runs differ."""
    from guilder.workflow.runs import diff_runs

    found = diff_runs(bank, one, other)
    if as_json:
        terminal.say_json(found)
        return
    for title, unlike in (("Causes that differ", found["causes"]), ("Figures that differ", found["figures"])):
        shown = [[key, *map(_said, both)] for key, both in list(unlike.items())[:MOST_SHOWN]]
        terminal.say_table(title, ["", one, other], shown)
        if len(unlike) > MOST_SHOWN:
            terminal.say(f"and {len(unlike) - MOST_SHOWN:,} more, which --json gives")


@app.command(
    short_help="publish a run that was made before", epilog="Example: guilder runs publish 2025-05-31-0a1b2c3d4e mybank"
)
def publish(run: Name, bank: BankPath = Path(), as_json: AsJson = False) -> None:
    """Publish a run that was made before: every file of it is proven, then one swap makes it the bank's."""
    from guilder.workflow.runs import publish_run

    found = publish_run(bank, run)
    if as_json:
        terminal.say_json({"run": found.id, "path": str(found.path)})
    else:
        terminal.say(f"published {found.id}")


@app.command(short_help="remove the oldest runs", epilog="Example: guilder runs prune mybank --keep 12")
def prune(
    bank: BankPath = Path(),
    keep: Annotated[int, typer.Option(min=1, help="How many of the newest stay.")] = 5,
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say which would go.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove the oldest runs; the published one and the one whose segments are the bank's always stay."""
    from guilder.workflow.runs import prune_runs

    gone = prune_runs(bank, keep, dry=dry)
    if as_json:
        terminal.say_json({"removed": [] if dry else gone, "would_be_removed": gone if dry else []})
        return
    for name in gone:
        terminal.say(f"{'would remove' if dry else 'removed'} {name}")
    terminal.say(f"{len(gone)} runs {'would go' if dry else 'are gone'}")


def _said(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
