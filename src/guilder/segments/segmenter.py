"""The estimator: K-Means on facts that share one ruler, with the rules for dormant and new customers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, ClusterMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, check_random_state, validate_data

from guilder.errors import ModelError
from guilder.segments.blocks import in_blocks
from guilder.segments.choose_k import NATURAL, choose_k, limits
from guilder.segments.clusters import FIT_SAMPLE, centres, distinct_rows, first_least
from guilder.segments.evidence import Effort
from guilder.segments.facts import customer_ids, kind_of, read_facts
from guilder.segments.groups import Groups, shaped, shaped_where_steady
from guilder.segments.identity import Before, align
from guilder.segments.mixture import settle
from guilder.segments.naming import name_segments, own_names, unique
from guilder.segments.redundancy import one_per_idea
from guilder.segments.rules import RULE_NAMES, apply_rules, rule_name
from guilder.segments.sampling import canonical_order, stratified
from guilder.segments.transforms import Ruler, guess_kind, learn_ruler

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

TRUSTED_TYPES = ("guilder.segments.segmenter.CustomerSegmenter",)
"""What a stored segmenter may hold beside arrays, numbers, text, lists and dicts."""

FEWEST, FEWEST_OF_FEW, MANY = 200, 20, 5_000
"""The smallest segment in customers: 200 would forbid the groups of a book of some hundreds."""
LEARN = 100_000
"""Customers by whom the ruler is learned where there are more, and above whom points are kept in single precision."""
SETTLE = ((60_000, 5), (300_000, 1))
"""By how many at least, where there are more, and how often shapes are settled: far first, then finely."""


class CustomerSegmenter(
    ClassNamePrefixFeaturesOutMixin, TransformerMixin, ClusterMixin, BaseEstimator  # type: ignore[misc]
):
    """Group customers by how they use the bank.

    Skewed money and counts are put on a logarithm, shares on an arcsine; all are standardised and clipped, facts that
    order customers alike are dropped, and the number of segments is chosen by a size floor, bootstrap stability and the
    gap against a bank without segments.

    Parameters
    ----------
    k : int, optional
        The number of segments; None chooses it.
    k_max : int
        The largest number that is weighed.
    min_share, min_customers : float, int or None
        The smallest segment that is worth having, as a share and as a count; None is 200 customers, and 20 where there
        are fewer than 5,000.
    dormant_days, new_days : int
        Customers without a booking for longer, or known for less, are segments by rule (`assign`).
    names : mapping, optional
        The bank's own names by segment id ("S1") or by automatic name.
    random_state : int, RandomState or None
        The seed; the same seed gives the same segments on any number of threads, whatever the order of the rows.

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
        The segment of each row fitted, 0 the largest: places in `ids_`, `names_` and `cluster_centers_`.
    cluster_centers_ : ndarray of shape (k_, facts kept)
        The centres on the common ruler.
    metrics_, offsets_ : ndarray of shape (k_, facts kept, facts kept) or None, and (k_,)
        How each segment measures its distances, where the groups are natural: see `guilder.segments.groups.Groups`.
    ids_ : list of str
        The lasting id of each segment ("S1").
    last_ : int
        The highest number an id has ever had.
    identity_ : dict
        What became of the segments before: see `guilder.segments.identity.Identity`.
    training_ : dict
        ``sizes`` and mean ``distances`` to their own segment of the customers fitted, by segment.
    k_ : int
        The number of segments.
    names_, automatic_names_ : list of str
        The name of each segment, and what it is called where the bank has no name of its own for it.
    facts_ : list of str
        The facts kept.
    dropped_facts_ : dict
        Why each of the others was left out.
    kinds_, unit_, fill_, center_, scale_
        The ruler of the facts kept: see `guilder.segments.transforms.Ruler`.
    verdict_, verdict_why_, candidates_, limits_
        What is to be thought of the segments, the evidence for each number of them, and what is asked of it.
    """

    def __init__(
        self,
        k: int | None = None,
        *,
        k_max: int = 8,
        min_share: float = 0.03,
        min_customers: int | None = None,
        dormant_days: int = 180,
        new_days: int = 90,
        names: Mapping[str, str] | None = None,
        random_state: Any = None,
    ) -> None:
        self.k = k
        self.k_max = k_max
        self.min_share = min_share
        self.min_customers = min_customers
        self.dormant_days = dormant_days
        self.new_days = new_days
        self.names = names
        self.random_state = random_state

    def fit(
        self, X: Any, y: Any = None, *, before: Before | None = None, earlier: Any = None,
        progress: Callable[[str], None] | None = None,
    ) -> CustomerSegmenter:
        """Find the segments.

        Parameters
        ----------
        X : DataFrame or array of shape (n, facts)
            Raw facts, one row a customer; missing values are allowed.
        y : ignored
        before : Before, optional
            The segmentation before, as it places the same customers: segments that are still there keep their ids.
        earlier : DataFrame or array of shape (m, facts), optional
            The same facts of customers as they were on an earlier day: segments that they would not have drawn are
            called unstable.
        progress : callable, optional
            Told a short sentence before each long step.

        Returns
        -------
        CustomerSegmenter
            Itself.

        Raises
        ------
        ModelError
            When more segments are asked for than there are distinct customers.
        """
        raw = np.asarray(
            validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", ensure_min_samples=2)
        )
        # Canonical order: nothing below may depend on how the rows came.
        order = canonical_order(raw)
        some = order[:: max(1, len(raw) // LEARN)]
        self._learn(raw[some])
        points = self._points(raw[some])
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        warm = None if before is None else before.centres(points, some)
        sample = stratified(points, FIT_SAMPLE, random_state=seed)
        floor = self._floor(len(raw))
        self.k_ = self._choose(sample, floor, warm, self._sampled(earlier, seed), seed, progress)
        if progress:
            progress(f"Settling {self.k_} segments")
        groups = self._shapes(sample, floor, warm, seed) if self.verdict_ == NATURAL else None
        if groups is not None and len(sample) < len(raw):
            for many, turns in SETTLE:
                groups = settle(groups, self._ordered(raw, order[:: max(1, len(raw) // many)]), turns)
        if groups is None:
            everyone = points if len(some) == len(raw) else self._ordered(raw, order)
            groups = Groups.of_centres(centres(everyone, self.k_, random_state=seed, warm=warm))
        labels, far = self._place(raw, groups)
        identity = align(before, labels, self.k_)
        self.ids_, self.last_, self.identity_ = list(identity.ids), identity.last, identity.to_dict()
        self.names_ = self._names(before)
        self.labels_ = labels
        self.training_ = {
            "sizes": np.bincount(labels, minlength=self.k_).tolist(),
            "distances": [float(np.sort(far[labels == place]).mean()) for place in range(self.k_)],
        }
        return self

    def _learn(self, raw: Floats) -> None:
        """Choose one fact an idea and learn the ruler."""
        facts = [str(name) for name in getattr(self, "feature_names_in_", [f"x{i}" for i in range(raw.shape[1])])]
        kinds = tuple(kind_of(name) or guess_kind(raw[:, place]) for place, name in enumerate(facts))
        kept, self.dropped_facts_ = one_per_idea(learn_ruler(raw, kinds).apply(raw), raw, facts)
        self.kept_ = np.array(kept, dtype=np.int64)
        self.facts_ = [facts[place] for place in kept]
        self.kinds_ = [kinds[place] for place in kept]
        ruler = learn_ruler(raw[:, self.kept_], tuple(self.kinds_))
        self.unit_, self.fill_, self.center_, self.scale_ = ruler.unit, ruler.fill, ruler.center, ruler.scale

    def _ordered(self, raw: Floats, order: Labels) -> Floats:
        """Put those in an order on the ruler; in single precision where they are many."""
        points = np.empty((len(order), len(self.facts_)), dtype=np.float64 if len(order) <= LEARN else np.float32)

        def place(rows: slice) -> None:
            points[rows] = self._points(raw[order[rows]])

        in_blocks(len(order), place)
        return points

    def _sampled(self, earlier: Any, seed: int) -> Floats | None:
        """Put a sample of the customers of an earlier day on today's ruler."""
        if earlier is None:
            return None
        raw = self._raw(earlier)
        ordered = raw[canonical_order(raw)[:: max(1, len(raw) // FIT_SAMPLE)]]
        return stratified(self._points(ordered), Effort().sample, random_state=seed)

    def _choose(
        self, sample: Floats, floor: float, warm: Floats | None, earlier: Floats | None, seed: int,
        progress: Callable[[str], None] | None,
    ) -> int:
        distinct = distinct_rows(sample)
        if self.k is not None and not 1 <= self.k <= distinct:
            raise ModelError(
                f"{self.k} segments were asked for and there are {distinct} distinct customers.",
                known=f"Customers are told apart by {len(self.facts_)} facts.",
                todo="Set segments.k to at most that number, or leave it out.", id="G-MODEL-010",
            )
        largest = min(self.k_max, int(1 / floor)) if floor > 0 else self.k_max
        # One group needs no evidence, and too few customers have none to give.
        ks = range(0) if self.k == 1 or distinct < 2 else range(2, max(largest, self.k or 0) + 1)
        choice = choose_k(
            sample, ks=ks, floor=floor, wanted=self.k, before=None if warm is None else len(warm), earlier=earlier,
            random_state=seed, progress=progress,
        )  # fmt: skip
        self.limits_ = limits(floor)
        self.verdict_, self.verdict_why_ = choice.verdict, choice.why
        self.candidates_ = [each.to_dict() for each in choice.candidates]
        return choice.k

    def _floor(self, customers: int) -> float:
        usual = FEWEST if customers >= MANY else FEWEST_OF_FEW
        return max(self.min_share, (usual if self.min_customers is None else self.min_customers) / customers)

    def _shapes(self, sample: Floats, floor: float, warm: Floats | None, seed: int) -> Groups | None:
        """Shape natural segments each by its own customers, where a sample small enough to refit says it is sure."""
        judged = stratified(sample, Effort().sample, random_state=seed)
        found = centres(judged, self.k_, random_state=seed, warm=warm)
        steady = shaped_where_steady(judged, found, floor=floor, random_state=seed)
        return None if steady is None else shaped(sample, steady.nearest(sample))

    def _place(self, raw: Floats, groups: Groups) -> tuple[Labels, Floats]:
        """Place everyone, put the largest segment first, and return labels and distances."""
        labels, far = self._nearest(raw, groups)
        sizes = np.bincount(labels, minlength=self.k_)
        order = np.lexsort((*np.round(groups.centres, 9).T[::-1], -sizes))
        self.cluster_centers_, self.offsets_ = groups.centres[order], groups.offsets[order]
        self.metrics_ = None if groups.metrics is None else groups.metrics[order]
        return np.asarray(np.argsort(order)[labels], dtype=np.int64), far

    def _names(self, before: Before | None) -> list[str]:
        """Name the segments: as before, else by what sets them apart; the bank's own win, and rules keep theirs."""
        known = {} if before is None else before.names
        self.automatic_names_ = name_segments(self.cluster_centers_, self.facts_, ids=self.ids_, before=known)
        rules = [rule_name(rule, self.names) for rule in RULE_NAMES]
        return unique([*rules, *own_names(self.automatic_names_, self.ids_, self.names)])[len(rules) :]

    @property
    def groups(self) -> Groups:
        """Where the segments lie and how far anyone is from each."""
        return Groups(self.cluster_centers_, self.metrics_, self.offsets_)

    def transform(self, X: Any) -> Floats:
        """Return the distance of each customer to each segment, in standard deviations; shape (n, k_)."""
        return self.groups.distances(self._checked(X))

    def predict(self, X: Any) -> Labels:
        """Return the segment of each customer, without refitting and without the rules; shape (n,)."""
        return self._nearest(self._raw(X), self.groups)[0]

    def standardise(self, X: Any) -> Floats:
        """Return the facts kept on the common ruler; shape (n, facts kept)."""
        return self._checked(X)

    def nearest_centre(self, points: Floats) -> Labels:
        """Return the segment of points that are already on the ruler, as `standardise` gives them; shape (n,)."""
        return self.groups.nearest(points)

    def assign(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give each customer a segment: by rule where dormant or new, else the nearest centre.

        Parameters
        ----------
        frame : DataFrame
            ``customer_id`` and raw facts by name; columns may come in any order and may be more than are needed.

        Returns
        -------
        DataFrame
            ``customer_id``, ``segment`` ("S1", "dormant", "new"), ``segment_name`` and ``distance`` to the centre
            (missing for rule segments), in the order of the frame; no rows give no rows.

        Raises
        ------
        DataError
            When there is no ``customer_id``.
        """
        check_is_fitted(self)
        customers = customer_ids(frame)
        ruled = apply_rules(frame, dormant_days=self.dormant_days, new_days=self.new_days)
        segment, name = ruled.copy(), np.array([rule_name(each, self.names) for each in ruled], dtype=object)
        distance = np.full(len(frame), np.nan)
        free = ruled == ""
        if free.any():
            facts = read_facts(frame.loc[free], list(self.feature_names_in_))
            label, distance[free] = self._nearest(self._raw(facts), self.groups)
            segment[free] = np.array(self.ids_, dtype=object)[label]
            name[free] = np.array(self.names_, dtype=object)[label]
        return pd.DataFrame(
            {
                "customer_id": customers.to_numpy(),
                "segment": pd.Series(segment, dtype="str"),
                "segment_name": pd.Series(name, dtype="str"),
                "distance": distance,
            }
        )

    def _raw(self, X: Any) -> Floats:
        check_is_fitted(self)
        return np.asarray(validate_data(self, X, reset=False, dtype=np.float64, ensure_all_finite="allow-nan"))

    def _nearest(self, raw: Floats, groups: Groups) -> tuple[Labels, Floats]:
        """Return the segment of each row and the distance to it, a block at a time: nothing is held for everyone."""
        labels, far = np.empty(len(raw), dtype=np.int64), np.empty(len(raw))

        def place(rows: slice) -> None:
            squared = groups.squared(self._points(raw[rows]))
            labels[rows], far[rows] = first_least(squared), np.sqrt(squared.min(axis=0))

        in_blocks(len(raw), place)
        return labels, far

    def _checked(self, X: Any) -> Floats:
        return self._points(self._raw(X))

    def _points(self, raw: Floats) -> Floats:
        ruler = Ruler(tuple(self.kinds_), self.unit_, self.fill_, self.center_, self.scale_)
        return ruler.apply(raw[:, self.kept_])

    @property
    def _n_features_out(self) -> int:
        return int(self.k_)

    def __sklearn_tags__(self) -> Any:
        """Say that missing values are allowed."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
