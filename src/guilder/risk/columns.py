"""Columns: a frame of facts as one matrix of numbers, checked by name, with categories as codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from guilder.errors import ModelError

Floats = NDArray[np.float64]

MISSING, OTHER, FIRST = 0, 1, 2
"""Codes of a category: not known, rare or never seen in training, and the first one kept."""

MOST_LEVELS = 30
LEAST_SHARE = 0.005
LEAST_ROWS = 5

LARGEST = 1e30
"""Numbers are kept within this, far inside single precision, in which forests compare and take differences."""


def as_frame(X: Any) -> Any:
    """Frames of Polars and Arrow as those of pandas; anything else as it is."""
    return X.to_pandas() if hasattr(X, "to_pandas") else X


def is_category(column: pd.Series[Any]) -> bool:
    """Say whether a column holds categories rather than numbers."""
    return not pd.api.types.is_numeric_dtype(column)


def category_names(frame: pd.DataFrame) -> list[str]:
    """Name the columns that hold categories, in order."""
    # By the kinds alone: taking each column out of a frame is most of the time that one loan takes.
    kinds = zip(frame.columns, frame.dtypes, strict=True)
    return [str(name) for name, kind in kinds if not pd.api.types.is_numeric_dtype(kind)]


def _texts(column: pd.Series[Any]) -> NDArray[np.object_]:
    """Categories as text, None where there is none."""
    missing = column.isna().to_numpy(dtype=bool)
    texts = _whole(column).astype("str").to_numpy(dtype=object)
    texts[missing] = None
    return texts


def _whole(column: pd.Series[Any]) -> pd.Series[Any]:
    """Codes as whole numbers where a missing one has made floats of them, so that 1 is not read as "1.0"."""
    if not pd.api.types.is_float_dtype(column) or not (column.dropna() % 1 == 0).all():
        return column
    return column.astype("Float64").astype("Int64")


def _codes(column: pd.Series[Any], levels: list[str]) -> NDArray[np.intp]:
    """Code of each category; those of a categorical column are looked up once a category, not once a row."""
    codes = {level: code for code, level in enumerate(levels, start=FIRST)}
    if isinstance(column.dtype, pd.CategoricalDtype):
        number, kinds = column.cat.codes.to_numpy(), column.cat.categories
        used = np.unique(number[number >= 0]) if len(column) < len(kinds) else np.arange(len(kinds))
        texts = kinds[used] if pd.api.types.is_string_dtype(kinds) else kinds[used].astype("str")
        of = np.full(len(kinds) + 1, OTHER)
        of[used] = [codes.get(text, OTHER) for text in texts.tolist()]
        of[-1] = MISSING  # pandas numbers what is missing -1
        return of[number]
    return np.array([MISSING if t is None else codes.get(t, OTHER) for t in _texts(column)], dtype=np.intp)


def _numbers(column: pd.Series[Any]) -> Floats:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


class Columns(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn facts into a matrix with one column a fact: numbers as they are, categories as codes.

    Categories held by fewer than 0.5 % of the training rows (or fewer than 5 rows), and all beyond the 30 most
    common, share the code "other", as do categories never seen in training.

    Parameters
    ----------
    categories : list of str
        The columns that hold categories. Always empty for NumPy input.
    """

    def __init__(self, categories: list[str] | None = None) -> None:
        self.categories = categories

    def fit(self, X: pd.DataFrame | Floats, y: object = None) -> Self:
        """Learn which categories there are, most common first."""
        names = list(self.categories or []) if isinstance(X, pd.DataFrame) else []
        self.names_ = [str(name) for name in X.columns] if isinstance(X, pd.DataFrame) else []
        self.levels_: dict[str, list[str]] = {}
        for name in names:
            assert isinstance(X, pd.DataFrame)  # noqa: S101 - NumPy input has no names
            texts = _texts(X[name])
            found, rows = np.unique(texts[texts != None].astype(str), return_counts=True)  # noqa: E711 - elementwise
            order = np.lexsort((found, -rows))[:MOST_LEVELS]
            least = max(LEAST_ROWS, LEAST_SHARE * len(texts))
            self.levels_[name] = [str(found[i]) for i in order if rows[i] >= least]
        return self

    def transform(self, X: pd.DataFrame | Floats) -> Floats:
        """Return the matrix, shape (rows, facts)."""
        if not isinstance(X, pd.DataFrame):
            return np.clip(np.asarray(X, dtype=np.float64), -LARGEST, LARGEST)
        matrix = np.empty((len(X), len(self.names_)))
        for place, name in enumerate(self.names_):
            column = X[name]
            if name in self.levels_:
                matrix[:, place] = _codes(column, self.levels_[name])
            else:
                matrix[:, place] = _numbers(column)
        if np.isinf(matrix).any():
            _refuse([name for place, name in enumerate(self.names_) if np.isinf(matrix[:, place]).any()])
        return np.clip(matrix, -LARGEST, LARGEST, out=matrix)

    def like(self, other: Columns) -> bool:
        """Whether both make the same matrix."""
        return self.names_ == other.names_ and self.levels_ == other.levels_

    @property
    def categorical_(self) -> list[int]:
        """Places of the columns that hold codes."""
        return [place for place, name in enumerate(self.names_) if name in self.levels_]


def _refuse(endless: list[str]) -> None:
    raise ModelError(
        f"{len(endless)} facts hold infinity: {', '.join(endless[:5])}",
        known="a missing number is NaN",
        todo="mend the division or the cast that made it", id="G-MODEL-009",
    )  # fmt: skip


def names_of(X: pd.DataFrame) -> list[str]:
    """Names of the columns as text; two of one name are refused."""
    names = [str(name) for name in X.columns]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ModelError(
            f"facts named twice: {', '.join(twice[:5])}", todo="give each fact a name of its own", id="G-MODEL-009"
        )
    return names


def in_order(X: pd.DataFrame, names: list[str], categories: Mapping[str, object] | list[str]) -> pd.DataFrame:
    """Put the columns of ``X`` in the order of training, by name; refuse missing and retyped ones.

    Others are left out: a bank has facts that said nothing in training and that no model looks at.
    """
    here = names_of(X)
    missing = [name for name in names if name not in here]
    if missing:
        raise ModelError(
            f"the facts differ from those of training: {len(missing)} missing: {', '.join(missing[:5])}",
            known=f"trained on {len(names)} facts: {', '.join(names[:5])}…",
            todo="build the facts with the same bank file and version, or train again", id="G-SCORE-008",
        )
    X = X if X.columns.tolist() == here else X.set_axis(here, axis=1)
    X = X if here == names else X[names]
    wrong = [name for name in category_names(X) if name not in categories and not X[name].isna().all()]
    if wrong:
        raise ModelError(
            f"{len(wrong)} facts were numbers in training and are text now: {', '.join(wrong[:5])}",
            todo="declare them as numbers in bank.toml, or train again", id="G-SCORE-008",
        )
    return X
