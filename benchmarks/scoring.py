"""How fast loans are scored, alone and by the million, beside scikit-learn and shap in the same run.

python -m benchmarks scoring [ROWS [LEARNER ...]]

Reasons of many loans are arrays of facts and contributions, as `DefaultClassifier.strongest` gives them. Learners that
take long are measured on two blocks of rows, one for each thread; all of many are per million. Wall
and CPU seconds are both said, for on a busy machine only the second, and the ratios, mean anything.
"""

from __future__ import annotations

import importlib.util
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from guilder.risk.classifier import DefaultClassifier
from guilder.risk.ensemble import Ensemble
from guilder.risk.row_blocks import BLOCK

LEARNERS = ("logistic", "scorecard", "boosting", "forest", "ensemble")
SLOW = ("forest", "ensemble")
TRAINED_ON = 30_000
EXPLAINED = 500
"""Loans that shap explains: it takes milliseconds for each."""
TURNS = 50


def loans(rows: int, seed: int) -> pd.DataFrame:
    """Nine skewed numbers, one of them often missing, and a category."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame({f"fact_{place}": np.exp(rng.normal(size=rows)) for place in range(9)})
    X.loc[rng.random(rows) < 0.1, "fact_3"] = np.nan
    return X.assign(purpose=pd.Categorical(rng.choice(["car", "home", "other"], rows)))


def median_ms(make: Callable[[], Any], turns: int = TURNS) -> float:
    """Milliseconds of one call, the median of many, the first left out."""
    spent = []
    for _ in range(turns + 1):
        start = time.perf_counter()
        make()
        spent.append(1000 * (time.perf_counter() - start))
    return statistics.median(spent[1:])


def seconds(make: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of one call by the clock and of the processor."""
    wall, spent = time.perf_counter(), time.process_time()
    make()
    return time.perf_counter() - wall, time.process_time() - spent


def plain(model: DefaultClassifier, X: pd.DataFrame) -> None:
    """What scikit-learn takes for the same learners on the same inputs, preparation left out of neither."""
    parts = model.pipeline_.parts if isinstance(model.pipeline_, Ensemble) else [model.pipeline_]
    for part in parts:
        part.predict_proba(X)


def beside_shap(model: DefaultClassifier, X: pd.DataFrame) -> str:
    """CPU seconds of shap's contributions over those of ours, for the same trees or line and the same loans."""
    if importlib.util.find_spec("shap") is None or isinstance(model.pipeline_, Ensemble):
        return "-"
    import shap

    few, pipeline = X.iloc[:EXPLAINED], model.pipeline_
    learner = pipeline[-1]
    if hasattr(learner, "coef_"):
        explainer = shap.LinearExplainer(learner, pipeline[:-1].transform(X.iloc[-100:]))
    else:
        explainer = shap.TreeExplainer(learner)
    theirs = seconds(lambda: explainer.shap_values(pipeline[:-1].transform(few)))[1]
    return f"{theirs / seconds(lambda: model.contributions(few))[1]:.1f}"


def measured(name: str, X: pd.DataFrame, y: Any, every: pd.DataFrame) -> str:
    """One line of the table."""
    model = DefaultClassifier(name, cv=2, random_state=0).fit(X, y)
    one, many = every.iloc[[7]], every.iloc[: 2 * BLOCK] if name in SLOW else every
    alone = [median_ms(make) for make in (
        lambda: model.predict_proba(one), lambda: plain(model, one), lambda: model.reasons(one)
    )]  # fmt: skip
    crowd = [seconds(make) for make in (
        lambda: model.predict_proba(many), lambda: plain(model, many), lambda: model.strongest(many)
    )]  # fmt: skip
    (pd_wall, pd_cpu), (_, their_cpu), (why_wall, why_cpu) = [[one * 1e6 / len(many) for one in pair] for pair in crowd]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return (
        f"{name:10}{alone[0]:8.2f}{alone[0] / alone[1]:7.2f}{alone[2]:12.2f}{len(many):12,}{pd_wall:9.2f}{pd_cpu:8.2f}"
        f"{pd_cpu / their_cpu:7.2f}{why_wall:14.1f}{why_cpu:8.1f}{beside_shap(model, many):>8}{peak:6.1f}"
    )


def main(rows: int = 1_000_000, learners: tuple[str, ...] = LEARNERS) -> None:
    X, every = loans(TRAINED_ON, 0), loans(rows, 1)
    score = np.log(X["fact_0"]) + np.log(X["fact_1"]) * np.log(X["fact_2"]) - 2
    y = np.random.default_rng(2).random(len(X)) < 1 / (1 + np.exp(-score))
    print(f"trained on {TRAINED_ON:,} loans of {X.shape[1]} facts; one loan: medians of {TURNS}; many: per million")
    print("ratio: to scikit-learn, of milliseconds or CPU seconds; shap: its CPU seconds over ours, where installed")
    heads = ("", "PD ms", "ratio", "reasons ms", "measured on", "PD s", "CPU s", "ratio", "reasons s", "CPU s", "shap",
             "GB")  # fmt: skip
    wide = (10, 8, 7, 12, 12, 9, 8, 7, 14, 8, 8, 6)
    print("".join(f"{head:>{width}}" for head, width in zip(heads, wide, strict=True)))
    for name in learners:
        print(measured(name, X, y, every), flush=True)


if __name__ == "__main__":
    main(*[int(word) for word in sys.argv[1:2]], *([tuple(sys.argv[2:])] if sys.argv[2:] else []))
