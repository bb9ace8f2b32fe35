"""Own ranking metrics against scikit-learn and scipy, ties included."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp
from sklearn import metrics

from guilder.evaluation import discrimination as own


@pytest.mark.parametrize("decimals", [1, 2, 9])
def test_agrees_with_the_oracles(decimals: int) -> None:
    rng = np.random.default_rng(decimals)
    p = rng.random(500).round(decimals)
    y = (rng.random(500) < p).astype(int)
    assert own.auc(y, p) == pytest.approx(metrics.roc_auc_score(y, p), abs=1e-12)
    assert own.gini(y, p) == pytest.approx(2 * metrics.roc_auc_score(y, p) - 1, abs=1e-12)
    assert own.pr_auc(y, p) == pytest.approx(metrics.average_precision_score(y, p), abs=1e-12)
    assert own.ks(y, p) == pytest.approx(ks_2samp(p[y == 1], p[y == 0]).statistic, abs=1e-12)
    found = own.confusion(y, p, 0.5)
    called = p >= 0.5
    assert [found[name] for name in ("tn", "fp", "fn", "tp")] == metrics.confusion_matrix(y, called).ravel().tolist()
    assert found["f1"] == pytest.approx(metrics.f1_score(y, called))
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(y, called))
    fpr, tpr = own.roc_curve(y, p)
    assert np.trapezoid(tpr, fpr) == pytest.approx(own.auc(y, p))


def test_weights_are_repeated_rows() -> None:
    rng = np.random.default_rng(0)
    p, counts = rng.random(80).round(1), rng.integers(0, 4, 80)
    y = (rng.random(80) < p).astype(int)
    weighted = own.rank_figures(*own.tallies(y, p, counts[None, :].astype(float)))
    assert weighted["auc"][0] == pytest.approx(own.auc(np.repeat(y, counts), np.repeat(p, counts)))
    assert weighted["ks"][0] == pytest.approx(own.ks(np.repeat(y, counts), np.repeat(p, counts)))


def test_curves_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    y, score = rng.integers(0, 2, 300), rng.integers(0, 40, 300) / 40
    fpr, tpr, thresholds = metrics.roc_curve(y, score, drop_intermediate=False)
    assert np.allclose(own.roc_curve(y, score), (fpr, tpr))
    precision, recall, _ = metrics.precision_recall_curve(y, score)
    assert np.allclose(own.pr_curve(y, score), (recall[::-1], precision[::-1]))
    assert own.ks_cut_off(y, score) == thresholds[(tpr - fpr).argmax()]
    value, goods, bads = own.ks_curve(y, score)
    assert np.allclose(value, np.unique(score))
    assert np.allclose(goods, [(score[y == 0] <= each).mean() for each in value])
    assert np.allclose(bads, [(score[y == 1] <= each).mean() for each in value])
