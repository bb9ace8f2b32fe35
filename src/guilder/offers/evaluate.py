"""Which way of offering works on this bank: chosen on an earlier cut in time, reported once on the last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import clone

from guilder.evaluation import ranking
from guilder.offers.choose import Choice, choose, own_taste, ranked
from guilder.offers.ledger import Floats, checked
from guilder.offers.methods import BASELINES, PERSONAL, OfferSettings, Settings, methods
from guilder.offers.recommender import Recommender
from guilder.offers.trial import Trial, at_cut, hidden, rolling

Protocol = Literal["global time split", "leave one out"]
Verdict = Literal["beats popularity", "cannot tell", "no signal"]

FEWEST_CUSTOMERS = 30
"""Customers below which nothing is chosen and nothing is claimed."""

CLEAR = 3.0
"""Standard errors of taste at which a report speaks of a signal: pure noise gets there once in 700 banks."""

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


def evaluate(
    interactions: pd.DataFrame, products: pd.DataFrame | None = None, *,
    segments: Mapping[str, str] | pd.Series | None = None, settings: Settings | None = None, random_state: int = 0,
    progress: Callable[[str], None] | None = None, now: object | None = None,
) -> OffersResult:
    """Compare every method, choose the champion and fit it on everything.

    Dated interactions are cut at the 80 % quantile of their dates (the report) and, within what comes before, at its
    80 % quantile (the choice of champion and half-lives). Everything, popularity included, is fitted before the cut;
    candidates are the products not owned at the cut; relevant is what was newly held or applied for after it.
    Customers without history at the cut are judged too, through popularity, and also reported apart as ``cold``.
    Undated interactions are judged by hiding one product a customer.

    Parameters
    ----------
    interactions : DataFrame
        customer_id, product_id, kind, and perhaps ``at`` and ``weight``.
    products : DataFrame, optional
        product_id and perhaps ``name``.
    segments : mapping or Series, optional
        Segment of each customer as of now. It serves the fitted champion only: a segment made today knows what
        customers did after the cut, so it takes no part in the comparison.
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
    plan = _plan(frame, names, random_state)
    tell("offers: choosing among methods on earlier windows")
    width = len(plan.test.book.products)
    variants = methods(settings, dated=plan.cut is not None, products=width, random_state=random_state)
    choice = choose(variants, plan.windows)
    tell("offers: judging the methods once on the last cut")
    metrics, figures = _report(plan, choice, random_state)
    tell(f"offers: fitting {choice.champion} on everything")
    fit = {"products": products, "now": now}
    champion: Recommender = clone(choice.methods[choice.champion]).fit(frame, segments=segments, **fit)
    figures["similarity"] = _similarity(clone(choice.methods["cosine"]).fit(frame, **fit))
    return OffersResult(champion, metrics, figures)


def _plan(frame: pd.DataFrame, products: list[str], random_state: int) -> _Plan:
    dated = frame.loc[frame["at"].notna() & (frame["kind"] != "close"), "at"] if "at" in frame else pd.Series([])
    mostly = len(dated) > 0.5 * max(int((frame["kind"] != "close").sum()), 1)
    if mostly:
        known = frame.loc[frame["at"].notna()]
        last = _late(dated)
        test = at_cut(known, products, last, None)
        if len(test.customers) >= FEWEST_CUSTOMERS:
            return _Plan("global time split", "", last, _enough(rolling(known, products, last)), test)
    valid, test = hidden(frame, products, random_state=random_state)
    return _Plan("leave one out", _SHORT_BANNER if mostly else _UNDATED_BANNER, None, _enough([valid]), test)


def _enough(trials: list[Trial]) -> list[Trial]:
    return [trial for trial in trials if len(trial.customers) >= FEWEST_CUSTOMERS]


def _late(dates: pd.Series) -> pd.Timestamp:
    """The day on which four fifths of the dates are past."""
    return pd.Timestamp(dates.sort_values().iloc[int(0.8 * (len(dates) - 1))]).normalize()


