"""Offers on real sets: Guilder's methods beside implicit's, popularity and decayed popularity, all on the same splits.

    python -m benchmarks offers [SEEDS]

MovieLens-100k in four rolling windows of time and in the random 75/25 protocol of the Microsoft recommenders benchmark
(published there: .475 at best, item similarity .382 to .394), and insurance holdings with one product hidden. Every
setting is chosen on rows before, or out of, the rows it is judged on; each test is touched once.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from benchmarks._sets import films, hide_one, insurance, three_quarters
from scipy.sparse import csr_matrix

from guilder.evaluation.ranking import per_customer
from guilder.offers.blend import BlendRecommender
from guilder.offers.conditional import ConditionalRecommender
from guilder.offers.cosine import CosineRecommender
from guilder.offers.ease import EaseRecommender
from guilder.offers.ledger import days, interest, ledger
from guilder.offers.popular import PopularRecommender
from guilder.offers.propensity import PropensityRecommender
from guilder.offers.recommender import Recommender
from guilder.offers.trial import Trial, at_cut

Rank = Callable[[Trial], np.ndarray]

OURS: dict[str, list[Recommender]] = {
    "popular": [PopularRecommender()],
    "decayed_popular": [PopularRecommender(half_life_days=life) for life in (7.0, 14.0, 30.0, 90.0)],
    "cosine": [CosineRecommender(shrinkage=s, idf=how) for s in (10.0, 100.0) for how in (None, "tfidf", "bm25")],
    "conditional": [ConditionalRecommender(shrinkage=s) for s in (10.0, 100.0)],
    "ease": [EaseRecommender(penalty=p) for p in (100.0, 200.0, 500.0, 1000.0)],
    "blend": [
        BlendRecommender(w, 500.0, half_life_days=life) for w in (0.2, 0.4, 0.6, 0.8) for life in (None, 14.0)
    ],
}


def by(method: Recommender) -> Rank:
    return lambda trial: method.fit_ledger(trial.book, trial.today).rank(trial.customers, 10, allowed=trial.candidates)


def by_implicit(model: Callable[[], object]) -> Rank:
    """implicit's model on the same matrix, ranked over the same candidates."""

    def rank(trial: Trial) -> np.ndarray:
        matrix = csr_matrix(interest(trial.book, {"hold": 1.0}, None, trial.today), dtype=np.float64)
        fitted = model()
        fitted.fit(matrix, show_progress=False)  # type: ignore[attr-defined]
        place = np.minimum(np.searchsorted(trial.book.customers, trial.customers), len(trial.book.customers) - 1)
        if hasattr(fitted, "item_factors"):
            score = fitted.user_factors[place] @ fitted.item_factors.T
        else:
            score = np.asarray((matrix[place] @ fitted.similarity).toarray())  # type: ignore[attr-defined]
        score = np.where(trial.warm[:, None], score, 0.0)
        score = np.where(trial.candidates, score + 1e-9 * matrix.sum(axis=0).A1, -np.inf)
        return np.argsort(-score, axis=1, kind="stable")[:, :10]

    return rank


def contenders() -> dict[str, list[Rank]]:
    from implicit.als import AlternatingLeastSquares
    from implicit.nearest_neighbours import BM25Recommender, CosineRecommender

    ranks = {name: [by(method) for method in methods] for name, methods in OURS.items()}
    for name, model in (("cosine", CosineRecommender), ("BM25", BM25Recommender)):
        ranks[f"implicit {name}"] = [by_implicit(lambda K=K, model=model: model(K=K)) for K in (50, 200)]
    ranks["implicit ALS"] = [
        by_implicit(lambda f=f: AlternatingLeastSquares(factors=f, alpha=10, random_state=0, num_threads=1))
        for f in (16, 32)
    ]
    return ranks


def ndcg(rank: Rank, trial: Trial) -> float:
    return float(per_customer(rank(trial), trial.relevant)["ndcg_at_10"].mean())


def chosen(options: list[Rank], trials: list[Trial]) -> Rank:
    """The setting that is best on trials that end before the test."""
    return options[0] if len(options) == 1 else max(options, key=lambda one: np.mean([ndcg(one, t) for t in trials]))


def windows(frame: pd.DataFrame) -> list[Trial]:
    """Cut the time at 50, 60, … 90 % of the rows: five windows, of which the first serves for choosing only."""
    cuts = [frame["at"].sort_values().iloc[int(q * len(frame))].normalize() for q in (0.5, 0.6, 0.7, 0.8, 0.9)]
    products = sorted(frame["product_id"].unique())
    return [at_cut(frame, products, cut, end) for cut, end in zip(cuts, [*cuts[1:], None], strict=True)]


