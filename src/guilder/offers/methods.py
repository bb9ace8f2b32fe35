"""The methods compared on every bank, by name, each with the few settings that validation may choose among."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from guilder.offers.blend import BlendRecommender
from guilder.offers.conditional import ConditionalRecommender
from guilder.offers.cosine import CosineRecommender
from guilder.offers.ease import EaseRecommender
from guilder.offers.ledger import KIND_WEIGHTS
from guilder.offers.neighbours import WIDE
from guilder.offers.popular import PopularRecommender, RandomRecommender, SegmentPopularRecommender
from guilder.offers.propensity import PropensityRecommender
from guilder.offers.recommender import Recommender

PERSONAL = ("cosine", "conditional", "ease", "propensity", "blend")
"""Methods that look at the customer's own history."""

BASELINES = ("popular", "decayed_popular")
"""Methods that do not, and that a personal one must beat."""

IMPERSONAL = (*BASELINES, "segment_popular")
"""Methods that serve everybody alike, or everybody in a segment."""

HALF_LIVES = (7.0, 14.0, 30.0, 90.0, 180.0, 365.0)
"""Days tried for decayed popularity, besides the bank's own."""

PENALTIES = (10.0, 100.0, 500.0)
"""Lambdas tried for EASE."""

WIDEST = 60
"""Products up to which propensity is judged: its cost grows with their square."""

TRUSTED_TYPES = [
    "guilder.offers.blend.BlendRecommender",
    "guilder.offers.conditional.ConditionalRecommender",
    "guilder.offers.cosine.CosineRecommender",
    "guilder.offers.ease.EaseRecommender",
    "guilder.offers.popular.PopularRecommender",
    "guilder.offers.popular.RandomRecommender",
    "guilder.offers.popular.SegmentPopularRecommender",
    "guilder.offers.propensity.PropensityRecommender",
    "scipy.sparse._csr.csr_matrix",
]
"""What the store may load from a stored recommender, besides arrays."""


class Settings(Protocol):
    """What the bank file says about offers, as far as learning needs it."""

    @property
    def kind_weights(self) -> Mapping[str, float]:
        """Weight of each kind of interaction."""

    @property
    def half_life_days(self) -> float | None:
        """Days in which interest halves."""

    @property
    def shrinkage(self) -> float:
        """Customers' worth of doubt in every pair of products."""

    @property
    def min_support(self) -> int:
        """Fewest customers who share a pair that counts."""


@dataclass(frozen=True)
class OfferSettings:
    """The settings of a bank that says nothing."""

    kind_weights: Mapping[str, float] = field(default_factory=lambda: KIND_WEIGHTS)
    half_life_days: float | None = 180.0
    shrinkage: float = 10.0
    min_support: int = 5


def methods(
    settings: Settings, *, dated: bool, products: int, segments: bool = False, random_state: int = 0
) -> dict[str, list[Recommender]]:
    """Every method with its variants.

    Undated interactions have no age, wide catalogues no propensity, those of thousands of personal methods the cosine
    alone, and a bank without segments no popularity in them.
    """
    own = None if settings.half_life_days is None else float(settings.half_life_days)
    lives = [own, None] if dated and own is not None else [None]
    fading: list[float | None] = [*sorted({*HALF_LIVES, *([] if own is None else [own])})] if dated else [None]
    weights = dict(settings.kind_weights)
    found: dict[str, list[Recommender]] = {
        "random": [RandomRecommender(random_state=random_state)],
        "popular": [PopularRecommender()],
        "decayed_popular": [PopularRecommender(half_life_days=life) for life in fading],
        "cosine": [
            CosineRecommender(settings.shrinkage, settings.min_support, weights, half_life_days=life) for life in lives
        ],
        "conditional": [ConditionalRecommender(settings.shrinkage, weights, half_life_days=life) for life in lives],
        "ease": [EaseRecommender(penalty, weights) for penalty in PENALTIES],
    }
    found["blend"] = [BlendRecommender(kind_weights=weights)]
    if products > WIDE:
        for name in ("conditional", "ease", "blend"):  # they need the square of the catalogue in memory
            del found[name]
    if segments:
        found["segment_popular"] = [
            SegmentPopularRecommender(half_life_days=life) for life in ((None, 14.0, 90.0, 365.0) if dated else (None,))
        ]
    if products <= WIDEST:
        # One variant alone: it takes longer than all other methods together.
        found["propensity"] = [
            PropensityRecommender(10.0, interest_days=14.0, most_examples=20_000) if dated
            else PropensityRecommender(1.0, interest_days=14.0)
        ]
    return found
