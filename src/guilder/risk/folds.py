"""Folds: rows held out by turns, both outcomes in each, customers whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from guilder.errors import ModelError


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
