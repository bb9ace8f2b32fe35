"""Write ``docs/reference.md``, ``docs/tables.md`` and ``docs/faults.md`` from the code itself: ``make docs``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

import guilder
from guilder.cli import app
from guilder.contract.check import RULES
from guilder.contract.faults import FAULTS
from guilder.contract.tables import TABLES
from guilder.workflow.fault_catalogue import catalogue

HERE = Path(__file__).parent


def reference() -> str:
    """Every command with its arguments and options, and every public name with its signature."""
    group = typer.main.get_command(app)
    parts = ["# Reference", "", "Made by `make docs` from the code; a test fails when it is stale.", ""]
    parts += ["## Commands", ""]
    for name, command in _commands(group.commands):
        parts += [f"### guilder {name}", "", inspect.cleandoc(command.help or ""), ""]
        parts += [f"- `{_spelled(param)}` — {param.help}" for param in command.params if getattr(param, "help", None)]
        parts += ["", f"{command.epilog}", ""]
    parts += ["## Python", ""]
    for name in guilder.__all__:
        value = getattr(guilder, name)
        signature = inspect.signature(value) if callable(value) else ""
        parts += [f"### {name}", "", "```python", f"{name}{signature}", "```", ""]
        parts += [inspect.cleandoc(value.__doc__ or ""), ""]
        parts += [*_methods(value), ""] if inspect.isclass(value) else []
    return "\n".join(parts).replace("\n\n\n", "\n\n")


def _methods(value: type) -> list[str]:
    """Every public method that the project itself defines, with the first line of what it says."""
    parts = []
    for name, found in inspect.getmembers(value, lambda each: inspect.isfunction(each) or inspect.ismethod(each)):
        ours = found.__module__.startswith("guilder.") and found.__doc__
        if ours and not name.startswith("_"):
            parts.append(f"- `.{name}{inspect.signature(found)}` — {inspect.cleandoc(found.__doc__).splitlines()[0]}")
    return parts


def _commands(commands: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by its words, a group's own after it."""
    for name, command in sorted(commands.items()):
        yield f"{before}{name}", command
        yield from _commands(getattr(command, "commands", {}), f"{before}{name} ")


def tables() -> str:
    """Every column of the contract: its kind, whether it is required, its unit and its meaning."""
    parts = ["# The five tables, and the log of campaigns", ""]
    parts += ["Made by `make docs` from the code; a test fails when it is stale.", ""]
    for table in TABLES.values():
        parts += [f"## {table.name}", "", table.meaning, ""]
        if table.one_of:
            parts += [f"At least one of {' and '.join(f'`{name}`' for name in table.one_of)} must be there.", ""]
        parts += ["| column | kind | | unit | meaning |", "|---|---|---|---|---|"]
        for column in table.columns.values():
            marks = [word for word in ("required", "personal", "protected") if getattr(column, word)]
            codes = f" ({', '.join(column.codes)})" if column.codes else ""
            cells = (f"`{column.name}`", column.kind, ", ".join(marks), column.unit, f"{column.meaning}{codes}")
            parts.append(f"| {' | '.join(cells)} |")
        parts.append("")
    parts += [
        "Ids are text: leading zeros are kept. Money is exact to the cent. A moment is a date with a time, by the",
        "bank's own clock (`zone` in bank.toml, UTC without one).",
        "Personal columns are never learned from; protected ones stay out of the models unless a bank says so.",
        "",
    ]
    return "\n".join(parts)


def faults() -> str:
    """Every id that a message, an error in JSON or a violation can have."""
    parts = ["# Faults", "", "Made by `make docs` from the code; a test fails when it is stale.", ""]
    parts += [
        "Every message begins with one of these ids, says what is wrong, what is known and what to do, and is the same",
        "in JSON (`id`, `wrong`, `known`, `todo`). Ids do not change their meaning.", "", "## Rules of tables", "",
        "`G-LOAN-004` is rule 4 of loans; the others: CUST, TRAN, PROD, INTE, CAMP. **stop**: nothing is taken in.",
        "**quarantine**: rows are set aside with file, line and reason, and the run stops above `max_quarantine`.",
        "**warn**: the run goes on, and the report says so. Known of each are how many rows, and where the first are.",
        "", "| number | what happens | what is wrong | what to do |", "|---|---|---|---|",
    ]
    for rule in sorted(RULES.values(), key=lambda rule: rule.number):
        reason = rule.reason.format(column="a column", kind="what it should be")
        parts.append(f"| {rule.number:03d} | {rule.severity} | {reason} | {rule.todo} |")
    parts += ["", "## Everything else", ""]
    parts += ["| id | what is wrong | what is known | what to do |", "|---|---|---|---|"]
    parts += [f"| `{name}` | {one.what} | {one.known} | {one.todo} |" for name, one in sorted(FAULTS.items())]
    return "\n".join([*parts, "", *_catalogue(), ""])


def _catalogue() -> list[str]:
    """What can go wrong, by number, and what proves that it is met."""
    listed = catalogue()
    met = sum(fault.met for fault in listed)
    parts = [f"## {len(listed)} faults, and what proves that each is met", ""]
    parts += [
        f"{met} of {len(listed)} are met whole. Cases are folders of the corpus and, like promises, are tried on",
        "your own machine by `guilder selftest`; tests run with `make test`. The list is `catalogue.toml` of the",
        "corpus, and a test fails where it names nothing that is there.", "",
        "| number | what goes wrong | what proves it |", "|---|---|---|",
    ]
    for fault in listed:
        proofs = [f"{len(fault.cases)} cases" if len(fault.cases) > 1 else "1 case"] if fault.cases else []
        proofs += [f"“{promise}”" for promise in fault.promises]
        proofs += [f"`{test.partition('::')[2]}`" for test in fault.tests]
        proofs += [f"**not whole: {fault.missing}**"] if fault.missing else []
        parts.append(f"| {fault.number} | {fault.fault} | {', '.join(proofs)} |")
    return parts


def _spelled(param: object) -> str:
    options = [word for word in getattr(param, "opts", []) if word.startswith("-")]
    return ", ".join(options) if options else str(getattr(param, "metavar", None) or getattr(param, "name", ""))


if __name__ == "__main__":
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")
    (HERE / "tables.md").write_text(tables(), encoding="utf-8")
    (HERE / "faults.md").write_text(faults(), encoding="utf-8")
