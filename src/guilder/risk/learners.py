"""Learners: logistic, forest and boosting, each fitted with its preparation and balancing as one pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from guilder.evaluation.calibration import log_odds
from guilder.risk.balancing import class_weight, smote
from guilder.risk.columns import Columns, category_names
from guilder.risk.inputs import Curves, NormalScores, OneHot

Floats = NDArray[np.float64]
Learner = Literal["logistic", "forest", "boosting"]

LEARNERS: tuple[Learner, ...] = ("logistic", "forest", "boosting")
"""Every learner, the simplest first."""

FEW_ROWS = 5000
FOREST_OF_FEW, FOREST_OF_MANY = (300, 5, None), (150, 10, 0.5)
"""Trees, rows of a leaf at the least, and share of the rows each tree sees, under and over 5,000 rows."""
ROUNDS = 250
"""Trees of boosting."""
LARGEST_LEAF = 20
"""Boosting asks a twentieth of the rows of each leaf, and no more than this."""
BINS_WEIGHTED = 63
"""Bins of a fact where rows have weights: scikit-learn then seeks each edge by a sort of its own, 7 s for 110 facts."""
SMALL = 20_000_000
"""Cells under which boosting runs on one thread."""
JOBS = 2
"""Threads a forest grows on; the trees are the same whatever their number."""


def fit_pipeline(
    X: pd.DataFrame | Floats,
    y: NDArray[np.intp],
    learner: str,
    balancing: str,
    *,
    monotone: Mapping[str, int] | None = None,
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
    learner, balancing : str
        Names out of ``LEARNERS`` and ``BALANCINGS``.
    monotone : mapping of fact to +1 or -1, optional
        Direction in which the PD may move as the fact grows (boosting only).
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
    if learner == "logistic" or balancing == "smote":
        Z = then("scores", NormalScores(categorical), Z)
    if balancing == "smote":
        Z, y = smote(Z, y, np.array(categorical, dtype=np.intp), random_state=random_state)
        # A flag between two rows belongs to the nearer one: a fact is missing or it is not.
        Z[:, facts:] = Z[:, facts:].round()
    if learner == "logistic":
        numeric = [place for place in range(facts) if place not in categorical]
        Z = then("curves", Curves(numeric), Z)
    one_hot = OneHot(categorical)
    Z = then("one_hot", one_hot, Z)
    signs = _signs(columns.names_, one_hot.source_, facts, monotone or {})
    model = _model(learner, class_weight(balancing), signs, len(y), random_state)
    # On little data threads cost more than they bring, above all where others use the same cores.
    with _pools().limit(limits=_threads(Z.size), user_api="openmp"):
        model.fit(Z, y)
    if learner == "forest":
        # Threads add the trees' votes in whatever order they finish, which moves the last digit.
        model.n_jobs = None
    return Pipeline([*steps, ("learner", model)])


def _signs(names: list[str], source: NDArray[np.intp], facts: int, monotone: Mapping[str, int]) -> list[int]:
    """Sign of each model column: only columns that hold a fact itself, not a flag, are bound."""
    signs = [0] * len(source)
    for column, place in enumerate(source.tolist()):
        if place < len(names) and place not in source[:column]:
            signs[column] = int(np.sign(monotone.get(names[place], 0)))
    return signs


def _model(learner: str, weight: str | None, signs: list[int], rows: int, random_state: int) -> Any:
    if learner == "logistic":
        return LogisticRegression(C=0.05, class_weight=weight, solver="newton-cholesky", max_iter=100)
    if learner == "forest":
        # With many rows each tree learns enough from half of them, and fewer trees agree as well.
        trees, leaf, share = FOREST_OF_FEW if rows < FEW_ROWS else FOREST_OF_MANY
        return RandomForestClassifier(
            trees, min_samples_leaf=leaf, max_samples=share, max_features="sqrt", class_weight=weight, n_jobs=JOBS,
            random_state=random_state,
        )  # fmt: skip
    return HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=ROUNDS, max_leaf_nodes=15, min_samples_leaf=min(LARGEST_LEAF, 1 + rows // 20),
        l2_regularization=1.0, max_features=0.5, early_stopping=False, class_weight=weight,
        max_bins=BINS_WEIGHTED if weight else 255, monotonic_cst=signs if any(signs) else None,
        random_state=random_state,
    )  # fmt: skip


@cache
def _pools() -> Any:
    """Find the thread pools of this process once: looking costs more than scoring a loan."""
    return ThreadpoolController()


def _threads(cells: int) -> int | None:
    """How many threads boosting may use: as many as there are (None), or one on little data."""
    return None if cells >= SMALL else 1


def raw_log_odds(pipeline: Pipeline, X: pd.DataFrame | Floats) -> Floats:
    """Log-odds of a bad as the learner has them, before calibration."""
    if hasattr(pipeline[-1], "decision_function"):
        with _pools().limit(limits=_threads(np.size(X)), user_api="openmp"):
            return np.asarray(pipeline.decision_function(X), dtype=np.float64)
    return log_odds(pipeline.predict_proba(X)[:, 1])
