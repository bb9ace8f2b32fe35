"""Boosters of other packages: LightGBM and CatBoost, each kept as its own text or bytes, where it is installed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from guilder.errors import UsageError
from guilder.risk.settings import Settings

Floats = NDArray[np.float64]
Extra = Literal["lightgbm", "catboost"]

EXTRAS: tuple[Extra, ...] = ("lightgbm", "catboost")
"""Learners that come with the extra ``boost``."""

FEW, BORDERS = 500, 32
"""Rows under which so many borders of a fact are enough for CatBoost: with one between any two rows its trees take five
times as long, and foretell worse."""
WIDE = 100
"""Columns from which CatBoost weighs a share of them at each split, about this many."""


def installed() -> tuple[Extra, ...]:
    """Name the boosters that are installed here."""
    return tuple(name for name in EXTRAS if find_spec(name) is not None)


def wake(learners: Iterable[object]) -> None:
    """Import the packages of these learners now: two threads that import at once can see half a package."""
    for name in {one for one in learners if isinstance(one, str)} & {*installed()}:
        import_module(name)


class Booster(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A fitted booster as bytes that its own package reads: no code is stored, and none is run to read it.

    Parameters
    ----------
    kind : {"lightgbm", "catboost"}
        Whose bytes they are.
    content : array of uint8
        LightGBM's text, or CatBoost's binary model.
    columns : int
        Columns it was fitted on.
    """

    def __init__(self, kind: str, content: NDArray[np.uint8], columns: int) -> None:
        self.kind = kind
        self.content = content
        self.columns = columns

    def __sklearn_is_fitted__(self) -> bool:
        return True

    @property
    def classes_(self) -> NDArray[np.intp]:
        """Good and bad."""
        return np.array([0, 1])

    def fit(self, X: Floats, y: NDArray[np.intp]) -> Self:
        """Refuse: boosters are fitted by `fit_booster`."""
        raise UsageError("a stored booster is not fitted again", todo="fit a DefaultClassifier with its name")

    def decision_function(self, X: Floats) -> Floats:
        """Log-odds, shape (n,)."""
        model = _read(self.kind, self.content.tobytes())
        if self.kind == "lightgbm":
            return np.asarray(model.predict(X, raw_score=True, num_threads=1), dtype=np.float64)
        return np.asarray(model.predict(X, prediction_type="RawFormulaVal", thread_count=1), dtype=np.float64)

    def contributions(self, X: Floats) -> tuple[float, Floats]:
        """Exact TreeSHAP as the package computes it: base, and an array of shape (n, columns), in log-odds."""
        model = _read(self.kind, self.content.tobytes())
        if self.kind == "lightgbm":
            found = np.asarray(model.predict(X, pred_contrib=True, num_threads=1))
        else:
            from catboost import Pool  # the extra; its name is known only where it is installed

            found = np.asarray(model.get_feature_importance(Pool(X), type="ShapValues", thread_count=1))
        return float(found[0, -1]), np.asarray(found[:, :-1], dtype=np.float64)


@lru_cache(maxsize=16)
def _read(kind: str, content: bytes) -> Any:
    """Read a booster once in each process: it takes longer than scoring a loan."""
    if kind == "lightgbm":
        from lightgbm import Booster as LightGBM

        return LightGBM(model_str=content.decode())
    from catboost import CatBoostClassifier

    return CatBoostClassifier().load_model(blob=content)


def fit_booster(
    learner: str,
    Z: Floats,
    y: NDArray[np.intp],
    known: Settings,
    *,
    signs: Sequence[int],
    weight: str | None,
    random_state: int,
) -> Booster:
    """Fit LightGBM or CatBoost on one thread, so that the same seed gives the same trees.

    Raises
    ------
    UsageError
        When the package is not installed.
    """
    if learner not in installed():
        raise UsageError(f"{learner} is not installed", todo='install the extra: pip install "guilder[boost]"')
    shares = len(y) / (2 * np.bincount(y, minlength=2)) if weight else np.ones(2)
    bound: dict[str, Any] = {"monotone_constraints": list(signs)} if any(signs) else {}
    if learner == "lightgbm":
        from lightgbm import LGBMClassifier

        model = LGBMClassifier(
            n_estimators=int(known["rounds"]), learning_rate=known["rate"], num_leaves=int(known["leaves"]),
            min_child_samples=int(known["leaf"]), reg_lambda=1.0, colsample_bynode=known["share"], verbose=-1,
            n_jobs=1, deterministic=True, random_state=random_state, **bound,
        ).fit(Z, y, sample_weight=shares[y])  # fmt: skip
        content = model.booster_.model_to_string().encode()
    else:
        from catboost import CatBoostClassifier

        model = CatBoostClassifier(
            iterations=int(known["rounds"]), learning_rate=known["rate"], depth=int(known["depth"]), verbose=0,
            border_count=BORDERS if len(y) < FEW else None, rsm=min(1.0, WIDE / Z.shape[1]), thread_count=1,
            allow_writing_files=False, random_seed=random_state, **bound,
        ).fit(Z, y, sample_weight=shares[y])  # fmt: skip
        content = model._serialize_model()
    return Booster(learner, np.frombuffer(content, dtype=np.uint8), Z.shape[1])
