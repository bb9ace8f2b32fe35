"""The background: which facts are one reason, and what training loans looked like."""

from __future__ import annotations

import numpy as np
import pandas as pd

from guilder.risk.background import background, together
from guilder.risk.classifier import DefaultClassifier


def test_facts_that_move_together() -> None:
    rng = np.random.default_rng(0)
    a, b, c = rng.normal(size=(3, 2000))
    names = ["a", "minus_a", "b", "money_30d", "money_365d", "code", "flat", "a_and_b"]
    matrix = np.column_stack([a, -np.exp(a), b, c, rng.normal(size=2000), a, np.ones(2000), a + b])
    matrix[:50, 1] = np.nan
    group = together(matrix, names, [5])
    assert group[0] == group[1]
    assert group[3] == group[4]
    assert len(set(group[[0, 2, 3, 5, 6]].tolist())) == 5
    # a + b is as near to a as to b (.7), and they have nothing in common: it joins at most one of them.
    assert group[0] != group[2]
    assert together(matrix[:, :1], names[:1], []).tolist() == [0]


def test_what_the_training_rows_were() -> None:
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"n": rng.normal(size=300), "kind": rng.choice(["x", "y"], 300)})
    X.loc[:20, "n"] = np.nan
    model = DefaultClassifier("logistic", cv=2, random_state=0).fit(X, rng.random(300) < 0.3)
    known = background([model.pipeline_], X, ["n", "kind"], 7)
    assert known.quantiles[0, 0] == X["n"].min()
    assert known.quantiles[0, -1] == X["n"].max()
    assert (np.diff(known.quantiles[0]) >= 0).all()
    assert np.isnan(known.quantiles[1]).all()
    assert known.sample.shape == (16, 2)
    np.testing.assert_allclose(known.centres[0], model.pipeline_[:-1].transform(X).mean(axis=0))
    np.testing.assert_array_equal(background([model.pipeline_], X, ["n", "kind"], 7).sample, known.sample)
