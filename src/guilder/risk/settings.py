"""Settings: what may be set of each learner, its defaults by the number of rows, and what a search draws from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from guilder.errors import UsageError

Settings = Mapping[str, float]

FEWEST_ROWS = 2000
"""Under this many rows boosting stops early, looks at few facts a split and is averaged over seeds, for it would learn
the rows by heart."""
FEW_ROWS = 5000
"""Under this many rows forests grow more and deeper trees, for each tells little."""
MANY_ROWS = 10_000
"""From this many rows the trees of a forest are bounded, so that reasons of a million take a minute, not hours, and
CatBoost, whose trees learn many rows by heart sooner than others', grows half as many."""

_SPACE: dict[str, dict[str, tuple[float, ...]]] = {
    "logistic": {"C": (0.005, 0.02, 0.05, 0.2, 0.5, 2.0)},
    "scorecard": {"C": (0.01, 0.05, 0.2, 1.0)},
    "forest": {"leaf": (1, 2, 3, 5, 10, 20), "share": (0.2, 0.35, 0.5)},
    "boosting": {
        "leaves": (4, 6, 10, 15, 31), "rounds": (150, 250, 400, 700), "rate": (0.03, 0.05, 0.08),
        "leaf": (5, 10, 20, 40), "share": (0.3, 0.5, 0.8),
    },
    "lightgbm": {"leaves": (6, 15, 31), "rounds": (150, 300, 600), "rate": (0.03, 0.05, 0.08), "leaf": (5, 20, 40)},
    "catboost": {"depth": (4, 6), "rounds": (200, 400, 600), "rate": (0.04, 0.08)},
}  # fmt: skip


_DEEP = {"leaves": 31, "rounds": 500, "rate": 0.06, "leaf": 5, "share": 0.4}
ANCHORS: dict[str, tuple[dict[str, float], ...]] = {
    "logistic": ({"C": 0.3},),
    "boosting": ({**_DEEP, "seeds": 1},),
    "lightgbm": (_DEEP,),
}
"""Settings that are far better than the defaults on some banks, where a few facts together single out the bads."""


def anchors(learners: Sequence[str]) -> list[tuple[str, Settings]]:
    """Pair learners with their anchors; deep trees grow by LightGBM alone where it is, in a quarter of the time."""
    slow = {"boosting"} if "lightgbm" in learners else set()
    return [(name, one) for name in learners if name not in slow for one in ANCHORS.get(name, ())]


def defaults(learner: str, rows: int) -> dict[str, float]:
    """Settings of a learner that were not given.

    Parameters
    ----------
    learner : str
        One of the names in ``guilder.risk.learners``.
    rows : int
        Training rows.

    Returns
    -------
    dict
        ``C``: inverse strength of the penalty. ``trees``, ``rounds``: how many trees. ``leaf``: fewest rows of a leaf.
        ``leaves``, ``depth``: largest tree (0: any). ``share``: share of the facts weighed at a split (0: the root).
        ``sample``: share of the rows each tree sees. ``rate``: learning rate. ``seeds``: boosters averaged.
    """
    fewest, few = rows < FEWEST_ROWS, rows < FEW_ROWS
    cats = {"rounds": 300, "rate": 0.03} if fewest else {"rounds": 200 if rows >= MANY_ROWS else 400, "rate": 0.06}
    many: dict[str, float] = {"trees": 150, "leaf": 10, "share": 0, "sample": 0.5, "leaves": 0}
    if rows >= MANY_ROWS:
        many |= {"trees": 40, "leaf": 20, "share": 0.35, "leaves": 192}
    known: dict[str, dict[str, float]] = {
        "logistic": {"C": 0.05},
        "scorecard": {"C": 0.2},
        "forest": {"trees": 200, "leaf": 2, "share": 0, "sample": 1, "leaves": 0} if few else many,
        "boosting": {
            "rounds": 150 if fewest else 250, "rate": 0.05, "leaves": 6 if fewest else 15,
            "leaf": min(20, 1 + rows // 20), "share": 0.2 if fewest else 0.5, "seeds": 3 if fewest else 1,
        },
        "lightgbm": {"rounds": 250, "rate": 0.05, "leaves": 15, "leaf": min(20, 1 + rows // 20), "share": 0.5},
        "catboost": {**cats, "depth": 6},
    }  # fmt: skip
    return known.get(learner, {})


def settings_of(learner: str, rows: int, given: Settings | None) -> dict[str, float]:
    """Complete what was given with the defaults; refuse a name the learner does not have."""
    known = defaults(learner, rows)
    wrong = sorted(set(given or {}) - set(known))
    if wrong:
        raise UsageError(
            f"{learner} has no setting {', '.join(wrong)}", known=f"it has: {', '.join(known) or 'none'}",
        )
    return known | dict(given or {})


def draw(learner: str, count: int, rng: np.random.Generator) -> list[dict[str, float]]:
    """Draw settings to try, no two the same; fewer where a learner has fewer, none where it has nothing to set."""
    space = _SPACE.get(learner, {})
    every = [dict(zip(space, values, strict=True)) for values in product(*space.values())] if space else []
    return [every[place] for place in rng.permutation(len(every))[:count].tolist()]
