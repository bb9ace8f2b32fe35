"""Scores of many rows by trees are those of the model itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

from guilder.risk import row_blocks
from guilder.risk.tree_scores import FEW, MANY, tree_scores, worth

MODELS = {
    "small trees": HistGradientBoostingClassifier(max_iter=15, max_leaf_nodes=15, random_state=0),
    "large trees": HistGradientBoostingClassifier(max_iter=4, max_leaf_nodes=60, min_samples_leaf=2, random_state=0),
    "forest": RandomForestClassifier(50, min_samples_leaf=3, random_state=0),
    "nothing to ask": HistGradientBoostingClassifier(max_iter=3, min_samples_leaf=500),
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_as_the_model_itself(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_blocks, "BLOCK", 256)
    rng = np.random.default_rng(0)
    X = rng.normal(size=(900, 3)).round(1)
    y = (rng.random(900) < 1 / (1 + np.exp(1 - X[:, 0] * X[:, 1]))).astype(int)
    X[rng.random(X.shape) < 0.1] = np.nan
    model.fit(X, y)
    X[:3] = np.inf, -np.inf, np.nan
    if hasattr(model, "decision_function"):
        assert (tree_scores(model, X) == model.decision_function(X)).all()
        assert (tree_scores(model, X[:FEW]) == model.decision_function(X[:FEW])).all()
    else:
        X[:3] = 0  # forests refuse infinity
        assert (tree_scores(model, X) == model.predict_proba(X)[:, 1]).all()
        assert (tree_scores(model, X[:FEW]) == model.predict_proba(X[:FEW])[:, 1]).all()
    assert worth(model, MANY)
    assert not worth(model, MANY - 1)
    assert worth(model, FEW)
    assert not worth(model, FEW + 1)
