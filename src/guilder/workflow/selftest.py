"""The promises of Guilder, tried on this machine: a small bank from end to end, then what must be refused."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from guilder.errors import ArtefactError
from guilder.risk.decisions import digest
from guilder.store.audit import LOG, AuditLog
from guilder.store.model_io import load_model
from guilder.store.runs import Run, load_run
from guilder.store.spreadsheet import FORMULA, to_csv
from guilder.workflow.decide import RECORDS
from guilder.workflow.erase import erase
from guilder.workflow.fault_case import cases, differences
from guilder.workflow.open import quiet
from guilder.workflow.score import score
from guilder.workflow.train import train

if TYPE_CHECKING:
    import pandas as pd

CUSTOMERS, SEED, FLIPS = 300, 7, 100
MOST_PROCESSES = 4
"""That bring about faults at the same time."""
SMALL = """
[risk]
horizon_months = 12
learners = ["logistic"]
balancing = ["none"]

[segments]
k = 3
"""
"""What training may look at here, so that a promise takes seconds: a bank of 300 customers has no more to say."""
PICKLED = b"cos\nsystem\n(S'true'\ntR."
"""A pickle that would run a program."""


@dataclass(frozen=True)
class Kept:
    """One promise and what came of it.

    Parameters
    ----------
    promise : str
        What is promised.
    kept : bool
        Whether it was.
    found : str
        What was tried, and how often it held.
    seconds : float
        How long it took.
    """

    promise: str
    kept: bool
    found: str
    seconds: float


@dataclass(frozen=True)
class Ground:
    """The bank that everything is tried on."""

    folder: Path
    run: Run
    people: pd.DataFrame

    def copy(self, name: str) -> Path:
        """A copy to spoil."""
        return Path(shutil.copytree(self.folder, self.folder.with_name(name), symlinks=True))


def selftest(progress: Callable[[str], None] | None = None) -> Iterator[Kept]:
    """Try the promises on a made-up bank in a temporary folder; nothing of it stays.

    Parameters
    ----------
    progress : callable, optional
        Told a short sentence before each promise.

    Yields
    ------
    Kept
        As each is tried; what goes wrong in one way or another is a promise not kept.
    """
    tell = progress or quiet
    with tempfile.TemporaryDirectory(prefix="guilder-selftest-") as scratch, _corpus(Path(scratch)) as faults:
        tell("making up a bank, training and reporting")
        started = time.monotonic()
        ground = _ground(Path(scratch) / "bank")
        whole = ground.run.report.is_file() and len(ground.run.models) == 3
        found = f"{CUSTOMERS} customers, run {ground.run.id}, {', '.join(ground.run.models)}, a report"
        yield Kept("A bank goes from tables to a report", whole, found, time.monotonic() - started)
        for promise, attempt in PROMISES.items():
            tell(promise.lower())
            yield tried(promise, partial(attempt, ground))
        tell("bringing about every fault of the corpus")
        every = tried("Every fault is met as the corpus says", faults)
        yield replace(every, seconds=time.monotonic() - started)  # they began with the first promise


def by_case(progress: Callable[[str], None] | None = None) -> Iterator[Kept]:
    """Bring about every fault of the corpus, and yield one promise a case."""
    tell = progress or quiet
    with tempfile.TemporaryDirectory(prefix="guilder-selftest-") as scratch:
        for case in cases():
            tell(case.name)
            yield tried(case.name, partial(_fault, case, Path(scratch)))


def crashed(kills: int, progress: Callable[[str], None] | None = None) -> Iterator[Kept]:
    """Kill commands at random moments, resume a tenth as many trainings, and yield what was found of each kind."""
    from guilder.workflow.crash import crash

    tell, started = progress or quiet, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="guilder-selftest-") as scratch:
        found = crash(Path(scratch), kills, resumes=max(1, kills // 10), progress=tell)
    seconds = time.monotonic() - started
    of = f"{found.kills.total()} kills"
    for promise, wrong, times in (
        ("A kill tears no file", found.torn, of), ("A kill loses nothing that was confirmed", found.lost, of),
        ("A kill leaves nothing behind after the next start", found.orphans, of),
        ("A training that is resumed has the bytes of one that was let be", found.differ, f"{found.resumed} resumed"),
    ):
        yield Kept(promise, not wrong, "; ".join([f"{len(wrong)} wrong in {times}", *wrong[:3]]), seconds)
        seconds = 0.0


def _fault(case: Path, scratch: Path) -> tuple[int, int, str]:
    told = differences(case, Path(tempfile.mkdtemp(dir=scratch)))
    return int(not told), 1, "is met" if not told else f"is met; {'; '.join(told)}"


@contextmanager
def _corpus(scratch: Path) -> Iterator[Callable[[], tuple[int, int, str]]]:
    """Bring about every fault in processes of their own, beside what else is tried; how many were met, when asked."""
    apart = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(os.cpu_count() or 1, MOST_PROCESSES), apart, _deaf)
    try:
        asked = {case.name: pool.submit(_fault, case, scratch) for case in cases()}

        def found() -> tuple[int, int, str]:
            met = {name: one.result()[0] for name, one in asked.items()}
            missed = [name for name, one in met.items() if not one]
            return sum(met.values()), len(met), f"cases{f': not {chr(44).join(missed)}' if missed else ''}"

        yield found
    finally:
        pool.shutdown(cancel_futures=True)


def _deaf() -> None:
    """Whoever interrupts the self-test means its process, which ends these."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def tried(promise: str, attempt: Callable[[], tuple[int, int, str]]) -> Kept:
    """Try one promise: how often it held, how often it was tried, and of what."""
    started = time.monotonic()
    try:
        held, times, what = attempt()
        kept, found = held == times > 0, f"{held} of {times} {what}"
    except Exception as error:  # whatever it is, the promise is not kept, and the others are tried all the same
        kept, found = False, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    return Kept(promise, kept, found, time.monotonic() - started)


