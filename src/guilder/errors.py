"""What can go wrong, as one small tree: each error says what is wrong, what is known and what to do.

::

    GuilderError                      exit 1
    ├── UsageError      (ValueError)  exit 2    a command or an argument is wrong
    │   └── BankFileError             exit 2    bank.toml is wrong
    ├── DataError       (ValueError)  exit 1    the bank's tables are wrong
    ├── ModelError      (ValueError)  exit 1    a model cannot be trained, or must not be used
    ├── RunNotFound     (LookupError) exit 1    no such run
    ├── ArtefactError   (ValueError)  exit 1    a stored file is not what its manifest says
    └── BusyError    (BlockingIOError) exit 75  another run is at work here
"""

from __future__ import annotations

from typing import ClassVar


class GuilderError(Exception):
    """The root of the tree.

    Parameters
    ----------
    wrong : str
        What is wrong: table, column, count, examples.
    known : str, optional
        What is known: what exists, the nearest name.
    todo : str, optional
        What to do: the line to add or the command to run.
    id : str, optional
        Its stable id, as listed in ``docs/faults.md``; that of its class when not given.
    """

    exit_code: ClassVar[int] = 1
    usual_id: ClassVar[str] = "G-STOP-001"

    def __init__(self, wrong: str, *, known: str = "", todo: str = "", id: str = "") -> None:
        self.wrong, self.known, self.todo, self.id = wrong, known, todo, id or self.usual_id
        super().__init__("\n".join(part for part in (self.headline, known, todo) if part))

    @property
    def headline(self) -> str:
        """The id, and what is wrong."""
        return f"{self.id}: {self.wrong}"


class UsageError(GuilderError, ValueError):
    """A command or an argument is wrong."""

    exit_code = 2
    usual_id = "G-USE-001"


class BankFileError(UsageError):
    """``bank.toml`` is wrong."""

    usual_id = "G-BANK-001"


class DataError(GuilderError, ValueError):
    """The bank's tables are wrong."""

    usual_id = "G-DATA-001"


class ModelError(GuilderError, ValueError):
    """A model cannot be trained, or must not be used."""

    usual_id = "G-MODEL-001"


class RunNotFound(GuilderError, LookupError):  # noqa: N818 - reads as the sentence it is
    """No such run."""

    usual_id = "G-RUN-001"


class ArtefactError(GuilderError, ValueError):
    """A stored file is not what its manifest says."""

    usual_id = "G-RUN-002"


class BusyError(GuilderError, BlockingIOError):
    """Another run is at work here."""

    exit_code = 75
    usual_id = "G-RUN-003"
