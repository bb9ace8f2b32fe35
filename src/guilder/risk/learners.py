"""Learners: each fitted with its preparation and balancing as one pipeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from guilder.errors import UsageError
from guilder.evaluation.calibration import log_odds
from guilder.risk.balancing import RESAMPLINGS, class_weight, resampled, smote
from guilder.risk.boosters import EXTRAS, fit_booster
from guilder.risk.columns import Columns, category_names
from guilder.risk.ensemble import Ensemble
from guilder.risk.inputs import Curves, NormalScores, OneHot
from guilder.risk.row_blocks import blocks, in_threads, rows_of
from guilder.risk.settings import Settings, settings_of
from guilder.risk.tree_scores import tree_scores, worth
from guilder.risk.weights import WeightOfEvidence

Floats = NDArray[np.float64]
T = TypeVar("T")
Learner = Literal["logistic", "scorecard", "forest", "boosting"]

LEARNERS: tuple[Learner, ...] = ("logistic", "scorecard", "forest", "boosting")
"""Every learner of the core, the simplest first."""

BINS_WEIGHTED = 63
"""Bins of a fact where rows have weights: scikit-learn then seeks each edge by a sort of its own, 7 s for 110 facts."""
SMALL = 20_000_000
"""Cells under which one fit or score runs on one thread."""
JOBS = 2
"""Fits at the same time, and threads a forest grows on; models are the same whatever their number."""


def fit_pipeline(
    X: pd.DataFrame | Floats,
    y: NDArray[np.intp],
    learner: Any,
    balancing: str,
    *,
    monotone: Mapping[str, int] | None = None,
    settings: Settings | None = None,
    random_state: int = 0,
) -> Pipeline:
    """Fit preparation and learner on these rows only, balancing between the two.

    The resampled rows live inside this function and nowhere else: what is returned is a pipeline without a sampler,
    so no row that is predicted or measured can ever have been resampled.

    Parameters
    ----------
    X : DataFrame or array of shape (n, facts)
        Facts, NaN where not known.
    y : array of shape (n,)
        1 is a bad, 0 a good.
    learner : str or estimator
        A name out of ``LEARNERS`` and ``EXTRAS``, or a scikit-learn classifier, which is fitted as a clone on complete
        numbers: normal scores and flags.
    balancing : str
        A name out of ``BALANCINGS``. A classifier of one's own must know ``class_weight`` to be given weights.
    monotone : mapping of fact to +1 or -1, optional
        Direction in which the PD may move as the fact grows (boosting and the scorecard only).
    settings : mapping, optional
        The learner's own, see ``guilder.risk.settings.defaults``.
    random_state : int
        Seed of everything random here.
    """
    steps: list[tuple[str, Any]] = []

    def then(name: str, step: Any, rows: Any) -> Any:
        steps.append((name, step))
        return step.fit(rows).transform(rows)

    columns = Columns(category_names(X) if isinstance(X, pd.DataFrame) else [])
    Z = then("columns", columns, X)
    facts = Z.shape[1]
    categorical = columns.categorical_
    if learner == "scorecard":
        # Bins are those of real rows, whatever the balancing: weights of evidence do not hang on how many bads there
        # are, and made-up rows lie between the weights of their neighbours.
        bound = [int(np.sign((monotone or {}).get(name, 0))) for name in columns.names_]
        steps.append(("weights", WeightOfEvidence(categorical, bound or None).fit(Z, y)))
        Z = steps[-1][1].transform(Z)
        facts, categorical = Z.shape[1], []
    elif learner == "logistic" or balancing == "smote" or not isinstance(learner, str):
        Z = then("scores", NormalScores(categorical), Z)
    if balancing == "smote":
        Z, y = smote(Z, y, np.array(categorical, dtype=np.intp), random_state=random_state)
        # A flag between two rows belongs to the nearer one: a fact is missing or it is not.
        Z[:, facts:] = Z[:, facts:].round()
    elif balancing in RESAMPLINGS:
        rows = resampled(y, balancing, random_state=random_state)
        Z, y = Z[rows], y[rows]
    if learner == "logistic":
        numeric = [place for place in range(facts) if place not in categorical]
        Z = then("curves", Curves(numeric), Z)
    one_hot = OneHot(categorical)
    Z = then("one_hot", one_hot, Z)
    signs = _signs(columns.names_, one_hot.source_, facts, monotone or {})
    make = Make(class_weight(balancing), signs, len(y), random_state, settings)
    # On little data threads, those of matrix products too, cost more than they bring: a Newton step of 1,000 rows
    # takes 40 ms on two of them that wait for one another, and 1 ms on one.
    with _pools().limit(limits=_threads(Z.size)):
        model = make.model(learner, Z, y)
    return Pipeline([*steps, ("learner", model)])


def _signs(names: list[str], source: NDArray[np.intp], facts: int, monotone: Mapping[str, int]) -> list[int]:
    """Sign of each model column: only columns that hold a fact itself, not a flag, are bound."""
    signs = [0] * len(source)
    for column, place in enumerate(source.tolist()):
        if place < len(names) and place not in source[:column]:
            signs[column] = int(np.sign(monotone.get(names[place], 0)))
    return signs


@dataclass(frozen=True)
class Make:
    """How a learner is to be made."""

    weight: str | None
    signs: list[int]
    rows: int
    seed: int
    settings: Settings | None

    def model(self, learner: Any, Z: Floats, y: NDArray[np.intp]) -> Any:
        """Fit one on a matrix of complete preparation."""
        if not isinstance(learner, str):
            return self.own(learner).fit(Z, y)
        known = settings_of(learner, self.rows, self.settings)
        if learner in EXTRAS:
            return fit_booster(learner, Z, y, known, signs=self.signs, weight=self.weight, random_state=self.seed)
        if learner == "boosting":
            return self.boosting(Z, y, known)
        if learner == "scorecard":
            return self.scorecard(Z, y, known)
        model = self.forest(known) if learner == "forest" else self.logistic(known)
        model.fit(Z, y)
        if learner == "forest":
            # Threads add the trees' votes in whatever order they finish, which moves the last digit.
            model.n_jobs = None
        return model

    def logistic(self, known: Settings) -> Any:
        """Make a logistic regression that says little of what few rows show."""
        return LogisticRegression(C=known["C"], class_weight=self.weight, solver="newton-cholesky", max_iter=100)

    def scorecard(self, Z: Floats, y: NDArray[np.intp], known: Settings) -> Any:
        """Fit a logistic regression without coefficients under 0, which would turn a weight of evidence round."""
        kept = np.arange(Z.shape[1])
        model = self.logistic(known).fit(Z, y)
        while len(kept) > 1 and model.coef_.min() < 0:
            kept = np.delete(kept, int(model.coef_[0].argmin()))
            model = self.logistic(known).fit(Z[:, kept], y)
        coefficients = np.zeros((1, Z.shape[1]))
        coefficients[0, kept] = np.maximum(model.coef_[0], 0)
        model.coef_, model.n_features_in_ = coefficients, Z.shape[1]
        return model

    def forest(self, known: Settings) -> Any:
        """Make a forest."""
        sample = known["sample"] if known["sample"] < 1 else None
        return RandomForestClassifier(
            int(known["trees"]), min_samples_leaf=int(known["leaf"]), max_samples=sample,
            max_leaf_nodes=int(known["leaves"]) or None,
            max_features=known["share"] or "sqrt", class_weight=self.weight, n_jobs=JOBS, random_state=self.seed,
        )  # fmt: skip

    def boosting(self, Z: Floats, y: NDArray[np.intp], known: Settings) -> Any:
        """Fit boosters of several seeds and put their trees together: the mean of their log-odds, in one model."""
        # A fact that no row here knows has no bins, at which scikit-learn stops: as one value it is never asked about.
        Z = np.where(np.isnan(Z).all(axis=0), 0.0, Z)
        several = [
            HistGradientBoostingClassifier(
                learning_rate=known["rate"], max_iter=int(known["rounds"]), max_leaf_nodes=int(known["leaves"]),
                min_samples_leaf=int(known["leaf"]), l2_regularization=1.0, max_features=known["share"],
                early_stopping=False, class_weight=self.weight, max_bins=BINS_WEIGHTED if self.weight else 255,
                monotonic_cst=self.signs if any(self.signs) else None, random_state=self.seed + place,
            ).fit(Z, y)
            for place in range(int(known["seeds"]))
        ]  # fmt: skip
        return together(several)

    def own(self, learner: Any) -> Any:
        """Clone a classifier of the caller's and hand it what it can take."""
        model = clone(learner)
        known = model.get_params()
        if self.weight and "class_weight" not in known:
            raise UsageError(
                f"{type(learner).__name__} has no class_weight", todo='take balancing="none" or "smote" for it'
            )
        given: dict[str, Any] = {"class_weight": self.weight} if self.weight else {}
        # Those of the steps of a pipeline too: one seed decides everything.
        random = [name for name, value in known.items() if name.split("__")[-1] == "random_state" and value is None]
        return model.set_params(**given, **dict.fromkeys(random, self.seed))


