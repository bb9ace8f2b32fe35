"""Compare: the whole contest on one bank; the champion is chosen on validation and the test is touched once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from guilder.errors import ModelError
from guilder.evaluation.splits import LEAST, Split
from guilder.risk.balancing import USUAL
from guilder.risk.bands import band_table
from guilder.risk.boosters import installed
from guilder.risk.candidates import Candidate, Progress, choose
from guilder.risk.champion import Known
from guilder.risk.classifier import DefaultClassifier
from guilder.risk.columns import is_category
from guilder.risk.contest import Contest, Search, Standing, grid, turns
from guilder.risk.curves import curves
from guilder.risk.ensemble import Ensemble
from guilder.risk.leak_gate import beyond_the_scorecard, findings, refuse
from guilder.risk.learners import LEARNERS
from guilder.risk.options import signs_of
from guilder.risk.policy import Policy, choose_cut_off
from guilder.risk.profit import Book, amounts, curve, policy_figures
from guilder.risk.signs import check_signs
from guilder.risk.uncertainty import widths
from guilder.risk.verdict import Outcome, measure_test

IMPORTANCE_ROWS = 100


@dataclass(frozen=True)
class RiskResult:
    """What the contest found: the champion, refitted on train and validation, and its figures (plain JSON)."""

    classifier: DefaultClassifier
    metrics: dict[str, Any]
    figures: dict[str, Any]
    outcome: Outcome
    """The champion's PDs of the test slice, scored once; rows in the order of the split's ``test``."""


class Plan(TypedDict, total=False):
    """What a bank may decide about the contest."""

    learners: Sequence[Any] | None
    """Names or scikit-learn classifiers; all of the core, and installed boosters of other packages, without."""
    balancings: Sequence[str]
    """What each is tried with; learners without balancing are put together too, as one more candidate."""
    monotone: Mapping[str, int | str]
    """Facts and the direction, "increasing", "decreasing", +1 or -1, in which the PD may move as they grow."""
    policy: Policy
    """The bank's own rule for the cut-off; its profit is counted on the fact ``amount`` where there is one."""
    accept: Mapping[str, str]
    """Facts and the reason for which the bank accepts what the leakage gate finds about them."""


def compare(
    X: pd.DataFrame,
    y: ArrayLike,
    split: Split,
    *,
    search: Search | None = None,
    random_state: int = 0,
    progress: Progress | None = None,
    **plan: Unpack[Plan],
) -> RiskResult:
    """Try every learner with every balancing, choose one on rows it has not seen, and measure it once on the test.

    Parameters
    ----------
    X : DataFrame of shape (n, facts)
        Numbers (NaN where not known) and categories.
    y : array of shape (n,)
        1 is a bad, 0 a good.
    split : Split
        Rows of each slice, and the customers, who are held out and resampled whole.
    search : Search, optional
        Looks for better settings while there is time; none when not given.
    random_state : int
        Seed of everything.
    progress : callable, optional
        Called with a short sentence before each long step.
    **plan
        See `Plan`.

    Raises
    ------
    ModelError
        When a slice has too few bads or goods, no fact is left, or facts know the outcome.
    """
    truth = np.asarray(y).astype(np.intp)
    tell, policy = progress or _silent, plan.get("policy") or Policy()
    _check_slices(truth, split)
    lent = amounts(X)
    leaks = findings(X, truth, split, plan.get("accept") or {})
    refuse(leaks)
    X, dropped = drop_empty(X, split.train)
    signs = {fact: sign for fact, sign in signs_of(plan.get("monotone")).items() if fact in X.columns}
    contest = Contest(
        X, truth, split.groups, turns(split, truth, random_state), signs, policy.cut_off, random_state, tell
    )
    learners = plan.get("learners") or (*LEARNERS, *installed())
    standing = contest.run(grid(learners, plan.get("balancings", USUAL)), search)
    rows = contest.held()
    judged = contest.part(rows)
    champion, why = choose(standing.finalists, judged.y)
    cut_off = choose_cut_off(policy, judged.y, champion.p)
    leaks += beyond_the_scorecard({one.learner: one.after["auc"].value for one in standing.finalists if one.spec.plain})

    before = np.r_[split.refit, split.returning]
    everyone, seen, test = (contest.part(part) for part in (before, split.refit, split.test))
    known = Known(everyone, len(split.refit), standing.finalists, np.array_equal(rows, before), len(contest.turns))
    tell(f"Refitting and calibrating {champion.learner}, balancing {champion.balancing}")
    final, challenger = known.two(champion.spec, signs, cut_off.p, random_state)
    tell("Measuring the champion on the test slice, once")
    found = measure_test(final, challenger, test, cut_off.p, random_state)
    chosen_on = Book(judged.y, champion.p, lent[rows], judged.groups)
    tested = Book(test.y, found.p, lent[split.test], test.groups)
    metrics: dict[str, Any] = {
        "rows": len(truth), "bads": int(truth.sum()), "split": split.to_dict(),
        "facts": X.shape[1], "dropped_facts": dropped, **_choice(standing, champion, why, final),
        "signs": check_signs(final, seen.X, seen.y, signs, random_state),
        "search": None if search is None else {"tried": search.tried, "stopped_by_time": search.stopped},
        **found.metrics(), "cut_off": cut_off.to_dict(), "bands": band_table(test.y, found.p, policy.edges),
        "policy": policy_figures(policy, cut_off.p, chosen_on, tested, random_state),
        "uncertainty": widths(final.venn_abers_, found.p, cut_off.p),
        "leakage": [one.to_dict() for one in leaks],
        "warnings": [*(one.message for one in leaks), *found.warnings(champion)],
    }  # fmt: skip
    figures: dict[str, Any] = {
        **curves(test.y, found.p, found.raw_p, cut_off.p),
        "policy": curve(tested, policy, random_state),
        "balancing": [one.chart() for one in standing.grid],
        "importance": importance(final, seen.X, random_state),
    }
    return RiskResult(final, metrics, figures, found)


