"""How many segments, and do they exist: size floor, bootstrap stability, and the gap to a bank without segments."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from guilder.evaluation.stability import bootstrap_agreement
from guilder.segments.clusters import centres, distinct_rows, nearest, partition
from guilder.segments.null import draw_null
from guilder.segments.silhouette import squared_silhouette

Floats = NDArray[np.float64]
Progress = Callable[[str], None]

NATURAL, CONVENIENCE, UNSTABLE = "natural", "convenience but stable", "unstable: do not use"

STABLE_MEAN, STABLE_P05 = 0.80, 0.60
"""A partition is stable when its refits agree with it this well, on average and in the 5 % worst case."""
GAP = 0.03
"""Groups exist when they are tighter than the null by this much; structureless data stay under .01."""
GAP_ERRORS = 3.0
"""… and by this many standard errors of the null draws."""


@dataclass(frozen=True)
class Candidate:
    """What one number of segments is worth."""

    k: int
    silhouette: float
    davies_bouldin: float
    calinski_harabasz: float
    stability_mean: float
    stability_p05: float
    null_stability_mean: float
    tightness: float
    """Silhouette on squared distances."""
    null_tightness: float
    """The same where the facts, just as skewed and correlated, hold no groups: the mean over the nulls."""
    gap: float
    """Tightness above that of the nulls."""
    gap_error: float
    """Its standard error over the null draws."""
    smallest_share: float
    eligible: bool
    """Every segment is large enough and refits come back."""

    def to_dict(self) -> dict[str, float | int | bool]:
        """Return plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Choice:
    """The number of segments, the verdict about them in words, and the evidence."""

    k: int
    verdict: str
    why: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Effort:
    """How much work the evidence may cost."""

    sample: int = 2_000
    bootstraps: int = 20
    nulls: int = 4
    null_bootstraps: int = 5


def choose_k(
    points: Floats,
    *,
    ks: range,
    floor: float,
    effort: Effort | None = None,
    random_state: int = 0,
    progress: Progress | None = None,
) -> Choice:
    """Weigh each number of segments and choose one.

    Parameters
    ----------
    points : ndarray of shape (n, facts)
        Standardised facts in canonical row order.
    ks : range
        The numbers to weigh; one number means the bank has decided and only the verdict is open.
    floor : float
        The smallest share of customers a segment may hold.
    effort : Effort, optional
        Size of the sample, bootstraps and null draws.
    random_state : int
        The seed.
    progress : callable, optional
        Told a short sentence before each long step.

    Returns
    -------
    Choice
        Among the numbers that meet the floor and are stable, the one that stands out most against the null.
    """
    effort = effort or Effort()
    if not ks:
        return _decide((), floor)
    random = np.random.default_rng(random_state)
    sample = points
    if len(points) > effort.sample:
        sample = points[np.sort(random.choice(len(points), effort.sample, replace=False))]
    ks = range(ks.start, min(ks.stop, distinct_rows(sample) + 1))
    nulls = [draw_null(sample, random_state=int(seed)) for seed in random.integers(2**31, size=effort.nulls)]
    candidates = []
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        for k in ks:
            if progress:
                progress(f"Weighing {k} segments")
            candidates.append(_weigh(sample, nulls, k, floor, effort, random_state))
    return _decide(tuple(candidates), floor)


def _weigh(sample: Floats, nulls: list[Floats], k: int, floor: float, effort: Effort, seed: int) -> Candidate:
    labels = nearest(sample, centres(sample, k, random_state=seed))
    share = float(np.bincount(labels, minlength=k).min() / len(sample))
    refit = partition(k, 3)
    agreement = bootstrap_agreement(sample, labels, refit, repeats=effort.bootstraps, random_state=seed)
    blind_tightness, null_agreements = [], []
    for null in nulls:
        blind = nearest(null, centres(null, k, starts=4, random_state=seed))
        blind_tightness.append(squared_silhouette(null, blind))
        null_agreements.append(
            bootstrap_agreement(null, blind, refit, repeats=effort.null_bootstraps, random_state=seed).mean()
        )
    tightness = squared_silhouette(sample, labels)
    mean, worst = float(agreement.mean()), float(np.quantile(agreement, 0.05))
    several = len(np.unique(labels)) > 1
    return Candidate(
        k=k,
        silhouette=_silhouette(sample, labels),
        davies_bouldin=float(davies_bouldin_score(sample, labels)) if several else float("nan"),
        calinski_harabasz=float(calinski_harabasz_score(sample, labels)) if several else float("nan"),
        stability_mean=mean,
        stability_p05=worst,
        null_stability_mean=float(np.mean(null_agreements)),
        tightness=tightness,
        null_tightness=float(np.mean(blind_tightness)),
        gap=tightness - float(np.mean(blind_tightness)),
        gap_error=float(np.std(blind_tightness, ddof=1) * np.sqrt(1 + 1 / len(nulls))) if len(nulls) > 1 else 0.0,
        smallest_share=share,
        eligible=share >= floor and mean >= STABLE_MEAN and worst >= STABLE_P05,
    )


def _silhouette(points: Floats, labels: NDArray[np.int64]) -> float:
    several = 1 < len(np.unique(labels)) < len(points)
    return float(silhouette_score(points, labels)) if several else float("nan")


def _decide(candidates: tuple[Candidate, ...], floor: float) -> Choice:
    if not candidates:
        why = f"There are too few different customers for two groups of at least {floor:.1%} each."
        return Choice(1, UNSTABLE, why, candidates)
    eligible = [each for each in candidates if each.eligible]
    natural = [each for each in eligible if each.gap >= max(GAP, GAP_ERRORS * each.gap_error)]
    if natural:
        best = max(natural, key=lambda each: (each.gap, each.k))
        return Choice(best.k, NATURAL, f"{_evidence(best)} {_gap(best)} The groups are in the data.", candidates)
    if eligible:
        best = max(eligible, key=lambda each: (each.stability_mean, each.k))
        why = f"{_evidence(best)} {_gap(best)} The cut is repeatable, but it divides a continuum."
        return Choice(best.k, CONVENIENCE, why, candidates)
    large = [each for each in candidates if each.smallest_share >= floor]
    best = max(large or candidates, key=lambda each: (each.stability_mean, each.k))
    if not large:
        why = f"No number of segments keeps every one above {floor:.1%} of customers."
    else:
        why = f"{_evidence(best)} That is too little: another sample of customers would give other segments."
    return Choice(best.k, UNSTABLE, why, candidates)


def _evidence(best: Candidate) -> str:
    return (
        f"Refits on {best.k} segments agree by {best.stability_mean:.2f} (adjusted Rand; "
        f"5 % worst {best.stability_p05:.2f}; 1 is identical)."
    )


def _gap(best: Candidate) -> str:
    return (
        f"Tightness (silhouette on squared distances) {best.tightness:.3f} against {best.null_tightness:.3f} where the "
        f"same facts, just as skewed and correlated, hold no groups."
    )
