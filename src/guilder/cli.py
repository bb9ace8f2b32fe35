"""The command line: each command parses, makes one call, and shows the answer."""

from __future__ import annotations

import os
import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from guilder import (
    cli_audit,
    cli_check,
    cli_erase,
    cli_offers,
    cli_runs,
    cli_scorecard,
    cli_segments,
    cli_selftest,
    cli_serve,
    terminal,
)
from guilder.errors import GuilderError, UsageError

app = typer.Typer(
    name="guilder", add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Customer intelligence for retail banks: will this loan be repaid, who are our customers, what to offer next.",
    epilog="Start with: guilder demo   ·   your own bank: guilder init mybank *.csv",
)  # fmt: skip

app.add_typer(cli_audit.app)
app.add_typer(cli_check.app)
app.add_typer(cli_erase.app)
app.add_typer(cli_segments.app)
app.add_typer(cli_runs.app)
app.add_typer(cli_selftest.app)
app.add_typer(cli_scorecard.app)
app.add_typer(cli_offers.app)
app.add_typer(cli_serve.app)
app.add_typer(cli_serve.tokens)


class Part(StrEnum):
    """One of the three rooms that can be trained."""

    risk = "risk"
    segments = "segments"
    offers = "offers"


class Facts(StrEnum):
    """What customers are grouped by."""

    behaviour = "behaviour"
    classic = "classic"
    declared = "declared"


class Format(StrEnum):
    """How tables are written."""

    parquet = "parquet"
    csv = "csv"


BankPath = Annotated[Path, typer.Argument(metavar="BANK", help="A bank.toml, or the folder that holds one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for a machine to read.")]
Seed = Annotated[int, typer.Option(help="Seed of everything random; the same seed gives the same result.")]
Customers = Annotated[int, typer.Option(min=50, help="How many customers to make up.")]
RunPath = Annotated[
    Path | None, typer.Option("--run", help="A run's folder; the published run of the bank when not given.")
]


@app.command(short_help="make up a bank and run everything on it", epilog="Example: guilder demo demo --customers 2000")
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to make the bank.")] = Path("demo"),
    customers: Customers = 5000,
    seed: Seed = 1,
    signal: Annotated[float, typer.Option(min=0, max=1, help="Strength of what is planted; 0 is pure noise.")] = 1.0,
) -> None:
    """Make up a bank, check it, train the three rooms, publish a run, and say where the report is."""
    from guilder import connect, generate
    from guilder import train as train_bank

    with terminal.progress() as progress:
        progress(f"making up a bank of {customers:,} customers")
        bank_file = generate(folder, customers=customers, seed=seed, signal=signal)
        progress("reading and checking its tables")
        with connect(bank_file) as bank:
            run = train_bank(bank, progress=progress)
            intake = bank.intake
    cli_check.show_intake(intake)
    terminal.say_headline("What the three rooms found", run.metrics)
    terminal.say(f"report:  {run.report}")
    terminal.say(f"explain: guilder explain {_anyone(run.figures)} {folder}")


def _anyone(figures: dict[str, Any]) -> str:
    return next((str(card["customer_id"]) for card in figures.get("customers", ())), "CUSTOMER")


@app.command(
    short_help="write a made-up bank",
    epilog="Example: guilder generate mybank --customers 20000 --seed 1 --format csv --dirt 0.01",
)
def generate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write the bank.")],
    customers: Customers = 5000,
    seed: Seed = 0,
    format: Annotated[Format, typer.Option(help="How the tables are written.")] = Format.parquet,
    signal: Annotated[float, typer.Option(min=0, max=1, help="Strength of what is planted; 0 is pure noise.")] = 1.0,
    dirt: Annotated[float, typer.Option(min=0, max=0.2, help="Share of rows broken, as listed in truth/.")] = 0.0,
) -> None:
    """Write a made-up bank with planted truths, which are kept apart in truth/ and never read by a model."""
    from guilder import generate as make

    with terminal.progress() as progress:
        progress(f"making up a bank of {customers:,} customers")
        made = make(folder, customers=customers, seed=seed, format=format.value, signal=signal, dirt=dirt)
    terminal.say(f"bank:  {made}")
    terminal.say(f"next:  guilder check {folder}")


