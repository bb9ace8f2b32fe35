"""The crash loop: commands killed at random moments on a made-up bank, and what is found on disk each time."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from guilder.errors import GuilderError
from guilder.store.append_only import read
from guilder.store.files import PREFIX
from guilder.store.runs import every_run, load_run
from guilder.store.seal import JOURNAL, prove
from guilder.workflow.audit import verify
from guilder.workflow.decide import OVERRIDES, RECORDS
from guilder.workflow.open import quiet

KINDS = ("check", "train", "score", "publish", "report", "import", "decide", "prune", "erase")
CUSTOMERS = 120
AIMED = 0.4
"""Share of kills that wait until something is being written; the others come at any moment of the command."""
RESUMED = 4
"""One in so many killed trainings is asked for again to its end; after the others another command starts there."""
KEPT = 4
"""Runs that stay when old ones are removed, so that there are some to remove."""
SMALL = """
[risk]
horizon_months = 12
learners = ["logistic"]
balancing = ["none"]

[segments]
k_max = 2
"""


@dataclass
class Crashed:
    """What a crash loop found.

    Parameters
    ----------
    kills : Counter
        By command.
    torn : list of str
        Files or runs that were neither the old nor the new.
    lost : list of str
        What a command had confirmed and was not there afterwards.
    orphans : list of str
        What was left behind after the next start.
    differ : list of str
        Files of resumed trainings that are not, byte for byte, those of the uninterrupted one.
    resumed : int
        Trainings that were killed and asked for again.
    """

    kills: Counter[str] = field(default_factory=Counter)
    torn: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    differ: list[str] = field(default_factory=list)
    resumed: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not (self.torn or self.lost or self.orphans or self.differ)

    def lines(self) -> list[str]:
        """The same for a person to read."""
        by_command = ", ".join(f"{name} {self.kills[name]}" for name in KINDS if self.kills[name])
        said = [
            f"{self.kills.total()} kills ({by_command}): {len(self.torn)} torn files, {len(self.lost)} acknowledged "
            f"losses, {len(self.orphans)} orphans after the next start"
        ]
        if self.resumed:
            said.append(f"{self.resumed} interrupted and resumed trainings: {len(self.differ)} files differ from the "
                        "uninterrupted one")  # fmt: skip
        return said + [f"  {what}" for what in (*self.torn, *self.lost, *self.orphans, *self.differ)]


def crash(
    folder: Path, kills: int, *, resumes: int = 0, seed: int = 0, progress: Callable[[str], None] = quiet
) -> Crashed:
    """Kill commands at random moments and look at what is left.

    Parameters
    ----------
    folder : Path
        An empty folder to work in.
    kills : int
        How many.
    resumes : int
        How many trainings to kill and ask for again, each compared byte for byte with one that was not.
    seed : int
        Seed of which commands and which moments.
    progress : callable, optional
        Told what is found after each kill.

    Returns
    -------
    Crashed
    """
    loop = _Loop(folder, random.Random(seed), Crashed())  # noqa: S311
    if kills:
        loop.prepare()
    while loop.found.kills.total() < kills:
        loop.turn(KINDS[loop.found.kills.total() % len(KINDS)])
        progress(loop.found.lines()[0])
    if kills:
        loop.finish()
    if resumes:
        loop.resume(resumes, progress)
    return loop.found


@dataclass
class _Loop:
    folder: Path
    draw: random.Random
    found: Crashed
    seconds: dict[str, float] = field(default_factory=dict)
    """How long each command took when it was let be."""
    current: str = ""
    """The published run, as the last command that moved it confirmed."""
    overrides: list[str] = field(default_factory=list)
    certificates: list[Path] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    """SHA-256 of the report of each run, as it was first drawn."""
    trained: int = 0
    killed_trainings: int = 0
    loan: str = ""

    @property
    def bank(self) -> Path:
        return self.folder / "bank"

    def prepare(self) -> None:
        """Make a bank, and let each command end once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        made_up(self.bank)
        self._complete("risk", ["train", str(self.bank), "risk", "--json"])
        self._complete("first", ["score", str(self.bank), "--out", str(self.folder / "decided"), "--json"])
        self.loan = json.loads((self.folder / "decided" / RECORDS).read_text().splitlines()[0])["loan_id"]
        for kind in ("train", "train", "score", "check", "publish", "report", "import", "decide", "prune", "erase"):
            words = self._words(kind)
            self._acknowledge(kind, words, self._complete(kind, words))

    def turn(self, kind: str) -> None:
        """Kill one command, look, start again, look again."""
        words = self._words(kind)
        said, killed = self._killed(kind, words)
        if not killed:  # it was done before its time
            self._acknowledge(kind, words, said)
            return
        self.found.kills[kind] += 1
        self._look(kind)
        self.killed_trainings += kind == "train"
        if kind == "train" and self.killed_trainings % RESUMED:
            kind, words = "publish", ["runs", "publish", "current", str(self.bank), "--json"]
        self._acknowledge(kind, words, self._complete(kind, words))
        self._look(kind)
        self._no_orphans(f"after {kind}", waiting=True)

    def finish(self) -> None:
        """Let everything end that was begun."""
        words = self._words("train")
        self._acknowledge("train", words, self._complete("train", words))
        self._look("train")
        self._no_orphans("at the end", waiting=False)

    def resume(self, times: int, progress: Callable[[str], None]) -> None:
        """Kill a training of two rooms, ask for it again, and compare it with one that was let be."""
        made_up(self.folder / "two", without="loans")
        words = ["train", str(self.folder / "two"), "--json", "--out"]
        whole = load_run(self._complete("two", [*words, str(self.folder / "whole")]).get("path", self.folder)).path
        while self.found.resumed < times:
            out = self.folder / f"resumed-{self.found.resumed}"
            _, killed = self._killed("two", [*words, str(out)], aimed=False)
            again = load_run(self._complete("two again", [*words, str(out)]).get("path", out)).path
            if killed:
                self.found.resumed += 1
                self.found.differ += [f"{name} of {out.name}" for name in _unlike(whole, again)]
                self.found.orphans += [str(path) for path in out.iterdir() if path.name not in
                                       (again.name, "current", "segments")]  # fmt: skip
                progress(self.found.lines()[-1])

    def _words(self, kind: str) -> list[str]:
        runs = every_run(self.bank / "runs")
        other = [run for run in runs if "risk" not in run.models and run.id != self.current] or runs
        one = self.draw.choice(other)
        bank = str(self.bank)
        by_kind: dict[str, list[str]] = {
            "check": ["check", bank, "--json"],
            "train": ["train", bank, ("offers", "segments")[self.trained % 2], "--seed", str(self.trained), "--json"],
            "score": ["score", bank, "--out", str(self.folder / "scores"), "--run", str(one.path), "--json"],
            "publish": ["runs", "publish", one.id, bank, "--json"],
            "report": ["report", str(one.path), *self.draw.choice([[], ["--out", str(self.folder / "copy.html")]])],
            "import": ["init", str(self.folder / "imported"), str(self.bank / "loans.parquet"), "--force"],
            "decide": ["decide", self.loan, bank, "--scores", str(self.folder / "decided"), "--override", "refer",
                       "--reason", "a test", "--by", "the crash loop", "--json"],
            "prune": ["runs", "prune", bank, "--keep", str(KEPT), "--json"],
            "erase": ["erase", self._someone(), bank, "--json"],
        }  # fmt: skip
        return by_kind[kind]

    def _someone(self) -> str:
        """A customer to erase, other than the one whose loan is decided on again and again."""
        loans = pd.read_parquet(self.bank / "loans.parquet", columns=["loan_id", "customer_id"])
        theirs = loans["customer_id"][loans["loan_id"] == self.loan]
        return str(self.draw.choice(sorted({*loans["customer_id"]} - {*theirs})))

    def _complete(self, kind: str, words: Sequence[str]) -> dict[str, Any]:
        """Let a command end; what it prints is what it confirms."""
        began = time.monotonic()
        done = _started(words)
        out, err = done.communicate()
        if done.returncode != 0:
            self.found.torn.append(f"{' '.join(words[:2])} ended with {done.returncode}: {err[-300:]}")
            return {}
        self.seconds[kind] = time.monotonic() - began
        return _answer(out)

    def _killed(self, kind: str, words: Sequence[str], aimed: bool = True) -> tuple[dict[str, Any], bool]:
        """Start a command and kill it at a random moment; False where it ended before."""
        began = time.monotonic()
        at = began + self.draw.uniform(0, self.seconds[kind])
        aims = aimed and self.draw.random() < AIMED
        process = _started(words)
        while process.poll() is None and time.monotonic() < at:
            if aims and any(_unfinished(self.folder)):
                time.sleep(self.draw.uniform(0, 0.02))
                break
            time.sleep(0.002)
        process.kill()
        out, _ = process.communicate()
        killed = process.returncode < 0
        if not killed:  # it is quicker than it was
            self.seconds[kind] = time.monotonic() - began
        return _answer(out), killed

    def _acknowledge(self, kind: str, words: Sequence[str], said: dict[str, Any]) -> None:
        if kind in ("train", "publish") and said:
            self.current = said["run"]
        self.trained += kind == "train"
        if kind == "decide" and said:
            self.overrides.append(said["overrides"][-1]["record_id"])
        if kind == "erase" and said:
            self.certificates.append(Path(said["certificate"]))
            erased = {place["where"] for place in said["places"] if place["done"] == "erased"}
            self.found.lost += [f"the erasure in {where}" for where in erased if words[1] in _people(Path(where))]

    def _look(self, kind: str) -> None:
        """See that everything is the old or the new, and that nothing which was confirmed is gone."""
        runs = self.bank / "runs"
        for run in [path for path in runs.iterdir() if path.name[0] != "." and not path.is_symlink()]:
            self._whole(f"run {run.name}", partial(load_run, run))
        now = self._whole("the published run", lambda: load_run(self.bank))
        if now is not None and self.current not in (now.id, "") and kind not in ("train", "publish"):
            self.found.lost.append(f"{self.current} was published, and now it is {now.id}")
        if now is not None:
            self.current = now.id
        self._whole("the scores", lambda: prove(self.folder / "scores"))
        self._whole("the audit log", lambda: verify(self.bank))
        kept = self._whole("the overrides", lambda: read(self.bank / OVERRIDES))
        there = {record["record_id"] for record in kept.whole} if kept is not None else set()
        self.found.lost += [f"override {one}" for one in self.overrides if one not in there]
        self.found.lost += [f"certificate {path.name}" for path in self.certificates if not path.is_file()]
        copy = self.folder / "copy.html"
        if copy.is_file() and not copy.read_text(encoding="utf-8").rstrip().endswith("</html>"):
            self.found.torn.append("the copy of a report")
        self._drawn_alike("bank.toml", self.folder / "imported" / "bank.toml")

    def _drawn_alike(self, name: str, path: Path) -> None:
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "gone"
        if self.pages.setdefault(name, digest) != digest:
            self.found.torn.append(f"{name}: {digest}")

    def _whole(self, what: str, look: Callable[[], Any]) -> Any:
        try:
            return look()
        except (GuilderError, OSError) as error:
            self.found.torn.append(f"{what}: {error}")
            return None

    def _no_orphans(self, when: str, *, waiting: bool) -> None:
        left = [*_unfinished(self.folder), *self.folder.rglob("*.lock"), *self.folder.glob(".*.checkpoint")]
        left += [] if waiting else list(self.folder.rglob(".checkpoints"))
        self.found.orphans += [f"{when}: {path}" for path in left if not waiting or ".checkpoints" not in path.parts]


