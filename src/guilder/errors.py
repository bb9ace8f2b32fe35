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
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, wrong: str, *, known: str = "", todo: str = "") -> None:
        self.wrong, self.known, self.todo = wrong, known, todo
        super().__init__("\n".join(part for part in (wrong, known, todo) if part))


class UsageError(GuilderError, ValueError):
    """A command or an argument is wrong."""

    exit_code = 2


class BankFileError(UsageError):
    """``bank.toml`` is wrong."""


class DataError(GuilderError, ValueError):
    """The bank's tables are wrong."""


class ModelError(GuilderError, ValueError):
    """A model cannot be trained, or must not be used."""


class RunNotFound(GuilderError, LookupError):  # noqa: N818 - reads as the sentence it is
    """No such run."""


class ArtefactError(GuilderError, ValueError):
    """A stored file is not what its manifest says."""


class BusyError(GuilderError, BlockingIOError):
    """Another run is at work here."""

    exit_code = 75