def together(several: list[Any]) -> Any:
    """Put the trees of boosters fitted on the same matrix into the first, each leaf divided by their number.

    The sum of leaves is then the mean of the boosters' sums: one model, scored in one walk.
    """
    first, share = several[0], 1 / len(several)
    if len(several) > 1:
        first._baseline_prediction = np.mean([one._baseline_prediction for one in several], axis=0)
        first._predictors = [trees for one in several for trees in one._predictors]
        for trees in first._predictors:
            for tree in trees:
                tree.nodes["value"] *= share
    return first


@cache
def _pools() -> Any:
    """Find the thread pools of this process once: looking costs more than scoring a loan."""
    return ThreadpoolController()


def at_once(fits: Sequence[Callable[[], T]]) -> list[T]:
    """Make several fits at the same time, each on one thread; no result depends on which is done first.

    The last is begun first: the simplest stand first, and a long one begun last would run alone.
    """
    with _pools().limit(limits=1), ThreadPoolExecutor(JOBS) as pool:
        return [done.result() for done in [pool.submit(fit) for fit in fits[::-1]][::-1]]


def _threads(cells: int) -> int | None:
    """How many threads a fit or a score may use: as many as there are (None), or one on little data."""
    return None if cells >= SMALL else 1


def raw_log_odds(model: Pipeline | Ensemble, X: pd.DataFrame | Floats) -> Floats:
    """Log-odds of a bad as the learner has them, before calibration; many rows in blocks, two at a time."""
    parts, found = blocks(len(X)), np.empty(len(X))

    def work(rows: slice) -> None:
        found[rows] = _log_odds(model, rows_of(X, rows))

    with _pools().limit(limits=_threads(np.size(X)) if len(parts) == 1 else 1):
        in_threads(work, parts)
    return found


