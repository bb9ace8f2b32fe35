"""The default classifier: one learner, balanced inside folds, calibrated on rows it has not seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import Pipeline
from sklearn.utils import check_consistent_length, check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from guilder.errors import ModelError, UsageError
from guilder.evaluation.splits import group_codes
from guilder.risk.background import background
from guilder.risk.balancing import level_shift
from guilder.risk.boosters import wake
from guilder.risk.calibration import Calibrator, choose_calibration
from guilder.risk.classes import two_classes
from guilder.risk.columns import as_frame, category_names, in_order, names_of
from guilder.risk.contributions import Contributions, contributions
from guilder.risk.ensemble import Ensemble, fit_weights
from guilder.risk.folds import folds
from guilder.risk.learners import at_once, fit_pipeline, raw_log_odds
from guilder.risk.options import ENSEMBLE, check_options, signs_of
from guilder.risk.reasons import MOST, Reason, Strongest, Words, in_words, joined, strongest
from guilder.risk.row_blocks import blocks, in_threads, rows_of
from guilder.risk.settings import Settings
from guilder.risk.uncertainty import held_out

Floats = NDArray[np.float64]

PARTS = ("logistic", "forest", "boosting")
"""What an ensemble is made of unless it is told."""
ENOUGH = 2000
"""Rows from which the calibration can tell how it moves with their number."""
PLENTY = 10_000
"""Rows from which it hardly moves."""

TRUSTED_TYPES: tuple[str, ...] = (
    "guilder.risk.background.Background",
    "guilder.risk.binning.Bins",
    "guilder.risk.boosters.Booster",
    "guilder.risk.calibration.Calibrator",
    "guilder.risk.classifier.DefaultClassifier",
    "guilder.risk.columns.Columns",
    "guilder.risk.ensemble.Ensemble",
    "guilder.risk.inputs.Curves",
    "guilder.risk.inputs.NormalScores",
    "guilder.risk.inputs.OneHot",
    "guilder.risk.uncertainty.VennAbers",
    "guilder.risk.weights.WeightOfEvidence",
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
    learner : str or classifier
        What learns: "logistic" (on normal scores), "scorecard" (on weights of evidence), "forest", "boosting",
        "ensemble" (several together, weighted by rows they have not seen), "lightgbm" and "catboost" where they are
        installed, or any scikit-learn classifier.
    balancing : {"none", "class_weight", "smote", "oversample", "undersample"}
        What is done about few bads, inside training folds only. An ensemble takes "none": made-up or repeated rows
        would lie on both sides of the folds that weigh its parts.
    calibration : {"auto", "sigmoid", "temperature", "beta", "isotonic", "prior", "none"}
        How log-odds of held-out folds become probabilities of the right level; "auto" takes the curve of least log
        loss, and "prior" works the level out from the balancing (refused for SMOTE with trees).
    cv : int
        Folds for calibration; fewer where a class has fewer rows (or customers).
    monotone : mapping of fact to +1 or -1, optional
        Direction in which the PD may move as the fact grows; "increasing" and "decreasing" are understood too.
        Boosting and the scorecard obey it; the other learners do not.
    cut_off : float
        ``predict`` calls a PD of this or more the second class.
    settings : mapping, optional
        The learner's own, see ``guilder.risk.settings.defaults``.
    parts : sequence of (learner, settings), optional
        What an ensemble is made of; a logistic regression, a forest and boosting when not given.
    random_state : int, RandomState or None
        Seed.

    Attributes
    ----------
    classes_ : array of shape (2,)
        Class labels; the second, ``True`` or 1, is the default.
    pipeline_ : Pipeline or Ensemble
        Preparation and learner, refitted on all rows.
    calibrator_ : Calibrator
        From the learner's log-odds to those of the PD.
    background_ : Background
        What the training rows looked like: the reference of reasons and counterfactuals.
    base_rate_ : float
        Share of bads in training.
    held_raw_, held_y_ : arrays of shape (n,)
        Log-odds of every row by a model that has not seen it, and its class; what the calibrator was fitted on.
    venn_abers_ : VennAbers
        From a PD to the lowest and the highest probability that held-out rows allow.
    """

    def __init__(
        self,
        learner: Any = "boosting",
        balancing: str = "none",
        calibration: str = "sigmoid",
        cv: int = 5,
        monotone: Mapping[str, int | str] | None = None,
        cut_off: float = 0.5,
        settings: Settings | None = None,
        parts: Sequence[tuple[Any, Settings]] | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.learner = learner
        self.balancing = balancing
        self.calibration = calibration
        self.cv = cv
        self.monotone = monotone
        self.cut_off = cut_off
        self.settings = settings
        self.parts = parts
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        """Two classes, missing numbers welcome."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        return tags

    def fit(
        self,
        X: pd.DataFrame | ArrayLike,
        y: ArrayLike,
        groups: ArrayLike | None = None,
        learn: ArrayLike | None = None,
        held: Floats | None = None,
    ) -> Self:
        """Learn from facts and outcomes.

        Parameters
        ----------
        X : DataFrame or array of shape (n, facts)
            Numbers (NaN where not known) and, in a frame (of Polars or Arrow too), categories.
        y : array of shape (n,)
            Two classes; the second in sorted order is the default. Words whose order says otherwise ("bad" before
            "good") are refused.
        groups : array of shape (n,), optional
            Customers; rows of one customer are held out together, one that is not known is a customer of its own.
        learn : array of bool of shape (n,), optional
            Rows the learner may see; the others take part in the calibration only. All, when omitted.
        held : array of shape (n, parts), optional
            Log-odds of every row by each part fitted without it, where the caller has them already.

        Raises
        ------
        ModelError
            With one class only, or too few rows of one.
        """
        check_options(self.learner, self.balancing, self.calibration)
        X = as_frame(X)
        check_consistent_length(X, y)
        X = self._learn_columns(X, y)
        self.classes_, codes = two_classes(y)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        seen = np.arange(len(codes)) if learn is None else np.flatnonzero(np.asarray(learn))
        who = group_codes(groups, len(codes))
        specs = self._specs()
        wake(spec[0] for spec in specs)
        models = at_once([partial(self._learned, X, codes, seen, spec, seed) for spec in specs])
        needed = len(specs) > 1 or self.calibration not in ("none", "prior")
        if held is None and needed:
            held = self._hold_out(X, codes, who, seen, models, self.cv, seed)
        self._assemble(models, np.zeros((len(codes), 1)) if held is None else held, codes, who, seed)
        few = self.cv > 2 and ENOUGH <= len(seen) < PLENTY
        if self.calibrator_.method == "sigmoid" and self._remembers() and few:
            self._grow(X, codes, who, seen, models, seed)
        parts = self.pipeline_.parts if isinstance(self.pipeline_, Ensemble) else [self.pipeline_]
        self.background_ = background(parts, _rows(X, seen), self.fact_names, seed)
        self.base_rate_ = float(codes.mean())
        return self

    def _specs(self) -> list[tuple[Any, Settings | None]]:
        if not (isinstance(self.learner, str) and self.learner == ENSEMBLE):
            return [(self.learner, self.settings)]
        return list(self.parts or [(name, {}) for name in PARTS])

    def _learned(
        self, X: Any, codes: NDArray[np.intp], rows: NDArray[np.intp], spec: tuple[Any, Settings | None], seed: int
    ) -> Pipeline:
        return fit_pipeline(
            _rows(X, rows), codes[rows], spec[0], self.balancing,
            monotone=signs_of(self.monotone), settings=spec[1], random_state=seed,
        )  # fmt: skip

    def _hold_out(
        self, X: Any, codes: NDArray[np.intp], who: Any, seen: NDArray[np.intp], models: list[Pipeline], parts: int,
        seed: int,
    ) -> Floats:
        """Score every row by models that have not seen it; those of no learner's by the final ones."""
        raw = np.zeros((len(codes), len(models)))
        turns = folds(codes[seen], None if who is None else who[seen], parts, seed)
        jobs = [(train, rest, place) for train, rest in turns for place in range(len(models))]

        def score(train: NDArray[np.intp], rest: NDArray[np.intp], place: int) -> Floats:
            part = self._learned(X, codes, seen[train], self._specs()[place], seed)
            return raw_log_odds(part, _rows(X, seen[rest]))

        found = at_once([partial(score, *job) for job in jobs])
        for (_, rest, place), scores in zip(jobs, found, strict=True):
            raw[seen[rest], place] = scores
        unseen = np.setdiff1d(np.arange(len(codes)), seen)
        if len(unseen):
            raw[unseen] = np.column_stack([raw_log_odds(model, _rows(X, unseen)) for model in models])
        return raw

    def _remembers(self) -> bool:
        """Say whether a learner here can tell rows it has seen from others; a line cannot."""
        return any(spec[0] not in ("logistic", "scorecard") for spec in self._specs())

    def _grow(
        self, X: Any, codes: NDArray[np.intp], who: Any, seen: NDArray[np.intp], models: list[Pipeline], seed: int
    ) -> None:
        """Carry the calibration from models of most rows to the model of all, by what models of half of them need."""
        half = self._hold_out(X, codes, who, seen, models, 2, seed)
        blend = self.pipeline_
        raw = half @ blend.weights + blend.intercept if isinstance(blend, Ensemble) else half[:, 0]
        # Both sizes are compared on the rows that grow: others, who come back, have a level of their own.
        now, fewer = (Calibrator("sigmoid").fit(own[seen], codes[seen]) for own in (self.held_raw_, raw))
        self.calibrator_.grown(now, fewer, 1 - 1 / self.cv, 0.5)

    def _assemble(self, models: list[Pipeline], held: Floats, codes: NDArray[np.intp], who: Any, seed: int) -> None:
        if len(models) > 1:
            weights, level = fit_weights(held, codes)
            self.pipeline_: Pipeline | Ensemble = Ensemble(models, weights, level)
            raw = held @ weights + level
        else:
            self.pipeline_, raw = models[0], held[:, 0]
        method = self.calibration
        if method == "auto":
            method = choose_calibration(raw, codes, folds(codes, who, self.cv, seed))
        shift = level_shift(codes, self.balancing, self.learner) if method == "prior" else 0.0
        self.calibrator_ = Calibrator(method, shift).fit(raw, codes)
        self.held_raw_, self.held_y_ = raw, codes
        self.venn_abers_ = held_out(raw, codes, self.calibrator_.method)

    def _learn_columns(self, X: Any, y: Any) -> Any:
        if not isinstance(X, pd.DataFrame):
            self.categories_: list[str] = []
            found, _ = validate_data(self, X, y, ensure_all_finite="allow-nan", dtype=np.float64)
            return found
        self.categories_ = category_names(X)
        names = names_of(X)
        if not names or not len(X):
            raise ModelError(
                f"0 feature(s) (shape={X.shape}) while a minimum of 1 is required" if not names else "0 sample(s)",
                todo="declare facts, or bring rows", id="G-MODEL-004",
            )
        if wrong := sorted(set(map(str, self.monotone or {})) - set(names)):
            raise UsageError(
                f"monotone names what is no fact: {', '.join(wrong[:5])}",
                known=f"{len(names)} facts: {', '.join(names[:5])}…", todo="name columns of X",
            )
        self.feature_names_in_ = np.asarray(names, dtype=object)
        self.n_features_in_ = len(names)
        return X.set_axis(names, axis=1)

    def _known(self, X: Any) -> Any:
        check_is_fitted(self)
        X, named = as_frame(X), hasattr(self, "feature_names_in_")
        if not isinstance(X, pd.DataFrame):
            if named:
                raise ModelError(
                    "the facts came without names; matched by place, a moved column would pass unseen",
                    known=f"trained on {self.n_features_in_} named facts: {', '.join(self.feature_names_in_[:5])}…",
                    todo="pass a DataFrame with the same columns", id="G-SCORE-009",
                )
            return validate_data(self, X, reset=False, ensure_all_finite="allow-nan", dtype=np.float64)
        if not named:
            return validate_data(self, X, reset=False, ensure_all_finite="allow-nan", dtype=np.float64)
        return in_order(X, self.feature_names_in_.tolist(), self.categories_)

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

    def intervals(self, X: pd.DataFrame | ArrayLike) -> Floats:
        """Lowest and highest probability of default that held-out rows allow each row, shape (n, 2); see `held_out`.

        Each holds its row's PD. From 0 to 1 where no rows were held out to calibrate on.
        """
        return np.column_stack(self.venn_abers_.holding(self.predict_proba(X)[:, 1]))

    def contributions(self, X: pd.DataFrame | ArrayLike) -> Contributions:
        """What each fact added to each score, exactly: base + contributions = ``decision_function``."""
        return self._contributions(self._known(X))

    def _contributions(self, X: Any) -> Contributions:
        return contributions(self.pipeline_, self.calibrator_, self.background_, X, self.fact_names)

    @property
    def fact_names(self) -> list[str]:
        """Names of the facts, made up by place where training had none."""
        check_is_fitted(self)
        named = getattr(self, "feature_names_in_", None)
        return [f"x{place}" for place in range(self.n_features_in_)] if named is None else named.tolist()

    def reasons(
        self,
        X: pd.DataFrame | ArrayLike,
        top: int = MOST,
        describe: Words | None = None,
        silent: Collection[str] = (),
    ) -> list[list[Reason]]:
        """List for each row the facts that raised its PD most above the reference, strongest first.

        Parameters
        ----------
        X : DataFrame or array of shape (n, facts)
            Loans.
        top : int
            Reasons of a loan at the most.
        describe : mapping or callable, optional
            Plain words for a fact's name.
        silent : collection of str
            Facts that are never given as a reason.
        """
        found = self._known(X)
        return in_words(self._strongest(found, top, silent), tuple(self.fact_names), found, describe)

    def strongest(self, X: pd.DataFrame | ArrayLike, top: int = MOST, silent: Collection[str] = ()) -> Strongest:
        """The reasons of `reasons` as two arrays of shape (n, top), for many rows: facts by number, contributions."""
        return self._strongest(self._known(X), top, silent)

    def _strongest(self, X: Any, top: int, silent: Collection[str]) -> Strongest:
        parts = blocks(len(X))
        if not parts:
            return Strongest(np.zeros((0, top), dtype=np.intp), np.zeros((0, top)))
        found: dict[int, Strongest] = {}

        def work(rows: slice) -> None:
            split = self._contributions(rows_of(X, rows))
            found[rows.start] = strongest(split, self.background_.group, top, silent)

        in_threads(work, parts)
        return joined([found[rows.start] for rows in parts])


def _rows(X: Any, rows: NDArray[np.intp]) -> Any:
    return X.iloc[rows] if isinstance(X, pd.DataFrame) else X[rows]
