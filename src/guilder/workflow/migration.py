"""Movement between segments, wired: a bank's customers as they were on two dates, placed by one published run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from guilder.errors import UsageError
from guilder.store.runs import load_run
from guilder.workflow.facts import Recipe
from guilder.workflow.open import opened, quiet
from guilder.workflow.score import customer_facts

if TYPE_CHECKING:
    import pandas as pd

    from guilder.segments.migration import Migration
    from guilder.source.bank import Bank


def migration(
    bank: Bank | str | Path,
    start: date,
    end: date | None = None,
    *,
    run: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Migration:
    """Say who moved between segments from one date to another, and why.

    Parameters
    ----------
    bank : Bank or path
        The bank, its bank.toml, or its folder.
    start, end : date
        Facts are from strictly before these days; the bank's own date when ``end`` is not given.
    run : path, optional
        The run whose segments are used on both dates; the published one when not given.
    progress : callable, optional
        Told a short sentence before each long step.

    Raises
    ------
    UsageError
        When the bank has no dates, or the two are not in order and by the bank's date.
    RunNotFound
        When nothing is published, or the run has no segments.
    """
    from guilder.segments.migration import migrate

    tell = progress or quiet
    with opened(bank, tell) as source:
        if not source.dated:
            raise UsageError(
                "customers of a bank without dates cannot be compared on two of them",
                known=f"its tables: {', '.join(source.tables)}; none has a date",
                todo="movement needs dated transactions: declare them in bank.toml",
            )
        last = source.as_of.date() if end is None else end
        if not start < last <= source.as_of.date():
            raise UsageError(
                f"customers cannot be compared from {start} to {last}",
                known=f"this bank is known up to {source.as_of:%Y-%m-%d}",
                todo="name two dates in order, the second no later than the bank's",
            )
        found = load_run(run or source.root or ".")
        segmenter, how = found.model("segments"), Recipe.from_dict(found.manifest["recipe"])
        tell(f"placing customers as of {start}")
        before = _facts(source, how, start)
        tell(f"placing customers as of {last}")
        moved = migrate(segmenter, before, _facts(source, how, last))
        return replace(moved, least=source.settings.privacy.min_group)


def _facts(bank: Bank, how: Recipe, day: date) -> pd.DataFrame:
    then = replace(bank, as_of=datetime.combine(day, time()))
    return customer_facts(then, how).facts.rename_axis("customer_id").reset_index()
