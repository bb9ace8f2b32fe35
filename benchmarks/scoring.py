"""How fast loans are scored, alone and by the million, beside scikit-learn's own predict_proba in the same run.

python -m benchmarks scoring [ROWS [LEARNER ...]]
"""

from __future__ import annotations

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

LEARNERS = ("logistic", "scorecard", "boosting", "forest", "ensemble")
TRAINED_ON = 30_000
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


def seconds(make: Callable[[], Any]) -> float:
    start = time.perf_counter()
    make()
    return time.perf_counter() - start


def plain(model: DefaultClassifier, X: pd.DataFrame) -> None:
    """What scikit-learn takes for the same learners on the same inputs, preparation left out of neither."""
    parts = model.pipeline_.parts if isinstance(model.pipeline_, Ensemble) else [model.pipeline_]
    for part in parts:
        part.predict_proba(X)


def main(rows: int = 1_000_000, learners: tuple[str, ...] = LEARNERS) -> None:
    X, many = loans(TRAINED_ON, 0), loans(rows, 1)
    score = np.log(X["fact_0"]) + np.log(X["fact_1"]) * np.log(X["fact_2"]) - 2
    y = np.random.default_rng(2).random(len(X)) < 1 / (1 + np.exp(-score))
    one = many.iloc[[7]]
    print(f"trained on {TRAINED_ON:,} loans of {X.shape[1]} facts; one loan: medians of {TURNS}; ratio to scikit-learn")
    heads = ("", "PD ms", "ratio", "reasons ms", f"PD of {rows:,} s", "ratio", "reasons s", "GB")
    print("".join(f"{head:>{width}}" for head, width in zip(heads, (10, 9, 7, 12, 22, 7, 11, 6), strict=True)))
    for name in learners:
        model = DefaultClassifier(name, cv=2, random_state=0).fit(X, y)
        alone = [median_ms(make) for make in (
            lambda m=model: m.predict_proba(one), lambda m=model: plain(m, one), lambda m=model: m.reasons(one)
        )]  # fmt: skip
        crowd = [seconds(make) for make in (
            lambda m=model: m.predict_proba(many), lambda m=model: plain(m, many), lambda m=model: m.reasons(many)
        )]  # fmt: skip
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"{name:10}{alone[0]:9.2f}{alone[0] / alone[1]:7.2f}{alone[2]:12.2f}"
            f"{crowd[0]:22.2f}{crowd[0] / crowd[1]:7.2f}{crowd[2]:11.1f}{peak:6.1f}", flush=True,
        )  # fmt: skip


if __name__ == "__main__":
    main(*[int(word) for word in sys.argv[1:2]], *([tuple(sys.argv[2:])] if sys.argv[2:] else []))
