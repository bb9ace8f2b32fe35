"""How many segments, and do they exist: size floor, bootstrap stability, and the gap to a bank without segments."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from guilder.segments.clusters import distinct_rows
from guilder.segments.evidence import Candidate, Effort, Floors, weigh
from guilder.segments.null import draw_null

Floats = NDArray[np.float64]
Progress = Callable[[str], None]

NATURAL, CONVENIENCE, UNSTABLE = "natural", "convenience but stable", "unstable: do not use"

STABLE_MEAN, STABLE_P05 = 0.80, 0.60
"""A partition is stable when its refits agree with it this well, on average and in the 5 % worst case."""
STABLE_TIME = STABLE_P05
"""… and when customers as they were on an earlier day, one more draw of the bank, do not draw worse than that."""
GAP = 0.05
"""Groups exist when they are tighter than the null by this much; structureless data stay under .02."""
GAP_ERRORS = 3.0
"""… and by this many standard errors of the null draws."""
SCATTER = 0.03
"""… and leave this much less scatter, as a logarithm; structureless data stay under .02."""
VALLEY = 0.2
"""… and have valleys between them this deep on average; a cut through one hump has none."""
LAST_SPLIT, BLURRED_SPLIT = 0.10, 0.20
"""One more segment is worth having while it takes away this share of the scatter that groups take away in all; the
larger share where it leaves less valley between the segments, as the cut of a long group does."""



def limits(floor: float) -> dict[str, float]:
    """Name what each figure of a candidate must be at least: to be stable, and from ``gap`` on to be natural."""
    return {
        "smallest_share": floor, "stability_mean": STABLE_MEAN, "stability_p05": STABLE_P05,
        "stability_time": STABLE_TIME, "gap": GAP, "scatter_gap": SCATTER, "valleys": VALLEY,
    }  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """The number of segments, the verdict about them in words, and the evidence."""

    k: int
    verdict: str
    why: str
    candidates: tuple[Candidate, ...]


def choose_k(
    points: Floats,
    *,
    ks: range,
    floor: float,
    wanted: int | None = None,
    before: int | None = None,
    earlier: Floats | None = None,
    effort: Effort | None = None,
    random_state: int = 0,
    progress: Progress | None = None,
) -> Choice:
    """Weigh each number of segments, choose one, and say whether the segments exist.

    Parameters
    ----------
    points : ndarray of shape (n, facts)
        Standardised facts in canonical row order.
    ks : range
        The numbers to weigh.
    floor : float
        The smallest share of customers a segment may hold.
    wanted : int, optional
        The number the bank has decided on: only the verdict is open.
    before : int, optional
        The number until now: it stays while it earns the same verdict as the best would.
    earlier : ndarray of shape (m, facts), optional
        Customers as they were on an earlier day, on the same ruler; without them nothing is asked of stability in time.
    effort : Effort, optional
        Size of the sample, bootstraps and null draws.
    random_state : int
        The seed.
    progress : callable, optional
        Told a short sentence before each long step.

    Returns
    -------
    Choice
        Of the numbers that meet the floor, are stable and are tighter than the null: the most detailed one whose last
        segment still takes away scatter that the null's does not. Failing that the most stable one.
    """
    effort = effort or Effort()
    random = np.random.default_rng(random_state)
    sample = points
    if len(points) > effort.sample:
        sample = points[np.sort(random.choice(len(points), effort.sample, replace=False))]
    weighed = [k for k in ks if k <= distinct_rows(sample)]
    nulls = [draw_null(sample, random_state=int(seed)) for seed in random.integers(2**31, size=effort.nulls)]
    candidates = []
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a resample may hold fewer distinct points than k
        for k in weighed:
            if progress:
                progress(f"Weighing {k} segments")
            floors = Floors(floor, STABLE_MEAN, STABLE_P05, STABLE_TIME)
            candidates.append(
                weigh(sample, nulls, k, effort=effort, floors=floors, seed=random_state, earlier=earlier)
            )
    if wanted is None:
        best = _decide(tuple(candidates), floor, len(points))
        same = _decide(tuple(each for each in candidates if each.k == before), floor, len(points))
        return replace(same, candidates=tuple(candidates)) if best.verdict == same.verdict != UNSTABLE else best
    decided = _decide(tuple(each for each in candidates if each.k == wanted), floor, len(points))
    return Choice(wanted, decided.verdict, decided.why, tuple(candidates))


def _decide(candidates: tuple[Candidate, ...], floor: float, customers: int) -> Choice:
    # More than half is said as a number: nobody asks for groups of 400 %.
    asked = f"{floor:.1%}" if floor <= 0.5 else f"{round(floor * customers):,} customers"
    if not candidates:
        why = f"There are too few different customers for two groups of at least {asked} each."
        return Choice(1, UNSTABLE, why, candidates)
    eligible = [each for each in candidates if each.eligible]
    natural = [each for each in eligible if _stands_out(each)]
    if natural:
        best = _most_detailed(natural, candidates)
        return Choice(best.k, NATURAL, f"{_agreement(best)} {_gap(best)} The groups are in the data.", candidates)
    if eligible:
        best = max(eligible, key=lambda each: (each.stability_mean, each.k))
        why = f"{_agreement(best)} {_gap(best)} It is repeatable, but the groups could not be told from a continuum."
        return Choice(best.k, CONVENIENCE, why, candidates)
    large = [each for each in candidates if each.smallest_share >= floor]
    best = max(large or candidates, key=lambda each: (each.stability_mean, each.k))
    if large and best.stability_mean >= STABLE_MEAN and best.stability_p05 >= STABLE_P05:
        why = f"{_agreement(best)} That is too little: what changes so fast is nothing to plan with."
    elif large:
        why = f"{_agreement(best)} That is too little: another sample of customers would give other segments."
    else:
        why = f"The smallest segment holds {best.smallest_share:.1%} of customers; at least {asked} are asked for."
    return Choice(best.k, UNSTABLE, why, candidates)


def _stands_out(each: Candidate) -> bool:
    tight = each.gap >= max(GAP, GAP_ERRORS * each.gap_error) and each.scatter_gap >= SCATTER
    return tight and float(np.mean(each.valleys)) >= VALLEY


def _most_detailed(natural: Sequence[Candidate], candidates: Sequence[Candidate]) -> Candidate:
    """Take the largest number whose last segment found something; the tightest when none is clear."""
    # With one segment there is no gap: the null has the same marginals, so the same total scatter.
    gaps = {1: 0.0} | {each.k: each.scatter_gap for each in candidates}
    apart = {1: 0.0} | {each.k: sum(each.valleys) for each in candidates}
    clear = []
    for each in natural:
        share = LAST_SPLIT if sum(each.valleys) >= apart.get(each.k - 1, 0.0) else BLURRED_SPLIT
        if each.k - 1 in gaps and each.scatter_gap - gaps[each.k - 1] >= share * max(gaps.values()):
            clear.append(each)
    return max(clear, key=lambda each: each.k) if clear else max(natural, key=lambda each: (each.gap, each.k))


def _agreement(best: Candidate) -> str:
    said = (
        f"Refits on {best.k} segments agree by {best.stability_mean:.2f} (adjusted Rand; "
        f"5 % worst {best.stability_p05:.2f}; 1 is identical)"
    )
    if best.stability_time is None:
        return f"{said}."
    return f"{said}; as customers were on an earlier day they give the same segments by {best.stability_time:.2f}."


def _gap(best: Candidate) -> str:
    return (
        f"Tightness (silhouette on squared distances) {best.tightness:.3f} against {best.null_tightness:.3f} where the "
        f"same facts, just as skewed and correlated, hold no groups; between neighbours it is "
        f"{float(np.mean(best.valleys)):.0%} emptier than inside them."
    )
