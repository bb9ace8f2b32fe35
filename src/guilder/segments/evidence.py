"""The evidence for a number of segments: size, bootstrap stability, and the same on a bank without segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

from guilder.evaluation.stability import adjusted_rand, best_jaccard, bootstrap_agreement, bootstrap_partitions
from guilder.segments.clusters import centres, distinct_rows, nearest, partition
from guilder.segments.silhouette import squared_silhouette
from guilder.segments.valleys import valleys

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Effort:
    """How much work the evidence may cost."""

    sample: int = 2_000
    bootstraps: int = 20
    nulls: int = 4
    null_bootstraps: int = 5
    starts: int = 3
    """Starts of each refit."""


class Floors(NamedTuple):
    """What makes a number of segments eligible: each figure of a `Candidate` must be at least this."""

    smallest_share: float
    stability_mean: float
    stability_p05: float
    stability_time: float


@dataclass(frozen=True)
class Candidate:
    """What one number of segments is worth."""

    k: int
    silhouette: float
    davies_bouldin: float
    calinski_harabasz: float
    stability_mean: float
    stability_p05: float
    """Adjusted Rand index of refits on bootstraps against the fit: mean and 5 % quantile."""
    stability_time: float | None
    """Adjusted Rand index between today's customers as the centres of an earlier day place them and as today's do; None
    where no earlier day is known."""
    jaccard: list[float]
    """How well each segment comes back in the refits, the largest first: mean Jaccard index with its best match."""
    null_stability_mean: float
    tightness: float
    """Silhouette on squared distances."""
    null_tightness: float
    """The same where the facts, just as skewed and correlated, hold no groups: the mean over the nulls."""
    gap: float
    """Tightness above that of the nulls."""
    gap_error: float
    """Its standard error over the null draws."""
    scatter_gap: float
    """Logarithm of the scatter within segments: the mean over the nulls above ours (Tibshirani's gap statistic)."""
    valleys: list[float]
    """How much emptier it is between each segment and its most blurred neighbour, the largest first; 0 is one hump."""
    smallest_share: float
    eligible: bool
    """Every segment is large enough, refits come back, and so does an earlier day where one is known."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def weigh(
    sample: Floats, nulls: Sequence[Floats], k: int, *, effort: Effort, floors: Floors, seed: int,
    earlier: Floats | None = None,
) -> Candidate:
    """Weigh one number of segments.

    Parameters
    ----------
    sample : ndarray of shape (n, facts)
        Standardised facts.
    nulls : sequence of ndarray of shape (n, facts)
        Draws of a bank without segments: see `guilder.segments.null.draw_null`.
    k : int
        The number of segments.
    effort : Effort
        Bootstraps and starts.
    floors : Floors
        What makes it eligible.
    seed : int
        The seed.
    earlier : ndarray of shape (m, facts), optional
        Customers as they were on an earlier day, on the same ruler.

    Returns
    -------
    Candidate
        The evidence.
    """
    labels = nearest(sample, centres(sample, k, random_state=seed))
    share = float(np.bincount(labels, minlength=k).min() / len(sample))
    refit = partition(k, effort.starts)
    refits = list(bootstrap_partitions(sample, refit, repeats=effort.bootstraps, random_state=seed))
    agreement = [adjusted_rand(labels, again) for again in refits]
    mean, worst = float(np.mean(agreement)), float(np.quantile(agreement, 0.05))
    in_time = None
    if earlier is not None and distinct_rows(earlier) >= k:
        in_time = adjusted_rand(labels, nearest(sample, centres(earlier, k, random_state=seed)))
    jaccard = np.mean([best_jaccard(labels, again) for again in refits], axis=0)
    blind = [nearest(null, centres(null, k, starts=4, random_state=seed)) for null in nulls]
    null_agreement = [
        bootstrap_agreement(null, found, refit, repeats=effort.null_bootstraps, random_state=seed).mean()
        for null, found in zip(nulls, blind, strict=True)
    ]
    null_tightness = [squared_silhouette(null, found) for null, found in zip(nulls, blind, strict=True)]
    null_scatter = [_log_scatter(null, found) for null, found in zip(nulls, blind, strict=True)]
    tightness = squared_silhouette(sample, labels)
    return Candidate(
        k=k,
        silhouette=if_several(silhouette_score, sample, labels),
        davies_bouldin=if_several(davies_bouldin_score, sample, labels),
        calinski_harabasz=if_several(calinski_harabasz_score, sample, labels),
        stability_mean=mean,
        stability_p05=worst,
        stability_time=in_time,
        jaccard=[float(each) for each in jaccard],
        null_stability_mean=float(np.mean(null_agreement)),
        tightness=tightness,
        null_tightness=float(np.mean(null_tightness)),
        gap=tightness - float(np.mean(null_tightness)),
        gap_error=_spread(null_tightness),
        scatter_gap=float(np.mean(null_scatter)) - _log_scatter(sample, labels),
        valleys=[float(each) for each in valleys(sample, labels)],
        smallest_share=share,
        eligible=share >= floors.smallest_share
        and mean >= floors.stability_mean
        and worst >= floors.stability_p05
        and (in_time is None or in_time >= floors.stability_time),
    )


def if_several(score: Any, points: Floats, labels: Labels) -> float:
    """A score of a partition; NaN where it has one group, or as many as points."""
    return float(score(points, labels)) if 1 < len(np.unique(labels)) < len(points) else float("nan")


def _log_scatter(points: Floats, labels: Labels) -> float:
    """Logarithm of the mean squared distance to the own centre; a floor keeps groups of equals finite."""
    total = sum(float(np.square(mine - mine.mean(axis=0)).sum()) for mine in _groups(points, labels))
    return float(np.log(max(total / len(points), 1e-12)))


def _groups(points: Floats, labels: Labels) -> list[Floats]:
    return [points[labels == label] for label in np.unique(labels)]


def _spread(values: Sequence[float]) -> float:
    """Standard error of one value against the mean of the draws."""
    return float(np.std(values, ddof=1) * np.sqrt(1 + 1 / len(values))) if len(values) > 1 else 0.0
