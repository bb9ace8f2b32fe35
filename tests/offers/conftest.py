"""Interactions made for tests: random, planted and pure noise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

KINDS = ["view", "click", "apply", "hold"]


def _frame(customer: np.ndarray, product: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    days = pd.to_timedelta(rng.integers(0, 700, len(customer)), "D")
    return pd.DataFrame({
        "customer_id": [f"c{one:05d}" for one in customer], "product_id": [f"p{one:02d}" for one in product],
        "kind": rng.choice(KINDS, len(customer)), "at": pd.Timestamp("2024-01-01") + days,
    })  # fmt: skip


@pytest.fixture(scope="session")
def noise() -> Callable[..., pd.DataFrame]:
    """Customers who take anything, uniformly or by popularity."""

    def make(seed: int, *, skewed: bool = False, customers: int = 1000) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        weight = 1 / np.arange(1, 13) if skewed else np.ones(12)
        size = customers * 6
        return _frame(rng.integers(0, customers, size), rng.choice(12, size, p=weight / weight.sum()), rng)

    return make


@pytest.fixture(scope="session")
def planted() -> Callable[..., pd.DataFrame]:
    """Customers of four tastes, each with three products of its own."""

    def make(seed: int, *, customers: int = 1000) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        size = customers * 6
        who = rng.integers(0, customers, size)
        own = (who % 4) * 3 + rng.integers(0, 3, size)
        return _frame(who, np.where(rng.random(size) < 0.6, own, rng.integers(0, 12, size)), rng)

    return make
