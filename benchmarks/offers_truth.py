"""Offers where the truth is known: on noise every verdict is "no signal", planted tastes are ranked as the oracle does.

    python -m benchmarks offers_truth [SEEDS]
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
from benchmarks._tastes import noise, oracle, planted

from guilder.evaluation.ranking import per_customer
from guilder.offers.evaluate import evaluate
from guilder.offers.trial import at_cut


def on_noise(seeds: int) -> list[str]:
    """The verdict on each bank of customers who take anything, by turns all products alike and not."""
    found = []
    for seed in range(seeds):
        metrics = evaluate(noise(seed, skewed=seed % 2 == 1), random_state=seed).metrics
        found.append(metrics["verdict"])
    return found


def on_planted(seed: int) -> tuple[str, float, float, float]:
    """The champion on planted tastes, its nDCG@10, the oracle's and decayed popularity's, on the same customers."""
    frame = planted(seed)
    metrics = evaluate(frame, random_state=seed).metrics
    trial = at_cut(frame, [], pd.Timestamp(metrics["cut_off"]), None)
    assert len(trial.customers) == metrics["customers"]
    best = float(per_customer(oracle(trial), trial.relevant)["ndcg_at_10"].mean())
    champion = metrics["champion"]
    ours, fading = (metrics["methods"][name]["ndcg_at_10"]["value"] for name in (champion, "decayed_popular"))
    return champion, ours, best, fading


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    print("planted tastes, nDCG@10       champion  oracle  share  decayed popularity", flush=True)
    rows = []
    for seed in range(max(1, seeds // 6)):
        champion, ours, best, fading = on_planted(seed)
        rows.append((ours, best, fading))
        print(f"  seed {seed}: {champion:20} {ours:.4f}  {best:.4f}  {ours / best:.3f}  {fading:.4f}", flush=True)
    ours, best, fading = np.mean(rows, axis=0)
    print(f"  mean                         {ours:.4f}  {best:.4f}  {ours / best:.3f}  {fading:.4f}", flush=True)
    found = on_noise(seeds)
    told = ", ".join(f"{found.count(one)} {one}" for one in sorted(set(found)))
    print(f"noise: {told}, of {seeds} banks", flush=True)


if __name__ == "__main__":
    main()
