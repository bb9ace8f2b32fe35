"""The command that tries every promise on the user's own machine."""

from __future__ import annotations

from typing import Annotated

import typer

from guilder import terminal

app = typer.Typer()


@app.command(
    short_help="try every promise on this machine", epilog="Example: guilder selftest --faults"
)
def selftest(
    faults: Annotated[bool, typer.Option("--faults", help="Only the corpus of faults, case by case.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for a machine to read.")] = False,
) -> None:
    """Run a made-up bank from end to end and the corpus of faults here, and say which promises were kept."""
    from guilder.workflow.selftest import by_case
    from guilder.workflow.selftest import selftest as run

    with terminal.progress() as progress:
        found = list(by_case(progress) if faults else run(progress))
    broken = [one for one in found if not one.kept]
    if as_json:
        rows = [{"promise": one.promise, "kept": one.kept, "found": one.found} for one in found]
        terminal.say_json({"kept": not broken, "promises": rows})
    else:
        shown = [[one.promise, "kept" if one.kept else "BROKEN", f"{one.seconds:.1f} s", one.found] for one in found]
        terminal.say_table("Promises, tried on this machine", ["promise", "", "took", "found"], shown)
        seconds = sum(one.seconds for one in found)
        terminal.say(f"{len(found) - len(broken):,} of {len(found):,} kept in {seconds:.0f} s")
    if broken:
        raise typer.Exit(1)
