"""Mutation score: changed lines that a floor's tests notice: python -m benchmarks mutation [FLOOR|all [N [SEED]]].

Each mutant is tested in a process of its own, by the tests of its floor that run the changed line, quickest first, and
by all those of the file that mirrors its module; a line that is run at import is tested by all of the floor. What they
do not notice is listed; the share they do notice is an estimate from N places drawn by chance, and has an interval.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import coverage
import pytest
from benchmarks._mutants import changes, drawn
from hypothesis import settings
from scipy.stats import binomtest

ROOT = Path(__file__).parents[1]
COPIED = ("src", "tests", "docs", "examples", "benchmarks", "pyproject.toml", "README.md", "CHANGELOG.md",
          "DECISIONS.md")  # fmt: skip
FLOORS = {
    "contract": ("tests/contract", "tests/source/test_messages.py"),
    "features": ("tests/features", "tests/oracles", "tests/golden/test_sql.py"),
    "evaluation": ("tests/evaluation",),
    "store": ("tests/store",),
}
"""The floors with a promised score, and the tests that count as theirs: their own, and those that use them directly."""
PROMISED = 0.8
BUDGET = 30.0
"""Seconds of the processor that tests of one mutant take at most: what only later ones notice counts as not noticed."""
PRELOADED = ("numpy", "pandas", "scipy.stats", "scipy.optimize", "sklearn.linear_model", "sklearn.ensemble", "duckdb",
             "pyarrow.parquet", "narwhals", "pydantic", "jinja2", "typer", "rich.console")  # fmt: skip
Lines = dict[tuple[str, int], set[str]]


class _Watch:
    """A plugin that says which test runs which line, fixtures of many tests under their own name."""

    def __init__(self, watching: coverage.Coverage) -> None:
        self.watching = watching
        self.seconds: dict[str, float] = {}
        self.fixtures: dict[str, set[str]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        began = time.process_time()
        for name in getattr(item, "fixturenames", ()):
            self.fixtures.setdefault(f"fixture {name}", set()).add(item.nodeid)
        self.now = item.nodeid
        self.watching.switch_context(item.nodeid)
        done = yield
        self.seconds[item.nodeid] = time.process_time() - began
        return done

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Any:
        if fixturedef.scope != "function":
            self.watching.switch_context(f"fixture {fixturedef.argname}")
        done = yield
        self.watching.switch_context(self.now)
        return done


class _Pick:
    """A plugin that runs some tests, in their order."""

    def __init__(self, order: Sequence[str]) -> None:
        self.place = {name: place for place, name in enumerate(order)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((item for item in items if item.nodeid in self.place), key=lambda one: self.place[one.nodeid])


def watched(tree: Path, tests: Sequence[str]) -> tuple[dict[str, float], Lines]:
    """Run tests on what is not changed, and say how long each takes and which lines of the source it runs."""
    watching = coverage.Coverage(data_file=None, include=[f"{tree}/src/*"])
    watch = _Watch(watching)
    watching.start()
    code, said = _tested([str(tree / path) for path in tests], [watch])
    watching.stop()
    if code:
        raise SystemExit(f"The tests fail on what is not changed.\n{said[-3000:]}")
    lines: Lines = {}
    for file in watching.get_data().measured_files():
        for line, contexts in watching.get_data().contexts_by_lineno(file).items():
            named = [watch.fixtures.get(context, {context}) for context in contexts if context]
            lines[Path(file).relative_to(tree).as_posix(), line] = set().union(*named)
    return watch.seconds, lines


def chosen(path: str, line: int, seconds: dict[str, float], lines: Lines) -> list[str]:
    """The tests that run a line, quickest first (where it is run at import all of them), in a budget."""
    by_line = lines.get((path, line)) or set(seconds)
    mirrored = {name for name in seconds if f"/test_{Path(path).stem}.py" in name}
    order = sorted(by_line | mirrored, key=lambda name: (name not in mirrored, seconds[name]))
    spent = 0.0
    within = [name for name in order if (spent := spent + seconds[name]) < BUDGET]
    return within or order[:1]


def noticed(tests: Sequence[str], tree: Path, processor: int) -> bool:
    """Whether tests fail; a mutant that never ends is ended by its share of the processor."""
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 5))
    files = sorted({str(tree / name.partition("::")[0]) for name in tests})
    code, _ = _tested([*files, "-x"], [_Pick(tests)])
    return bool(code)


def _tested(words: list[str], plugins: list[Any]) -> tuple[int, str]:
    said = io.StringIO()
    quiet = ["-q", "--no-header", "--tb=line", "-p", "no:cacheprovider", "-p", "no:xdist",
             "-W", "ignore::pytest.PytestAssertRewriteWarning"]  # fmt: skip
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = int(pytest.main([*quiet, "--hypothesis-profile=mutation", "--hypothesis-seed=0", *words], plugins))
    return code, said.getvalue()


def _apart(work: Callable[..., Any], *words: Any, limit: float = 3600.0) -> Any:
    """Do something in a process of its own; None where it was ended."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=lambda: theirs.send(work(*words)))
    process.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(limit) else None
    except EOFError:
        return None
    finally:
        process.kill()
        process.join()


