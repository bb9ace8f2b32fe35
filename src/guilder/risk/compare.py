"""Compare: the whole contest on one bank; the champion is chosen on validation and the test is touched once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from guilder.errors import ModelError
from guilder.evaluation.calibration import is_calibrated
from guilder.evaluation.intervals import Figure
from guilder.evaluation.leakage import TOO_GOOD_MODEL, suspicions
from guilder.evaluation.splits import Split, group_codes
from guilder.risk.balancing import BALANCINGS
from guilder.risk.candidates import Candidate, Progress, Slices, choose, try_candidates
from guilder.risk.classifier import DefaultClassifier, signs_of
from guilder.risk.columns import is_category
from guilder.risk.curves import curves
from guilder.risk.learners import LEARNERS, raw_log_odds
from guilder.risk.measures import measure, to_dict
from guilder.risk.policy import Policy, band_table, choose_cut_off

Floats = NDArray[np.float64]

LEAST = 10
"""Fewest bads, and goods, of any slice."""
IMPORTANCE_ROWS = 2000


@dataclass(frozen=True)
class RiskResult:
    """What the contest found: the champion, refitted on train and validation, and its figures (plain JSON)."""

    classifier: DefaultClassifier
    metrics: dict[str, Any]
    figures: dict[str, Any]


def compare(
    X: pd.DataFrame,
    y: ArrayLike,
    split: Split,
    *,
    learners: Sequence[str] = LEARNERS,
    balancings: Sequence[str] = BALANCINGS,
    monotone: Mapping[str, int | str] | None = None,
    groups: ArrayLike | None = None,
    policy: Policy | None = None,
    describe: Callable[[str], str] | None = None,
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
        Rows of each slice.
    learners, balancings : sequence of str
        The grid.
    monotone : mapping of fact to "increasing", "decreasing", +1 or -1, optional
        Direction in which the PD may move as the fact grows.
    groups : array of shape (n,), optional
        Customers, held out and resampled whole; the split's own when omitted.
    policy : Policy, optional
        The bank's own cut-off.
    describe : callable, optional
        Turns the name of a fact into plain words.
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
    seen = np.r_[split.train, split.valid]
    X, dropped = drop_empty(X, split.train)
    signs = {fact: sign for fact, sign in signs_of(monotone).items() if fact in X.columns}
    who = split.groups if groups is None else group_codes(groups, len(truth))
    slices = Slices(
        X.iloc[split.train], truth[split.train], X.iloc[split.valid], truth[split.valid],
        None if who is None else who[split.valid],
    )  # fmt: skip
    candidates = try_candidates(
        slices, learners, balancings,
        monotone=signs, cut_off=policy.cut_off, random_state=random_state, progress=tell,
    )  # fmt: skip
    champion, why = choose(candidates, slices.y_valid)
    cut_off = choose_cut_off(policy, slices.y_valid, champion.p)

    def refit(learner: str, balancing: str) -> DefaultClassifier:
        tell(f"Refitting and calibrating {learner}, balancing {balancing}")
        model = DefaultClassifier(
            learner, balancing, monotone=signs or None, cut_off=cut_off.p, random_state=random_state
        )
        return model.fit(X.iloc[seen], truth[seen], groups=None if who is None else who[seen])

    final = refit(champion.learner, champion.balancing)
    plain = champion.learner == "logistic" and champion.balancing == "none"
    challenger = final if plain else refit("logistic", "none")
    tell("Measuring the champion on the test slice, once")
    X_test, y_test = X.iloc[split.test], truth[split.test]
    test = _test(final, challenger, X_test, y_test, cut_off.p, None if who is None else who[split.test])
    warnings = _warnings(X.iloc[seen], truth[seen], y_test, test, champion)
    metrics: dict[str, Any] = {
        "rows": len(truth), "bads": int(truth.sum()), "split": split.to_dict(),
        "facts": X.shape[1], "dropped_facts": dropped,
        "candidates": [one.to_dict() for one in candidates],
        "champion": {
            "learner": champion.learner, "balancing": champion.balancing, "calibration": final.calibration, "why": why,
        },
        "test": to_dict(test.figures["champion"]),
        "baseline": to_dict(test.figures["base rate"]),
        "challenger": {
            "learner": "logistic", "test": to_dict(test.figures["challenger"]),
            "difference": to_dict(test.differences["challenger"]),
        },
        "verdict": verdict(test.figures["champion"]["auc"], test.differences["base rate"]["log_loss"]),
        "cut_off": cut_off.to_dict(), "bands": band_table(y_test, test.p), "warnings": warnings,
    }  # fmt: skip
    figures: dict[str, Any] = {
        **curves(y_test, test.p, test.raw, cut_off.p),
        "balancing": [one.chart() for one in candidates],
        "importance": importance(final, X.iloc[seen], random_state, describe),
    }
    return RiskResult(final, metrics, figures)


def _silent(_: str) -> None:
    """Tell nobody."""


def _check_slices(y: NDArray[np.intp], split: Split) -> None:
    for name, rows in (("training", split.train), ("validation", split.valid), ("test", split.test)):
        bads, goods = int(y[rows].sum()), int(len(rows) - y[rows].sum())
        if min(bads, goods) < LEAST:
            raise ModelError(
                f"the {name} slice has {bads} bads and {goods} goods; need ≥ {LEAST} bads and {LEAST} goods",
                known=f"there are {int(y.sum())} bads in {len(y)} loans with a known outcome",
                todo="bring more outcomes; below this no figure could be told from chance",
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


@dataclass(frozen=True)
class _Test:
    p: Floats
    raw: Floats
    figures: dict[str, dict[str, Figure]]
    differences: dict[str, dict[str, Figure]]


def _test(
    champion: DefaultClassifier, challenger: DefaultClassifier, X: pd.DataFrame, y: NDArray[np.intp], cut_off: float,
    groups: ArrayLike | None,
) -> _Test:  # fmt: skip
    p = champion.predict_proba(X)[:, 1]
    scores = {
        "champion": p,
        "challenger": challenger.predict_proba(X)[:, 1],
        "base rate": np.full(len(y), champion.base_rate_),
    }
    seed = champion.random_state if isinstance(champion.random_state, int) else 0
    figures, differences = measure(y, scores, dict.fromkeys(scores, cut_off), groups=groups, random_state=seed)
    raw = np.asarray(expit(raw_log_odds(champion.pipeline_, X)))
    return _Test(p, raw, figures, differences)


def verdict(auc: Figure, log_loss_gain: Figure) -> str:
    """Say in words whether the champion beats the constant base rate."""
    if auc.holds(0.5):
        return "no better than the base rate"
    if auc.high < 0.5:
        return "worse than the base rate"
    if log_loss_gain.high < 0:
        return "better than the base rate"
    return "ranks better than the base rate, but its probabilities are no better"


def _warnings(
    X: pd.DataFrame, y: NDArray[np.intp], y_test: NDArray[np.intp], test: _Test, chosen: Candidate
) -> list[str]:
    found = [str(one) for one in suspicions({str(name): X[name].to_numpy() for name in X.columns}, y)]
    champion = test.figures["champion"]
    if champion["auc"].value > TOO_GOOD_MODEL:
        found.append(
            f"the test AUC is {champion['auc'].value:.3f}: above {TOO_GOOD_MODEL}, treat it as a leak until explained"
        )
    if not is_calibrated(y_test, test.p):
        rate = champion["observed_rate"]
        found.append(
            f"the mean PD {champion['mean_p'].value:.4f} lies outside the interval of the observed rate "
            f"({rate.value:.4f}, {int(y_test.sum())} bads in {len(y_test)} loans)"
        )
    if champion["auc"].holds(0.5):
        found.append("the AUC's interval holds 0.5: the model is not to be used")
    before = chosen.calibrated["auc"].value
    if before > champion["auc"].high:
        found.append(
            f"the AUC was {before:.3f} on validation and is {champion['auc'].value:.3f} on the test: "
            "the choice was lucky, or the population moved"
        )
    return found


def importance(
    model: DefaultClassifier, X: pd.DataFrame, random_state: int, describe: Callable[[str], str] | None = None
) -> list[dict[str, Any]]:
    """Rank the facts by the mean size of their contributions over at most 2,000 training loans; shares of 1."""
    rows = np.random.default_rng(random_state).permutation(len(X))[:IMPORTANCE_ROWS]
    parts = model.contributions(X.iloc[np.sort(rows)])
    size = np.abs(parts.values).mean(axis=0)
    share = size / size.sum() if size.sum() > 0 else size
    order = np.argsort(-share, kind="stable")[:20]
    return [
        {"fact": fact, "meaning": describe(fact) if describe else fact, "value": float(share[place])}
        for place in order.tolist() if share[place] > 0 for fact in [parts.facts[place]]
    ]  # fmt: skip

