"""The published run as the service reads it: whole, proven, in memory, and anew as soon as another one is published."""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.errors import GuilderError
from guilder.report.blocks import Cards
from guilder.report.section_headline import headline
from guilder.serve.body import Limits
from guilder.serve.problems import WRONG, Problem, not_ready
from guilder.serve.schemas import About, Customer, Figure, Loan, Offer
from guilder.store.runs import Run, load_run
from guilder.store.seal import SEAL
from guilder.workflow.promotion import ID as NOT_PROMOTED
from guilder.workflow.promotion import may_be_used

if TYPE_CHECKING:
    import pandas as pd

PREFIX = "p_default_"
AGAIN = 2.0
"""Seconds until a run that could not be read is looked at again."""
LONGEST = 200
"""Letters of a word that is a fact."""


@dataclass(frozen=True)
class Published:
    """One run, its models and tables in memory.

    Parameters
    ----------
    run : Run
        Every file of it proven.
    about : About
        Its head.
    tables : mapping of str to DataFrame
        customers, loans and offers, those it has, each in the order of ``customer_id``, its index.
    model : DefaultClassifier, optional
        The risk model, where it may be used.
    promoted : bool
        Whether what the risk model says may be shown.
    """

    run: Run
    about: About
    tables: Mapping[str, pd.DataFrame]
    model: Any = None
    promoted: bool = True

    @classmethod
    def of(cls, run: Run, accept: Mapping[str, str]) -> Published:
        """Bring a run to memory."""
        metrics = run.metrics
        named = {"customers", "loans", "offers"} & {Path(name).stem for name in run.manifest["files"]
                                                    if name.startswith("tables/")}  # fmt: skip
        tables = {name: _by_customer(run.table(name)) for name in named}
        promoted = may_be_used(metrics, accept)
        figures = [
            Figure(title=card.title, figure=card.figure, beside=list(card.lines))
            for part in headline(metrics).parts for block in part.blocks if isinstance(block, Cards)
            for card in block.cards
        ]  # fmt: skip
        as_of = run.manifest["as_of"]
        about = About(run=run.id, as_of=as_of and str(as_of)[:10], rooms=list(run.models), figures=figures)
        return cls(run, about, tables, run.model("risk") if "risk" in run.models and promoted else None, promoted)

    def customer(self, customer_id: str) -> Customer | None:
        """What the run says of a customer; None where it knows none of that id."""
        rows = {name: _rows(table, customer_id) for name, table in self.tables.items()}
        if not any(rows.values()):
            return None
        own = next(iter(rows.get("customers", [])), {})
        risk = self.promoted
        warnings = [] if risk else [f"{NOT_PROMOTED}: the risk model was not promoted: no PD, loan or offer is shown"]
        return Customer(
            run=self.run.id, as_of=self.about.as_of, customer_id=customer_id, segment=_word(own.get("segment_name")),
            p_default={name.removeprefix(PREFIX): p for name, p in own.items()
                       if risk and name.startswith(PREFIX) and isinstance(p, float) and math.isfinite(p)},
            loans=[_loan(row) for row in rows.get("loans", []) if risk],
            offers=[Offer(product_id=str(row["product_id"]), score=float(row["score"]), reason=str(row["reason"]))
                    for row in rows.get("offers", []) if risk],
            warnings=warnings,
        )  # fmt: skip

    def frame(self, applications: list[Any]) -> pd.DataFrame:
        """Hold applications against what the model learned from: every fact by name and kind, none besides.

        Raises
        ------
        Problem
            422, naming the application and the fact, never the value.
        """
        import pandas as pd

        names, words = [str(name) for name in self.model.feature_names_in_], set(self.model.categories_)
        for place, one in enumerate(applications):
            wrong = "is no object" if not isinstance(one, dict) else _unlike(one, names, words)
            if wrong:
                raise Problem(422, WRONG, f"applications[{place}] {wrong}")
        return pd.DataFrame({
            name: pd.Series([one[name] for one in applications], dtype="str" if name in words else "float64")
            for name in names
        })  # fmt: skip

    def score(self, applications: list[Any]) -> list[float]:
        """Estimate the PD of each application."""
        frame = self.frame(applications)
        return [float(p) for p in self.model.predict_proba(frame)[:, 1]]


