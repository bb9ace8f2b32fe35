"""How well planted segments are found, beside what is usual, in one run: python -m benchmarks segments [SIZE ...].

    python -m benchmarks segments                    10,000, 100,000 and 1,000,000 customers
    python -m benchmarks segments 10000000 [NAME …]  10 million: with everybody it takes hours, with those named less
    python -m benchmarks segments verdicts           GUILDER_DATA=…: what is said of real customers, with the evidence

Each contender works in a process of its own: seconds, and the memory it needs beyond the facts themselves. Seconds hang
on what else the machine does, so the process of ours makes one Lloyd run right after it; their ratio is printed. All
choose the number of segments themselves: those of scikit-learn by the silhouette of a sample (2 to 10), once on raw
facts and else on log1p facts, so that the transform is not the difference; the mixture, learned from 20,000 customers
at most, by Schwarz's criterion. Agreement (adjusted Rand) is with the
planted truth; stability is the mean agreement of refits on bootstraps with the fit, choice included. The Lloyd run is
KMeans(k, n_init=1) at the true number on standardised facts; beside it stands ours from raw facts to labels, the choice
of k apart.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from benchmarks._planted import FACTS, planted
from sklearn.cluster import BisectingKMeans, KMeans, MiniBatchKMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.mixture import GaussianMixture

from guilder.segments import CustomerSegmenter

SIZES = (10_000, 100_000, 1_000_000)
SEEDS = {10_000: 5, 100_000: 5, 1_000_000: 2}
SEGMENTS, WIDTH, REFITS = 6, 8, 2
HARD = {"width": WIDTH, "apart": 4.5, "strength": 0.6, "scales": (0.7, 1.4)}
SAMPLE, LEARN = 2_000, 20_000
STARTS = 10  # of scikit-learn's contenders; one from a million customers on

MONTH = 30

Fitted = Callable[[np.ndarray], np.ndarray]
Fit = Callable[[np.ndarray, int], tuple[Fitted, dict[str, Any]]]
"""Learn from facts and a seed; give what labels facts, and figures of its own."""


def ours(facts: np.ndarray, seed: int) -> tuple[Fitted, dict[str, Any]]:
    moments = {}

    def told(step: str) -> None:
        moments.setdefault(step.split()[0], time.perf_counter())
        moments["steps"] = moments.get("steps", 0) + step.startswith("Weighing")

    frame = pd.DataFrame(facts, columns=FACTS[:WIDTH], copy=False)
    model = CustomerSegmenter(k_max=10, random_state=seed).fit(frame, progress=told)
    choice = moments["Settling"] - moments["Weighing"]
    extra = {"choice": choice, "a k": choice / moments["steps"], "labels": model.labels_}
    return lambda rows: model.predict(pd.DataFrame(rows, columns=FACTS[:WIDTH], copy=False)), extra


def usual(kind: Callable[..., KMeans], *, log: bool) -> Fit:
    def fit(facts: np.ndarray, seed: int) -> tuple[Fitted, dict[str, float]]:
        shape = np.log1p if log else np.asarray
        shaped = shape(np.maximum(facts, 0)) if log else facts
        center, scale = shaped.mean(axis=0), shaped.std(axis=0)
        points = (shaped - center) / scale
        sample = np.random.default_rng(seed).choice(len(points), min(SAMPLE, len(points)), replace=False)
        starts = STARTS if len(points) < SIZES[-1] else 1
        models = [kind(k, random_state=seed, n_init=starts).fit(points) for k in range(2, 11)]
        best = max(models, key=lambda model: silhouette_score(points[sample], model.predict(points[sample])))
        return lambda rows: best.predict(((shape(np.maximum(rows, 0)) if log else rows) - center) / scale), {}

    return fit


def mixture(facts: np.ndarray, seed: int) -> tuple[Fitted, dict[str, float]]:
    """Normals of any shape on log1p facts, as many as Schwarz's criterion says, learned from a sample of many."""
    shaped = np.log1p(np.maximum(facts, 0))
    center, scale = shaped.mean(axis=0), shaped.std(axis=0)
    points = (shaped - center) / scale
    some = np.random.default_rng(seed).choice(len(points), min(LEARN, len(points)), replace=False)
    models = [GaussianMixture(k, random_state=seed, n_init=2, reg_covar=1e-3).fit(points[some]) for k in range(2, 11)]
    best = min(models, key=lambda model: model.bic(points[some]))
    return lambda rows: best.predict((np.log1p(np.maximum(rows, 0)) - center) / scale), {}


