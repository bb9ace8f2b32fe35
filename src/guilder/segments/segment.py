"""Segment a bank: facts in; a segmenter, each customer's segment, metrics and figures out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.errors import DataError, ModelError
from guilder.segments.compare import compare
from guilder.segments.evidence import Effort
from guilder.segments.facts import TOTALS, customer_ids, read_facts
from guilder.segments.identity import Before
from guilder.segments.naming import names_of_nothing
from guilder.segments.pca import choose_points, learn_plane
from guilder.segments.presets import BEHAVIOUR, preset_facts
from guilder.segments.profile import profile
from guilder.segments.rules import RULE_NAMES, apply_rules, rule_name
from guilder.segments.sampling import stratified
from guilder.segments.segmenter import CustomerSegmenter
from guilder.segments.silhouette import silhouette_widths

Describe = Callable[[str], str]

OUTLINE = 41
"""Points by which the silhouette of a segment is drawn."""

FEWEST = 2  # customers left to K-Means below which there is nothing to group


class Settings(TypedDict, total=False):
    """What a bank may set; the meaning and the defaults are those of `CustomerSegmenter`."""

    k: int | None
    k_max: int
    min_share: float
    min_customers: int | None
    dormant_days: int
    new_days: int
    names: Mapping[str, str] | None
    random_state: int


@dataclass(frozen=True)
class SegmentsResult:
    """What segmenting a bank gives.

    Attributes
    ----------
    segmenter : CustomerSegmenter
        Assigns new customers without refitting.
    customers : DataFrame
        ``customer_id``, ``segment``, ``segment_name``, in the order given.
    metrics, figures : dict
        Plain JSON values.
    """

    segmenter: CustomerSegmenter
    customers: pd.DataFrame
    metrics: dict[str, Any]
    figures: dict[str, Any]


def plain_words(name: str) -> str:
    """Say a fact's name with spaces, where nobody hands in its meaning."""
    return name.replace("_", " ")


def segment(
    frame: pd.DataFrame,
    *,
    facts: str | Sequence[str] = BEHAVIOUR,
    declared: Sequence[str] = (),
    min_shown: int = 1,
    before: CustomerSegmenter | None = None,
    earlier: pd.DataFrame | None = None,
    describe: Describe = plain_words,
    progress: Callable[[str], None] | None = None,
    **settings: Unpack[Settings],
) -> SegmentsResult:
    """Find the segments of a bank's customers.

    Parameters
    ----------
    frame : DataFrame
        ``customer_id`` and behavioural facts, one row a customer, in any order.
    facts : str or sequence of str
        What to group by: "behaviour", "classic", "declared", or names: see `guilder.segments.presets.preset_facts`.
    declared : sequence of str
        The attributes of customers that the bank declared.
    min_shown : int
        Of a segment with fewer customers only the size is said, and of a fact that fewer have nothing.
    before : CustomerSegmenter, optional
        The bank's segments until now: those that are still there keep their ids and names.
    earlier : DataFrame, optional
        Facts of customers, of all or of a sample, as they were on an earlier day: segments must hold in time.
    describe : callable
        Turns a fact's name into plain words, for the axes of the map.
    progress : callable, optional
        Told a short sentence before each long step.
    **settings
        See `Settings`; ``random_state`` is 0 where it is left out.

    Returns
    -------
    SegmentsResult
        The segmenter, a segment for every customer, and what the report shows.

    Raises
    ------
    ModelError
        When the facts asked for are not there, or a rule decides for nearly every customer.
    DataError
        When a customer comes twice or without a name.
    """
    _check_customers(frame)
    chosen = preset_facts(facts, frame, declared)
    segmenter = CustomerSegmenter(**_with_seed(settings))
    ruled = apply_rules(frame, dormant_days=segmenter.dormant_days, new_days=segmenter.new_days)
    counts = {rule: int((ruled == rule).sum()) for rule in RULE_NAMES}
    free = frame.loc[ruled == ""]
    if len(free) < FEWEST:
        raise ModelError(
            f"{len(free)} of {len(frame)} customers are left to group.",
            known="; ".join(f"{RULE_NAMES[rule]}: {count}" for rule, count in counts.items()) + ".",
            todo="Move as_of to the end of the transactions, or change segments.dormant_days and segments.new_days.",
        )
    grouped = read_facts(free, chosen)
    then = None if earlier is None or set(chosen) <= set(declared) else _grouped(earlier, chosen, segmenter)
    segmenter.fit(grouped, before=before and Before.of(before, free), earlier=then, progress=progress)
    if progress:
        progress(f"Describing {segmenter.k_} segments")
    customers = segmenter.assign(frame)[["customer_id", "segment", "segment_name"]]
    order = list(zip(segmenter.ids_, segmenter.names_, strict=True))
    order += [(rule, rule_name(rule, segmenter.names)) for rule, count in counts.items() if count]
    shown = read_facts(frame, [*chosen, *(name for name in TOTALS if name in frame.columns and name not in chosen)])
    profiles = profile(shown, customers, order, frame=frame, min_shown=min_shown)
    points = segmenter.standardise(grouped)
    canonical = points[np.lexsort(points.T[::-1])] if points.shape[1] else points
    shy = {each["name"] for each in profiles if each["hidden"]}
    others = compare(stratified(canonical, Effort().sample, random_state=0), segmenter.groups)
    return SegmentsResult(
        segmenter,
        customers,
        {**_metrics(segmenter, profiles, counts), "comparison": _plain(others),
         "warnings": names_of_nothing(segmenter.names, [*segmenter.ids_, *segmenter.automatic_names_])},
        {
            **_map(segmenter, points, canonical, describe, shy),
            "profiles": profiles,
            "meanings": {str(name): describe(str(name)) for name in shown.columns},
            "choice": _plain(segmenter.candidates_),
        },
    )


