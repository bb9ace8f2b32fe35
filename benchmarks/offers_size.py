"""Top three of 30 products for a million customers: Guilder against naive dense NumPy, as a ratio.

    python -m benchmarks offers_size [CUSTOMERS]
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from guilder.offers.cosine import CosineRecommender


def naive(profile: np.ndarray, owned: np.ndarray, links: np.ndarray, n: int) -> np.ndarray:
    """Everything dense and at once, with a full sort."""
    score = profile @ links
    score[owned] = -np.inf
    return np.argsort(-score, axis=1, kind="stable")[:, :n]


def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rng = np.random.default_rng(0)
    size = customers * 4
    products = np.char.add("P", np.char.zfill(np.arange(30).astype(str), 2))
    names = np.char.add("C", np.char.zfill(np.arange(customers).astype(str), 8))
    frame = pd.DataFrame({
        "customer_id": names[rng.integers(0, customers, size)],
        "product_id": products[(rng.random(size) ** 2 * 30).astype(int)],
        "kind": np.array(["view", "click", "apply", "hold"])[rng.integers(0, 4, size)],
    })  # fmt: skip
    start = time.perf_counter()
    fitted = CosineRecommender().fit(frame)
    print(f"fit from {size:,} interactions        {time.perf_counter() - start:6.2f} s")
    ids = fitted.customers_
    profile, owned = fitted.profile_.toarray(), fitted.owned_.toarray()
    start = time.perf_counter()
    expected = naive(profile, owned, fitted.links_, 3)
    base = time.perf_counter() - start
    print(f"naive dense NumPy, positions only       {base:6.2f} s")
    del profile, owned
    start = time.perf_counter()
    ranked = fitted.rank(ids, 3)
    spent = time.perf_counter() - start
    print(f"rank(), positions only                  {spent:6.2f} s  {spent / base:5.2f} × naive")
    assert (ranked == expected).mean() > 0.999  # ties within rounding may differ
    for words in (False, True):
        start = time.perf_counter()
        offers = fitted.recommend(ids, 3, reasons=words)
        spent = time.perf_counter() - start
        print(f"recommend(reasons={words!s:5}), {len(offers):,} rows {spent:6.2f} s  {spent / base:5.2f} × naive")


if __name__ == "__main__":
    main()