@app.command(short_help="guess a first bank.toml from files", epilog="Example: guilder init mybank exports/*.csv")
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write bank.toml.")],
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILES]...", help="The bank's files.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a bank.toml that is there.")] = False,
) -> None:
    """Look at files and write a commented bank.toml with guessed mappings, for a person to correct."""
    from guilder.workflow.init import init as write

    terminal.say(f"wrote {write(folder, files or [], force=force)}")
    terminal.say(f"next: read it, correct what was guessed wrong, then: guilder check {folder}")


@app.command(short_help="train, publish a run, write its report", epilog="Example: guilder train mybank risk --seed 3")
def train(
    bank: BankPath,
    part: Annotated[Part | None, typer.Argument(help="One room; all three when none is named.")] = None,
    out: Annotated[Path | None, typer.Option(help="The folder of runs; runs/ beside the bank when not given.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of everything random; the bank's own when not given.")] = None,
    facts: Annotated[
        Facts | None, typer.Option(help="What customers are grouped by; the bank's own choice when not given.")
    ] = None,
    budget: Annotated[
        str | None, typer.Option(help="How long to look for better settings (90s, 2m); the bank's own when not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train, publish a run to runs/ beside the bank, and write its report."""
    from guilder import train as train_bank
    from guilder.workflow.search import seconds_of

    seconds = None if budget is None else seconds_of(budget)
    with terminal.progress() as progress:
        run = train_bank(
            bank, part and part.value, out=out, seed=seed, facts=facts and facts.value, budget=seconds,
            progress=progress,
        )  # fmt: skip
    if as_json:
        terminal.say_json({"run": run.id, "path": str(run.path), "report": str(run.report), "metrics": run.metrics})
        return
    terminal.say_headline(f"Run {run.id}", run.metrics)
    terminal.say(f"report: {run.report}")


@app.command(short_help="score loans, customers and offers", epilog="Example: guilder score mybank --out scores")
def score(
    bank: BankPath,
    out: Annotated[Path, typer.Option(help="Where to write loans, customers and offers as Parquet files.")],
    run: RunPath = None,
    as_json: AsJson = False,
) -> None:
    """Score every loan without an outcome, place every customer, and list their offers."""
    from guilder import score as score_bank

    with terminal.progress() as progress:
        scores = score_bank(bank, run=run, out=out, progress=progress)
    counts = {name: {"rows": rows, "path": str(out / f"{name}.parquet")} for name, rows in scores.rows().items()}
    if as_json:
        terminal.say_json({"run": scores.run_id, "tables": counts, "warnings": list(scores.warnings)})
        return
    shown = [[name, f"{rows:,}"] for name, rows in scores.rows().items()]
    terminal.say_table(f"Scored by run {scores.run_id}", ["table", "rows"], shown)
    if not len(scores.loans):
        from guilder.source.connect import read_bank_file

        terminal.say("every loan has an outcome already, or the run has no risk model: no loan was scored"
                     if "loans" in read_bank_file(bank).tables else "this bank has no loans: none was scored")
    for warning in scores.warnings:
        terminal.say(f"warning: {warning}")
    terminal.say(f"wrote {out}")


@app.command(short_help="draw the report of a run anew", epilog="Example: guilder report mybank --out mybank.html")
def report(
    bank: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, or a bank: its published run.")],
    out: Annotated[Path | None, typer.Option(help="A copy to write; the run keeps its own.")] = None,
) -> None:
    """Draw the report of a published run anew and say where it is."""
    from guilder.workflow.report import report as draw

    with terminal.progress() as progress:
        progress("drawing the report")
        drawn = draw(bank, out=out)
    terminal.say(f"report: {drawn}")


@app.command(short_help="write the model document of a run", epilog="Example: guilder document mybank --out model.html")
def document(
    bank: BankPath,
    run: RunPath = None,
    out: Annotated[Path | None, typer.Option(help="A copy to write; the run keeps its own.")] = None,
) -> None:
    """Write down everything a validator asks about the risk model of a run, as one page to read or print."""
    from guilder.workflow.report import document as write

    with terminal.progress() as progress:
        progress("writing the model document")
        written = write(run or bank, out=out)
    terminal.say(f"document: {written}")


@app.command(short_help="show one customer, all three rooms", epilog="Example: guilder explain C0000042 mybank")
def explain(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The id of a customer, or of a loan.")],
    bank: BankPath = Path(),
    run: RunPath = None,
    as_json: AsJson = False,
) -> None:
    """Show one customer: their risk with reasons, their segment, their offers, and what was withheld and why."""
    from guilder import explain as explain_customer

    with terminal.progress() as progress:
        answer = explain_customer(bank, customer, run=run, progress=progress)
    if as_json:
        terminal.say_json(answer.to_dict())
        return
    for line in answer.lines():
        terminal.say(line)


class Decision(StrEnum):
    """What can be decided on a loan."""

    approve = "approve"
    refer = "refer"
    decline = "decline"


@app.command(
    short_help="show or override the decision on a loan",
    epilog='Example: guilder decide L00000042 mybank --override approve --reason "payslips seen" --by "A. Person"',
)
def decide(
    loan: Annotated[str, typer.Argument(metavar="LOAN", help="The id of a loan.")],
    bank: BankPath = Path(),
    override: Annotated[Decision | None, typer.Option(help="Decide this instead of what the model says.")] = None,
    reason: Annotated[str, typer.Option(help="Why; an override needs a reason.")] = "",
    by: Annotated[str, typer.Option(help="Who decides; an override needs a name.")] = "",
    scores: Annotated[
        Path | None, typer.Option(help="A folder of scores, whose record is meant; made anew from the run without.")
    ] = None,
    run: RunPath = None,
    as_json: AsJson = False,
) -> None:
    """Show the record of a decision, and what people decided instead; an override is kept for good, never edited."""
    from guilder import decide as decide_loan

    with terminal.progress() as progress:
        answer = decide_loan(
            bank, loan, override and override.value, reason=reason, by=by, run=run, scores=scores, progress=progress
        )
    if as_json:
        terminal.say_json(answer.to_dict())
        return
    for line in answer.lines():
        terminal.say(line)


@app.command(short_help="see whether this machine is fit", epilog="Example: guilder doctor --json")
def doctor(as_json: AsJson = False) -> None:
    """Say whether this machine has what Guilder needs."""
    from guilder.workflow.doctor import examine

    findings = examine(Path.cwd())
    if as_json:
        terminal.say_json([{"what": f.what, "ok": f.ok, "found": f.found} for f in findings])
    else:
        shown = [[finding.what, "ok" if finding.ok else "NO", finding.found] for finding in findings]
        terminal.say_table("This machine", ["", "", "found"], shown)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Say the version.")] = False,
) -> None:
    """Say the version when asked; the commands do the rest."""
    if version:
        from importlib.metadata import version as installed

        terminal.say(f"guilder {installed('guilder')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        terminal.say(context.get_help())


def _stop(number: int, frame: object) -> NoReturn:
    raise _Stopped(128 + number)


class _Stopped(BaseException):
    """The system asked the process to end."""


STOPPED = "interrupted; what was published before is untouched"


def main() -> NoReturn:
    """Run a command; a person sees messages, never a traceback (``GUILDER_DEBUG=1`` shows it)."""
    signal.signal(signal.SIGTERM, _stop)
    as_json = "--json" in sys.argv
    try:
        code = app(standalone_mode=False)
    except GuilderError as error:
        terminal.say_error(error, as_json)
        code = error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        print(STOPPED, file=sys.stderr)  # noqa: T201
        code = 130
    except _Stopped as stopped:
        print(STOPPED, file=sys.stderr)  # noqa: T201
        code = stopped.args[0]
    except Exception as error:
        if os.environ.get("GUILDER_DEBUG"):
            raise
        code = _unforeseen(error, as_json)
    sys.exit(code or 0)


def _unforeseen(error: Exception, as_json: bool) -> int:
    if hasattr(error, "show") and hasattr(error, "exit_code"):  # the parser's own: wrong words on the command line
        error.show()
        return int(error.exit_code)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        refused = UsageError(
            f"{where}{error.strerror or type(error).__name__}",
            todo="see to the folder's rights and free space, or name another with --out",
        )
        terminal.say_error(refused, as_json)
        return refused.exit_code
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
        short = GuilderError(
            "there is not enough memory for this", known=str(error).partition("\n")[0],
            todo='let the engine use less, and the disk for the rest: [engine] memory_limit = "2GB", threads = 1',
        )  # fmt: skip
        terminal.say_error(short, as_json)
        return short.exit_code
    message = GuilderError(
        f"Guilder stopped on an error it does not know: {type(error).__name__}",
        todo="run it again with GUILDER_DEBUG=1 to see where, and please report it",
    )
    terminal.say_error(message, as_json)
    return message.exit_code


if __name__ == "__main__":
    main()
