"""How well defaults are told on real banks: Guilder's champion beside the defaults of known learners, same folds.

    GUILDER_DATA=… python -m benchmarks risk [german|taiwan|hmeq|berka …] [--budget SECONDS] [--core]
    python -m benchmarks risk outliers empty_rows wide straight rare half

Every loan is scored by models that have not seen it: 5 folds, drawn several times where there are few loans. The
champion is chosen anew inside each fold, as training chooses it: candidates, the search, the ensemble, the calibration.
Only balanced learners stay out, for time: they join no ensemble, and with them no fold of German or Taiwan chose one.
After ``--budget`` seconds (60 for the 5 folds of a set together) the search stops and refits follow; ``--core`` leaves
out the boosters of other packages. The second line takes made-up loans of known truth (`_loans`). All columns of
German, Taiwan and HMEQ are given to every contender, protected ones too, as the published figures have them. Intervals
are of a bootstrap of the loans. LightGBM, CatBoost and optbinning take part where they are installed (``make bench``
installs them).
"""

from __future__ import annotations

import argparse
import os
import time
import warnings
from collections import Counter
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks._loans import MADE_UP
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
from guilder.risk.compare import compare
from guilder.risk.contest import Search
from guilder.risk.learners import LEARNERS
from guilder.risk.measures import measure
from guilder.workflow.facts import collect, loan_tables, make_facts, recipe
from guilder.workflow.loan_book import outcomes

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SHOWN = ("auc", "log_loss", "brier", "calibration_slope", "mean_p")
REPEATS = {"german": 4, "taiwan": 1, "hmeq": 1, "berka": 4}
FOLDS = 5

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


def flat(table: pd.DataFrame, outcome: str) -> tuple[pd.DataFrame, np.ndarray]:
    y = table.pop(outcome).to_numpy(dtype=np.intp)
    words = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
    return table.astype({name: "category" if name in words else "float64" for name in table}), y


