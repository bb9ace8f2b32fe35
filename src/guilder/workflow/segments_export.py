"""Customers by segment as a file for a campaign: who agreed, who is held out so that it can be measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from guilder.contract.tables import TABLES
from guilder.errors import UsageError
from guilder.store.runs import Run
from guilder.workflow.audit import audited
from guilder.workflow.control import held_back
from guilder.workflow.export import check_ending, table_bytes
from guilder.workflow.facts import collect
from guilder.workflow.open import opened, quiet
from guilder.workflow.privacy import key_for, masked
from guilder.workflow.segments import assigned

if TYPE_CHECKING:
    import pandas as pd

    from guilder.source.bank import Bank


@dataclass(frozen=True)
class Exported:
    """What was written and what was left out."""

    path: str
    run: str
    customers: int
    control: int
    """Of them, held out."""
    no_consent: int | None
    """Left out: no consent to be contacted is on record; None where the bank keeps no consent."""
    hidden: int
    """Left out: in a segment too small to be shown."""
    segments: dict[str, int]
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


def export_segments(
    bank: Bank | str | Path,
    out: str | Path,
    *,
    run: str | Path | None = None,
    segments: Sequence[str] = (),
    control: float = 0.0,
    campaign: str = "",
    personal: bool = False,
    facts: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Exported:
    """Write customers and their segments to a CSV, Parquet or Excel file, whole or not at all.

    Parameters
    ----------
    bank : Bank or path
        The bank, its bank.toml, or its folder.
    out : path
        The file; its ending says how it is written.
    run : path, optional
        A run's folder; the bank's published run when not given.
    segments : sequence of str
        Ids or names of segments; all when none is named.
    control : float
        The share of customers to hold out (column ``group``: contact or control); those that ``[offers] control``
        keeps from every offer are control too.
    campaign : str
        Another campaign holds out others.
    personal : bool
        Whether name, e-mail address and telephone number are written too.
    facts : bool
        Whether the facts that segments are made of are written too: a table that `guilder segments sql` reads.

    Returns
    -------
    Exported
        Counts of what was written and left out. Who did not agree to be contacted (``consent_marketing``) is left out,
        and so is everyone of a segment with fewer than ``segments.min_shown`` customers.

    Raises
    ------
    UsageError
        When the ending or a segment is not known, or the share is none.
    RunNotFound
        When there is no run, or it has no segments.
    """
    tell, path = progress or quiet, Path(out)
    _check(path, control)
    with opened(bank, tell) as source, audited(source, run, "export") as (found, audit):
        masks = key_for(source.settings, "exports") is not None
        if personal and masks:
            raise UsageError(
                "exports are pseudonymised, and a name beside a pseudonym says whose it is",
                todo='leave out --personal, or take "exports" out of [privacy] pseudonymise',
            )
        tell("placing every customer in a segment")
        every = _customers(source, found, personal=personal, facts=facts)
        _check_segments(every, segments)
        sizes = every["segment"].map(every["segment"].value_counts())
        small = sizes < source.settings.segments.min_shown
        asked = every["segment"].isin(list(segments)) | every["segment_name"].isin(list(segments)) | (not segments)
        kept = "agreed" in every
        agreed = every.pop("agreed") if kept else ~small | True
        written = every[asked & ~small & agreed].reset_index(drop=True)
        held = held_back(source, written["customer_id"].astype(str).tolist(), control, campaign)
        if control or held.any():
            written.insert(3, "group", ["control" if each else "contact" for each in held])
        made = Exported(
            str(path), found.id, len(written), int(held.sum()),
            int((asked & ~small & ~agreed).sum()) if kept else None, int((asked & small).sum()),
            {str(name): int(n) for name, n in written["segment_name"].value_counts().items()},
            _warnings(found),
        )  # fmt: skip
        tell(f"writing {path.name}")
        about = {"run": found.id, "rows": made.customers, "control": made.control, "personal": personal}
        audit.export("segments", path, table_bytes(masked(written, source.settings, "exports"), path.suffix), **about)
        return made


def _customers(bank: Bank, run: Run, *, personal: bool, facts: bool) -> pd.DataFrame:
    """Every customer with their segment, and what else was asked for; ``agreed`` where the bank keeps consent."""
    placed = assigned(bank, run, facts=facts)
    if "customers" in bank.tables:
        columns = TABLES["customers"].columns
        present = bank.tables["customers"].collect_schema().names()
        names = [name for name in present if personal and columns.get(name) is not None and columns[name].personal]
        agreed = [nw.col("consent_marketing").fill_null(False).alias("agreed")] * ("consent_marketing" in present)
        people = bank.tables["customers"].select("customer_id", *names, *agreed)
        placed = placed.join(people, on="customer_id", how="left")
    elif personal:
        raise UsageError("this bank has no table of customers, so no personal columns")
    return collect(placed, "customer_id")


def _warnings(run: Run) -> tuple[str, ...]:
    from guilder.segments.choose_k import UNSTABLE

    told = run.metrics["segments"]
    return (f"the segments are {UNSTABLE}. {told['verdict_why']}",) if told["verdict"] == UNSTABLE else ()


def _check(path: Path, control: float) -> None:
    check_ending(path)
    if not 0 <= control < 1:
        raise UsageError(f"{control:g} is no share to hold out", todo="name one from 0 up to, not including, 1")


def _check_segments(every: pd.DataFrame, segments: Sequence[str]) -> None:
    pairs = every[["segment", "segment_name"]].drop_duplicates().sort_values("segment")
    known = {*pairs["segment"], *pairs["segment_name"]}
    if wrong := [name for name in segments if name not in known]:
        listed = "; ".join(f"{row.segment} ({row.segment_name})" for row in pairs.itertuples())
        raise UsageError(f"there is no segment {wrong[0]!r}", known=f"segments: {listed}")
