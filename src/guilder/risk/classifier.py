"""The default classifier: one learner, balanced inside folds, calibrated on rows it has not seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from guilder.errors import ModelError, UsageError
from guilder.risk.balancing import BALANCINGS
from guilder.risk.calibration import CALIBRATIONS, Calibrator
from guilder.risk.columns import category_names, check_frame, in_order
from guilder.risk.learners import LEARNERS, fit_pipeline, raw_log_odds
from guilder.risk.reasons import Contributions, Reason, contributions, strongest

Floats = NDArray[np.float64]

TRUSTED_TYPES: tuple[str, ...] = (
    "guilder.risk.calibration.Calibrator",
    "guilder.risk.classifier.DefaultClassifier",
    "guilder.risk.columns.Columns",
    "guilder.risk.inputs.Curves",
    "guilder.risk.inputs.NormalScores",
    "guilder.risk.inputs.OneHot",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
)
"""Everything a stored classifier is made of that skops does not trust by itself.

Neither skops nor scikit-learn checks the node numbers of the two kinds of tree: one that points outside its tree makes
the walk read memory that is not its own. A forged file could so crash its reader or worse, and nothing here looks at
the numbers after loading. What protects a reader is the SHA-256 in the run's manifest, compared before a byte of the
file is parsed; it is no better than whoever can write the manifest. Load no classifier outside a run you trust."""


class DefaultClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Estimate the probability that a loan defaults.

    Parameters
    ----------
    learner : {"logistic", "forest", "boosting"}
        What learns: a logistic regression on normal scores, a random forest, or histogram gradient boosting.
    balancing : {"none", "class_weight", "smote"}
        What is done about few bads, inside training folds only.
    calibration : {"sigmoid", "isotonic", "none"}
        How log-odds of held-out folds become probabilities of the right level.
    cv : int
        Folds for calibration; fewer where a class has fewer rows (or customers).
    monotone : mapping of fact to +1 or -1, optional
        Direction in which the PD may move as the fact grows; "increasing" and "decreasing" are understood too.
        Boosting obeys it; the other learners do not.
    cut_off : float
        ``predict`` calls a PD of this or more the second class.
    random_state : int, RandomState or None
        Seed.

    Attributes
    ----------
    classes_ : array of shape (2,)
        Class labels; the second, ``True`` or 1, is the default.
    pipeline_ : Pipeline
        Preparation and learner, refitted on all rows.
    calibrator_ : Calibrator
        From the learner's log-odds to those of the PD.
    centre_ : array
        Mean of the learner's inputs over the training rows, the reference of a logistic's reasons.
    base_rate_ : float
        Share of bads in training.
    """

    def __init__(
        self,
        learner: str = "boosting",
        balancing: str = "none",
        calibration: str = "sigmoid",
        cv: int = 5,
        monotone: Mapping[str, int | str] | None = None,
        cut_off: float = 0.5,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.learner = learner
        self.balancing = balancing
        self.calibration = calibration
        self.cv = cv
        self.monotone = monotone
        self.cut_off = cut_off
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        """Two classes, missing numbers welcome."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        return tags

    def fit(
        self, X: pd.DataFrame | ArrayLike, y: ArrayLike, groups: ArrayLike | None = None, learn: ArrayLike | None = None
    ) -> Self:
        """Learn from facts and outcomes.

        Parameters
        ----------
        X : DataFrame or array of shape (n, facts)
            Numbers (NaN where not known) and, in a frame, categories.
        y : array of shape (n,)
            Two classes; the second in sorted order is the default.
        groups : array of shape (n,), optional
            Customers; rows of one customer are held out together.
        learn : array of bool of shape (n,), optional
            Rows the learner may see; the others take part in the calibration only. All, when omitted.

        Raises
        ------
        ModelError
            With one class only, or too few rows of one.
        """
        self._check_words()
        X = self._learn_columns(X, y)
        codes = self._learn_classes(y)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        signs = signs_of(self.monotone)

        def learned(rows: NDArray[np.intp]) -> Any:
            return fit_pipeline(
                _rows(X, rows), codes[rows], self.learner, self.balancing, monotone=signs, random_state=seed
            )

        seen = np.arange(len(codes)) if learn is None else np.flatnonzero(np.asarray(learn))
        unseen = np.setdiff1d(np.arange(len(codes)), seen)
        self.pipeline_ = learned(seen)
        raw = np.zeros(len(codes))
        if self.calibration != "none":
            for train, held in folds(codes[seen], None if groups is None else np.asarray(groups)[seen], self.cv, seed):
                raw[seen[held]] = raw_log_odds(learned(seen[train]), _rows(X, seen[held]))
            if len(unseen):
                raw[unseen] = raw_log_odds(self.pipeline_, _rows(X, unseen))
        self.calibrator_ = Calibrator(self.calibration).fit(raw, codes)
        self.centre_ = np.asarray(self.pipeline_[:-1].transform(_rows(X, seen)).mean(axis=0))
        self.base_rate_ = float(codes.mean())
        return self

    def _check_words(self) -> None:
        for name, known in (("learner", LEARNERS), ("balancing", BALANCINGS), ("calibration", CALIBRATIONS)):
            if getattr(self, name) not in known:
                raise UsageError(f"unknown {name} {getattr(self, name)!r}", known=f"known: {', '.join(known)}")

    def _learn_columns(self, X: Any, y: Any) -> Any:
        if not isinstance(X, pd.DataFrame):
            self.categories_: list[str] = []
            found, _ = validate_data(self, X, y, ensure_all_finite="allow-nan", dtype=np.float64)
            return found
        self.categories_ = category_names(X)
        check_frame(X, self.categories_)
        names = [str(name) for name in X.columns]
        if not names or not len(X):
            raise ModelError(
                f"0 feature(s) (shape={X.shape}) while a minimum of 1 is required" if not names else "0 sample(s)",
                todo="declare facts, or bring rows",
            )
        self.feature_names_in_ = np.asarray(names, dtype=object)
        self.n_features_in_ = len(names)
        return X.set_axis(names, axis=1)

    def _learn_classes(self, y: Any) -> NDArray[np.intp]:
        check_classification_targets(y)
        y = column_or_1d(y, warn=True)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) > 2:
            raise ModelError(
                f"Only binary classification is supported. The type of the target is {type_of_target(y)}: "
                f"{len(self.classes_)} outcomes",
                todo="map every outcome to defaulted or not",
            )
        rows = np.bincount(codes, minlength=2)
        if rows.min() < 2:
            raise ModelError(
                f"{rows[0]} goods and {rows[1]} bads: there must be at least 2 rows of each class",
                known="a target of one class has nothing to learn",
                todo="bring loans with both outcomes",
            )
        return np.asarray(codes, dtype=np.intp).ravel()

    def _known(self, X: Any) -> Any:
        check_is_fitted(self)
        named = hasattr(self, "feature_names_in_")
        if not isinstance(X, pd.DataFrame):
            if named:
                raise ModelError(
                    "the facts came without names; matched by place, a moved column would pass unseen",
                    known=f"trained on {self.n_features_in_} named facts: {', '.join(self.feature_names_in_[:5])}…",
                    todo="pass a DataFrame with the same columns",
                )
            return validate_data(self, X, reset=False, ensure_all_finite="allow-nan", dtype=np.float64)
        if not named:
            return validate_data(self, X, reset=False, ensure_all_finite="allow-nan", dtype=np.float64)
        found = in_order(X, self.feature_names_in_.tolist(), self.categories_)
        check_frame(found, self.categories_)
        return found

    def decision_function(self, X: pd.DataFrame | ArrayLike) -> Floats:
        """Calibrated log-odds of default, shape (n,)."""
        found = self._known(X)
        if len(found) == 0:
            return np.zeros(0)
        return self.calibrator_.log_odds(raw_log_odds(self.pipeline_, found))

    def predict_proba(self, X: pd.DataFrame | ArrayLike) -> Floats:
        """Probabilities of both classes, shape (n, 2), kept within 1e-6 and 1 - 1e-6."""
        bad = 1 / (1 + np.exp(-self.decision_function(X)))
        return np.column_stack([1 - bad, bad])

    def predict(self, X: pd.DataFrame | ArrayLike) -> NDArray[Any]:
        """Class labels: the second where its probability is at least ``cut_off``."""
        flagged = self.predict_proba(X)[:, 1] >= self.cut_off
        return np.asarray(self.classes_[flagged.astype(np.intp)])

    def contributions(self, X: pd.DataFrame | ArrayLike) -> Contributions:
        """What each fact added to each score, exactly: base + contributions = score."""
        return contributions(self.pipeline_, self.calibrator_, self.centre_, self._known(X), self.fact_names)

    @property
    def fact_names(self) -> list[str]:
        """Names of the facts, made up by place where training had none."""
        check_is_fitted(self)
        named = getattr(self, "feature_names_in_", None)
        return [f"x{place}" for place in range(self.n_features_in_)] if named is None else named.tolist()

    def reasons(
        self,
        X: pd.DataFrame | ArrayLike,
        top: int = 4,
        describe: Mapping[str, str] | Callable[[str], str] | None = None,
    ) -> list[list[Reason]]:
        """List for each row the facts that raised its PD most above the reference, strongest first, at most ``top``.

        ``describe`` turns a fact's name into plain words.
        """
        found = self._known(X)
        parts = contributions(self.pipeline_, self.calibrator_, self.centre_, found, self.fact_names)
        return strongest(parts, found, top, describe)


def _rows(X: Any, rows: NDArray[np.intp]) -> Any:
    return X.iloc[rows] if isinstance(X, pd.DataFrame) else X[rows]


def signs_of(monotone: Mapping[str, int | str] | None) -> dict[str, int]:
    """Read directions, in words or numbers, as +1, -1 or 0."""
    words: dict[int | str, int] = {"increasing": 1, "decreasing": -1, 1: 1, -1: -1, 0: 0}
    wrong = {fact: sign for fact, sign in (monotone or {}).items() if sign not in words}
    if wrong:
        raise UsageError(f"unknown direction: {wrong}", known='known: "increasing", "decreasing", +1, -1')
    return {fact: words[sign] for fact, sign in (monotone or {}).items()}


def folds(
    codes: NDArray[np.intp], groups: ArrayLike | None, cv: int, seed: int
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Make stratified folds that keep customers together, as many as there are rows (customers) for."""
    if groups is None:
        parts = min(cv, int(np.bincount(codes, minlength=2).min()))
        return list(StratifiedKFold(parts, shuffle=True, random_state=seed).split(codes, codes))
    who = np.asarray(groups)
    parts = min(cv, *(len(np.unique(who[codes == code])) for code in (0, 1)))
    if parts < 2:
        raise ModelError(
            "all rows of one class belong to one customer, so none can be held out",
            todo="bring outcomes of more customers",
        )
    return list(StratifiedGroupKFold(parts, shuffle=True, random_state=seed).split(codes, codes, who))
