"""Write ``docs/reference.md`` from the commands and the public names themselves: ``make docs``."""

from __future__ import annotations

import inspect
from pathlib import Path

import typer

import guilder
from guilder.cli import app

HERE = Path(__file__).parent


def reference() -> str:
    """Every command with its arguments and options, and every public name with its signature."""
    group = typer.main.get_command(app)
    parts = ["# Reference", "", "Made by `make docs` from the code; a test fails when it is stale.", ""]
    parts += ["## Commands", ""]
    for name, command in sorted(group.commands.items()):
        parts += [f"### guilder {name}", "", inspect.cleandoc(command.help or ""), ""]
        parts += [f"- `{_spelled(param)}` — {param.help}" for param in command.params if getattr(param, "help", None)]
        parts += ["", f"{command.epilog}", ""]
    parts += ["## Python", ""]
    for name in guilder.__all__:
        value = getattr(guilder, name)
        signature = inspect.signature(value) if callable(value) else ""
        parts += [f"### {name}", "", "```python", f"{name}{signature}", "```", ""]
        parts += [inspect.cleandoc(value.__doc__ or ""), ""]
    return "\n".join(parts).replace("\n\n\n", "\n\n")


def _spelled(param: object) -> str:
    options = [word for word in getattr(param, "opts", []) if word.startswith("-")]
    return ", ".join(options) if options else str(getattr(param, "metavar", None) or getattr(param, "name", ""))


if __name__ == "__main__":
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")
