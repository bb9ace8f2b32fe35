"""Real banks: the champion, chosen anew inside every fold, tells defaults as well as is known to be possible."""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from guilder.evaluation.discrimination import auc
from guilder.evaluation.splits import Split
from guilder.risk.classifier import DefaultClassifier


@pytest.fixture
def bench(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.setenv("GUILDER_DATA", str(real_data))
    spec = importlib.util.spec_from_file_location(
        "risk_benchmark", Path(__file__).resolve().parents[2] / "benchmarks" / "risk.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def _champions_auc(bench: ModuleType, name: str, repeats: int) -> float:
    X, y = bench.load(name)
    fit = functools.partial(bench.champion, budget=0, core=True)
    return float(np.mean([auc(y, p) for p in bench.out_of_fold(X, y, fit, repeats)]))


def test_berka_over_one_draw_of_the_folds(bench: ModuleType) -> None:
    X, y = bench.real_bank("berka")
    assert (len(y), y.sum()) == (354, 30)

    def logistic(X: pd.DataFrame, y: np.ndarray, turn: Split) -> np.ndarray:
        model = DefaultClassifier("logistic", random_state=0).fit(X.iloc[turn.refit], y[turn.refit])
        return model.predict_proba(X.iloc[turn.test])[:, 1]

    (p,) = bench.out_of_fold(X, y, logistic, 1)
    assert auc(y, p) >= 0.90


@pytest.mark.slow
def test_berka_over_five_draws_of_the_folds(bench: ModuleType) -> None:
    assert _champions_auc(bench, "berka", 5) >= 0.90


@pytest.mark.slow
def test_german(bench: ModuleType) -> None:
    assert _champions_auc(bench, "german", 1) >= 0.785
