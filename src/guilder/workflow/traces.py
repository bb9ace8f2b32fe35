"""Where a customer is found: the bank's tables, runs, scores, exports, overrides and the audit log."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from guilder.errors import ArtefactError, RunNotFound
from guilder.store.files import sha256
from guilder.store.runs import MANIFEST, Run, load_run
from guilder.workflow.decide import OVERRIDES
from guilder.workflow.score_files import ABOUT

if TYPE_CHECKING:
    import pandas as pd

    from guilder.source.bank import Bank

SOURCE = "the bank's own table, which Guilder never writes to: delete it at the source, or the next run reads it again"
ENGINE = "a copy in the engine's file: it is made anew from the source whenever the bank is taken in"
OVERRIDE = (
    "records of decisions are kept for good, as proof of why credit was granted or declined; they name the loan only"
)
ENTRY = (
    "an entry of the audit log cannot be taken out without breaking the proof of all that follow; it holds no personal "
    "column"
)
EXPORT = (
    "it was handed over: have it deleted where it went, and export it again from a bank that has forgotten the customer"
)
CHANGED = "it was exported and has changed since, so what it holds is not Guilder's to say"
BROKEN = "it is not what was written, so that nothing in it can be told; remove the whole of it"


@dataclass(frozen=True)
class Names:
    """What a customer may stand under: id and pseudonyms, and the ids of their loans."""

    customer: tuple[str, ...]
    loans: tuple[str, ...]

    def rows(self, table: pd.DataFrame) -> pd.Series[bool]:
        """Which rows of a table are the customer's."""
        import pandas as pd

        found = pd.Series(False, index=table.index)
        for column, known in (("customer_id", self.customer), ("loan_id", self.loans)):
            if column in table:
                found |= table[column].isin(list(known))
        return found

    def within(self, content: bytes) -> int:
        """How often one of the names stands alone in a text."""
        every = "|".join(re.escape(name) for name in self.customer + self.loans)
        return len(re.findall(rf"(?<![\w.-])(?:{every})(?![\w-])".encode(), content))


@dataclass(frozen=True)
class Trace:
    """One place that holds something of a customer.

    Parameters
    ----------
    what : {"table", "run", "scores", "override", "audit", "export"}
        The kind of place.
    where : str
        Its name or path.
    found : int
        Rows, entries or mentions.
    kept : str
        Why it is kept; empty where it is erased.
    retrain : tuple of str
        Of a run, the rooms whose model learned from the customer.
    """

    what: str
    where: str
    found: int
    kept: str = ""
    retrain: tuple[str, ...] = ()


def loans_of(bank: Bank, customer: Sequence[str]) -> tuple[str, ...]:
    """The ids of a customer's loans in the bank's tables."""
    if "loans" not in bank.tables or "customer_id" not in bank.tables["loans"].collect_schema().names():
        return ()
    own = bank.tables["loans"].filter(nw.col("customer_id").is_in(list(customer))).select("loan_id")
    return tuple(sorted(own.collect("pandas").to_native()["loan_id"]))


def in_tables(bank: Bank, names: Names) -> Iterator[Trace]:
    """Rows of the bank's own tables, and of the engine's file where it has one."""
    for name, table in bank.tables.items():
        if "customer_id" in table.collect_schema().names():
            own = table.filter(nw.col("customer_id").is_in(list(names.customer))).select(nw.len().alias("rows"))
            found = int(own.collect("pandas").to_native()["rows"].iloc[0])
            if found:
                yield Trace("table", name, found, SOURCE)
                if bank.settings.engine.url.removeprefix("duckdb://"):
                    yield Trace("table", f"{name} in {bank.settings.engine.url}", found, ENGINE)


def runs_in(folders: Collection[Path]) -> Iterator[tuple[Path, Run | None]]:
    """Every run of some folders; None in place of one that cannot be read."""
    for folder in sorted({folder.resolve() for folder in folders}):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if not path.is_symlink() and (path / MANIFEST).is_file():
                try:
                    yield path, load_run(path)
                except (ArtefactError, RunNotFound):
                    yield path, None


def in_run(path: Path, run: Run | None, names: Names) -> Trace | None:
    """What a run holds of a customer, in its tables, its cards and its models."""
    if run is None:
        return Trace("run", str(path), 0, BROKEN)
    try:
        rows = {name: int(names.rows(run.table(name)).sum()) for name in tables_of(run)}
        offers = run.model("offers") if "offers" in run.models else None
        cards = names.within(json.dumps(run.figures, ensure_ascii=False).encode())
    except ArtefactError:
        return Trace("run", str(path), 0, BROKEN)
    learned = offers is not None and bool({*offers.customers_.tolist()} & {*names.customer})
    found = sum(rows.values()) + cards + learned
    if not found:
        return None
    took = {"risk": bool(names.loans), "segments": rows.get("customers", 0) > 0, "offers": learned}
    return Trace("run", str(path), found, "", tuple(room for room in run.models if took.get(room)))


def tables_of(run: Run) -> list[str]:
    """Names of the tables of a run."""
    return [Path(name).stem for name in run.manifest["files"] if name.startswith("tables/")]


def in_scores(folder: Path, names: Names) -> Trace | None:
    """Rows of a folder of scores, with the records of decisions."""
    import pandas as pd

    if not (folder / ABOUT).is_file():
        return None
    found = sum(int(names.rows(pd.read_parquet(path)).sum()) for path in folder.glob("*.parquet"))
    return Trace("scores", str(folder), found) if found else None


def in_export(path: Path, written: str, names: Names) -> Trace | None:
    """A file that was exported, where it is still there and names the customer; ``written`` is its SHA-256 then."""
    if not path.is_file():
        return None
    if path.suffix == ".parquet":
        import pandas as pd

        found = int(names.rows(pd.read_parquet(path)).sum())
    elif path.suffix == ".xlsx" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as book:
            found = sum(names.within(book.read(name)) for name in book.namelist() if "worksheets/" in name)
    else:
        found = names.within(path.read_bytes())
    if not found:
        return None
    return Trace("export", str(path), found, EXPORT if sha256(path) == written else CHANGED)


def in_overrides(root: Path, names: Names) -> Iterator[Trace]:
    """Overrides of the customer's loans."""
    from guilder.store.append_only import read

    found = sum(record["loan_id"] in names.loans for record in read(root / OVERRIDES).whole)
    if found:
        yield Trace("override", str(root / OVERRIDES), found, OVERRIDE)


def in_audit(entries: Sequence[Mapping[str, Any]], where: Path, names: Names) -> Iterator[Trace]:
    """Entries of the audit log that name the customer or one of their loans."""
    found = sum(
        entry.get("customer") in names.customer or entry.get("loan") in names.loans
        or bool({*(entry.get("loans") or ())} & {*names.loans})
        for entry in entries
    )  # fmt: skip
    if found:
        yield Trace("audit", str(where), found, ENTRY)