def _choice(standing: Standing, champion: Candidate, why: str, final: DefaultClassifier) -> dict[str, Any]:
    """Tell of all that was tried and of the one that was chosen."""
    ensemble = final.pipeline_ if isinstance(final.pipeline_, Ensemble) else None
    return {
        "candidates": [one.to_dict() for one in standing.finalists],
        "balancing": [one.to_dict() for one in standing.grid],
        "champion": {
            **champion.spec.to_dict(), "calibration": final.calibrator_.method, "why": why,
            **({"weights": ensemble.weights.tolist()} if ensemble else {}),
        },
    }  # fmt: skip


def _silent(_: str) -> None:
    """Tell nobody."""


def _check_slices(y: NDArray[np.intp], split: Split) -> None:
    every, enough = len(y), 3 * LEAST
    if min(int(y.sum()), every - int(y.sum())) < enough:
        raise ModelError(
            f"need ≥ {enough} bads and {enough} goods; you have {int(y.sum())} bads in {every} loans",
            known=f"training, choosing and testing take {LEAST} of each at the very least",
            todo="bring more outcomes; below this no figure could be told from chance", id="G-MODEL-002",
        )
    for name, rows in (("training", split.train), ("validation", split.valid), ("test", split.test)):
        bads, goods = int(y[rows].sum()), int(len(rows) - y[rows].sum())
        if min(bads, goods) < LEAST:
            raise ModelError(
                f"the {name} slice has {bads} bads and {goods} goods; need ≥ {LEAST} bads and {LEAST} goods",
                known=f"there are {int(y.sum())} bads in {len(y)} loans with a known outcome",
                todo="bring more outcomes, or change test_share and valid_share", id="G-MODEL-002",
            )


def drop_empty(X: pd.DataFrame, train: NDArray[np.intp]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Leave out facts that say nothing in training, or are as many as the rows, and say why of each."""
    dropped: dict[str, str] = {}
    rows = X.iloc[train]
    for name in X.columns:
        kinds = int(rows[name].nunique(dropna=True))
        if kinds == 0:
            dropped[str(name)] = "never known in training"
        elif kinds == 1 and not rows[name].isna().any():
            dropped[str(name)] = "always the same in training"
        elif is_category(rows[name]) and kinds > 20 and kinds > len(rows) / 2:
            dropped[str(name)] = "a name for nearly every row, like an identifier"
    if len(dropped) == X.shape[1]:
        raise ModelError(
            f"none of the {X.shape[1]} facts says anything: all are empty or constant in training",
            todo="declare attributes in bank.toml, or bring transactions", id="G-MODEL-004",
        )
    return X.drop(columns=[name for name in X.columns if str(name) in dropped]), dropped


def importance(
    model: DefaultClassifier, X: pd.DataFrame, random_state: int
) -> list[dict[str, Any]]:
    """Rank the facts by the mean size of their contributions over at most 100 training loans; shares of 1."""
    rows = np.random.default_rng(random_state).permutation(len(X))[:IMPORTANCE_ROWS]
    parts = model.contributions(X.iloc[np.sort(rows)])
    size = np.abs(parts.values).mean(axis=0)
    share = size / size.sum() if size.sum() > 0 else size
    order = np.argsort(-share, kind="stable")[:20]
    return [
        {"fact": fact, "meaning": fact, "value": float(share[place])}
        for place in order.tolist() if share[place] > 0 for fact in [parts.facts[place]]
    ]  # fmt: skip

