"""Nothing owned is ever offered, nothing filtered out, nothing twice, nothing beyond n: random banks, every method."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from guilder.offers.blend import BlendRecommender
from guilder.offers.conditional import ConditionalRecommender
from guilder.offers.cosine import CosineRecommender
from guilder.offers.ease import EaseRecommender
from guilder.offers.popular import PopularRecommender, RandomRecommender, SegmentPopularRecommender
from guilder.offers.propensity import PropensityRecommender
from guilder.offers.recommender import Recommender

KINDS = np.array(["view", "click", "apply", "hold", "hold", "hold", "close"])


def method(rng: np.random.Generator) -> Recommender:
    life = rng.choice([None, 1.0, 30.0])
    made = (
        CosineRecommender(min_support=int(rng.integers(0, 3)), shrinkage=float(rng.integers(0, 9)),
                          half_life_days=life, idf=rng.choice([None, "tfidf", "bm25"])),
        ConditionalRecommender(shrinkage=float(rng.integers(0, 9)), half_life_days=life),
        EaseRecommender(penalty=float(rng.choice([0.1, 10.0, 500.0]))), PopularRecommender(life),
        SegmentPopularRecommender(life), RandomRecommender(random_state=int(rng.integers(0, 99))),
        BlendRecommender(half_life_days=life), PropensityRecommender(),
    )  # fmt: skip
    return made[int(rng.integers(0, len(made)))]


def bank(rng: np.random.Generator) -> pd.DataFrame:
    size = int(rng.integers(1, 40))
    frame = pd.DataFrame({
        "customer_id": rng.choice([f"c{i}" for i in range(rng.integers(1, 9))], size),
        "product_id": rng.choice([f"p{i}" for i in range(rng.integers(1, 9))], size),
        "kind": rng.choice(KINDS, size),
    })  # fmt: skip
    if rng.random() < 0.7:
        frame["at"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 30, size), "D")
    return frame


def owned(frame: pd.DataFrame) -> set[tuple[str, str]]:
    """By hand: the last hold is not before the last close; without dates, held and never closed."""
    last: dict[tuple[str, str], dict[str, object]] = {}
    at = frame["at"] if "at" in frame else pd.Series(0, index=frame.index)
    for who, what, kind, day in zip(frame["customer_id"], frame["product_id"], frame["kind"], at, strict=True):
        mine = last.setdefault((who, what), {})
        mine[kind] = max(mine.get(kind, day), day)
    return {
        pair for pair, mine in last.items()
        if "hold" in mine and ("close" not in mine or ("at" in frame and mine["hold"] >= mine["close"]))
    }


def check(seed: int) -> int:
    rng = np.random.default_rng(seed)
    frame, later = bank(rng), bank(rng)
    segments = {f"c{i}": rng.choice(["x", "y"]) for i in range(6)} if rng.random() < 0.5 else None
    fitted = method(rng).fit(frame, segments=segments)
    ids = [*rng.permutation([f"c{i}" for i in range(10)])[: rng.integers(1, 10)], "stranger"]
    n = int(rng.integers(1, 12))
    newer = None
    if rng.random() < 0.3:
        newer = pd.concat([frame, later]) if ("at" in frame) == ("at" in later) else frame
    kind = int(rng.integers(0, 3))
    mask = rng.random((len(ids), len(fitted.products_))) < 0.6
    table = pd.DataFrame(mask, index=ids, columns=fitted.products_)
    filters = (None, mask, table.sample(frac=0.7, axis=1, random_state=seed).sample(frac=0.8, random_state=seed))
    offers = fitted.recommend(ids, n, allowed=filters[kind], interactions=newer, reasons=bool(rng.random() < 0.2))
    pairs = list(zip(offers["customer_id"], offers["product_id"], strict=True))
    assert not set(pairs) & owned(frame if newer is None else newer)
    assert len(set(pairs)) == len(pairs)
    assert offers["product_id"].isin(fitted.products_).all()
    if kind:
        open_ = table if kind == 1 else filters[2]
        assert all(who in open_.index and what in open_.columns and open_.loc[who, what] for who, what in pairs)
    ranks: dict[str, list[int]] = {}
    for who, rank in zip(offers["customer_id"], offers["rank"], strict=True):
        ranks.setdefault(who, []).append(rank)
    assert all(mine == list(range(1, len(mine) + 1)) and len(mine) <= n for mine in ranks.values())
    return len(pairs)


def test_nothing_owned_is_offered_in_random_banks() -> None:
    assert sum(check(seed) for seed in range(150)) > 150


@pytest.mark.slow
def test_nothing_owned_is_offered_in_ten_thousand_random_banks() -> None:
    assert sum(check(seed) for seed in range(10_000)) > 10_000
