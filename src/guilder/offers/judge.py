"""The figures of every method on the test: how well it meets what was taken, and how it treats the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from guilder.evaluation import ranking
from guilder.offers.choose import Choice, fitted, own_taste, ranked
from guilder.offers.cosine import CosineRecommender
from guilder.offers.ledger import Flags, Floats, Ints, taken
from guilder.offers.methods import BASELINES, PERSONAL
from guilder.offers.trial import Trial, listed

Verdict = Literal["beats popularity", "cannot tell", "no signal"]

CLEAR = 3.0
"""Standard errors of taste at which a report speaks of a signal: pure noise gets there once in 700 banks."""

FEWEST_CUSTOMERS = 30
"""Customers below which nothing is chosen and nothing is claimed."""

_SHOWN = 5
"""Places looked at where the question is what the catalogue gets."""

_MOST_SEGMENTS = 12

Figures = dict[str, dict[str, float | None]]


def judge(
    choice: Choice, test: Trial, shuffled: Trial, *, everyone: int, random_state: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Measure every method once on the test.

    Parameters
    ----------
    choice : Choice
    test : Trial
    shuffled : Trial
        The same question with histories dealt out to customers by chance: a method that finds a taste there leaks.
    everyone : int
        Customers there were, whether they took anything or not.
    random_state : int
        Of the bootstrap of customers.

    Returns
    -------
    metrics, figures : dict
        What ``metrics.json`` and ``figures.json`` keep under ``offers``, beside the plan.
    """
    made = {name: fitted(method, test) for name, method in choice.methods.items()}
    lists = {name: listed(method, test) for name, method in made.items()}
    alike = fitted(CosineRecommender(), test).links_
    takers = np.asarray(taken(test.book, None, test.today).sum(axis=0), dtype=np.float64).ravel()
    vectors = {}
    for name, method in made.items():
        vectors[name] = {
            **ranking.per_customer(lists[name], test.relevant),
            "novelty": ranking.novelty(lists[name], takers, len(test.book.customers), _SHOWN),
            "diversity": ranking.diversity(lists[name], alike, _SHOWN),
        }
        chance = method.chances(test.customers, test.candidates)
        if chance is not None:
            vectors[name]["log_loss"] = ranking.log_loss(chance, test.relevant)
    width = len(test.book.products)
    methods: dict[str, Figures] = {name: means(vector, random_state) for name, vector in vectors.items()}
    for name, one in lists.items():
        for key, measure in (("coverage", ranking.coverage), ("gini_of_exposure", ranking.gini_of_exposure)):
            methods[name][key] = measure(one, width, _SHOWN, random_state=random_state).to_dict()
    best = means(ranking.per_customer(ranking.perfect(test.relevant, 10), test.relevant), random_state)
    metrics: dict[str, Any] = {
        "methods": methods,
        "ceiling": {name: figure["value"] for name, figure in best.items()},
        "everyone": _everyone(methods, best, test, everyone),
        "cold": _part(vectors, ~test.warm, random_state), "warm": _part(vectors, test.warm, random_state),
        "by_segment": _by_segment(vectors, choice.champion, test, random_state),
        "difference": {
            f"{name}_minus_{base}": means(_gap(vectors[name], vectors[base]), random_state)
            for name in PERSONAL if name in vectors for base in BASELINES
        },
        "beats_decayed_popularity": _beats(vectors, choice.champion, random_state),
        **_verdict(choice, lists, vectors, test, shuffled, random_state),
    }  # fmt: skip
    shown = ranking.exposure(lists[choice.champion], width, 3).mean(axis=0)
    top = np.argsort(-shown, kind="stable")[:30]
    figures = {
        "methods": [
            {"name": name, **{key: figure["value"] for key, figure in row.items()}} for name, row in methods.items()
        ],
        "coverage": [{"product": str(test.book.products[i]), "share": float(shown[i])} for i in top],
    }
    return metrics, figures


def means(vectors: Mapping[str, Floats], random_state: int) -> Figures:
    """The mean of each vector over customers, with its interval."""
    found = ranking.means(vectors, random_state=random_state)
    return {name: figure.to_dict() for name, figure in found.items()}


def _gap(one: Mapping[str, Floats], two: Mapping[str, Floats]) -> dict[str, Floats]:
    return {key: one[key] - two[key] for key in ranking.METRICS}


