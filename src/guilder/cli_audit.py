"""The commands about the audit log: prove it, list it, export its head."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from guilder import terminal

app = typer.Typer(name="audit", no_args_is_help=False)

BankPath = Annotated[
    Path, typer.Argument(metavar="BANK", help="A bank.toml, the folder that holds one, or the log's own folder.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for a machine to read.")]


@app.callback(
    invoke_without_command=True, short_help="prove and list what was done",
    epilog="Example: guilder audit verify mybank",
)  # fmt: skip
def start(context: typer.Context) -> None:
    """Prove the audit log of a bank, list its entries, or export its head."""
    if context.invoked_subcommand is None:
        terminal.say(context.get_help())


@app.command(
    short_help="prove every entry of the audit log", epilog="Example: guilder audit verify mybank --head kept/head.json"
)
def verify(
    bank: BankPath = Path(),
    head: Annotated[
        Path | None,
        typer.Option(help="A head exported before: by it alone a log is known that was cut short with its own head."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Prove that no entry was changed, taken away, moved or cut off; name the first that was."""
    from guilder.workflow.audit import verify as prove

    found = prove(bank, head)
    if as_json:
        terminal.say_json({**found.head.to_dict(), "ok": True, "broken": list(found.broken)})
        return
    terminal.say(f"{found.head.number:,} entries, every one as it was written")
    if found.broken:
        terminal.say(f"{len(found.broken):,} lines were cut short before they were confirmed, and say nothing")
    if head is None:
        terminal.say("compared with the log's own head; name one that was kept elsewhere with --head")


@app.command("list", short_help="list what was done", epilog="Example: guilder audit list mybank --event override")
def list_entries(
    bank: BankPath = Path(),
    event: Annotated[str, typer.Option(help="One kind of event; every kind when not given.")] = "",
    last: Annotated[int | None, typer.Option(min=1, help="So many of the newest; all when not given.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the entries of a log that is proven, the oldest first."""
    from guilder.workflow.audit import listed

    found = listed(bank, event, last)
    if as_json:
        terminal.say_json(found)
        return
    rows = []
    for entry in found:
        own = {name: value for name, value in entry.items() if name not in ENVELOPE}
        # As JSON in ASCII, whatever a name holds stays on its line and moves no cursor.
        rows.append([str(entry["at"])[:19], str(entry["number"]), str(entry["event"]), json.dumps(own, sort_keys=True)])
    terminal.say_table("What was done", ["at (UTC)", "entry", "event", "about"], rows)


@app.command(
    short_help="export how far the log goes", epilog="Example: guilder audit head mybank --out /elsewhere/head.json"
)
def head(
    bank: BankPath = Path(),
    out: Annotated[
        Path | None, typer.Option(help="The file to write; keep it where nobody can write to both.")
    ] = None,
) -> None:
    """Prove the log and say how far it goes; kept elsewhere, this shows later that nothing was cut off."""
    from guilder.store.files import write_file
    from guilder.workflow.audit import verify as prove

    found = prove(bank).head.to_dict()
    if out is None:
        terminal.say_json(found)
        return
    write_file(out, (json.dumps(found) + "\n").encode())
    terminal.say(f"wrote {out}")


ENVELOPE = ("at", "number", "event", "entry", "previous")
"""What every entry has, beside what it is about."""
