"""Shapley values of trees: the definition itself over all subsets, and the shap package as a live oracle."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier

from guilder.risk import row_blocks
from guilder.risk.shapley import FEW, terms, tree_contributions
from guilder.risk.tree_blocks import codes
from guilder.risk.trees import Trees, has_trees, read_trees

MODELS = {
    "boosting": HistGradientBoostingClassifier(max_iter=12, max_leaf_nodes=9, random_state=0),
    "forest": RandomForestClassifier(8, min_samples_leaf=15, random_state=0),
    "deep forest": RandomForestClassifier(3, random_state=0),
    "extra trees": ExtraTreesClassifier(6, max_depth=5, random_state=0),
    "a constant": RandomForestClassifier(2, min_samples_leaf=400, random_state=0),
}


@pytest.fixture(scope="module", params=MODELS)
def fitted(request: pytest.FixtureRequest) -> tuple[Any, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 4))
    y = (rng.random(600) < 1 / (1 + np.exp(1 - X[:, 0] - X[:, 1] * X[:, 2]))).astype(int)
    X[rng.random(X.shape) < 0.1] = np.nan
    return MODELS[request.param].fit(X, y), X


def score(model: Any, X: np.ndarray) -> np.ndarray:
    return model.decision_function(X) if hasattr(model, "decision_function") else model.predict_proba(X)[:, 1]


def value(trees: Trees, x: np.ndarray, known: set[int], node: int) -> float:
    """A tree's expectation where only some columns are known: down the row's way, or both ways by their cover."""
    left, right = int(trees.left[node]), int(trees.right[node])
    if left < 0:
        return float(trees.value[node]) / trees.over
    column = int(trees.feature[node])
    if column in known:
        seen = np.float64(np.float32(x[column])) if trees.single else x[column]
        down = trees.missing_left[node] if np.isnan(seen) else seen <= trees.threshold[node]
        return value(trees, x, known, left if down else right)
    share = trees.cover[left] / trees.cover[node]
    return float(share * value(trees, x, known, left) + (1 - share) * value(trees, x, known, right))


def by_definition(trees: Trees, x: np.ndarray) -> np.ndarray:
    """Shapley, "A value for n-person games", 1953: the mean marginal gain over all coalitions."""
    columns, found = set(range(len(x))), np.zeros(len(x))

    def worth(known: tuple[int, ...]) -> float:
        return sum(value(trees, x, set(known), int(root)) for root in trees.roots)

    for one in columns:
        others = sorted(columns - {one})
        for size in range(len(others) + 1):
            for known in combinations(others, size):
                gain = worth((*known, one)) - worth(known)
                found[one] += gain / (len(columns) * comb(len(others), size))
    return found


def test_the_definition_of_shapley(fitted: Any) -> None:
    model, X = fitted
    trees, paths = read_trees(model)
    base, found = tree_contributions(trees, paths, X[:6])
    assert base == pytest.approx(trees.base + sum(value(trees, X[0], set(), int(root)) for root in trees.roots))
    for x, own in zip(X, found, strict=False):
        np.testing.assert_allclose(own, by_definition(trees, x), atol=1e-12)


def test_many_rows_are_as_one_by_one_and_add_up(fitted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    model, X = fitted
    trees, paths = read_trees(model)
    base, found = tree_contributions(trees, paths, X)
    np.testing.assert_allclose(base + found.sum(axis=1), score(model, X), atol=1e-12)
    one_by_one = np.vstack([tree_contributions(trees, paths, X[row : row + 1])[1] for row in range(40)])
    np.testing.assert_allclose(found[:40], one_by_one, atol=1e-12)
    _, few = tree_contributions(trees, paths, X[:40])
    assert (few == one_by_one).all()
    monkeypatch.setattr(row_blocks, "BLOCK", 64)
    _, cut = tree_contributions(trees, paths, X)
    assert (cut == found).all()
    turned = np.random.default_rng(1).permutation(len(X))
    assert (tree_contributions(trees, paths, X[turned])[1] == found[turned]).all()


def test_a_threshold_in_single_precision() -> None:
    X = np.linspace(0, 1, 400)[:, None] / 3
    model = RandomForestClassifier(5, min_samples_leaf=1, random_state=0).fit(X, (X[:, 0] * 60 % 2 > 1).astype(int))
    trees, paths = read_trees(model)
    edges = np.repeat(trees.threshold[trees.left >= 0], 3)
    near = np.nextafter(edges, np.tile([-1, 2, 9], len(edges) // 3))[:, None]
    for rows in (near, np.tile(near, (FEW // len(near) + 1, 1))):
        base, found = tree_contributions(trees, paths, rows)
        np.testing.assert_allclose(base + found.sum(axis=1), model.predict_proba(rows)[:, 1], atol=1e-12)


def test_one_loan_of_one_fact() -> None:
    X = np.random.default_rng(3).normal(size=(200, 1))
    model = RandomForestClassifier(4, max_depth=3, random_state=0).fit(X, (X[:, 0] > 0.3).astype(int))
    base, found = tree_contributions(*read_trees(model), X[:1])
    np.testing.assert_allclose(base + found.sum(axis=1), model.predict_proba(X[:1])[:, 1], atol=1e-12)


def test_against_the_shap_package(fitted: Any) -> None:
    shap = pytest.importorskip("shap")
    model, X = fitted
    theirs = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent").shap_values(X)
    theirs = theirs[..., 1] if theirs.ndim == 3 else theirs
    for rows in (FEW, len(X)):
        _, found = tree_contributions(*read_trees(model), X[:rows])
        np.testing.assert_allclose(found, theirs[:rows], atol=1e-6)


def test_terms_of_one_leaf_by_hand() -> None:
    # One leaf of value 1 asking two columns, shares a and b, both met: phi_a = (1 - a)(1 + b) / 2.
    a, b = 0.3, 0.6
    found = terms(np.ones(1), np.array([[a], [b]]), np.ones((2, 1)))
    np.testing.assert_allclose(found[:, 0], [(1 - a) * (1 + b) / 2, (1 - b) * (1 + a) / 2])
    assert found.sum() == pytest.approx(1 - a * b)


def test_codes_of_any_length() -> None:
    rng = np.random.default_rng(0)
    for many in (1, 7, 8, 9, 14, 20):
        bits = rng.random((many, 200)) < 0.5
        patterns, which = codes(iter(bits))
        assert (patterns[:, which] == bits).all()


def test_trees_are_read_once_for_each_model() -> None:
    X = np.arange(40.0)[:, None]
    model = HistGradientBoostingClassifier(max_iter=2, min_samples_leaf=5).fit(X, X[:, 0] > 20)
    assert has_trees(model)
    assert read_trees(model) is read_trees(model)
    assert "_trees" not in vars(model)
