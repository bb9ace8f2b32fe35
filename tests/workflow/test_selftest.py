"""A promise that is kept is told as kept, one that is not as broken, whatever goes wrong with it."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from guilder.workflow import selftest
from guilder.workflow.crash import Crashed
from guilder.workflow.fault_case import cases
from guilder.workflow.selftest import by_case, tried


def test_a_promise_is_kept_only_where_every_try_held() -> None:
    assert tried("all", lambda: (3, 3, "things")).kept
    assert not tried("some", lambda: (2, 3, "things")).kept
    assert not tried("none were tried", lambda: (0, 0, "things")).kept

    def fails() -> tuple[int, int, str]:
        raise KeyError("what nobody foresaw")

    broken = tried("fails", fails)
    assert not broken.kept
    assert broken.found == "KeyError: 'what nobody foresaw'"


def test_every_case_of_the_corpus_is_a_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    few = cases()[:3]
    monkeypatch.setattr(selftest, "cases", lambda: few)
    assert [(one.promise, one.kept) for one in by_case()] == [(case.name, True) for case in few]
    monkeypatch.setattr(selftest, "differences", lambda *_: ["it was taken in"])
    assert [(one.kept, "it was taken in" in one.found) for one in by_case()] == [(False, True)] * 3


def test_the_corpus_is_tried_apart_and_a_case_that_goes_otherwise_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = shutil.copytree(cases()[0], tmp_path / "wrong")
    told = (wrong / "expected.toml").read_text().replace('id = "', 'id = "G-XXX')
    (wrong / "expected.toml").write_text(told)
    monkeypatch.setattr(selftest, "cases", lambda: [cases()[0], wrong])
    (tmp_path / "scratch").mkdir()
    with selftest._corpus(tmp_path / "scratch") as found:
        assert found() == (1, 2, "cases: not wrong")


@pytest.mark.slow
def test_everything_promised_is_kept_here() -> None:
    found = {one.promise: one for one in selftest.selftest()}
    assert {name: one.found for name, one in found.items() if not one.kept} == {}
    assert {*selftest.PROMISES} < {*found}


def test_a_broken_promise_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def accepts(*_: object) -> None:
        return None

    monkeypatch.setattr(selftest, "load_model", accepts)
    ground = SimpleNamespace(run=SimpleNamespace(checked=lambda _: b"{}"))
    held, times, _ = selftest.PROMISES["No code in models"](ground)  # type: ignore[arg-type] # all that it looks at
    assert (held, times) == (0, 5)


def test_what_a_crash_loop_finds_is_a_promise_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {}

    def crash(folder: Path, kills: int, **more: object) -> Crashed:
        asked.update(more, kills=kills, there=folder.is_dir())
        return Crashed(Counter(train=kills), lost=["override 3"], resumed=2)

    monkeypatch.setattr("guilder.workflow.crash.crash", crash)
    found = list(selftest.crashed(20))
    assert (asked["kills"], asked["resumes"], asked["there"]) == (20, 2, True)
    assert [one.kept for one in found] == [True, False, True, True]
    assert found[1].found == "1 wrong in 20 kills; override 3"
    assert found[3].found == "0 wrong in 2 resumed"