def _everyone(
    methods: Mapping[str, Figures], best: Figures, test: Trial, everyone: int
) -> dict[str, Any]:
    """The same figures over all customers: whoever took nothing counts zero, and so the ceiling is low."""
    share = test.of / max(everyone, 1)
    told = ("map_at_7", "precision_at_5", "recall_at_5")
    return {
        "customers": everyone, "took": test.of,
        "ceiling": {key: share * (best[key]["value"] or 0.0) for key in told},
        "methods": {name: {key: share * (row[key]["value"] or 0.0) for key in told} for name, row in methods.items()},
    }  # fmt: skip


def _part(vectors: Mapping[str, Mapping[str, Floats]], who: Flags, random_state: int) -> dict[str, Any]:
    """Every method on some of the customers; too few are only counted."""
    told: dict[str, Any] = {"customers": int(who.sum()), "methods": {}}
    if told["customers"] >= FEWEST_CUSTOMERS:
        for name, vector in vectors.items():
            told["methods"][name] = means({key: vector[key][who] for key in ranking.METRICS}, random_state)
    return told


def _by_segment(
    vectors: Mapping[str, Mapping[str, Floats]], best: str, test: Trial, random_state: int
) -> list[dict[str, Any]]:
    """The champion beside decayed popularity in each segment as it was at the cut, the largest first."""
    if test.segments is None:
        return []
    mine = test.segments.reindex(test.customers)
    told = []
    for segment, size in mine.value_counts().head(_MOST_SEGMENTS).items():
        who = np.asarray(mine == segment)
        row: dict[str, Any] = {"segment": str(segment), "customers": int(size)}
        if size >= FEWEST_CUSTOMERS:
            pair = {name: vectors[name]["map_at_7"][who] for name in dict.fromkeys((best, "decayed_popular"))}
            row["map_at_7"] = means(pair, random_state)
        told.append(row)
    return told


def _beats(vectors: Mapping[str, Mapping[str, Floats]], best: str, random_state: int) -> str:
    """Whether the champion's MAP@7 is above decayed popularity's on the same customers, beyond chance."""
    gap = {"map_at_7": vectors[best]["map_at_7"] - vectors["decayed_popular"]["map_at_7"]}
    figure = ranking.means(gap, random_state=random_state)["map_at_7"]
    return "yes" if figure.low > 0 else "no" if figure.high < 0 or not gap["map_at_7"].any() else "cannot tell"


def _verdict(
    choice: Choice, lists: Mapping[str, Ints], vectors: Mapping[str, Mapping[str, Floats]], test: Trial,
    shuffled: Trial, random_state: int,
) -> dict[str, Any]:
    """Whether histories say anything, whether that beats popularity, and whether shuffled ones say nothing."""
    name = choice.challenger
    strength = own_taste(lists[name], test)
    gaps = [means(_gap(vectors[name], vectors[base]), random_state)["map_at_7"] for base in BASELINES]
    gap = min(gaps, key=lambda one: one["low"] or 0.0)
    enough = len(shuffled.customers) >= FEWEST_CUSTOMERS
    null = own_taste(ranked(choice.methods[name], shuffled), shuffled) if enough else None
    verdict, why = _said(name, strength, null, gap)
    return {
        "verdict": verdict, "verdict_why": why, "taste": {"method": name, "standard_errors": strength},
        "null": {"method": name, "standard_errors": null, "customers": len(shuffled.customers)},
    }  # fmt: skip


def _said(name: str, strength: float, null: float | None, gap: Mapping[str, Any]) -> tuple[Verdict, str]:
    said = f"MAP@7 of {name} minus that of the better popularity is {gap['low']:+.4f} to {gap['high']:+.4f}"
    if strength < CLEAR:
        return "no signal", (
            f"the method reads nothing in customers' histories about products new to them ({strength:.1f} standard "
            f"errors, {CLEAR:.0f} needed); {said}"
        )
    if null is not None and null >= CLEAR:
        return "cannot tell", (
            f"the method finds a taste in shuffled histories too ({null:.1f} standard errors), so what it finds in the "
            f"real ones is no proof; {said}"
        )
    if gap["low"] > 0:
        return "beats popularity", said
    return "cannot tell", f"histories do say something ({strength:.1f} standard errors), but {said}"