def _grouped(earlier: pd.DataFrame, chosen: Sequence[str], segmenter: CustomerSegmenter) -> pd.DataFrame | None:
    """Read the same facts of those who were left to K-Means on an earlier day; None where nobody was."""
    ruled = apply_rules(earlier, dormant_days=segmenter.dormant_days, new_days=segmenter.new_days)
    then = read_facts(earlier.loc[ruled == ""], chosen)
    return then if len(then) else None


def _with_seed(settings: Settings) -> Settings:
    return settings if "random_state" in settings else {**settings, "random_state": 0}


def _check_customers(frame: pd.DataFrame) -> None:
    ids = customer_ids(frame)
    bad, twice = int(ids.isna().sum()), int(ids.duplicated().sum())
    if bad or twice:
        raise DataError(
            f"{bad} customers have no customer_id and {twice} come more than once, of {len(frame)} rows.",
            todo="Give one row of facts a customer.",
        )


def _metrics(segmenter: CustomerSegmenter, profiles: list[dict[str, Any]], counts: dict[str, int]) -> dict[str, Any]:
    scores = next((each for each in segmenter.candidates_ if each["k"] == segmenter.k_), {})
    measured = ("silhouette", "davies_bouldin", "calinski_harabasz", "stability_mean", "stability_p05",
                "stability_time", "null_stability_mean", "tightness", "null_tightness", "gap", "gap_error",
                "scatter_gap")  # fmt: skip
    return {
        "k": segmenter.k_,
        "identity": segmenter.identity_,
        "own_metric": segmenter.metrics_ is not None,
        "verdict": segmenter.verdict_,
        "verdict_why": segmenter.verdict_why_,
        **_plain([{name: scores.get(name) for name in measured}])[0],
        "sizes": {each["name"]: each["customers"] for each in profiles},
        "names": [each["name"] for each in profiles],
        "facts": list(segmenter.facts_),
        "dropped_facts": dict(segmenter.dropped_facts_),
        "candidates": _plain(segmenter.candidates_),
        "limits": dict(segmenter.limits_),
        "rules": counts,
    }


def _map(
    segmenter: CustomerSegmenter, points: NDArray[np.float64], canonical: NDArray[np.float64], describe: Describe,
    shy: Collection[str],
) -> dict[str, Any]:
    """Draw a map of some customers and the outlines of the silhouette; of the segments in `shy` nobody."""
    plane = learn_plane(canonical, segmenter.facts_, describe)
    drawn = points[choose_points(points, random_state=0)]
    names: NDArray[Any] = np.array(segmenter.names_, dtype=object)[segmenter.nearest_centre(drawn)]
    seen = np.array([each not in shy for each in names], dtype=np.bool_)
    placed, names = np.round(plane.place(drawn[seen]), 4), names[seen]
    return {
        "map": {"x": placed[:, 0].tolist(), "y": placed[:, 1].tolist(), "segment": names.tolist()},
        "axes": list(plane.axes),
        "explained": list(plane.explained),
        "loadings": {name: [float(each) for each in row]
                     for name, row in zip(segmenter.facts_, np.round(plane.directions, 6), strict=True)},
        "silhouettes": {
            name: outline for name, outline in _silhouettes(segmenter, canonical).items() if name not in shy
        },
    }


def _silhouettes(segmenter: CustomerSegmenter, points: NDArray[np.float64]) -> dict[str, list[float]]:
    """Silhouette widths on squared distances by segment: as many quantiles as draw the outline."""
    labels = segmenter.nearest_centre(points)
    widths = silhouette_widths(points, labels)
    drawn = {place: widths[labels == place] for place in range(segmenter.k_)} if widths.size else {}
    return {
        segmenter.names_[place]: np.round(np.quantile(mine, np.linspace(0, 1, OUTLINE)), 4).tolist()
        for place, mine in drawn.items() if mine.size
    }  # fmt: skip


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Turn missing numbers into None, as JSON has it."""
    return [{name: None if value != value else value for name, value in row.items()} for row in rows]
