"""The corpus of faults: one folder a case, its input, its bank file, and what must come of it.

``expected.toml`` says ``case`` (its number in the catalogue of faults), ``outcome`` ("stop" or "ok"), and:

- for a stop ``error`` (the class), ``id``, ``exit``, and ``says`` (pieces of the message; ``never_says`` too);
- for an "ok" the counts of each table, the ``violations`` that must be there (``[]``: none), ``lines`` that were set
  aside, ``values`` of columns, and ``examples`` (pieces of what the violations name);
- ``now``, what the clock says; ``run`` ("check" when not given; "train"); ``[[make]]``, inputs that a folder cannot
  hold (see ``fault_inputs``).
"""

from __future__ import annotations

import datetime
import shutil
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.errors import GuilderError
from guilder.source.connect import connect
from guilder.workflow.fault_inputs import make_inputs
from guilder.workflow.train import train

if TYPE_CHECKING:
    from guilder.source.bank import Bank


def corpus() -> Path:
    """The folder of cases: in the package where it was installed, else in the tests beside its source."""
    package = Path(str(files("guilder")))
    installed = package / "faults"
    return installed if installed.is_dir() else package.parents[1] / "tests" / "faults"


def cases() -> list[Path]:
    """The folder of each case, in the order of their names."""
    return sorted(path.parent for path in corpus().glob("*/expected.toml"))


def differences(case: Path, scratch: Path) -> list[str]:
    """Bring about a fault, and say in what way it went otherwise than it must; nothing where it did not.

    Parameters
    ----------
    case : Path
        Its folder, which is left as it is.
    scratch : Path
        An empty folder to work in.
    """
    expected = tomllib.loads((case / "expected.toml").read_text(encoding="utf-8"))
    now = expected.get("now")
    if now is not None:
        now = now.replace(tzinfo=now.tzinfo or datetime.UTC)
    folder = Path(shutil.copytree(case, scratch / "case", symlinks=True))
    make_inputs(folder, expected.get("make", ()), now)
    try:
        if expected.get("run") == "train":
            train(folder)
            return [] if expected["outcome"] == "ok" else ["it trained a run"]
        with connect(folder, now=now) as bank:
            return list(_of_tables(bank, expected)) if expected["outcome"] == "ok" else ["it was taken in"]
    except GuilderError as error:
        stopped = list(_of_stop(error, expected)) if expected["outcome"] == "stop" else [f"it stopped: {error}"]
        return stopped + (["a run was published"] if (folder / "runs" / "current").exists() else [])


def _of_stop(error: GuilderError, expected: dict[str, Any]) -> Iterator[str]:
    message = str(error)
    found = {"error": type(error).__name__, "id": error.id, "exit": error.exit_code}
    for word, value in found.items():
        if value != expected[word]:
            yield f"{word} is {value!r} and not {expected[word]!r}: {message}"
    if not message.startswith(error.id):
        yield f"the message does not begin with its id: {message}"
    for piece in expected["says"]:
        if piece not in message:
            yield f"it does not say {piece!r}: {message}"
    for piece in expected.get("never_says", ()):
        if piece in message:
            yield f"it says {piece!r}: {message}"
    if not (error.wrong and error.todo):
        yield f"it does not say what is wrong and what to do: {message}"


def _of_tables(bank: Bank, expected: dict[str, Any]) -> Iterator[str]:
    for name, counts in expected.get("tables", {}).items():
        taken = bank.intake.table(name)
        for key, value in counts.items():
            found = getattr(taken, key)
            if found != (tuple(value) if isinstance(value, list) else value):
                yield f"{name}: {key} is {found!r} and not {value!r}"
        if taken.rows_in != taken.accepted + taken.quarantined or len(bank.frame(name)) != taken.accepted:
            yield f"{name}: rows are not accounted for"
    violations = bank.intake.violations
    ids = {violation.id for violation in violations}
    missing = {*expected.get("violations", ())} - ids
    if missing or (expected.get("violations") == [] and ids):
        yield f"violations are {sorted(ids)} and not {expected['violations']}"
    named = " ".join(example for violation in violations for example in violation.examples)
    for piece in expected.get("examples", ()):
        if piece not in named:
            yield f"violations do not name {piece!r}: {named}"
    aside = bank.quarantine()
    for name, lines in expected.get("lines", {}).items():
        found = sorted(aside.loc[aside["table_name"] == name, "line"])
        if found != lines:
            yield f"{name}: lines set aside are {found} and not {lines}"
    for name, columns in expected.get("values", {}).items():
        frame = bank.frame(name)
        for column, values in columns.items():
            found = [str(item) for item in frame[column]]
            if found != values:
                yield f"{name}.{column} is {found} and not {values}"
