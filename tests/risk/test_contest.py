"""The contest: who is judged on which rows, what the search adds, and that it can be stopped and go on."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.ensemble import ExtraTreesClassifier

from guilder.evaluation.calibration import row_log_loss
from guilder.evaluation.splits import Split, split
from guilder.risk import contest, learners
from guilder.risk.candidates import Candidate, Panel, Slice, Spec, choose
from guilder.risk.champion import Known
from guilder.risk.compare import compare
from guilder.risk.contest import Contest, Search, grid, turns

Loans = tuple[pd.DataFrame, np.ndarray]


@pytest.fixture(autouse=True)
def _few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    few, known = {"trees": 15, "rounds": 20, "seeds": 1}, learners.settings_of
    monkeypatch.setattr(
        learners, "settings_of",
        lambda *words: {name: few.get(name, value) for name, value in known(*words).items()},
    )  # fmt: skip


@pytest.fixture(scope="module")
def loans() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(7)
    X = pd.DataFrame(rng.normal(size=(800, 4)), columns=list("abcd"))
    return X, (rng.random(800) < expit(2 * X["a"] + X["b"] * X["c"] - 1.5)).to_numpy().astype(np.intp)


def _contest(loans: Loans, parts: Split, told: list[str] | None = None) -> Contest:
    X, y = loans
    tell = (lambda _: None) if told is None else told.append
    return Contest(X, y, parts.groups, turns(parts, y, 0), {}, None, 0, tell)


def test_folds_hold_out_every_row_that_is_not_tested_once_and_customers_whole(loans: Loans) -> None:
    _, y = loans
    parts = split(y, customers=np.arange(800) // 2)
    pairs = turns(parts, y, 0)
    held = np.concatenate([held for _, held in pairs])
    assert sorted(held) == sorted(parts.refit)
    assert parts.groups is not None
    for learn, rest in pairs:
        assert not set(parts.groups[learn]) & set(parts.groups[rest])
        assert not set(learn) & set(parts.test)


def test_few_bads_choose_no_settings(loans: Loans) -> None:
    _, y = loans
    search = Search(lambda: True)
    _contest(loans, split(y)).run(grid(["boosting"], ["none"]), search)
    assert search.tried == 0


def test_windows_go_forward_in_time_and_know_only_what_was_known() -> None:
    rng = np.random.default_rng(1)
    n = 2000
    when = np.datetime64("2020-01-01") + np.sort(rng.integers(0, 1500, n)).astype("timedelta64[D]")
    y = (rng.random(n) < 0.15).astype(np.intp)
    parts = split(y, applied_on=when, known_at=when + np.timedelta64(90, "D"))
    assert parts.kind == "out_of_time"
    assert len(parts.windows) == 3
    for learn, held in parts.windows[:-1]:
        assert (when[learn] + np.timedelta64(90, "D")).max() <= when[held].min(), "outcomes known before the window"
        assert not set(held) & set(parts.test)
    assert (parts.windows[-1][0] == parts.train).all()
    assert len(turns(parts, y, 0)) == 3, "few bads: the older windows are added"
    assert len(turns(parts, np.ones(n, dtype=np.intp), 0)) == 1


def test_everyone_is_judged_on_the_same_rows_and_the_grid_on_the_newest(loans: Loans) -> None:
    _, y = loans
    tried = _contest(loans, split(y))
    standing = tried.run(grid(["logistic", "forest", ExtraTreesClassifier(10)], ["none", "smote"]))
    assert {len(one.p) for one in standing.finalists} == {len(tried.held())}
    assert [(one.learner, one.balancing) for one in standing.grid] == [
        ("logistic", "none"), ("forest", "none"), ("ExtraTreesClassifier", "none"),
        ("logistic", "smote"), ("forest", "smote"), ("ExtraTreesClassifier", "smote"),
    ]  # fmt: skip
    assert {len(one.p) for one in standing.grid} == {len(tried.turns[-1][1])}
    ensemble = standing.finalists[-1]
    assert ensemble.learner == "ensemble"
    assert all(part.plain for part in ensemble.spec.parts), "no balanced learner is part of an ensemble"


def test_a_search_goes_on_where_it_was_stopped(loans: Loans, monkeypatch: pytest.MonkeyPatch) -> None:
    _, y = loans
    monkeypatch.setattr(contest, "FEW_BADS", 10)
    parts, specs = split(y), grid(["boosting"], ["none"])
    first = Search(lambda: True)
    whole = _contest(loans, parts).run(specs, first)
    assert first.tried > 10
    assert not first.stopped
    count = itertools.count()
    stopped = Search(lambda: next(count) < 6)
    _contest(loans, parts).run(specs, stopped)
    assert stopped.stopped
    assert 0 < stopped.tried < first.tried
    resumed = Search(lambda: True, stopped.known)
    again = _contest(loans, parts).run(specs, resumed)
    assert resumed.tried == first.tried - stopped.tried, "what was found is not fitted again"
    assert [one.spec.key for one in again.finalists] == [one.spec.key for one in whole.finalists]
    assert all((a.raw == b.raw).all() for a, b in zip(again.finalists, whole.finalists, strict=True))


def _judged(panel: Panel, **raws: np.ndarray) -> list[Candidate]:
    return [panel.judge(Spec(name), raw) for name, raw in raws.items()]


def test_the_simpler_of_equals_is_chosen_and_the_better_of_others() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(-1, 2, 3000)
    y = (rng.random(3000) < expit(truth)).astype(np.intp)
    panel = Panel.of(Slice(pd.DataFrame({"a": truth}), y), None, 0)
    alike = truth + rng.normal(scale=0.01, size=3000)
    chosen, why = choose(_judged(panel, boosting=truth, logistic=alike), y)
    assert chosen.learner == "logistic"
    assert "log loss" in why
    worse = truth + rng.normal(scale=1.0, size=3000)
    assert choose(_judged(panel, boosting=truth, logistic=worse), y)[0].learner == "boosting"


def test_several_together_are_surer_than_the_luckiest_of_those_that_nobody_reads() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(-1, 2, 3000)
    y = (rng.random(3000) < expit(truth)).astype(np.intp)
    panel = Panel.of(Slice(pd.DataFrame({"a": truth}), y), None, 0)
    near, far = (truth + rng.normal(scale=noise, size=3000) for noise in (0.05, 1.5))
    luckiest, read = _judged(panel, forest=truth), _judged(panel, scorecard=truth)
    together, apart = _judged(panel, ensemble=near), _judged(panel, ensemble=far)
    assert row_log_loss(y, luckiest[0].p).mean() < row_log_loss(y, together[0].p).mean()
    chosen, why = choose([*luckiest, *together], y)
    assert chosen is together[0]
    assert "surer than the luckiest" in why
    assert choose([*luckiest, *apart], y)[0] is luckiest[0]
    assert choose([*read, *together], y)[0] is read[0]


def test_the_test_slice_teaches_and_chooses_nothing(loans: Loans) -> None:
    X, y = loans
    parts = split(y)
    other = y.copy()
    other[parts.test] = 1 - other[parts.test]
    scrambled = X.copy()
    scrambled.iloc[parts.test] = 99.0
    few = {"learners": ["logistic", "forest"], "balancings": ["none"]}
    found = [
        compare(facts, outcome, parts, search=Search(lambda: True), **few)
        for facts, outcome in ((X, y), (scrambled, other))
    ]
    assert found[0].metrics["champion"] == found[1].metrics["champion"]
    assert found[0].metrics["candidates"] == found[1].metrics["candidates"]
    same = [one.classifier.predict_proba(X)[:, 1] for one in found]
    assert (same[0] == same[1]).all()


def test_balancing_has_to_earn_its_place() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(-1, 2, 3000)
    y = (rng.random(3000) < expit(truth)).astype(np.intp)
    panel = Panel.of(Slice(pd.DataFrame({"a": truth}), y), None, 0)
    noisy = panel.judge(Spec("logistic"), truth + rng.normal(scale=0.05, size=3000))
    lucky, clear = (panel.judge(Spec("forest", "smote"), truth), panel.judge(Spec("forest", "smote"), truth))
    assert row_log_loss(y, lucky.p).mean() < row_log_loss(y, noisy.p).mean()
    chosen, why = choose([noisy, lucky], y)
    assert chosen is noisy
    assert "earn its place" in why
    worse = panel.judge(Spec("logistic"), truth + rng.normal(scale=1.5, size=3000))
    chosen, why = choose([worse, clear], y)
    assert chosen is clear
    assert "below any without balancing" in why


def test_two_own_classifiers_of_one_name_are_calibrated_each_by_its_own_scores(loans: Loans) -> None:
    X, y = loans
    specs = [Spec(ExtraTreesClassifier(15, max_depth=depth, random_state=0)) for depth in (1, 8)]
    raws = [y - 0.5 + 0.01 * X[name].to_numpy() for name in "ab"]
    tried = [Candidate(spec, raw, expit(raw), {}, {}, {}) for spec, raw in zip(specs, raws, strict=True)]
    known = Known(Slice(X, y), len(y), tried, all_judged=True, folds=2)
    for spec, raw in zip(specs, raws, strict=True):
        assert (known.refit(spec, {}, 0.5, 0).held_raw_ == raw).all()