def _report(plan: _Plan, choice: Choice, random_state: int) -> tuple[dict[str, Any], dict[str, Any]]:
    trial, chosen, best, challenger = plan.test, choice.methods, choice.champion, choice.challenger
    metrics: dict[str, Any] = {
        "protocol": plan.protocol, "cut_off": None if plan.cut is None else plan.cut.date().isoformat(),
        "banner": plan.banner, "customers": len(trial.customers), "customers_before_sampling": trial.of,
        "cold": {"customers": int((~trial.warm).sum()), "methods": {}}, "methods": {}, "champion": best,
        "champion_parameters": _plain(chosen[best].get_params()), "difference": {}, "suppressed": {},
    }  # fmt: skip
    figures: dict[str, Any] = {"methods": [], "coverage": []}
    if len(trial.customers) < FEWEST_CUSTOMERS:
        why = f"only {len(trial.customers)} customers took a product to judge by; {FEWEST_CUSTOMERS} are needed"
        told = {"verdict": "cannot tell", "verdict_why": why, "beats_decayed_popularity": "cannot tell"}
        return {**metrics, **told}, figures
    lists = {name: ranked(method, trial) for name, method in chosen.items()}
    vectors = {name: ranking.per_customer(one, trial.relevant) for name, one in lists.items()}
    width = len(trial.book.products)
    for name, one in lists.items():
        reach = ranking.coverage(one, width, 5, random_state=random_state).to_dict()
        metrics["methods"][name] = {**_means(vectors[name], random_state), "coverage": reach}
        values = {key: figure["value"] for key, figure in metrics["methods"][name].items()}
        figures["methods"].append({"name": name, **values})
    if int((~trial.warm).sum()) >= FEWEST_CUSTOMERS:
        for name, vector in vectors.items():
            cold = {key: value[~trial.warm] for key, value in vector.items()}
            metrics["cold"]["methods"][name] = _means(cold, random_state)
    for name in (one for one in PERSONAL if one in vectors):
        for base in BASELINES:
            gap = {key: vectors[name][key] - vectors[base][key] for key in vectors[name]}
            metrics["difference"][f"{name}_minus_{base}"] = _means(gap, random_state)
    metrics["beats_decayed_popularity"] = _beats(vectors, best, random_state)
    strength = own_taste(lists[challenger], trial)
    metrics["taste"] = {"method": challenger, "standard_errors": strength}
    gaps = [metrics["difference"][f"{challenger}_minus_{base}"]["map_at_7"] for base in BASELINES]
    metrics["verdict"], metrics["verdict_why"] = _verdict(challenger, strength, min(gaps, key=lambda gap: gap["low"]))
    shown = ranking.exposure(lists[best], width, 3).mean(axis=0)
    figures["coverage"] = [
        {"product": str(trial.book.products[i]), "share": float(shown[i])}
        for i in np.argsort(-shown, kind="stable")[:30]
    ]
    return metrics, figures


def _means(vectors: Mapping[str, Floats], random_state: int) -> dict[str, dict[str, float | None]]:
    found = ranking.means(vectors, random_state=random_state)
    return {name: figure.to_dict() for name, figure in found.items()}


def _beats(vectors: Mapping[str, Mapping[str, Floats]], best: str, random_state: int) -> str:
    """Whether the champion's MAP@7 is above decayed popularity's on the same customers, beyond chance."""
    gap = {"map_at_7": vectors[best]["map_at_7"] - vectors["decayed_popular"]["map_at_7"]}
    figure = ranking.means(gap, random_state=random_state)["map_at_7"]
    return "yes" if figure.low > 0 else "no" if figure.high < 0 or not gap["map_at_7"].any() else "cannot tell"


def _verdict(name: str, strength: float, gap: Mapping[str, float]) -> tuple[Verdict, str]:
    said = f"MAP@7 of {name} minus that of the better popularity is {gap['low']:+.4f} to {gap['high']:+.4f}"
    if strength < CLEAR:
        return "no signal", (
            f"the method reads nothing in customers' histories about products new to them ({strength:.1f} standard "
            f"errors, {CLEAR:.0f} needed); {said}"
        )
    if gap["low"] > 0:
        return "beats popularity", said
    return "cannot tell", f"histories do say something ({strength:.1f} standard errors), but {said}"


def _similarity(cosine: Recommender) -> dict[str, Any]:
    top = np.sort(np.argsort(-cosine.popularity_, kind="stable")[:30])
    return {
        "products": [str(name) for name in cosine.names_[top]],
        "matrix": np.round(cosine.links_[np.ix_(top, top)], 6).tolist(),
    }


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in parameters.items()}