def made_up(folder: Path, without: str = "") -> None:
    """Make up a small bank whose training is quick, perhaps without one of its tables."""
    from guilder.source.demo import generate

    file = generate(folder, customers=CUSTOMERS, seed=1)
    before, _, rest = file.read_text(encoding="utf-8").partition("[risk]")
    offers = rest[rest.index("[offers]") :]
    if without:
        head, _, tail = before.partition(f"[tables.{without}]")
        before = head + tail[tail.index("[tables.") :]
    file.write_text(f"{before}{SMALL}\n{offers}", encoding="utf-8")


def _started(words: Sequence[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "guilder.cli", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603


def _answer(out: str) -> dict[str, Any]:
    try:
        found = json.loads(out)
    except ValueError:  # nothing, or half of it: it confirmed nothing
        return {}
    return found if isinstance(found, dict) else {}


def _people(folder: Path) -> set[str]:
    """The customers that tables of a run, or of scores, are about."""
    found = (pd.read_parquet(path) for path in folder.rglob("*.parquet"))
    return {one for table in found if "customer_id" in table for one in table["customer_id"]}


def _unfinished(folder: Path) -> Iterator[Path]:
    return folder.rglob(f"{PREFIX}*")


def _unlike(one: Path, other: Path) -> list[str]:
    """Name the files of two runs that are not the same, byte for byte."""
    names = {path.relative_to(each).as_posix() for each in (one, other) for path in each.rglob("*") if path.is_file()}
    return [
        name for name in sorted(names - {JOURNAL})
        if not (one / name).is_file() or not (other / name).is_file()
        or (one / name).read_bytes() != (other / name).read_bytes()
    ]  # fmt: skip
