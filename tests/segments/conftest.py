"""Banks with planted segments, and banks without any."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

FACTS = (
    "transactions_count_365d",
    "ticket_mean_365d",
    "recency_days",
    "balance_mean_365d",
    "income_regularity_365d",
    "share_channel_card_365d",
)


def planted(k: int, seed: int, *, n: int = 900, apart: float = 2.0) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers of k types of unequal size whose facts are skewed and correlated; k = 1 is a bank without segments."""
    random = np.random.default_rng(seed)
    shares = np.linspace(1.0, 2.0, k)
    types = random.choice(k, n, p=shares / shares.sum())
    # Types sit on the corners of a simplex, so that every pair lies equally far apart.
    corners = np.linalg.qr(random.normal(size=(len(FACTS), len(FACTS))))[0] * apart * 2.0
    centre = corners[np.arange(k) % len(FACTS)] if k > 1 else np.zeros((1, len(FACTS)))
    mixed = random.normal(size=(n, len(FACTS))) @ (np.eye(len(FACTS)) + 0.2 * random.normal(size=(len(FACTS),) * 2))
    hidden = centre[types] + mixed / mixed.std(axis=0)
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{row:06d}" for row in range(n)],
            "transactions_count_365d": np.ceil(np.exp(4.0 + 0.5 * hidden[:, 0])),
            "ticket_mean_365d": np.exp(4.0 + 0.6 * hidden[:, 1]).round(2),
            "recency_days": np.floor(np.minimum(np.exp(2.0 + 0.5 * hidden[:, 2]), 150)),
            "balance_mean_365d": np.sinh(1.0 + 0.8 * hidden[:, 3]) * 900,
            "income_regularity_365d": 1 / (1 + np.exp(-hidden[:, 4])),
            "share_channel_card_365d": 1 / (1 + np.exp(-hidden[:, 5])),
            "history_days": 700.0,
        }
    )
    return frame, types


@pytest.fixture(scope="session")
def bank() -> Callable[..., tuple[pd.DataFrame, np.ndarray]]:
    return planted


@pytest.fixture(scope="session")
def four() -> tuple[pd.DataFrame, np.ndarray]:
    return planted(4, 7, n=500)