def _log_odds(model: Pipeline | Ensemble, X: pd.DataFrame | Floats) -> Floats:
    if isinstance(model, Ensemble):
        parts = np.column_stack([
            _of_learner(part[-1], prepared(part, matrix))
            for part, matrix in zip(model.parts, matrices(model.parts, X), strict=True)
        ])  # fmt: skip
        return np.asarray(parts @ model.weights + model.intercept, dtype=np.float64)
    return _of_learner(model[-1], prepared(model, model[0].transform(X)))


def matrices(parts: Sequence[Pipeline], X: pd.DataFrame | Floats) -> list[Floats]:
    """Facts as the matrix each part's preparation begins with, made once where parts make the same."""
    first = parts[0][0]
    made = first.transform(X)
    return [made if part[0].like(first) else part[0].transform(X) for part in parts]


def prepared(pipeline: Pipeline, matrix: Floats) -> Floats:
    """What the learner of a pipeline sees of a matrix of facts."""
    for _, step in pipeline.steps[1:-1]:
        matrix = step.transform(matrix)
    return matrix


def _of_learner(learner: Any, inputs: Floats) -> Floats:
    additive = hasattr(learner, "decision_function")
    if worth(learner, len(inputs)):
        scores = tree_scores(learner, inputs)
        return scores if additive else log_odds(scores)
    if isinstance(learner, LogisticRegression):
        return np.asarray((inputs @ learner.coef_.T + learner.intercept_)[:, 0], dtype=np.float64)
    if additive:
        return np.asarray(learner.decision_function(inputs), dtype=np.float64)
    return log_odds(learner.predict_proba(inputs)[:, 1])