def rfm(facts: np.ndarray, seed: int) -> tuple[Fitted, dict[str, float]]:
    """Quintiles of recency, frequency and average ticket: 125 cells."""
    places = [FACTS.index(name) for name in ("recency_days", "transactions_count_365d", "ticket_mean_365d")]
    edges = np.quantile(facts[:, places], [0.2, 0.4, 0.6, 0.8], axis=0)

    def label(rows: np.ndarray) -> np.ndarray:
        fifths = [np.searchsorted(edges[:, i], rows[:, place]) for i, place in enumerate(places)]
        return np.ravel_multi_index(fifths, (5, 5, 5))

    return label, {}


def lloyd(facts: np.ndarray, seed: int) -> tuple[Fitted, dict[str, float]]:
    center, scale = facts.mean(axis=0), facts.std(axis=0)
    points = (facts - center) / scale
    start = time.perf_counter()
    model = KMeans(SEGMENTS, n_init=1, random_state=seed).fit(points)
    return lambda rows: model.predict((rows - center) / scale), {"run": time.perf_counter() - start}


CONTENDERS: dict[str, Fit] = {
    "ours": ours,
    "KMeans": usual(KMeans, log=False),
    "KMeans, log1p": usual(KMeans, log=True),
    "MiniBatchKMeans, log1p": usual(MiniBatchKMeans, log=True),
    "BisectingKMeans, log1p": usual(BisectingKMeans, log=True),
    "GaussianMixture, log1p": mixture,
    "RFM quintiles": rfm,
    "one Lloyd run": lloyd,
}


def megabytes(what: str) -> float:
    """Read this process's own memory, now (VmRSS) or at most (VmHWM); getrusage would tell the parent's."""
    line = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith(what))
    return int(line.split()[1]) / 1024


def alone(folder: Path, name: str, seed: int) -> None:
    """Run one contender in this process and print its figures as JSON."""
    facts, truth = np.load(folder / "facts.npy"), np.load(folder / "truth.npy")
    before = megabytes("VmRSS")
    start = time.perf_counter()
    label, extra = CONTENDERS[name](facts, seed)
    labels = extra.pop("labels") if "labels" in extra else label(facts)
    seconds = time.perf_counter() - start
    memory = megabytes("VmHWM") - before
    if name == "ours":
        start = time.perf_counter()
        again, run = lloyd(facts, seed)
        again(facts)
        extra |= {"lloyd": time.perf_counter() - start, "lloyd_run": run["run"]}
    figures = {"ari": adjusted_rand_score(truth, labels), "k": len(np.unique(labels)), "seconds": seconds,
               "memory": memory, **extra}  # fmt: skip
    if name != "one Lloyd run":
        random, common = np.random.default_rng(seed), np.arange(min(len(facts), 50_000))
        agreed = []
        for refit in range(REFITS if len(facts) < SIZES[-1] else 1):
            again, _ = CONTENDERS[name](facts[random.integers(0, len(facts), len(facts))], seed + refit + 1)
            agreed.append(adjusted_rand_score(labels[common], again(facts[common])))
        figures["stability"] = float(np.mean(agreed))
    print(json.dumps(figures))


def contest(size: int, names: list[str]) -> None:
    """Print one line a contender: means over the seeds."""
    seeds = range(SEEDS.get(size, 1))
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    best = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            made = planted(SEGMENTS, seed, n=size, **HARD)
            best.append(adjusted_rand_score(made.truth, made.bayes))
            np.save(Path(folder) / "facts.npy", made.frame.to_numpy())
            np.save(Path(folder) / "truth.npy", made.truth)
            del made
            for name in names:
                command = [sys.executable, "-m", "benchmarks", "segments", "alone", folder, name, str(seed)]
                said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
                rows[name].append(json.loads(said.strip().splitlines()[-1]))
    print(f"\n{size:,} customers, {SEGMENTS} segments, {WIDTH} facts, {len(seeds)} draws; "
          f"the best possible agreement (Bayes) is {np.mean(best):.3f}")
    print(f"  {'':24}{'agreement':>10}{'stability':>10}{'k':>8}{'seconds':>9}{'memory MB':>11}")
    for name, found in rows.items():
        mean = pd.DataFrame(found).mean()
        ks = "/".join(str(k) for k in sorted({int(each["k"]) for each in found}))
        print(f"  {name:24}{mean['ari']:10.3f}{mean.get('stability', np.nan):10.4f}{ks:>8}{mean['seconds']:9.1f}"
              f"{mean['memory']:11,.0f}")
    if "ours" not in rows:
        return
    mine = pd.DataFrame(rows["ours"]).mean()
    fit = mine["seconds"] - mine["choice"]
    print(f"  at a known k: ours {fit:.2f} s from raw facts to labels, {fit / mine['lloyd']:.2f} × one Lloyd run with "
          f"its scaling and labels ({mine['lloyd']:.2f} s), {fit / mine['lloyd_run']:.2f} × the run alone "
          f"({mine['lloyd_run']:.2f} s), in the same process")
    print(f"  choosing k: {mine['choice']:.1f} s, {mine['a k']:.2f} s a k", flush=True)