def load(name: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Read a set as it is, or make one up."""
    if name in MADE_UP:
        return MADE_UP[name](np.random.default_rng(0))
    folder = Path(os.environ["GUILDER_DATA"])
    if name == "berka":
        return real_bank(name)
    if name == "german":
        table = pd.read_csv(folder / "german" / "german.data", sep=r"\s+", header=None).rename(columns=str)
        return flat(table.assign(bad=table.pop("20") == 2), "bad")
    if name == "taiwan":
        table = pd.read_csv(folder / "taiwan" / "UCI_Credit_Card.csv").drop(columns="ID")
        return flat(table, next(column for column in table if column.startswith("default")))
    return flat(pd.read_csv(next((folder / "hmeq").glob("*.csv"))), "BAD")


chosen: Counter[str] = Counter()
"""How often each learner was the champion."""


def champion(X: pd.DataFrame, y: np.ndarray, turn: Split, *, budget: float, core: bool) -> np.ndarray:
    """The whole contest inside the fold."""
    until = time.monotonic() + budget / FOLDS
    search = Search(lambda: time.monotonic() < until)
    learners = LEARNERS if core else None
    result = compare(X, y, turn, learners=learners, balancings=("none",), search=search, random_state=0)
    chosen[result.metrics["champion"]["learner"]] += 1
    return result.outcome.p


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


def lightgbm(X: pd.DataFrame, y: np.ndarray, turn: Split) -> np.ndarray:
    from lightgbm import LGBMClassifier

    model = LGBMClassifier(verbose=-1, n_jobs=2, random_state=0).fit(X.iloc[turn.refit], y[turn.refit])
    return model.predict_proba(X.iloc[turn.test])[:, 1]


def catboost(X: pd.DataFrame, y: np.ndarray, turn: Split) -> np.ndarray:
    from catboost import CatBoostClassifier

    words = [name for name in X if not pd.api.types.is_numeric_dtype(X[name])]
    told = X.assign(**{name: X[name].astype("str").fillna("none").astype(object) for name in words})
    model = CatBoostClassifier(verbose=0, thread_count=2, random_seed=0, allow_writing_files=False, cat_features=words)
    return model.fit(told.iloc[turn.refit], y[turn.refit]).predict_proba(told.iloc[turn.test])[:, 1]


def woe_logistic(X: pd.DataFrame, y: np.ndarray, turn: Split) -> np.ndarray:
    import logging

    from optbinning import BinningProcess

    logging.getLogger("optbinning").setLevel(logging.ERROR)
    words = [name for name in X if not pd.api.types.is_numeric_dtype(X[name])]
    table = X.astype(dict.fromkeys(words, object))
    binning = BinningProcess(list(X.columns), categorical_variables=words)
    learn, test = table.iloc[turn.refit], table.iloc[turn.test]
    shown = {"metric": "woe", "metric_missing": "empirical"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas about what optbinning does to its own tables
        inputs = binning.fit(learn, y[turn.refit]).transform(learn, **shown)
        model = LogisticRegression(max_iter=1000).fit(inputs, y[turn.refit])
        return model.predict_proba(binning.transform(test, **shown))[:, 1]


def contenders(budget: float, core: bool) -> dict[str, Fit]:
    others: dict[str, tuple[str, Fit]] = {
        "LightGBM": ("lightgbm", lightgbm), "CatBoost": ("catboost", catboost),
        "WoE logistic (optbinning)": ("optbinning", woe_logistic),
    }  # fmt: skip
    return {
        "Guilder's champion": partial(champion, budget=budget, core=core),
        "scikit-learn logistic": scikit(lambda: LogisticRegression(max_iter=2000)),
        "scikit-learn forest": scikit(lambda: RandomForestClassifier(random_state=0, n_jobs=2)),
        "scikit-learn boosting": scikit(lambda: HistGradientBoostingClassifier(random_state=0)),
        **{name: fit for name, (package, fit) in others.items() if find_spec(package)},
    }


def out_of_fold(X: pd.DataFrame, y: np.ndarray, fit: Fit, repeats: int) -> np.ndarray:
    """PDs of every loan by models that have not seen it, shape (repeats, loans)."""
    found = np.zeros((repeats, len(y)))
    for repeat in range(repeats):
        for turn in rotated(y, parts=FOLDS, random_state=repeat):
            found[repeat, turn.test] = fit(X, y, turn)
    return found


def report(name: str, X: pd.DataFrame, y: np.ndarray, fits: dict[str, Fit]) -> dict[str, dict[str, float]]:
    """Print one line a contender and return their figures."""
    repeats = REPEATS.get(name, 1)
    print(f"{name}: {len(y):,} loans, {y.mean():.1%} bad, {X.shape[1]} facts, {FOLDS} folds × {repeats}")
    print(f"  {'':26}" + "".join(f"{one:>25}" for one in SHOWN) + f"{'s a set':>9}")
    found = {}
    chosen.clear()
    for contender, fit in fits.items():
        start = time.monotonic()
        drawn = out_of_fold(X, y, fit, repeats)
        used = (time.monotonic() - start) / repeats
        # The same seed draws the same loans for each repeat, so the mean of the ends is an interval of the mean.
        figures = [measure(y, {"p": p}, {"p": 0.5})[0]["p"] for p in drawn]
        cells, found[contender] = [], {"seconds": used}
        for one in SHOWN:
            ends = ("value", "low", "high")
            value, low, high = (float(np.mean([getattr(f[one], end) for f in figures])) for end in ends)
            cells.append(f"{value:.4f} [{low:.3f}, {high:.3f}]")
            found[contender][one] = value
        print(f"  {contender:26}" + "".join(f"{cell:>25}" for cell in cells) + f"{used:9.1f}", flush=True)
    print(f"  champions: {dict(chosen)}")
    return found


def ranks(found: dict[str, dict[str, dict[str, float]]]) -> None:
    """Print each contender's mean rank over the sets (1 is best), and how far it trails the best AUC at worst."""
    everyone = list(next(iter(found.values())))
    print("\nmean rank over " + ", ".join(found))
    print(f"  {'':26}{'log loss':>10}{'Brier':>10}{'AUC':>10}{'AUC trails by':>15}")
    for contender in everyone:
        places = []
        for measure_, sign in (("log_loss", 1), ("brier", 1), ("auc", -1)):
            below = [[sign * figures[one][measure_] for one in everyone] for figures in found.values()]
            own = [sign * figures[contender][measure_] for figures in found.values()]
            places.append(np.mean([1 + sum(o < mine for o in others) for others, mine in zip(below, own, strict=True)]))
        trails = max(max(f[one]["auc"] for one in everyone) - f[contender]["auc"] for f in found.values())
        print(f"  {contender:26}" + "".join(f"{place:10.2f}" for place in places) + f"{trails:15.4f}")


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks risk")
    parser.add_argument("names", nargs="*", help=f"sets: {', '.join((*REPEATS, *MADE_UP))}")
    parser.add_argument("--budget", type=float, default=60, help="seconds of search for the 5 folds of a set")
    parser.add_argument("--core", action="store_true", help="without LightGBM and CatBoost in Guilder's grid")
    asked = parser.parse_args(words)
    fits = contenders(asked.budget, asked.core)
    found = {name: report(name, *load(name), fits) for name in asked.names or REPEATS}
    ranks(found)


if __name__ == "__main__":
    main()
