"""A million customers: similarity and top three of 30 and of 300 products, beside scikit-learn and dense NumPy.

    python -m benchmarks offers_size [CUSTOMERS]

Similarity is fitted from a matrix that is in memory already; the top three are positions for everyone, what they own
left out. Beside it scikit-learn's cosine_similarity of the same matrix, and everything dense at once with a full sort.
Each size runs in a process of its own, so that its peak of memory is its own; the rivals run after it is taken.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.metrics.pairwise import cosine_similarity

from guilder.offers.cosine import CosineRecommender
from guilder.offers.ledger import Ledger, ledger


def made_up(customers: int, products: int) -> Ledger:
    """Four contacts a customer on average; the first products far oftener than the last."""
    rng = np.random.default_rng(0)
    size = customers * 4
    names = np.char.add("P", np.char.zfill(np.arange(products).astype(str), 5))
    ids = np.char.add("C", np.char.zfill(np.arange(customers).astype(str), 8))
    frame = pd.DataFrame({
        "customer_id": pd.Categorical.from_codes(rng.integers(0, customers, size), ids),
        "product_id": pd.Categorical.from_codes((rng.random(size) ** 2 * products).astype(int), names),
        "kind": pd.Categorical.from_codes(rng.integers(0, 4, size), ["view", "click", "apply", "hold"]),
    })  # fmt: skip
    return ledger(frame.astype("str"))


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def naive(profile: csr_matrix, owned: csr_matrix, links: np.ndarray, n: int) -> np.ndarray:
    """Everything dense and at once, with a full sort."""
    score = profile.toarray() @ links
    score[owned.toarray()] = -np.inf
    return np.argsort(-score, axis=1, kind="stable")[:, :n]


def one(customers: int, products: int) -> None:
    book = made_up(customers, products)
    fitted = CosineRecommender().fit_ledger(book, 0.0)
    start = time.perf_counter()
    links = fitted._links(book, 0.0)
    similar = time.perf_counter() - start
    before = megabytes()
    start = time.perf_counter()
    ranked = fitted.rank(fitted.customers_, 3)
    top = time.perf_counter() - start
    peak = megabytes()
    start = time.perf_counter()
    cosine_similarity(fitted.profile_.T, dense_output=False)
    theirs = time.perf_counter() - start
    print(f"{customers:,} × {products:,}", flush=True)
    print(f"  similarity             {similar:6.2f} s   scikit-learn cosine_similarity {theirs:6.2f} s", flush=True)
    told = f"  top 3, everyone        {top:6.2f} s   "
    some = min(customers, 60_000_000 // products)  # what two gigabytes hold at once
    start = time.perf_counter()
    expected = naive(fitted.profile_[:some], fitted.owned_[:some], links, 3)
    base = (time.perf_counter() - start) * customers / some
    print(f"{told}dense NumPy                    {base:6.2f} s, from {some:,} of them", flush=True)
    print(f"  peak of memory         {peak:6.0f} MB  ({before:.0f} before ranking)", flush=True)
    full = (ranked[:some] >= 0).all(axis=1)
    own = np.take_along_axis(fitted._scores(fitted.profile_[:some][full].toarray(), fitted.customers_[:some][full]),
                             np.stack([ranked[:some][full], expected[full]]).reshape(-1, 3)[: int(full.sum())], axis=1)
    assert (ranked[:some][full] == expected[full])[own > 0].mean() > 0.999  # equals are ordered by popularity


def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if len(sys.argv) > 2:
        one(customers, int(sys.argv[2]))
        return
    for products in (30, 300):
        subprocess.run([sys.executable, "-m", "benchmarks", "offers_size", str(customers), str(products)], check=True)


if __name__ == "__main__":
    main()
