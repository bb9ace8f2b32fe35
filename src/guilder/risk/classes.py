"""Classes: two outcomes as 0 for a good and 1 for a bad, refused where it is not plain which is which."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import column_or_1d

from guilder.errors import ModelError, UsageError

BAD = frozenset({"bad", "default", "defaulted", "charged off", "non-performing", "delinquent", "loss"})
GOOD = frozenset({"good", "paid", "fully paid", "repaid", "performing", "current", "no default", "non-default", "ok"})
"""Words for outcomes, in lower case. The second class in sorted order is the default: of "bad" and "good" the wrong."""


def two_classes(y: Any) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Learn which two outcomes there are.

    Parameters
    ----------
    y : array of shape (n,)

    Returns
    -------
    classes : array of shape (2,)
        Sorted; the second is the default.
    codes : array of shape (n,)
        1 is a bad, 0 a good.

    Raises
    ------
    ModelError
        With more outcomes than two, fewer than two rows of one, or one that is not known.
    UsageError
        Where the words say that the first one is the default.
    """
    if y is not None and (unknown := int(np.sum(pd.isna(np.asarray(y, dtype=object))))):
        raise ModelError(
            f"Input y contains NaN: {unknown} outcomes are not known", known="what has no outcome teaches nothing",
            todo="leave these rows out of X and y, and score them instead", id="G-MODEL-001",
        )
    check_classification_targets(y)
    classes, codes = np.unique(column_or_1d(y, warn=True), return_inverse=True)
    if len(classes) > 2:
        raise ModelError(
            f"Only binary classification is supported. The type of the target is {type_of_target(y)}: "
            f"{len(classes)} outcomes",
            todo="map every outcome to defaulted or not", id="G-MODEL-003",
        )
    rows = np.bincount(codes, minlength=2)
    if rows.min() < 2:
        raise ModelError(
            f"{rows[0]} goods and {rows[1]} bads: there must be at least 2 rows of each class",
            known="a target of one class has nothing to learn",
            todo="bring loans with both outcomes", id="G-MODEL-002",
        )
    first, second = (str(word).strip().lower() for word in classes)
    if first in BAD or second in GOOD:
        raise UsageError(
            f"the outcomes are {first!r} and {second!r}: in sorted order, {second!r} would be the default",
            known="the second class in sorted order is the default, as scikit-learn has it",
            todo="pass True for a default and False for none",
        )
    return classes, np.asarray(codes, dtype=np.intp).ravel()
