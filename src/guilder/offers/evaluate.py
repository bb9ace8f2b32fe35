"""Which way of offering works on this bank: chosen on rolling windows of time, reported once on the last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import clone

from guilder.offers.choose import Choice, choose
from guilder.offers.judge import FEWEST_CUSTOMERS, judge
from guilder.offers.ledger import checked
from guilder.offers.methods import OfferSettings, Settings, methods
from guilder.offers.neighbours import dense
from guilder.offers.recommender import Recommender
from guilder.offers.trial import Known, Then, Trial, at_cut, hidden, rolling, shuffled

Protocol = Literal["global time split", "leave one out"]

_UNDATED_BANNER = (
    "The interactions are not dated, so offers were judged by hiding one product a customer, not by what happened "
    "later. Expect less from them than these figures say."
)
_SHORT_BANNER = (
    "Too few customers took a product after the cut in time, so offers were judged by hiding one product a customer, "
    "not by what happened later. Expect less from them than these figures say."
)


@dataclass(frozen=True)
class OffersResult:
    """The champion fitted on everything, and what ``metrics.json`` and ``figures.json`` keep under ``offers``."""

    recommender: Recommender
    metrics: dict[str, Any]
    figures: dict[str, Any]


@dataclass(frozen=True)
class _Plan:
    protocol: Protocol
    banner: str
    cut: pd.Timestamp | None
    windows: list[Trial]
    """What everything is chosen on: they end before the test begins."""
    test: Trial
    shuffled: Trial


def evaluate(
    interactions: pd.DataFrame, products: pd.DataFrame | None = None, *,
    segments: Mapping[str, str] | pd.Series | None = None, facts: pd.DataFrame | None = None,
    known_at: Known | None = None, settings: Settings | None = None, random_state: int = 0,
    progress: Callable[[str], None] | None = None, now: object | None = None,
) -> OffersResult:
    """Compare every method, choose the champion and fit it on everything.

    Dated interactions are cut at the 80 % quantile of their dates (the report) and, before it, at three earlier ones
    whose windows follow one another (the choice of champion, settings and weights). Everything, popularity, segments
    and facts included, is from before the cut; candidates are the products not owned at the cut; relevant is what was
    newly held or applied for after it. Customers without history at the cut are judged too, through popularity, and
    are also reported apart as ``cold``.
    Undated interactions are judged by hiding one product a customer.

    Parameters
    ----------
    interactions : DataFrame
        customer_id, product_id, kind, and perhaps ``at`` and ``weight``.
    products : DataFrame, optional
        product_id and perhaps ``name``.
    segments : mapping or Series, optional
        Segment of each customer as of now. It serves the fitted champion only: a segment made today knows what
        customers did after the cut, so the comparison takes those of ``known_at``.
    facts : DataFrame, optional
        What else is known of customers as of now, indexed by customer_id, for propensity. Undated interactions are
        judged with these; dated ones by ``known_at``.
    known_at : callable, optional
        Given cuts in time, the segments and facts as they were known before each (either may be None).
    settings : Settings, optional
        ``[offers]`` of the bank file, or anything with the same names.
    random_state : int
    progress : callable, optional
        Told what begins.
    now : datetime, optional
        The bank's as of: later rows are unknown to the champion.
    """
    tell = progress or (lambda _: None)
    settings = OfferSettings() if settings is None else settings
    frame = checked(interactions)
    if now is not None and "at" in frame:
        frame = frame.loc[~(frame["at"] >= pd.Timestamp(now))]  # type: ignore[arg-type]
    names = [] if products is None else [str(product) for product in products["product_id"]]
    plan = _plan(frame, names, facts, known_at, random_state)
    tell("offers: choosing among methods on earlier windows")
    width = len(plan.test.book.products)
    variants = methods(
        settings, dated=plan.cut is not None, products=width, segments=plan.test.segments is not None,
        random_state=random_state,
    )  # fmt: skip
    choice = choose(variants, plan.windows)
    tell("offers: judging the methods once on the last cut")
    metrics, figures = _report(plan, choice, frame["customer_id"].nunique(), random_state)
    tell(f"offers: fitting {choice.champion} on everything")
    fit = {"products": products, "now": now}
    champion: Recommender = clone(choice.methods[choice.champion]).fit(frame, segments=segments, facts=facts, **fit)
    figures["similarity"] = _similarity(clone(choice.methods["cosine"]).fit(frame, **fit))
    return OffersResult(champion, metrics, figures)


def _plan(
    frame: pd.DataFrame, products: list[str], facts: pd.DataFrame | None, known_at: Known | None, random_state: int
) -> _Plan:
    dated = frame.loc[frame["at"].notna() & (frame["kind"] != "close"), "at"] if "at" in frame else pd.Series([])
    mostly = len(dated) > 0.5 * max(int((frame["kind"] != "close").sum()), 1)
    if mostly:
        known = frame.loc[frame["at"].notna()]
        last = _late(dated)
        test = at_cut(known, products, last, None)
        if len(test.customers) >= FEWEST_CUSTOMERS:
            windows = {cut: trial for cut, trial in rolling(known, products, last).items() if _is_enough(trial)}
            then = {} if known_at is None else known_at([*windows, last])
            null = at_cut(shuffled(known, random_state=random_state), products, last, None)
            told = [_told(trial, then.get(cut)) for cut, trial in windows.items()]
            return _Plan(
                "global time split", "", last, told, _told(test, then.get(last)),
                replace(null, facts=then.get(last, (None, None))[1]),
            )  # fmt: skip
    valid, test = hidden(frame, products, random_state=random_state)
    null = hidden(shuffled(frame, random_state=random_state), products, random_state=random_state)[1]
    valid, test, null = (replace(trial, facts=facts) for trial in (valid, test, null))
    banner = _SHORT_BANNER if mostly else _UNDATED_BANNER
    return _Plan("leave one out", banner, None, [valid] if _is_enough(valid) else [], test, null)


def _is_enough(trial: Trial) -> bool:
    return len(trial.customers) >= FEWEST_CUSTOMERS


def _told(trial: Trial, then: Then | None) -> Trial:
    """A trial, and who its customers were at its cut."""
    segments, facts = then or (None, None)
    return replace(trial, segments=segments, facts=facts)


def _late(dates: pd.Series) -> pd.Timestamp:
    """The day on which four fifths of the dates are past."""
    return pd.Timestamp(dates.sort_values().iloc[int(0.8 * (len(dates) - 1))]).normalize()


def _report(
    plan: _Plan, choice: Choice, everyone: int, random_state: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    trial, best = plan.test, choice.methods[choice.champion]
    metrics: dict[str, Any] = {
        "protocol": plan.protocol, "cut_off": None if plan.cut is None else plan.cut.date().isoformat(),
        "banner": plan.banner, "customers": len(trial.customers), "customers_before_sampling": trial.of,
        "champion": choice.champion, "champion_parameters": _plain(best.get_params()), "suppressed": {},
        "windows": [
            {"cut_off": _day(window.today), "customers": len(window.customers),
             "map_at_7": {name: values[place] for name, values in choice.windows.items()}}
            for place, window in enumerate(plan.windows)
        ],
        "validation": {"gain": choice.gains, "kept": choice.kept},
    }  # fmt: skip
    if len(trial.customers) < FEWEST_CUSTOMERS:
        why = f"only {len(trial.customers)} customers took a product to judge by; {FEWEST_CUSTOMERS} are needed"
        told = {"verdict": "cannot tell", "verdict_why": why, "beats_decayed_popularity": "cannot tell"}
        return {**metrics, **told, "methods": {}, "difference": {}}, {"methods": [], "coverage": []}
    judged, figures = judge(choice, trial, plan.shuffled, everyone=everyone, random_state=random_state)
    return {**metrics, **judged}, figures


def _day(today: float) -> str | None:
    return str((pd.Timestamp("1970-01-01") + pd.Timedelta(days=today)).date()) if np.isfinite(today) else None


def _similarity(cosine: Recommender) -> dict[str, Any]:
    top = np.sort(np.argsort(-cosine.popularity_, kind="stable")[:30])
    return {
        "products": [str(name) for name in cosine.names_[top]],
        "matrix": np.round(dense(cosine.links_[np.ix_(top, top)]), 6).tolist(),
    }


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in parameters.items()}