def random_split(frame: pd.DataFrame, seed: int) -> Trial:
    known, rest = three_quarters(frame, seed)
    book = ledger(known.drop(columns="at"), products=sorted(frame["product_id"].unique()))
    shape = (len(book.customers), len(book.products))
    place = [np.searchsorted(names, rest[key]) for names, key in ((book.customers, "customer_id"),
                                                                  (book.products, "product_id"))]  # fmt: skip
    relevant = np.zeros(shape, dtype=bool)
    relevant[place[0], place[1]] = True
    free = ~book.owned.toarray()
    return Trial(book, days(frame["at"].max()), book.customers, free, relevant, free, np.ones(shape[0], bool), shape[0])


def on_films(seeds: int) -> None:
    frame, rolling = films(), windows(films())
    asked = [len(trial.customers) for trial in rolling[1:]]
    print(f"MovieLens-100k, nDCG@10, four rolling windows in time ({asked} customers)")
    table = {
        name: [ndcg(chosen(options, rolling[:i]), rolling[i]) for i in range(1, 5)]
        for name, options in contenders().items()
    }
    for name, values in sorted(table.items(), key=lambda row: -np.mean(row[1])):
        print(f"  {name:16} mean {np.mean(values):.3f}   " + "  ".join(f"{value:.3f}" for value in values), flush=True)
    print(f"MovieLens-100k, nDCG@10, random 75/25 by customer, {seeds} seeds (published: .475 at best)")
    found: dict[str, list[float]] = {}
    for seed in range(seeds):
        test = random_split(frame, seed)
        inner = random_split(three_quarters(frame, seed)[0], seed)
        for name, options in contenders().items():
            if name != "decayed_popular":
                found.setdefault(name, []).append(ndcg(chosen(options, [inner]), test))
    for name, values in sorted(found.items(), key=lambda row: -np.mean(row[1])):
        print(f"  {name:16} mean {np.mean(values):.4f}   " + "  ".join(f"{value:.4f}" for value in values), flush=True)


def on_insurance(seeds: int) -> None:
    frame, facts = insurance()
    products = sorted(frame["product_id"].unique())
    print(f"insurance holdings, one product hidden of every fifth customer with two or more, {seeds} seeds")
    print("                         hit@1   hit@3   nDCG@5  log loss a cell")
    methods: dict[str, Recommender] = {
        "popular": PopularRecommender(), "cosine": CosineRecommender(), "conditional": ConditionalRecommender(),
        "ease": EaseRecommender(), "propensity": PropensityRecommender(), "propensity, facts": PropensityRecommender(),
    }  # fmt: skip
    found: dict[str, list[list[float]]] = {name: [] for name in methods}
    for seed in range(seeds):
        known, hidden = hide_one(frame, seed, 0.2)
        book, ids = ledger(known, products=products), np.asarray(hidden.index, dtype=str)
        relevant = np.asarray(hidden)[:, None] == book.products[None, :]
        for name, method in methods.items():
            extra = {"facts": facts} if name.endswith("facts") else {}
            fitted = method.fit_ledger(book, book.last_day, **extra)
            measured = per_customer(fitted.rank(ids, 10), relevant)
            found[name].append([
                *(float(measured[key].mean()) for key in ("hit_at_1", "hit_at_3", "ndcg_at_5")),
                log_loss(fitted, ids, relevant),
            ])  # fmt: skip
    for name, rows in found.items():
        print(f"  {name:20}  " + "   ".join(f"{value:.4f}" for value in np.mean(rows, axis=0)), flush=True)


def log_loss(method: Recommender, ids: np.ndarray, relevant: np.ndarray) -> float:
    """Log loss over all cells; scores of a customer are scaled to sum to the one product that was hidden."""
    held, profile = (part.toarray() for part in method._history(ids, None, None))
    score = method._scores(profile, ids)
    score = np.where(held, 0.0, np.maximum(np.where(score > 0, score, 0.0 if score.any() else method._popular(ids)), 0))
    total = score.sum(axis=1, keepdims=True)
    share = np.clip(np.divide(score, total, out=np.zeros_like(score), where=total > 0), 1e-6, 1 - 1e-6)
    return float(-np.where(relevant, np.log(share), np.log1p(-share)).mean())


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for message in ("OpenBLAS", "Method expects CSR"):  # advice to users of implicit, not figures
        warnings.filterwarnings("ignore", message=message)
    on_insurance(seeds)
    on_films(seeds)


if __name__ == "__main__":
    main()
