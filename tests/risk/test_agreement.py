"""Agreement of the first reason over refits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from guilder.risk.agreement import agreement
from guilder.risk.classifier import DefaultClassifier


def test_agreement_is_one_where_nothing_is_drawn_and_less_on_noise() -> None:
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(300, 6)), columns=list("abcdef"))
    y = rng.random(300) < 0.3

    def refit(rows: np.ndarray, seed: int) -> DefaultClassifier:
        return DefaultClassifier("logistic", calibration="none", random_state=seed).fit(X.iloc[rows], y[rows])

    model = refit(np.arange(300), 0)
    found = agreement(model, refit, 300, X, None)
    assert found["other_seed"] == {"value": 1.0, "low": 1.0, "high": 1.0}  # a logistic regression draws nothing
    assert 0.1 < found["bootstrap"]["low"] <= found["bootstrap"]["value"] < 0.95
    assert found == agreement(model, refit, 300, X, None)
    none = agreement(model, refit, 300, X[:0], None)
    assert none["declines"] == 0
    assert none["bootstrap"] is None
