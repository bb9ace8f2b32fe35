"""Offers on real sets: Guilder's methods beside implicit's, popularity and decayed popularity, all on the same splits.

    python -m benchmarks offers [SEEDS]

MovieLens-100k in four rolling windows of time and in the random 75/25 protocol of the Microsoft recommenders benchmark
(published there: .475 at best, item similarity .382 to .394), and insurance holdings with one product hidden. Every
setting, and which method is Guilder's champion, is chosen by the code that a bank's run chooses with, on rows before,
or out of, the rows it is judged on; each test is touched once.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from benchmarks._sets import films, hide_one, insurance, three_quarters
from scipy.sparse import csr_matrix

from guilder.evaluation.ranking import per_customer
from guilder.offers.choose import Choice, choose, fitted, ranked
from guilder.offers.cosine import CosineRecommender
from guilder.offers.ease import EaseRecommender
from guilder.offers.ledger import days, interest, ledger
from guilder.offers.methods import OfferSettings, methods
from guilder.offers.recommender import Recommender
from guilder.offers.trial import Trial, at_cut

Rank = Callable[[Trial], np.ndarray]


def ours(*, dated: bool, products: int, seed: int) -> dict[str, list[Recommender]]:
    """A bank's own contest, with a few settings more for films: weightings of the cosine, heavier penalties."""
    found = methods(OfferSettings(half_life_days=None), dated=dated, products=products, random_state=seed)
    if products > 100:
        found["cosine"] += [CosineRecommender(shrinkage=100.0, idf=how) for how in (None, "tfidf", "bm25")]
        found["ease"] = [EaseRecommender(penalty=p) for p in (100.0, 200.0, 500.0, 1000.0)]
    if not dated:
        del found["decayed_popular"]
    return found


