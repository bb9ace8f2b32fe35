"""How well defaults are told on real banks, beside scikit-learn's own defaults on the same folds.

    GUILDER_DATA=… python -m benchmarks risk [german] [berka] [taiwan]

Every loan is scored by models that have not seen it: 5 folds, drawn 5 times on Berka's 30 bads and once elsewhere. The
champion is chosen anew inside each fold, as training chooses it. Intervals are of a bootstrap of the loans.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from guilder import connect
from guilder.evaluation.splits import Split, rotated
from guilder.features.asof import loan_spine
from guilder.features.vocabulary import vocabulary
from guilder.risk.classifier import DefaultClassifier
from guilder.risk.compare import compare
from guilder.risk.learners import LEARNERS
from guilder.risk.measures import measure
from guilder.workflow.facts import collect, loan_tables, make_facts, recipe
from guilder.workflow.risk import outcomes

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SHOWN = ("auc", "log_loss", "brier", "calibration_slope")
REPEATS = {"german": 1, "berka": 5, "taiwan": 1}

Fit = Callable[[pd.DataFrame, np.ndarray, Split], np.ndarray]
"""Learn from a split's ``refit`` rows and give the PDs of its test."""


def real_bank(name: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Facts and outcomes of an example bank, as training makes them."""
    with connect(EXAMPLES / name) as bank:
        every = collect(outcomes(bank), "row")
        known = every[every["status"] == "known"]
        how = recipe(bank, vocabulary(bank.tables.get("transactions"), bank.as_of))
        facts = make_facts(loan_tables(bank, how), loan_spine(bank.tables["loans"]), how).loc[known["row"]]
    return facts.reset_index(drop=True), known["defaulted"].to_numpy(dtype=np.intp)


def taiwan(folder: Path) -> tuple[pd.DataFrame, np.ndarray]:
    table = pd.read_csv(folder / "taiwan" / "UCI_Credit_Card.csv").drop(columns=["ID", "SEX", "AGE"])
    outcome = [name for name in table.columns if name.startswith("default")]
    return table.drop(columns=outcome).astype(float), table[outcome[0]].to_numpy(dtype=np.intp)


chosen: Counter[str] = Counter()
"""How often each learner was the champion."""


def champion(X: pd.DataFrame, y: np.ndarray, turn: Split) -> np.ndarray:
    """The whole contest inside the fold: candidates on its train, the choice on its validation, then the refit."""
    model = compare(X, y, turn, balancings=("none",), random_state=0).classifier
    chosen[model.learner] += 1
    return model.predict_proba(X.iloc[turn.test][model.feature_names_in_.tolist()])[:, 1]


def learner(name: str) -> Fit:
    def fit(X: pd.DataFrame, y: np.ndarray, turn: Split) -> np.ndarray:
        model = DefaultClassifier(name, random_state=0).fit(X.iloc[turn.refit], y[turn.refit])
        return model.predict_proba(X.iloc[turn.test])[:, 1]

    return fit


def scikit(model: Callable[[], object]) -> Fit:
    def fit(X: pd.DataFrame, y: np.ndarray, turn: Split) -> np.ndarray:
        words = X.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in X.dtypes]]
        prepared = make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore", sparse_output=False), words),
            remainder=make_pipeline(SimpleImputer(strategy="median"), StandardScaler()),
        )
        pipeline = make_pipeline(prepared, model()).fit(X.iloc[turn.refit], y[turn.refit])
        return pipeline.predict_proba(X.iloc[turn.test])[:, 1]

    return fit


CONTENDERS: dict[str, Fit] = {
    "champion": champion,
    **{name: learner(name) for name in LEARNERS},
    "scikit-learn logistic": scikit(lambda: LogisticRegression(max_iter=2000)),
    "scikit-learn forest": scikit(lambda: RandomForestClassifier(random_state=0)),
    "scikit-learn boosting": scikit(lambda: HistGradientBoostingClassifier(random_state=0)),
}


def out_of_fold(X: pd.DataFrame, y: np.ndarray, fit: Fit, repeats: int) -> np.ndarray:
    """PDs of every loan by models that have not seen it, shape (repeats, loans)."""
    found = np.zeros((repeats, len(y)))
    for repeat in range(repeats):
        for turn in rotated(y, random_state=repeat):
            found[repeat, turn.test] = fit(X, y, turn)
    return found


def report(name: str, X: pd.DataFrame, y: np.ndarray, repeats: int) -> dict[str, float]:
    """Print one line a contender and return the AUCs."""
    print(f"{name}: {len(y):,} loans, {int(y.sum()):,} bads, {X.shape[1]} facts, 5 folds × {repeats}")
    print(f"  {'':24}" + "".join(f"{one:>27}" for one in SHOWN) + f"{'CPU s':>9}")
    areas = {}
    chosen.clear()
    for contender, fit in CONTENDERS.items():
        start = time.process_time()
        drawn = out_of_fold(X, y, fit, repeats)
        used = time.process_time() - start
        # The same seed draws the same loans for each repeat, so the mean of the ends is an interval of the mean.
        figures = [measure(y, {"p": p}, {"p": 0.5})[0]["p"] for p in drawn]
        cells = []
        for one in SHOWN:
            value, low, high = (np.mean([getattr(f[one], end) for f in figures]) for end in ("value", "low", "high"))
            cells.append(f"{value:.4f} [{low:.4f}, {high:.4f}]")
        areas[contender] = float(np.mean([f["auc"].value for f in figures]))
        print(f"  {contender:24}" + "".join(f"{cell:>27}" for cell in cells) + f"{used:9.1f}", flush=True)
    print(f"  champions: {dict(chosen)}")
    return areas


def main(names: Iterable[str] | None = None) -> None:
    for name in names or ("german", "berka"):
        X, y = taiwan(Path(os.environ["GUILDER_DATA"])) if name == "taiwan" else real_bank(name)
        report(name, X, y, REPEATS[name])


if __name__ == "__main__":
    main(sys.argv[1:])
