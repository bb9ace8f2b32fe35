"""Compare: the whole contest on one bank; the champion is chosen on validation and the test is touched once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from guilder.errors import ModelError
from guilder.evaluation.splits import LEAST, Split
from guilder.risk.balancing import USUAL
from guilder.risk.bands import band_table
from guilder.risk.boosters import installed
from guilder.risk.candidates import Candidate, Progress, Slice, Spec, choose
from guilder.risk.classifier import DefaultClassifier, signs_of
from guilder.risk.columns import is_category
from guilder.risk.contest import Contest, Search, grid, turns
from guilder.risk.curves import curves
from guilder.risk.ensemble import Ensemble
from guilder.risk.leak_gate import beyond_the_scorecard, findings, refuse
from guilder.risk.learners import LEARNERS
from guilder.risk.policy import Policy, choose_cut_off
from guilder.risk.profit import Book, amounts, curve, policy_figures
from guilder.risk.signs import check_signs
from guilder.risk.uncertainty import widths
from guilder.risk.verdict import Outcome, measure_test

FOLDS = 3
"""Folds that calibrate the champion: enough rows each, and half the time of five."""
IMPORTANCE_ROWS = 2000


@dataclass(frozen=True)
class Known:
    """All that was known before the test: rows to learn from, then rows for the level only; and what scored them."""

    rows: Slice
    learners: int
    """How many rows, the first ones, learners may see."""
    finalists: Sequence[Candidate]
    judged: NDArray[np.intp]
    """Row numbers that the finalists were judged on."""
    folds: int
    """How many folds judged them."""

    def refit(self, spec: Spec, signs: dict[str, int], cut_off: float, random_state: int) -> DefaultClassifier:
        """Fit a specification on these rows; a scorecard is calibrated by a line, so that its points still add up."""
        held = self._held(spec)
        model = DefaultClassifier(
            spec.learner, spec.balancing, calibration="sigmoid" if spec.learner == "scorecard" else "auto",
            cv=FOLDS if held is None else self.folds, monotone=signs or None, cut_off=cut_off,
            settings=spec.settings or None, parts=[(one.learner, one.settings) for one in spec.parts] or None,
            random_state=random_state,
        )  # fmt: skip
        learn = np.arange(len(self.rows.y)) < self.learners
        return model.fit(self.rows.X, self.rows.y, groups=self.rows.groups, learn=learn, held=held)

    def _held(self, spec: Spec) -> NDArray[np.float64] | None:
        """Log-odds of all rows by models that have not seen them, where the folds of the contest were of all rows."""
        scored = {one.spec.key: one.raw for one in self.finalists}
        wanted = [one.key for one in spec.parts or (spec,)]
        if len(self.judged) < len(self.rows.y) or not set(wanted) <= set(scored):
            return None
        return np.column_stack([scored[key] for key in wanted])


@dataclass(frozen=True)
class RiskResult:
    """What the contest found: the champion, refitted on train and validation, and its figures (plain JSON)."""

    classifier: DefaultClassifier
    metrics: dict[str, Any]
    figures: dict[str, Any]
    outcome: Outcome
    """The champion's PDs of the test slice, scored once; rows in the order of the split's ``test``."""


def compare(
    X: pd.DataFrame,
    y: ArrayLike,
    split: Split,
    *,
    learners: Sequence[Any] | None = None,
    balancings: Sequence[str] = USUAL,
    monotone: Mapping[str, int | str] | None = None,
    policy: Policy | None = None,
    search: Search | None = None,
    accept: Mapping[str, str] | None = None,
    random_state: int = 0,
    progress: Progress | None = None,
) -> RiskResult:
    """Try every learner with every balancing, choose one on validation, and measure it once on the test slice.

    Parameters
    ----------
    X : DataFrame of shape (n, facts)
        Numbers (NaN where not known) and categories.
    y : array of shape (n,)
        1 is a bad, 0 a good.
    split : Split
        Rows of each slice, and the customers, who are held out and resampled whole.
    learners : sequence of str or classifier, optional
        All of the core, and the boosters of other packages that are installed, when not given.
    balancings : sequence of str
        What each is tried with. Learners without balancing are put together too, as one more candidate.
    monotone : mapping of fact to "increasing", "decreasing", +1 or -1, optional
        Direction in which the PD may move as the fact grows.
    policy : Policy, optional
        The bank's own rule for the cut-off; its profit is counted on the fact ``amount`` where there is one.
    search : Search, optional
        Looks for better settings while there is time; none when not given.
    accept : mapping of fact to reason, optional
        Findings of the leakage gate that the bank accepts in writing.
    random_state : int
        Seed of everything.
    progress : callable, optional
        Called with a short sentence before each long step.

    Raises
    ------
    ModelError
        When a slice has too few bads or goods, no fact is left, or facts know the outcome.
    """
    truth = np.asarray(y).astype(np.intp)
    tell, policy = progress or _silent, policy or Policy()
    _check_slices(truth, split)
    lent = amounts(X)
    leaks = findings(X, truth, split, accept or {})
    refuse(leaks)
    X, dropped = drop_empty(X, split.train)
    signs = {fact: sign for fact, sign in signs_of(monotone).items() if fact in X.columns}
    seen, test = (_cut(X, truth, split.groups, rows) for rows in (split.refit, split.test))
    contest = Contest(
        X, truth, split.groups, turns(split, truth, random_state), signs, policy.cut_off, random_state, tell
    )
    standing = contest.run(grid(learners or (*LEARNERS, *installed()), balancings), search)
    judged, rows = contest.part(contest.held()), contest.held()
    champion, why = choose(standing.finalists, judged.y)
    cut_off = choose_cut_off(policy, judged.y, champion.p)
    plain_areas = {one.learner: one.after["auc"].value for one in standing.finalists if one.balancing == "none"}
    leaks += beyond_the_scorecard(plain_areas)

    everyone = _cut(X, truth, split.groups, np.r_[split.refit, split.returning])
    known = Known(everyone, len(seen.y), standing.finalists, rows, len(contest.turns))

    def refit(spec: Spec) -> DefaultClassifier:
        tell(f"Refitting and calibrating {spec.name}, balancing {spec.balancing}")
        return known.refit(spec, signs, cut_off.p, random_state)

    final = refit(champion.spec)
    plain = Spec("logistic")
    challenger = final if champion.spec == plain else refit(plain)
    tell("Measuring the champion on the test slice, once")
    found = measure_test(final, challenger, test, cut_off.p, random_state)
    chosen_on = Book(judged.y, champion.p, lent[rows], judged.groups)
    tested = Book(test.y, found.p, lent[split.test], test.groups)
    metrics: dict[str, Any] = {
        "rows": len(truth), "bads": int(truth.sum()), "split": split.to_dict(),
        "facts": X.shape[1], "dropped_facts": dropped,
        "candidates": [one.to_dict() for one in standing.finalists],
        "balancing": [one.to_dict() for one in standing.grid],
        "champion": {
            **champion.spec.to_dict(), "calibration": final.calibrator_.method, "why": why,
            **({"weights": final.pipeline_.weights.tolist()} if isinstance(final.pipeline_, Ensemble) else {}),
        },
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


def _cut(X: pd.DataFrame, y: NDArray[np.intp], who: NDArray[np.intp] | None, rows: NDArray[np.intp]) -> Slice:
    part: pd.DataFrame = X.take(rows)
    return Slice(part, y[rows], None if who is None else who[rows])


def _silent(_: str) -> None:
    """Tell nobody."""


def _check_slices(y: NDArray[np.intp], split: Split) -> None:
    every, enough = len(y), 3 * LEAST
    if min(int(y.sum()), every - int(y.sum())) < enough:
        raise ModelError(
            f"need ≥ {enough} bads and {enough} goods; you have {int(y.sum())} bads in {every} loans",
            known=f"training, choosing and testing take {LEAST} of each at the very least",
            todo="bring more outcomes; below this no figure could be told from chance",
        )
    for name, rows in (("training", split.train), ("validation", split.valid), ("test", split.test)):
        bads, goods = int(y[rows].sum()), int(len(rows) - y[rows].sum())
        if min(bads, goods) < LEAST:
            raise ModelError(
                f"the {name} slice has {bads} bads and {goods} goods; need ≥ {LEAST} bads and {LEAST} goods",
                known=f"there are {int(y.sum())} bads in {len(y)} loans with a known outcome",
                todo="bring more outcomes, or change test_share and valid_share",
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
            todo="declare attributes in bank.toml, or bring transactions",
        )
    return X.drop(columns=[name for name in X.columns if str(name) in dropped]), dropped


def importance(
    model: DefaultClassifier, X: pd.DataFrame, random_state: int
) -> list[dict[str, Any]]:
    """Rank the facts by the mean size of their contributions over at most 2,000 training loans; shares of 1."""
    rows = np.random.default_rng(random_state).permutation(len(X))[:IMPORTANCE_ROWS]
    parts = model.contributions(X.iloc[np.sort(rows)])
    size = np.abs(parts.values).mean(axis=0)
    share = size / size.sum() if size.sum() > 0 else size
    order = np.argsort(-share, kind="stable")[:20]
    return [
        {"fact": fact, "meaning": fact, "value": float(share[place])}
        for place in order.tolist() if share[place] > 0 for fact in [parts.facts[place]]
    ]  # fmt: skip

