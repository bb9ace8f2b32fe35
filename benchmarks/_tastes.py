"""Made-up interactions whose truth is known: planted tastes with their oracle, and customers who take anything."""

from __future__ import annotations

import numpy as np
import pandas as pd

from guilder.offers.rank import first
from guilder.offers.trial import Trial

KINDS = ("view", "click", "apply", "hold")
TASTES = 5


def _frame(who: np.ndarray, what: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    day = pd.to_timedelta(rng.integers(0, 700, len(who)), "D")
    return pd.DataFrame({
        "customer_id": [f"c{one:05d}" for one in who], "product_id": [f"p{one:02d}" for one in what],
        "kind": rng.choice(KINDS, len(who)), "at": pd.Timestamp("2024-01-01") + day,
    })  # fmt: skip


def noise(seed: int, *, skewed: bool, customers: int = 700, products: int = 12) -> pd.DataFrame:
    """Customers who take anything, all products alike or the first far oftener than the last."""
    rng = np.random.default_rng([seed, 11])
    weight = 1 / np.arange(1, products + 1) if skewed else np.ones(products)
    size = customers * 6
    return _frame(rng.integers(0, customers, size), rng.choice(products, size, p=weight / weight.sum()), rng)


def planted(seed: int, *, customers: int = 2000, products: int = 30) -> pd.DataFrame:
    """Customers of five tastes: seven of ten contacts are with the taste's own products, the rest with any."""
    rng = np.random.default_rng([seed, 12])
    who = rng.integers(0, customers, customers * 8)
    own = products // TASTES
    liked = (who % TASTES) * own + rng.integers(0, own, len(who))
    return _frame(who, np.where(rng.random(len(who)) < 0.7, liked, rng.integers(0, products, len(who))), rng)


def oracle(trial: Trial, *, products: int = 30) -> np.ndarray:
    """The best ranking of the planted customers of a trial: by the chances they were drawn with."""
    taste = np.array([int(one[1:]) % TASTES for one in trial.customers])
    column = np.array([int(one[1:]) for one in trial.book.products])
    chance = np.where(column[None, :] // (products // TASTES) == taste[:, None], 0.7 * TASTES / products, 0.0)
    return first(chance + 0.3 / products, np.zeros(chance.shape), trial.candidates, 10)[0]
