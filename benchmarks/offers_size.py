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
from collections.abc import Callable

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


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds that went by, and seconds of processor: on a busy machine the two are far apart."""
    wall, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - busy


def one(customers: int, products: int) -> None:
    book = made_up(customers, products)
    fitted = CosineRecommender().fit_ledger(book, 0.0)
    found: list[np.ndarray] = []
    similar = timed(lambda: fitted._links(book, 0.0))
    top = timed(lambda: found.append(fitted.rank(fitted.customers_, 3)))
    peak = megabytes()
    some = min(customers, 60_000_000 // products)  # what two gigabytes hold at once
    theirs = timed(lambda: cosine_similarity(fitted.profile_.T, dense_output=False))
    dense = timed(lambda: found.append(naive(fitted.profile_[:some], fitted.owned_[:some], fitted.links_, 3)))
    dense = (dense[0] * customers / some, dense[1] * customers / some)
    print(f"{customers:,} × {products:,}, seconds (of processor); peak of memory {peak:,.0f} MB", flush=True)
    for what, ours, name, other in (("similarity", similar, "scikit-learn", theirs),
                                    ("top 3 for all", top, f"dense NumPy, from {some:,}", dense)):  # fmt: skip
        print(f"  {what:14} {ours[0]:6.2f} ({ours[1]:.2f})   {name} {other[0]:.2f} ({other[1]:.2f})", flush=True)
    ranked, expected = found[0][:some], found[1]
    score = fitted._scores(fitted.profile_[:some].toarray(), fitted.customers_[:some])
    linked = np.take_along_axis(score, expected, axis=1) > 0  # without a score popularity decides, not the column
    assert (ranked == expected)[linked].mean() > 0.999


def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if len(sys.argv) > 2:
        one(customers, int(sys.argv[2]))
        return
    for products in (30, 300):
        subprocess.run([sys.executable, "-m", "benchmarks", "offers_size", str(customers), str(products)], check=True)


if __name__ == "__main__":
    main()
