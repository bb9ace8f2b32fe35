"""The commands of the service: serve a bank's published run, and make the tokens by which it is asked."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from guilder import terminal
from guilder.errors import UsageError

app = typer.Typer()
tokens = typer.Typer(name="tokens", no_args_is_help=False)

BankPath = Annotated[Path, typer.Argument(metavar="BANK", help="A bank.toml, or the folder that holds one.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="What the audit log calls who holds it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for a machine to read.")]

HERE = ("127.0.0.1", "::1", "localhost")


class Right(StrEnum):
    """What a token opens."""

    read = "read"
    score = "score"


@app.command(short_help="answer from the published run by HTTP", epilog="Example: guilder serve mybank --port 8080")
def serve(
    bank: BankPath,
    host: Annotated[str, typer.Option(help="The address to listen on; this machine alone when not given.")] = HERE[0],
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes any.")] = 8080,
) -> None:
    """Answer questions about the published run by HTTP, from those who hold a token, until it is told to end."""
    try:
        from guilder.serve.server import door, house, listening
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("fastapi", "uvicorn", "starlette", "h11"):
            raise
        raise UsageError(
            f"the service needs {error.name}, which is not installed", todo='pip install "guilder[serve]"',
            id="G-SERVE-015",
        ) from error  # fmt: skip
    server = door(house(bank))
    with listening(host, port) as taken:
        terminal.say(f"http://{f'[{host}]' if ':' in host else host}:{taken.getsockname()[1]} (Ctrl-C ends it)")
        if host not in HERE:
            terminal.say("warning: tokens go over this port in clear; put a proxy with TLS before it")
        server.run(sockets=[taken])
    terminal.say("ended")


@tokens.callback(
    invoke_without_command=True, short_help="make and revoke tokens of the service",
    epilog="Example: guilder tokens list mybank",
)  # fmt: skip
def start(context: typer.Context) -> None:
    """Make the tokens by which the service is asked, list them, or revoke one."""
    if context.invoked_subcommand is None:
        terminal.say(context.get_help())


@tokens.command(
    short_help="make a token, shown once", epilog="Example: guilder tokens add crm mybank --may read --branch north"
)
def add(
    name: Name,
    bank: BankPath = Path(),
    may: Annotated[list[Right] | None, typer.Option(help="A right: read, score; each with a --may of its own.")] = None,
    branch: Annotated[str | None, typer.Option(help="Only customers of this region; all when not given.")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it is valid.")] = 90,
    as_json: AsJson = False,
) -> None:
    """Make a token and show it once: only its SHA-256 is kept, in tokens.json beside bank.toml."""
    from guilder.serve.auth import add as make

    secret, made = make(bank, name, [right.value for right in may or [Right.read]], branch, days)
    if as_json:
        terminal.say_json({"token": secret, "name": made.name, "may": made.may, "branch": made.branch,
                           "expires": made.expires})  # fmt: skip
        return
    terminal.say(secret)
    terminal.say(f"valid until {made.expires}; it is not shown again")


@tokens.command("list", short_help="list the tokens of a bank", epilog="Example: guilder tokens list mybank")
def list_them(bank: BankPath = Path(), as_json: AsJson = False) -> None:
    """List who holds a token, what it opens and when it ends."""
    from guilder.serve.auth import listed
    from guilder.source.connect import bank_file_path

    found = listed(bank_file_path(bank).parent)
    if as_json:
        terminal.say_json([{"name": one.name, "may": one.may, "branch": one.branch, "expires": one.expires}
                           for one in found])  # fmt: skip
        return
    rows = [[one.name, ", ".join(one.may), one.branch or "", one.expires] for one in found]
    terminal.say_table("Tokens", ["name", "may", "branch", "expires (UTC)"], rows)


@tokens.command(short_help="take a token back", epilog="Example: guilder tokens revoke crm mybank")
def revoke(name: Name, bank: BankPath = Path()) -> None:
    """Take a token back; a service at work refuses it from its next request on."""
    from guilder.serve.auth import revoke as take_back

    terminal.say(f"revoked {take_back(bank, name).name}")