class Kept:
    """Ranks, and keeps what was ranked: rolling windows ask for the same again."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, int], np.ndarray] = {}

    def __call__(self, method: Recommender, trial: Trial) -> np.ndarray:
        key = f"{method!r} {method.get_params()}", id(trial)
        if key not in self.known:
            self.known[key] = ranked(method, trial)
        return self.known[key]


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

    ranks: dict[str, list[Rank]] = {}
    for name, model in (("cosine", CosineRecommender), ("BM25", BM25Recommender)):
        ranks[f"implicit {name}"] = [by_implicit(lambda K=K, model=model: model(K=K)) for K in (50, 200)]
    ranks["implicit ALS"] = [
        by_implicit(lambda f=f: AlternatingLeastSquares(factors=f, alpha=10, random_state=0, num_threads=1))
        for f in (16, 32)
    ]
    return ranks


def ndcg(lists: np.ndarray, trial: Trial) -> float:
    return float(per_customer(lists, trial.relevant)["ndcg_at_10"].mean())


def judged(
    choice: Choice, others: Mapping[str, list[Rank]], before: Sequence[Trial], test: Trial, rank: Kept
) -> dict[str, float]:
    """Every method on the test, by the settings that were best before; the champion is one of ours by name."""
    found = {name: ndcg(rank(method, test), test) for name, method in choice.methods.items()}
    for name, options in others.items():
        best = max(options, key=lambda one: np.mean([ndcg(one(trial), trial) for trial in before]))
        found[name] = ndcg(best(test), test)
    return {CHAMPION: found[choice.champion], **found}


CHAMPION = "Guilder's champion"


def shown(rows: Sequence[Mapping[str, float]], champions: Sequence[str]) -> None:
    table = {name: [row[name] for row in rows] for name in rows[0]}
    for name, values in sorted(table.items(), key=lambda row: -np.mean(row[1])):
        print(f"  {name:18} mean {np.mean(values):.4f}   " + "  ".join(f"{value:.4f}" for value in values), flush=True)
    print(f"  chosen by validation: {', '.join(champions)}", flush=True)


def windows(frame: pd.DataFrame) -> list[Trial]:
    """Cut the time at 20, 30, … 90 % of the rows: eight windows, of which the first four only serve for choosing."""
    cuts = [frame["at"].sort_values().iloc[int(q / 10 * len(frame))].normalize() for q in range(2, 10)]
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
    frame, rank, others = films(), Kept(), contenders()
    rolling = windows(frame)
    asked = [f"{len(trial.customers)}, {int(trial.warm.sum())} of them known" for trial in rolling[4:]]
    print(f"MovieLens-100k, nDCG@10, four rolling windows in time (customers: {'; '.join(asked)})", flush=True)
    rows, champions = [], []
    for place in range(4, 8):
        before = rolling[:place]
        variants = ours(dated=True, products=1682, seed=0)
        choice = choose(variants, before, measure="ndcg_at_10", rank=rank)
        champions.append(choice.champion)
        rows.append(judged(choice, others, before, rolling[place], rank))
    shown(rows, champions)
    gaps = [row[CHAMPION] - row["decayed_popular"] for row in rows]
    print(f"  champion minus decayed popularity: mean {np.mean(gaps):+.4f}   {'  '.join(f'{g:+.4f}' for g in gaps)}")
    print(f"MovieLens-100k, nDCG@10, random 75/25 by customer, {seeds} seeds (published: .475 at best)", flush=True)
    rows, champions = [], []
    for seed in range(seeds):
        test, inner = random_split(frame, seed), random_split(three_quarters(frame, seed)[0], seed)
        rank = Kept()
        choice = choose(ours(dated=False, products=1682, seed=seed), [inner], measure="ndcg_at_10", rank=rank)
        champions.append(choice.champion)
        rows.append(judged(choice, others, [inner], test, rank))
    shown(rows, champions)


def hidden_one(frame: pd.DataFrame, facts: pd.DataFrame, products: list[str], seed: int) -> tuple[Trial, pd.DataFrame]:
    """Hide one product of every fifth customer: the question, and what is still known."""
    known, gone = hide_one(frame, seed, 0.2)
    book, ids = ledger(known, products=products), np.asarray(gone.index, dtype=str)
    relevant = np.asarray(gone)[:, None] == book.products[None, :]
    free = ~book.owned[np.searchsorted(book.customers, ids)].toarray()
    return Trial(book, book.last_day, ids, free, relevant, free, np.ones(len(ids), bool), len(ids), None, facts), known


def on_insurance(seeds: int) -> None:
    frame, facts = insurance()
    products = sorted(frame["product_id"].unique())
    print(f"insurance holdings, one product hidden of every fifth customer with two or more, {seeds} seeds")
    print("                         hit@1   hit@3   nDCG@5  log loss a cell")
    found: dict[str, list[list[float]]] = {}
    champions, others = [], contenders()
    for seed in range(seeds):
        test, known = hidden_one(frame, facts, products, seed)
        inner, _ = hidden_one(known, facts, products, seed + 1000)
        choice = choose(ours(dated=False, products=len(products), seed=seed), [inner])
        champions.append(choice.champion)
        for name, method in choice.methods.items():
            made = fitted(method, test)
            lists = made.rank(test.customers, 10, allowed=test.candidates)
            row = [*hits(lists, test), log_loss(made, test.customers, test.relevant)]
            found.setdefault(name, []).append(row)
            if name == choice.champion:
                found.setdefault(CHAMPION, []).append(row)
        for name, options in others.items():
            best = max(options, key=lambda one: np.mean(per_customer(one(inner), inner.relevant)["ndcg_at_5"]))
            found.setdefault(name, []).append([*hits(best(test), test), np.nan])  # its scores are no chances
    for name, rows in sorted(found.items(), key=lambda one: -np.mean(one[1], axis=0)[0]):
        print(f"  {name:20}  " + "   ".join(f"{value:6.4f}" for value in np.mean(rows, axis=0)), flush=True)
    print(f"  chosen by validation: {', '.join(champions)}", flush=True)


def hits(lists: np.ndarray, trial: Trial) -> list[float]:
    measured = per_customer(lists, trial.relevant)
    return [float(measured[key].mean()) for key in ("hit_at_1", "hit_at_3", "ndcg_at_5")]


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