def _ground(folder: Path) -> Ground:
    from guilder.source.connect import connect
    from guilder.source.demo import generate

    file = generate(folder, customers=CUSTOMERS, seed=SEED)
    before, _, rest = file.read_text(encoding="utf-8").partition("[risk]")
    file.write_text(f"{before}{SMALL}\n[{rest.partition(chr(10) + '[')[2]}", encoding="utf-8")
    with connect(file) as bank:
        run = train(bank)
        return Ground(folder, run, bank.frame("customers"))


def _same_again(ground: Ground) -> tuple[int, int, str]:
    started = time.monotonic()
    again = train(ground.folder)
    seconds = time.monotonic() - started
    return int(again.id == ground.run.id), 1, f"second training is the run that is there ({seconds:.1f} s)"


def _records(ground: Ground) -> tuple[int, int, str]:
    out = ground.folder.with_name("scores")
    score(ground.folder, out=out)
    records = [json.loads(line) for line in (out / RECORDS).read_text(encoding="utf-8").splitlines()]
    return sum(one["record_id"] == digest(one) for one in records), len(records), "decisions have a record that fits"


def _bits(ground: Ground) -> tuple[int, int, str]:
    copy = ground.copy("flipped") / "runs" / ground.run.id
    draw, refused = random.Random(SEED), 0  # noqa: S311 - which bits, not a secret
    names = sorted(ground.run.manifest["files"])
    for _ in range(FLIPS):
        path = copy / draw.choice(names)
        whole = path.read_bytes()
        spoiled = bytearray(whole)
        spoiled[draw.randrange(len(whole))] ^= 1 << draw.randrange(8)
        path.write_bytes(spoiled)
        try:
            run = load_run(copy)
            for name in names:
                run.checked(name)
        except ArtefactError:
            refused += 1
        path.write_bytes(whole)
    return refused, FLIPS, "flipped bits in models, tables and figures are refused"


def _code(ground: Ground) -> tuple[int, int, str]:
    hostile = [PICKLED, b"\x80\x05" + PICKLED, b"", b"PK\x03\x04", ground.run.checked("metrics.json")]
    refused = 0
    for content in hostile:
        try:
            load_model(content)
        except ArtefactError:
            refused += 1
    return refused, len(hostile), "files that are no model of ours are refused before anything in them runs"


def _chain(ground: Ground) -> tuple[int, int, str]:
    log = AuditLog(ground.copy("tampered") / "audit")
    path = log.folder / LOG
    whole = path.read_bytes().splitlines(keepends=True)
    held = times = 0
    for place in range(len(whole)):
        changed = whole[place].replace(b'"event":"', b'"event":"x')
        swapped = [*whole[:place], *reversed(whole[place : place + 2]), *whole[place + 2 :]]
        attempts = [[*whole[:place], changed, *whole[place + 1 :]], whole[:place] + whole[place + 1 :], whole[:place]]
        for lines in attempts if place + 1 == len(whole) else [*attempts, swapped]:
            path.write_bytes(b"".join(lines))
            bad = log.verify().bad
            held += bad is not None and bad.number == place + 1
            times += 1
    return held, times, "changed, removed, swapped and cut off entries of the audit log are named"


def _closed(ground: Ground) -> tuple[int, int, str]:
    copy = ground.copy("closed")
    shutil.rmtree(copy / "audit")
    (copy / "audit").write_text("no folder", encoding="utf-8")
    out, refused = copy.with_name("none"), 0
    try:
        score(copy, out=out)
    except ArtefactError:
        refused += not out.exists()
    return refused, 1, "scoring without an audit log is refused"


def _personal(ground: Ground) -> tuple[int, int, str]:
    marks = [str(email) for email in ground.people["email"].dropna()]
    written = [path for path in (ground.folder / "runs").rglob("*") if path.is_file() and not path.is_symlink()]
    clean = sum(not _holds(path.read_bytes(), marks) for path in written)
    return clean, len(written), f"files of the run hold none of {len(marks)} e-mail addresses"


def _holds(content: bytes, marks: list[str]) -> bool:
    return any(mark.encode(code) in content for mark in marks for code in ("utf-8", "utf-32-le"))


def _formulas(ground: Ground) -> tuple[int, int, str]:
    import pandas as pd

    cells = [f"{start}1+1" for start in FORMULA]
    lines = to_csv(pd.DataFrame({"cell": cells})).decode("utf-8-sig").split("cell\r\n")[1]
    held = sum(f"'{cell}" in lines for cell in cells)
    return held, len(cells), "cells that a spreadsheet would run are escaped"


def _erased(ground: Ground) -> tuple[int, int, str]:
    copy = ground.copy("erased")
    who = str(load_run(copy).table("customers")["customer_id"].iloc[0])
    erase(copy, who)
    tables = [load_run(copy).table(name) for name in ("customers", "loans", "offers")]
    gone = sum(who not in set(table["customer_id"]) for table in tables)
    return gone, len(tables), "tables of the run have forgotten an erased customer"


PROMISES: dict[str, Callable[[Ground], tuple[int, int, str]]] = {
    "The same causes are the same run": _same_again,
    "Every decision has a record that proves itself": _records,
    "A file that was changed is refused": _bits,
    "No code in models": _code,
    "The audit log shows tampering": _chain,
    "Nothing is decided that is not logged": _closed,
    "Personal columns reach no run": _personal,
    "No cell becomes a formula": _formulas,
    "An erased customer is gone": _erased,
}
"""What is promised, and how it is tried."""
