"""Balancing: what is drawn again, and the level that is worked out for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from guilder.errors import ModelError
from guilder.risk.balancing import level_shift, resampled
from guilder.risk.classifier import DefaultClassifier


def test_rows_drawn_again_are_as_many_of_each_class_and_rows_that_exist() -> None:
    y = np.array([0] * 90 + [1] * 10)
    over, under = (resampled(y, how, random_state=0) for how in ("oversample", "undersample"))
    assert np.bincount(y[over]).tolist() == [90, 90]
    assert np.bincount(y[under]).tolist() == [10, 10]
    assert set(over) >= set(range(90))
    assert len(set(under)) == 20


def test_the_shift_is_bayes_rule() -> None:
    y = np.array([0] * 95 + [1] * 5)
    assert level_shift(y, "none", "forest") == 0
    assert level_shift(y, "class_weight", "forest") == pytest.approx(np.log(5 / 95))
    assert level_shift(y, "smote", "logistic") == pytest.approx(np.log(5 / 95))
    with pytest.raises(ModelError, match="SMOTE with forest"):
        level_shift(y, "smote", "forest")


@pytest.mark.parametrize("balancing", ["class_weight", "oversample", "undersample"])
@pytest.mark.parametrize("learner", ["logistic", "boosting"])
def test_the_prior_correction_brings_the_level_back(learner: str, balancing: str) -> None:
    rng = np.random.default_rng(4)
    X = pd.DataFrame(rng.normal(size=(6000, 3)), columns=list("abc"))
    y = rng.random(6000) < expit(X["a"] - 2.3)
    few = {} if learner == "logistic" else {"rounds": 60, "leaves": 4}
    model = DefaultClassifier(learner, balancing, calibration="prior", settings=few, random_state=0)
    p = model.fit(X[:3000], y[:3000]).predict_proba(X[3000:])[:, 1]
    raw = model.pipeline_.predict_proba(X[3000:])[:, 1]
    assert raw.mean() > 2.5 * y.mean(), "balanced, the learner says far too much"
    assert p.mean() / y[3000:].mean() == pytest.approx(1, abs=0.15)
