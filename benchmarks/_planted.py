"""Made-up customers with known segments, and without any: what the segments room is measured against.

Facts are drawn in a hidden space where the density of each segment is known, and then bent one by one into counts,
money, days, balances and shares. Bending is monotone, so the best that anyone can do (Bayes) is known from the hidden
space.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

Floats = np.ndarray

FACTS = ("transactions_count_365d", "ticket_mean_365d", "recency_days", "balance_mean_365d", "income_regularity_365d",
         "share_channel_card_365d", "transactions_per_active_month_365d", "category_breadth_365d")  # fmt: skip

BLOCK = 500_000  # customers whose likelihood is worked out at once


@dataclass(frozen=True)
class Planted:
    """Facts of customers, the segment each was drawn from, and the segment that is likeliest given their facts."""

    frame: pd.DataFrame
    truth: np.ndarray
    bayes: np.ndarray


def bend(hidden: Floats) -> pd.DataFrame:
    """Turn standard numbers of shape (n, facts) into facts of a bank, skewed as theirs are."""
    ways = (
        lambda z: np.ceil(np.exp(4.0 + 0.5 * z)),
        lambda z: np.exp(4.0 + 0.6 * z).round(2),
        lambda z: np.floor(np.minimum(np.exp(2.2 + 0.5 * z), 150)),
        lambda z: np.sinh(1.0 + 0.5 * z) * 900,
        lambda z: 1 / (1 + np.exp(-0.7 * z)),
        lambda z: 1 / (1 + np.exp(-0.7 * z)),
        lambda z: np.ceil(10 * np.exp(2.0 + 0.4 * z)) / 10,
        lambda z: 1 / (1 + np.exp(-0.5 * z)),
    )
    return pd.DataFrame({name: way(column) for name, way, column in zip(FACTS, ways, hidden.T, strict=False)})


NOISE = {"normal": stats.norm(), "t": stats.t(5, scale=0.6**0.5), "gamma": stats.gamma(4, loc=-2, scale=0.5)}
"""What the facts of a segment scatter like, with mean 0 and spread 1 (the gamma's skewness is 1)."""

WITHOUT = ("normal", "t", "gamma", "zeros", "shares", "curved", "one size for all")
"""Ways of having no segments."""


def planted(k: int, seed: int, *, n: int = 4_000, width: int = 6, apart: float = 5.0, strength: float = 0.4,
            scales: tuple[float, float] = (0.8, 1.25), noise: str = "normal", line: bool = False) -> Planted:
    """Draw k segments of unequal size, each with its own correlated facts.

    Parameters
    ----------
    k, seed, n, width : int
        Segments, seed, customers and facts.
    apart : float
        The least distance between two centres, in the usual standard deviation within a segment.
    strength : float
        How much the facts of a segment hang together.
    scales : tuple of float
        The spread of the narrowest and of the widest segment.
    noise : str
        One of `NOISE`.
    line : bool
        Whether all centres lie along one direction.
    """
    random = np.random.default_rng([k, seed, 77])
    shares = 0.5 / k + 0.5 * random.dirichlet(np.full(k, 1.5))  # at least half an equal share each
    centres = _line(random, k, width, apart) if line else _centres(random, k, width, apart)
    roots = [np.exp(random.uniform(*np.log(scales))) * _root(random, width, strength) for _ in range(k)]
    truth = random.choice(k, n, p=shares)
    drawn = NOISE[noise].rvs(size=(n, width), random_state=random)
    hidden = np.empty((n, width))
    for each in range(k):
        hidden[truth == each] = centres[each] + drawn[truth == each] @ roots[each].T
    del drawn
    bayes = np.concatenate([
        np.column_stack([
            NOISE[noise].logpdf((some - centre) @ np.linalg.inv(root).T).sum(axis=1)
            - np.log(np.linalg.det(root)) + np.log(share)
            for centre, root, share in zip(centres, roots, shares, strict=True)
        ]).argmax(axis=1)
        for some in np.split(hidden, range(BLOCK, n, BLOCK))
    ])  # fmt: skip
    return Planted(bend(hidden), truth, bayes)


def structureless(kind: str, seed: int, *, n: int = 4_000, width: int = 6) -> pd.DataFrame:
    """Draw customers of one kind, as skewed and correlated as those of a bank; `kind` is one of `WITHOUT`."""
    random = np.random.default_rng([seed, 99])
    root = _root(random, width, random.uniform(0.2, 0.9))
    hidden = NOISE.get(kind, NOISE["normal"]).rvs(size=(n, width), random_state=random) @ root.T
    if kind == "one size for all":  # heavy tails that come together
        hidden *= np.sqrt(5 / random.chisquare(5, n))[:, None]
    if kind == "curved":
        hidden[:, 1] = 0.7 * (np.square(hidden[:, 0]) - 1) + 0.5 * hidden[:, 1]
    facts = bend(hidden)
    if kind == "zeros":  # what is under a limit is none, and the limits differ
        for place, limit in zip((0, 1, 5), (-0.5, 0.0, 0.5), strict=True):
            facts.iloc[hidden[:, place] < limit, place] = 0.0
    if kind == "shares":
        ranks = np.argsort(np.argsort(hidden[:, 4:6], axis=0), axis=0)
        facts.iloc[:, 4:6] = stats.beta(0.4, 0.4).ppf((ranks + 0.5) / n)
    return facts


def _root(random: np.random.Generator, width: int, strength: float) -> Floats:
    """Draw the root of a correlation matrix; `strength` 0 is none, 1 two common causes and little else."""
    loads = random.uniform(-1, 1, (width, 2)) * np.sqrt(strength)
    matrix = loads @ loads.T
    np.fill_diagonal(matrix, 1)
    values, vectors = np.linalg.eigh(matrix)
    matrix = (vectors * np.maximum(values, 0.05)) @ vectors.T
    spread = np.sqrt(np.diag(matrix))
    return np.linalg.cholesky(matrix / np.outer(spread, spread))


def _centres(random: np.random.Generator, k: int, width: int, apart: float) -> Floats:
    """Draw centres no nearer than `apart`, in a box no larger than needed."""
    box = apart * 0.6
    while True:
        for _ in range(200):
            found = random.uniform(-box, box, (k, width))
            gaps = np.linalg.norm(found[:, None] - found[None], axis=2) + np.eye(k) * 1e9
            if gaps.min() >= apart:
                return found - found.mean(axis=0)
        box *= 1.05


def _line(random: np.random.Generator, k: int, width: int, apart: float) -> Floats:
    direction = random.choice([-1.0, 1.0], width) * random.uniform(0.5, 1.0, width)
    return np.outer(np.arange(k) - (k - 1) / 2, direction / np.linalg.norm(direction)) * apart