def verdicts(data: Path) -> None:
    """Say what is thought of real customers, with the evidence; in time where there are dates."""
    for name, facts, earlier in (
        ("CC GENERAL", cards(data), None), ("CDNOW", shoppers(data), shoppers(data, MONTH)),
        ("Berka", accounts(data), accounts(data, MONTH)),
    ):  # fmt: skip
        model = CustomerSegmenter(k_max=8, random_state=0).fit(facts, earlier=earlier)
        print(f"\n{name}: {len(facts):,} customers, {facts.shape[1]} facts. {model.k_} segments: {model.verdict_}."
              f"\n  {model.verdict_why_}")
        for fact, why in model.dropped_facts_.items():
            print(f"  left out: {fact}, {why}")
        print(f"  {'k':>3}{'smallest':>9}{'ARI':>6}{'5 %':>6}{'in time':>8}{'Jaccard':>8}{'null':>6}{'tight':>7}"
              f"{'null':>7}{'gap':>7}{'±':>6}{'scatter':>8}{'valley':>7}{'DB':>6}{'CH':>7}")
        for each in model.candidates_:
            print(f"  {each['k']:3}{each['smallest_share']:9.1%}{each['stability_mean']:6.2f}"
                  f"{each['stability_p05']:6.2f}{told(each['stability_time']):>8}{min(each['jaccard']):8.2f}"
                  f"{each['null_stability_mean']:6.2f}{each['tightness']:7.3f}"
                  f"{each['null_tightness']:7.3f}{each['gap']:7.3f}{each['gap_error']:6.3f}{each['scatter_gap']:8.3f}"
                  f"{np.mean(each['valleys']):7.2f}{each['davies_bouldin']:6.2f}{each['calinski_harabasz']:7.0f}")


def told(share: float | None) -> str:
    return "-" if share is None else f"{share:.2f}"


def cards(data: Path) -> pd.DataFrame:
    return pd.read_csv(data / "cc-general" / "CC GENERAL.csv").drop(columns=["CUST_ID", "TENURE"]).astype(float)


def shoppers(data: Path, ago: int = 0) -> pd.DataFrame:
    names = ["customer", "date", "count", "value"]
    table = pd.read_csv(data / "cdnow" / "CDNOW_master.txt", sep=r"\s+", names=names, skiprows=1, dtype=str)
    table[["count", "value"]] = table[["count", "value"]].astype(float)
    by = known(table, pd.to_datetime(table["date"], format="%Y%m%d"), ago).groupby("customer")
    return pd.DataFrame({
        "transactions_count_all": by.size(), "ticket_mean_all": by["value"].mean(), "recency_days": by["ago"].min(),
        "items_mean": by["count"].mean(),
    }).astype(float)  # fmt: skip


def accounts(data: Path, ago: int = 0) -> pd.DataFrame:
    table = pd.read_csv(data / "berka" / "trans_1993_1994_first_52816.csv", parse_dates=["date"])
    table["in"] = table["amount"].where(table["type"] == "credit", 0.0)
    by = known(table, table["date"], ago).groupby("account_id")
    return pd.DataFrame({
        "transactions_count_all": by.size(), "ticket_mean_all": by["amount"].mean(), "recency_days": by["ago"].min(),
        "money_in_share_all": by["in"].sum() / by["amount"].sum(), "balance_mean_365d": by["balance"].mean(),
        "categories": by["k_symbol"].nunique(),
    }).astype(float)  # fmt: skip


def known(table: pd.DataFrame, day: pd.Series, ago: int) -> pd.DataFrame:
    """What was known some days before the end, with the days from each row to then."""
    days = (day.max() - day).dt.days - ago
    return table.assign(ago=days)[days >= 0]


def main(words: list[str]) -> None:
    if words[:1] == ["alone"]:
        alone(Path(words[1]), words[2], int(words[3]))
    elif words == ["verdicts"]:
        verdicts(Path(os.environ["GUILDER_DATA"]))
    else:
        sizes = [int(word) for word in words if word.isdigit()]
        names = [word for word in words if not word.isdigit()]
        if strange := set(names) - set(CONTENDERS):
            raise SystemExit(f"{sorted(strange)[0]!r} is none of: {'; '.join(CONTENDERS)}")
        for size in sizes or SIZES:
            contest(size, names or list(CONTENDERS))


if __name__ == "__main__":
    main(sys.argv[1:])
