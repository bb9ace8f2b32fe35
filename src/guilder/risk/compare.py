"""Compare: the whole contest on one bank; the champion is chosen on validation and the test is touched once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from guilder.errors import ModelError
from guilder.evaluation.leakage import suspicions
from guilder.evaluation.splits import LEAST, Split
from guilder.risk.balancing import BALANCINGS
from guilder.risk.bands import band_table
from guilder.risk.candidates import Progress, Slice, choose, try_candidates
from guilder.risk.classifier import DefaultClassifier, signs_of
from guilder.risk.columns import is_category
from guilder.risk.curves import curves
from guilder.risk.learners import LEARNERS
from guilder.risk.policy import Policy, choose_cut_off
from guilder.risk.profit import Book, amounts, curve, policy_figures
from guilder.risk.verdict import Outcome, measure_test

FOLDS = 3
"""Folds that calibrate the champion: enough rows each, and half the time of five."""
IMPORTANCE_ROWS = 2000


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
    learners: Sequence[str] = LEARNERS,
    balancings: Sequence[str] = BALANCINGS,
    monotone: Mapping[str, int | str] | None = None,
    policy: Policy | None = None,
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
    learners, balancings : sequence of str
        The grid.
    monotone : mapping of fact to "increasing", "decreasing", +1 or -1, optional
        Direction in which the PD may move as the fact grows.
    policy : Policy, optional
        The bank's own rule for the cut-off; its profit is counted on the fact ``amount`` where there is one.
    random_state : int
        Seed of everything.
    progress : callable, optional
        Called with a short sentence before each long step.

    Raises
    ------
    ModelError
        When a slice has too few bads or goods, or no fact is left.
    """
    truth = np.asarray(y).astype(np.intp)
    tell, policy = progress or _silent, policy or Policy()
    _check_slices(truth, split)
    lent = amounts(X)
    X, dropped = drop_empty(X, split.train)
    signs = {fact: sign for fact, sign in signs_of(monotone).items() if fact in X.columns}
    train, valid, seen, test = (
        _cut(X, truth, split.groups, rows) for rows in (split.train, split.valid, split.refit, split.test)
    )
    candidates = try_candidates(
        train, valid, learners, balancings,
        monotone=signs, cut_off=policy.cut_off, random_state=random_state, progress=tell,
    )  # fmt: skip
    champion, why = choose(candidates, valid.y)
    cut_off = choose_cut_off(policy, valid.y, champion.p)

    known = _cut(X, truth, split.groups, np.r_[split.refit, split.returning])

    def refit(learner: str, balancing: str) -> DefaultClassifier:
        tell(f"Refitting and calibrating {learner}, balancing {balancing}")
        model = DefaultClassifier(
            learner, balancing, cv=FOLDS, monotone=signs or None, cut_off=cut_off.p, random_state=random_state
        )
        return model.fit(known.X, known.y, groups=known.groups, learn=np.arange(len(known.y)) < len(seen.y))

    final = refit(champion.learner, champion.balancing)
    plain = champion.learner == "logistic" and champion.balancing == "none"
    challenger = final if plain else refit("logistic", "none")
    tell("Measuring the champion on the test slice, once")
    found = measure_test(final, challenger, test, cut_off.p, random_state)
    chosen_on = Book(valid.y, champion.p, lent[split.valid], valid.groups)
    tested = Book(test.y, found.p, lent[split.test], test.groups)
    metrics: dict[str, Any] = {
        "rows": len(truth), "bads": int(truth.sum()), "split": split.to_dict(),
        "facts": X.shape[1], "dropped_facts": dropped,
        "candidates": [one.to_dict() for one in candidates],
        "champion": {
            "learner": champion.learner, "balancing": champion.balancing, "calibration": final.calibration, "why": why,
        },
        **found.metrics(), "cut_off": cut_off.to_dict(), "bands": band_table(test.y, found.p, policy.edges),
        "policy": policy_figures(policy, cut_off.p, chosen_on, tested, random_state),
        "warnings": [*leaks(seen), *found.warnings(champion)],
    }  # fmt: skip
    figures: dict[str, Any] = {
        **curves(test.y, found.p, found.raw_p, cut_off.p),
        "policy": curve(tested, policy, random_state),
        "balancing": [one.chart() for one in candidates],
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


def leaks(seen: Slice) -> list[str]:
    """Say which facts know too much, on the rows of training and validation."""
    return [str(one) for one in suspicions({str(name): seen.X[name].to_numpy() for name in seen.X.columns}, seen.y)]


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