def score(floor: str, count: int, seed: int, tree: Path) -> bool:
    """Print what is not noticed on a floor, and its score; whether that is as good as promised."""
    files = sorted((tree / "src" / "guilder" / floor).glob("*.py"))
    measured = _apart(watched, tree, FLOORS[floor])
    if measured is None:
        raise SystemExit(f"The tests of {floor} could not be run on what is not changed.")
    seconds, lines = measured
    total, killed = 0, 0
    for mutant in drawn(files, count, seed):
        name = mutant.path.relative_to(tree).as_posix()
        tests = chosen(name, mutant.line, seconds, lines)
        needed = sum(seconds[test] for test in tests)
        shown, whole = str(mutant), mutant.path.read_text(encoding="utf-8")
        mutant.path.write_text(mutant.source, encoding="utf-8")
        try:
            seen = bool(tests) and _apart(noticed, tests, tree, int(60 + 3 * needed), limit=600 + 20 * needed)
        finally:
            mutant.path.write_text(whole, encoding="utf-8")
        total, killed = total + 1, killed + (seen is not False)
        if seen is False:
            print(f"  not noticed by {len(tests)} tests: {name}, {shown}", flush=True)
        if total % 10 == 0:
            print(f"  {killed} of {total} so far", flush=True)
    ends = binomtest(killed, total).proportion_ci(method="wilson")
    places = sum(len(changes(path)) for path in files)
    print(f"{floor}: {killed} of {total} noticed, {killed / total:.1%} (95 % interval {ends.low:.1%} to "
          f"{ends.high:.1%}), drawn from {places:,} places of {len(files)} modules", flush=True)
    return killed / total >= PROMISED


def main(floor: str = "all", count: int = 60, seed: int = 0) -> int:
    if floor not in (*FLOORS, "all"):
        print(f"No score is promised of {floor}: {', '.join(FLOORS)}.", file=sys.stderr)
        return 2
    for name in PRELOADED:
        importlib.import_module(name)
    settings.register_profile("mutation", deadline=None, max_examples=30, database=None, derandomize=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch).resolve()
        for each in COPIED:
            place = shutil.copytree if (ROOT / each).is_dir() else shutil.copyfile
            place(ROOT / each, tree / each)
        os.chdir(tree)
        sys.path.insert(0, str(tree / "src"))
        sys.dont_write_bytecode = True
        os.environ |= {"PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
        good = [score(each, count, seed, tree) for each in (FLOORS if floor == "all" else [floor])]
    print(f"{time.monotonic() - began:,.0f} s")
    return 0 if all(good) else 1


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(main(*words[:1], *map(int, words[1:])))
