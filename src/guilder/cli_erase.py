"""The command that erases a customer from what Guilder keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guilder import terminal

app = typer.Typer()


@app.command(
    short_help="erase a customer, with a certificate", epilog="Example: guilder erase C0000042 mybank --dry-run"
)
def erase(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The id of a customer.")],
    bank: Annotated[Path, typer.Argument(metavar="BANK", help="A bank.toml, or the folder that holds one.")] = Path(),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the places.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for a machine to read.")] = False,
) -> None:
    """Erase a customer from every run and all scores, say what is kept elsewhere and why, and what to train again."""
    from guilder.workflow.erase import erase as erase_customer

    with terminal.progress() as progress:
        done = erase_customer(bank, customer, dry_run=dry_run, progress=progress)
    told = done.to_dict()
    if as_json:
        terminal.say_json(told)
        return
    places = told["places"]
    rows = [[one["what"], one["where"], f"{one['found']:,}", "found" if dry_run else one["done"]] for one in places]
    terminal.say_table("Where the customer is", ["what", "where", "found", ""], rows)
    for why in dict.fromkeys(one["why"] for one in places if one["why"]):
        kept = dict.fromkeys(one["what"] for one in places if one["why"] == why)
        terminal.say(f"kept ({', '.join(kept)}): {why}")
    for model in done.retrain:
        terminal.say(f"learned from the customer, train again: {', '.join(model['rooms'])} of run {model['run']}")
    terminal.say(f"certificate: {done.certificate}" if done.certificate else "nothing was erased: --dry-run")
