"""Declared signs: obeyed, broken, contradicted by the data, and useless ones are told apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from guilder.risk.classifier import DefaultClassifier
from guilder.risk.signs import check_signs


def test_each_kind_of_sign_is_told() -> None:
    rng = np.random.default_rng(0)
    n = 3000
    X = pd.DataFrame({"up": rng.normal(size=n), "bent": rng.normal(size=n), "same": 1.0, "noise": rng.normal(size=n)})
    y = (rng.random(n) < expit(X["up"] - 2 + 2 * X["bent"] ** 2 - X["bent"])).to_numpy().astype(np.intp)
    signs = {"up": 1, "same": 1}
    bound = DefaultClassifier("boosting", monotone=signs, settings={"rounds": 40, "seeds": 1}, random_state=0).fit(X, y)
    found = {one["fact"]: one for one in check_signs(bound, X, y, signs, 0)}
    assert found["up"]["broken"] == 0
    assert found["up"]["finding"] == ""
    assert found["same"]["finding"].startswith("says nothing")

    free = DefaultClassifier("logistic", random_state=0).fit(X, y)
    found = {one["fact"]: one for one in check_signs(free, X, y, {"up": -1, "bent": -1}, 0)}
    assert found["up"]["finding"] == "the data go the other way"
    assert found["up"]["broken"] > 0.9
    assert 0.1 < found["bent"]["broken"] < 0.9
    assert found["bent"]["finding"] == "broken by the champion, which is not bound by it"