@dataclass
class Shelf:
    """The published run of a bank; what cannot be read is never answered for by what was read before.

    Parameters
    ----------
    root : Path
        The bank's folder.
    accept : mapping of str to str
        What the bank accepts in writing.
    """

    root: Path
    accept: Mapping[str, str]
    _mark: tuple[Any, ...] = ()
    _kept: Published | None = None
    _tried: float = -AGAIN
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def now(self) -> Published:
        """Give the run that is published now.

        Raises
        ------
        Problem
            503, when there is none or it is not what was written.
        """
        async with self._turn:
            mark = self._marked()
            if mark != self._mark or (self._kept is None and time.monotonic() - self._tried > AGAIN):
                self._mark, self._kept, self._tried = mark, None, time.monotonic()
                self._kept = await asyncio.to_thread(self._read, mark)
            if self._kept is None:
                raise not_ready("no run is published, or it is not what was written")
            return self._kept

    def _marked(self) -> tuple[Any, ...]:
        """What changes whenever another run is published, or the same one is written anew."""
        folder = self.root / "runs" / "current"
        try:
            seal = (folder / SEAL).stat()
            return (str(folder.resolve()), seal.st_ino, seal.st_mtime_ns, seal.st_size)
        except OSError:
            return ()

    def _read(self, mark: tuple[Any, ...]) -> Published | None:
        try:
            found = Published.of(load_run(self.root / "runs"), self.accept)
        except (GuilderError, OSError, ValueError, LookupError, MemoryError):
            return None
        return found if mark == self._marked() else None  # another one was published meanwhile


def applications_in(body: Any, limits: Limits) -> list[Any]:
    """Take the applications out of a body.

    Raises
    ------
    Problem
        422.
    """
    if not isinstance(body, dict) or set(body) != {"applications"} or not isinstance(body["applications"], list):
        raise Problem(422, WRONG, 'the body must be {"applications": [{FACT: VALUE, …}, …]} and nothing else')
    found: list[Any] = body["applications"]
    if len(found) > limits.rows:
        raise Problem(422, WRONG, f"{len(found):,} applications are too many: {limits.rows:,} at the most")
    return found


def _unlike(one: dict[str, Any], names: list[str], words: set[str]) -> str:
    """Say in what an application is not what the model learned from; nothing where it is."""
    missing = [name for name in names if name not in one]
    if missing:
        return f"lacks {len(missing)} facts: {', '.join(missing[:5])} (null where it is not known)"
    known = set(names)
    strange = [name for name in one if name not in known]
    if strange:
        return f"has {len(strange)} facts that the model does not know: {', '.join(name[:40] for name in strange[:3])}"
    for name, value in one.items():
        if value is None:
            continue
        if name in words and not _is_word(value):
            return f"has a wrong {name}: it must be text of {LONGEST} letters at the most, or null"
        if name not in words and not _is_number(value):
            return f"has a wrong {name}: it must be a finite number, or null"
    return ""


def _is_word(value: Any) -> bool:
    """Whether it is text, short, and without half a sign, which JSON can say and UTF-8 cannot."""
    return isinstance(value, str) and len(value) <= LONGEST and not re.search("[\ud800-\udfff]", value)


def _is_number(value: Any) -> bool:
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(float(value))
    except OverflowError:
        return False


def _by_customer(table: pd.DataFrame) -> pd.DataFrame:
    known = table.dropna(subset="customer_id")
    return known.assign(customer_id=known["customer_id"].astype("str").astype(object)).set_index(
        "customer_id"
    ).sort_index(kind="stable")  # fmt: skip


def _rows(table: pd.DataFrame, customer_id: str) -> list[dict[str, Any]]:
    first, last = (int(table.index.searchsorted(customer_id, side)) for side in ("left", "right"))
    return [{str(name): value for name, value in row.items()} for row in table.iloc[first:last].to_dict("records")]


def _loan(row: Mapping[str, Any]) -> Loan:
    reasons = [row[name] for name in row if name.startswith("reason_") and isinstance(row[name], str)]
    return Loan(
        loan_id=str(row["loan_id"]), **{name: _finite(row.get(name)) for name in ("p_default", "p_low", "p_high")},
        band=str(row["band"]), decision=str(row["decision"]), reasons=reasons,
        counterfactual=_word(row.get("counterfactual")),
    )  # fmt: skip


def _finite(value: Any) -> float | None:
    return float(value) if isinstance(value, float) and math.isfinite(value) else None


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
