"""Made-up loans of known truth: the shapes of credit files on which learners fail in different ways."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit

Loans = tuple[pd.DataFrame, np.ndarray]


def _drawn(rng: np.random.Generator, X: pd.DataFrame, score: np.ndarray, rate: float) -> Loans:
    """Draw outcomes of a score whose level is set so that so many are bad."""
    level = brentq(lambda at: float(expit(score + at).mean()) - rate, -30, 30)
    return X, (rng.random(len(X)) < expit(score + level)).astype(np.intp)


def outliers(rng: np.random.Generator) -> Loans:
    """20,000 loans, 6.7 % bad: heavy tails, 1 in 200 values a million times too large, codes for what is not known."""
    z = rng.normal(size=(20_000, 10))
    score = 0.9 * z[:, 0] - 0.7 * z[:, 1] + 0.6 * z[:, 2] * (z[:, 3] > 0) + 0.5 * np.abs(z[:, 4])
    X = np.exp(2.5 * z)
    X[rng.random(X.shape) < 0.005] *= 1e6
    X[rng.random(X.shape) < 0.02] = -999_999
    return _drawn(rng, pd.DataFrame(X, columns=[f"x{place}" for place in range(10)]), score, 0.067)


def empty_rows(rng: np.random.Generator) -> Loans:
    """5,000 loans, 20 % bad: 3 % of the rows are wholly empty and safer, a third of two facts missing and riskier."""
    z = rng.normal(size=(5000, 12))
    empty, silent = rng.random(5000) < 0.03, rng.random((5000, 2)) < 0.33
    score = z[:, 0] + 0.8 * z[:, 1] - 0.5 * z[:, 2] + 0.9 * silent.sum(axis=1) - 1.5 * empty
    z[:, 3:5][silent] = np.nan
    z[empty] = np.nan
    X = pd.DataFrame(z, columns=[f"x{place}" for place in range(12)])
    kind = pd.Series(rng.choice(["a", "b", "c"], 5000)).mask(empty)
    return _drawn(rng, X.assign(kind=kind.astype("category")), score, 0.2)


def wide(rng: np.random.Generator) -> Loans:
    """3,000 loans, 20 % bad: 140 numbers and 10 categories, of which eight say something."""
    z = rng.normal(size=(3000, 140))
    X = pd.DataFrame(z, columns=[f"x{place}" for place in range(140)])
    for place in range(10):
        X[f"kind{place}"] = pd.Categorical(rng.choice([f"level{one}" for one in range(8)], 3000))
    risky = X["kind0"].isin(["level1", "level2"]).to_numpy()
    score = 0.7 * z[:, 0] - 0.6 * z[:, 1] + 0.5 * z[:, 2] + 0.6 * (z[:, 3] > 1) + 0.5 * z[:, 4] * z[:, 5] + 1.2 * risky
    return _drawn(rng, X, score, 0.2)


def straight(rng: np.random.Generator) -> Loans:
    """4,000 loans, 30 % bad: the truth is a logistic regression on 15 normal facts."""
    z = rng.normal(size=(4000, 15))
    X = pd.DataFrame(z, columns=[f"x{place}" for place in range(15)])
    return _drawn(rng, X, z @ np.linspace(-0.6, 0.6, 15), 0.3)


def rare(rng: np.random.Generator) -> Loans:
    """20,000 loans, 4 % bad: steps and one interaction."""
    z = rng.gamma(2.0, size=(20_000, 12))
    score = 1.2 * (z[:, 0] > 3) + 0.8 * (z[:, 1] < 1) + 0.6 * np.log(z[:, 2]) + 0.9 * (z[:, 3] > 2) * (z[:, 4] > 2)
    return _drawn(rng, pd.DataFrame(z, columns=[f"x{place}" for place in range(12)]), score, 0.04)


def half(rng: np.random.Generator) -> Loans:
    """2,500 loans, 52 % bad: mostly categories."""
    kinds = {f"kind{place}": rng.integers(0, 6, 2500) for place in range(8)}
    z = rng.normal(size=(2500, 3))
    score = z[:, 0] + sum(0.5 * rng.normal(size=6)[codes] for codes in kinds.values())
    X = pd.DataFrame({name: pd.Categorical([f"level{code}" for code in codes]) for name, codes in kinds.items()})
    return _drawn(rng, X.assign(**{f"x{place}": z[:, place] for place in range(3)}), score, 0.52)


MADE_UP: dict[str, Callable[[np.random.Generator], Loans]] = {
    "outliers": outliers, "empty_rows": empty_rows, "wide": wide, "straight": straight, "rare": rare, "half": half,
}  # fmt: skip
